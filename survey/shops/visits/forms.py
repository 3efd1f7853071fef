"""From form fields to what staff decide of a mark, and what a shopper says against it."""

from survey.web import Form

from .domain import CONTEST_WORDS, DECISION_WORDS, ContestReason, DecisionReason, MarkEvent

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
