"""What staff say when they let reports leave or take them back."""

from collections.abc import Mapping
from uuid import UUID

from survey.db import Conflict
from survey.web import Form

MOST_AT_ONCE = 50
RECALL_REASONS: Mapping[str, str] = {
    "wrong_place": "Another place was visited",
    "wrong_answers": "Answers are wrong",
    "says_too_much": "It says too much about somebody",
    "client_asked": "The client asked for it",
}


def chosen_shops(form: Form) -> list[UUID]:
    """The shops that are ticked, once each. Raises Conflict for more than fit on a page."""
    ids = list(dict.fromkeys(UUID(text) for text in form.all("ids") if _is_id(text)))
    if len(ids) > MOST_AT_ONCE:
        raise Conflict(f"at most {MOST_AT_ONCE} at once")
    return ids


def find_recall_reason(form: Form) -> str | None:
    """Why a report is taken back; None where nobody chose one of the reasons."""
    return form["reason"] if form["reason"] in RECALL_REASONS else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
