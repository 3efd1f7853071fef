"""Taking back many shops: why one is left out, by where the machine has it. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from survey.shops.visits.domain import Effects, State

from .bulk import SKIP_WORDS

_WRONG = "wrong_state"
# A shop that nobody has is in one of the first two; one that has a report is in none of these.
_WITHOUT: Mapping[State, str] = {
    State.DRAFT: "nobodys",
    State.OPEN: "nobodys",
    State.RETURNED: "returned",
    State.CANCELLED: "ended",
    State.EXPIRED: "ended",
}
# Codes in words that end a sentence "2 skipped: …".
TAKE_BACK_WORDS: Mapping[str, str] = {
    **SKIP_WORDS,
    "nobodys": "nobody has it",
    "handed_in": "already handed in",
    "returned": "handed in, and sent back to be mended: its editor takes it back",
    "ended": "at its end already",
}


def told_apart(effects: Effects, states: Mapping[UUID, State]) -> Effects:
    """The same, but those in a state in which the machine does not allow it by what that state means.

    states: of the shops, as they were.
    """
    skipped = {code: ids for code, ids in effects.skipped.items() if code != _WRONG}
    for shop_id in effects.skipped.get(_WRONG, ()):
        code = _WITHOUT.get(states[shop_id], "handed_in")
        skipped[code] = (*skipped.get(code, ()), shop_id)
    return replace(effects, skipped=skipped)
