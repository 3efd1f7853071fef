"""Use cases of campaigns: planning and publishing for staff, reading and passing for shoppers."""

from .copying import NoName, copy_campaign, next_wave
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
from .guidelines import briefing_of, grant_try, guideline_in, has_read, known_before, mark, questions_of, write
from .publishing import NotPublishable, Opened, effects_of, open_drafts, open_wave, publish_wave
from .reshooting import kin_of, reshoot, reshoot_for_client, reshoot_if_room, reshoot_of, withdraw_reshoot

__all__ = [
    "InUse",
    "NoName",
    "NotPublishable",
    "Opened",
    "StaleCampaign",
    "Taken",
    "briefing_of",
    "copy_campaign",
    "create",
    "edit",
    "effects_of",
    "grant_try",
    "guideline_in",
    "has_read",
    "kin_of",
    "known_before",
    "mark",
    "next_wave",
    "open_drafts",
    "open_wave",
    "publish_wave",
    "put_scenario",
    "put_wave",
    "questions_of",
    "record_notice",
    "remove_scenario",
    "remove_wave",
    "reshoot",
    "reshoot_for_client",
    "reshoot_if_room",
    "reshoot_of",
    "set_status",
    "withdraw_reshoot",
    "write",
]
