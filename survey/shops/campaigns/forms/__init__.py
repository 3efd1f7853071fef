"""From fields to domain values of campaigns, with messages for people."""

from .fields import id_in
from .parts import CHANGES_OF, CURRENCIES, draft, filled
from .planning import filled_guideline, filled_wave, guideline, notice, picked, scenario, try_number, wave_draft
from .scoring import TIMINGS, Block, blocks_of, scoring
from .scoring import filled as filled_scoring

__all__ = [
    "CHANGES_OF",
    "CURRENCIES",
    "TIMINGS",
    "Block",
    "blocks_of",
    "draft",
    "filled",
    "filled_guideline",
    "filled_scoring",
    "filled_wave",
    "guideline",
    "id_in",
    "notice",
    "picked",
    "scenario",
    "scoring",
    "try_number",
    "wave_draft",
]
