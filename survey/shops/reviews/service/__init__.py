"""Use cases of reviews: who reads a report, what is changed in it, what a client may see, what is decided."""

from .contesting import (
    Judged,
    OpenedContest,
    contest_rejection,
    judge,
    own_contest,
    propose_mark,
    read_contest,
    tell_contest,
)
from .deciding import (
    Approval,
    add_note,
    approve,
    confirm_rejection,
    exclude,
    exclude_and_reshoot,
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
    mention,
    replace_finding,
)
from .flagging import flag_waiting
from .holding import drop, hold, lift_hold, pick_up, require_other, take_over
from .letters import ANSWERED_KIND, CONTESTED_KIND, DECIDED_KIND, RETURNED_KIND
from .noting import REVIEW, note_picture, note_reading
from .opening import Opened, opened
from .picturing import picture_bytes, picture_in, redact, withhold
from .purging import purge_mentions
from .telling import Told, told

__all__ = [
    "ANSWERED_KIND",
    "CONTESTED_KIND",
    "DECIDED_KIND",
    "RETURNED_KIND",
    "REVIEW",
    "AnswerEdit",
    "Approval",
    "Judged",
    "Opened",
    "OpenedContest",
    "TextEdit",
    "Told",
    "add_note",
    "approve",
    "confirm_rejection",
    "contest_rejection",
    "drop",
    "edit_answer",
    "edit_for_appeal",
    "edit_text",
    "exclude",
    "exclude_and_reshoot",
    "flag_waiting",
    "hold",
    "item_in",
    "judge",
    "leave",
    "lift_hold",
    "mention",
    "note_picture",
    "note_reading",
    "opened",
    "own_contest",
    "pick_up",
    "picture_bytes",
    "picture_in",
    "propose_mark",
    "purge_mentions",
    "read_contest",
    "redact",
    "reject",
    "remove_note",
    "reopen",
    "replace_finding",
    "require_other",
    "send_back",
    "set_proposal_aside",
    "take_over",
    "tell_contest",
    "told",
    "withhold",
]
