"""From fields to domain values of campaigns, with messages for people."""

from .fields import id_in
from .parts import CHANGES_OF, CURRENCIES, draft, filled
from .planning import (
    filled_guideline,
    filled_wave,
    guideline,
    notice,
    picked,
    scenario,
    try_number,
    unanswered,
    wave_draft,
)
from .scoring import SECTION_MODES, TIMINGS, Block, blocks_of, faulty, scoring
from .scoring import filled as filled_scoring
from .trial import asks_of
from .trial import typed as typed_trial

__all__ = [
    "CHANGES_OF",
    "CURRENCIES",
    "SECTION_MODES",
    "TIMINGS",
    "Block",
    "asks_of",
    "blocks_of",
    "draft",
    "faulty",
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
    "typed_trial",
    "unanswered",
    "wave_draft",
]
