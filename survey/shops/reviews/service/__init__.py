"""Use cases of reviews: who reads a report, what is changed in it, what a client may see, what is decided."""

from .deciding import (
    Approval,
    add_note,
    approve,
    confirm_rejection,
    exclude,
    reject,
    remove_note,
    reopen,
    send_back,
    set_proposal_aside,
)
from .editing import (
    AnswerEdit,
    TextEdit,
    edit_answer,
    edit_for_appeal,
    edit_text,
    item_in,
    leave,
    mark_person,
    mention,
    replace_finding,
)
from .flagging import flag_waiting
from .holding import drop, pick_up, take_over
from .letters import DECIDED_KIND, RETURNED_KIND
from .noting import REVIEW, note_picture, note_reading
from .opening import Opened, opened
from .picturing import picture_bytes, picture_in, redact, withhold
from .purging import purge_mentions
from .telling import Told, told

__all__ = [
    "DECIDED_KIND",
    "RETURNED_KIND",
    "REVIEW",
    "AnswerEdit",
    "Approval",
    "Opened",
    "TextEdit",
    "Told",
    "add_note",
    "approve",
    "confirm_rejection",
    "drop",
    "edit_answer",
    "edit_for_appeal",
    "edit_text",
    "exclude",
    "flag_waiting",
    "item_in",
    "leave",
    "mark_person",
    "mention",
    "note_picture",
    "note_reading",
    "opened",
    "pick_up",
    "picture_bytes",
    "picture_in",
    "purge_mentions",
    "redact",
    "reject",
    "remove_note",
    "reopen",
    "replace_finding",
    "send_back",
    "set_proposal_aside",
    "take_over",
    "told",
    "withhold",
]
