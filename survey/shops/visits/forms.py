"""From form fields to what staff decide of a mark, and what a shopper says against it."""

from survey.web import Form

from .domain import CONTEST_WORDS, DECISION_WORDS, ContestReason, DecisionReason, MarkEvent

CHOOSE = "Choose a reason from the list."


def decision(form: Form) -> tuple[MarkEvent, DecisionReason]:
    """What was decided and why; leaves a message where the reason does not belong to the decision."""
    for event, words in DECISION_WORDS.items():
        if form["event"] == event and form["reason"] in words:
            return event, DecisionReason(form["reason"])
    form.refuse("reason", CHOOSE)
    return MarkEvent.DISMISS, DecisionReason.FIRST_TIME


def contest(form: Form) -> ContestReason:
    """What the shopper says; leaves a message where it is none of the list."""
    if form["reason"] in CONTEST_WORDS:
        return ContestReason(form["reason"])
    form.refuse("reason", CHOOSE)
    return ContestReason.ILLNESS
