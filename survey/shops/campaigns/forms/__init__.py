"""From fields to domain values of campaigns, with messages for people."""

from .parts import CHANGES_OF, CURRENCIES, draft, filled
from .planning import filled_guideline, filled_wave, guideline, notice, picked, scenario, wave_draft
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
    "notice",
    "picked",
    "scenario",
    "scoring",
    "wave_draft",
]
