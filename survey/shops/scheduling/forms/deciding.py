"""What a scheduler decides about one shop, one application, one mark."""

from survey.shops.visits.domain import DecisionReason, DeclineReason, MarkEvent
from survey.web import Form

from ..domain import COMES_BACK_WORDS


def comes_back_in(form: Form) -> str:
    """Why a shop is taken back; leaves a message where it is not said."""
    reason = form["reason"]
    if reason not in COMES_BACK_WORDS:
        form.refuse("reason", "Choose why")
    return reason


def decline_reason_in(form: Form) -> DeclineReason:
    """Why somebody does not get a shop; without a choice, that it is not needed."""
    try:
        return DeclineReason(form["reason"])
    except ValueError:
        return DeclineReason.NOT_NEEDED


def mark_decision_in(form: Form) -> tuple[MarkEvent, DecisionReason | None]:
    """Confirmed or dismissed, and why; None where the reason is missing."""
    event = MarkEvent.CONFIRM if form["decision"] == MarkEvent.CONFIRM else MarkEvent.DISMISS
    try:
        return event, DecisionReason(form["reason"])
    except ValueError:
        return event, None


def place_in(text: str) -> int:
    """Where in a ranking a page begins."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
