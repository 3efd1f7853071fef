"""Use cases of scheduling."""

from ..queries import Thread
from .bulk import Found, carry_out_waiting, choice_of, do, found_by_lines, preview, selected
from .calendar import address_of, calendar_file, owner_of, renew_feed, revoke_feed
from .exporting import exported, note_export
from .lines import MOST_PROPOSED, Proposal, proposals
from .offering import go_on_offering, offer_again, start_offering, stop_offering
from .rules import verdicts_of_holders
from .shop import Refusal, applicants_of, approve, candidates_of, history_of, read_note, take_back, turn_down
from .telling import remind, tell
from .threads import Message, ask, begin, read_thread, take_over, write
from .undoing import undo
from .views import forget_view, save_view

__all__ = [
    "MOST_PROPOSED",
    "Found",
    "Message",
    "Proposal",
    "Refusal",
    "Thread",
    "address_of",
    "applicants_of",
    "approve",
    "ask",
    "begin",
    "calendar_file",
    "candidates_of",
    "carry_out_waiting",
    "choice_of",
    "do",
    "exported",
    "forget_view",
    "found_by_lines",
    "go_on_offering",
    "history_of",
    "note_export",
    "offer_again",
    "owner_of",
    "preview",
    "proposals",
    "read_note",
    "read_thread",
    "remind",
    "renew_feed",
    "revoke_feed",
    "save_view",
    "selected",
    "start_offering",
    "stop_offering",
    "take_back",
    "take_over",
    "tell",
    "turn_down",
    "undo",
    "verdicts_of_holders",
    "write",
]
