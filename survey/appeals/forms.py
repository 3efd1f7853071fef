"""From form fields to what clients, staff and shoppers say about a report."""

from survey.db import Conflict
from survey.web import Form

from .domain import CLASSES, ISSUES, LONGEST_TEXT, OF_CLIENT, AppealEvent, Opening, PlanEvent

LONGEST_REASON = 500


def words_in(form: Form, name: str, message: str, *, longest: int = LONGEST_TEXT) -> str:
    """A text that has to be there; leaves the message, or one about its length."""
    text = form[name]
    if not text:
        form.refuse(name, message)
    elif len(text) > longest:
        form.refuse(name, f"Enter at most {longest:,} characters")
    return text


def opening_in(form: Form) -> Opening:
    """What a client contests; leaves messages."""
    if form["issue"] not in ISSUES:
        form.refuse("issue", "Choose what is wrong")
    return Opening(form["question"], form["issue"], words_in(form, "words", "Say what is wrong, in a few words"))


def own_event(form: Form) -> AppealEvent:
    """What a client wants to happen to an appeal. Raises Conflict for what nobody offered."""
    event = next((each for each in OF_CLIENT if each == form["event"]), None)
    if event is None:
        raise Conflict("choose what to do")
    return event


def class_in(form: Form) -> str:
    """What was behind an appeal. Raises Conflict for what nobody offered."""
    if form["kind"] not in CLASSES:
        raise Conflict("choose what was behind it")
    return form["kind"]


def plan_event(form: Form) -> PlanEvent:
    """What is to happen to a plan; leaves a message for an event that nobody offered."""
    try:
        return PlanEvent(form["event"])
    except ValueError:
        form.refuse("event", "Choose what to do")
        return PlanEvent.SUBMIT


def plan_words(form: Form, event: PlanEvent) -> tuple[str, str, str]:
    """Cause, action and remark; leaves messages for what is missing with this event."""
    if event is PlanEvent.SUBMIT:
        cause = words_in(form, "cause", "Say why it happened")
        return cause, words_in(form, "action", "Say what is done about it"), ""
    if event is PlanEvent.RETURN:
        return "", "", words_in(form, "remark", "Say what is missing")
    return "", "", form["remark"][:LONGEST_TEXT]
