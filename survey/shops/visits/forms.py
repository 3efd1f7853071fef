"""From form fields to what is decided of a mark and said against it, and why the law holds a shop."""

from survey.web import Form

from .domain import (
    CONTEST_WORDS,
    DECISION_WORDS,
    LEGAL_REASONS,
    LIFT_REASONS,
    ContestReason,
    DecisionReason,
    MarkEvent,
    is_reference,
)
from .service import WhyHeld

CHOOSE = "Choose a reason from the list."
MOST_WORDS = 2000


def decision(form: Form) -> tuple[MarkEvent, DecisionReason]:
    """What was decided and why; leaves a message where the reason does not belong to the decision."""
    for event, words in DECISION_WORDS.items():
        if form["event"] == event and form["reason"] in words:
            return event, DecisionReason(form["reason"])
    form.refuse("reason", CHOOSE)
    return MarkEvent.DISMISS, DecisionReason.FIRST_TIME


def contest(form: Form) -> tuple[ContestReason, str]:
    """What the shopper says, and in their own words; leaves a message where it is none of the list."""
    words = form["words"].strip()[:MOST_WORDS]
    if form["reason"] in CONTEST_WORDS:
        return ContestReason(form["reason"]), words
    form.refuse("reason", CHOOSE)
    return ContestReason.ILLNESS, words


def why_held_in(form: Form) -> WhyHeld:
    """Why a shop is put on legal hold; leaves messages."""
    if form["reason"] not in LEGAL_REASONS:
        form.refuse("reason", CHOOSE)
    if not is_reference(form["reference"]):
        form.refuse("reference", "Enter the number of the matter, such as 2026-0417: letters, digits, no name")
    return WhyHeld(form["reason"], form["reference"])


def lift_reason_in(form: Form) -> str:
    """Why a legal hold is lifted; leaves a message."""
    if form["lift_reason"] not in LIFT_REASONS:
        form.refuse("lift_reason", CHOOSE)
    return form["lift_reason"]
