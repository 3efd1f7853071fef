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
from .publishing import NotPublishable, effects_of, publish_wave
from .reshooting import kin_of, reshoot, reshoot_if_room, reshoot_of, withdraw_reshoot

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
    "kin_of",
    "mark",
    "publish_wave",
    "put_scenario",
    "put_wave",
    "questions_of",
    "record_notice",
    "remove_scenario",
    "remove_wave",
    "reshoot",
    "reshoot_if_room",
    "reshoot_of",
    "set_status",
    "withdraw_reshoot",
    "write",
]
