"""Use cases of campaigns: planning and publishing for staff, reading and passing for shoppers."""

from .drafts import (
    InUse,
    StaleCampaign,
    Taken,
    create,
    edit,
    put_scenario,
    put_wave,
    record_notice,
    remove_scenario,
    remove_wave,
    set_status,
)
from .guidelines import briefing_of, guideline_in, has_read, mark, questions_of, write
from .publishing import NotPublishable, effects_of, post_wave, prepare_wave, publish_wave

__all__ = [
    "InUse",
    "NotPublishable",
    "StaleCampaign",
    "Taken",
    "briefing_of",
    "create",
    "edit",
    "effects_of",
    "guideline_in",
    "has_read",
    "mark",
    "post_wave",
    "prepare_wave",
    "publish_wave",
    "put_scenario",
    "put_wave",
    "questions_of",
    "record_notice",
    "remove_scenario",
    "remove_wave",
    "set_status",
    "write",
]
