"""From form fields to what clients, staff and shoppers say about a report."""

from collections.abc import Mapping
from datetime import date

from survey.db import Conflict
from survey.questionnaires.domain import cents_of
from survey.shops.campaigns.domain import Days, Terms
from survey.web import Form

from .domain import (
    CLASSES,
    COUNTED,
    ISSUES,
    LONGEST_TEXT,
    OF_CLIENT,
    PAYERS,
    WISH_REASONS,
    AppealEvent,
    Opening,
    Period,
    PlanEvent,
    PlanWords,
    Wishing,
    last_year,
)
from .service import Grant

MOST_CENTS = 1_000_000


def words_in(form: Form, name: str, message: str, *, longest: int = LONGEST_TEXT) -> str:
    """A text that has to be there; leaves the message, or one about its length."""
    text = form[name]
    if not text:
        form.refuse(name, message)
    elif len(text) > longest:
        form.refuse(name, f"Enter at most {longest:,} characters")
    return text


def opening_in(form: Form, questions: Mapping[str, str]) -> Opening:
    """What a client contests; leaves messages. questions: of the report, by id."""
    if form["question"] not in questions:
        form.refuse("question", "Choose the answer that is wrong")
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


def plan_day(form: Form) -> date | None:
    """Until when a plan is to be handed in; None where nothing was chosen, or, with a message, no day."""
    return _day_in(form, "due_on") if form["due_on"] else None


def plan_words(form: Form, event: PlanEvent) -> PlanWords:
    """What is written into a plan; leaves messages for what is missing with this event. A draft may lack anything."""
    if event is PlanEvent.SUBMIT:
        cause = words_in(form, "cause", "Say why it happened")
        action = words_in(form, "action", "Say what is done about it")
        return PlanWords(cause, action, due_on=plan_day(form), seen=form["seen"])
    if event is PlanEvent.SAVE:
        return PlanWords(_draft(form, "cause"), _draft(form, "action"), due_on=plan_day(form), seen=form["seen"])
    if event is PlanEvent.RETURN:
        return PlanWords(remark=words_in(form, "remark", "Say what is missing"))
    return PlanWords(remark=_draft(form, "remark"))


def _draft(form: Form, name: str) -> str:
    return words_in(form, name, "") if form[name] else ""


def wishing_in(form: Form) -> Wishing:
    """What a client asks for; leaves messages."""
    if form["reason"] not in WISH_REASONS:
        form.refuse("reason", "Choose why another visit is needed")
    return Wishing(form["reason"], words_in(form, "words", "Say what the other visit is to show, in a few words"))


def grant_in(form: Form) -> Grant | None:
    """What staff agree to; None, with messages, where something is missing."""
    first, last = _day_in(form, "first"), _day_in(form, "last")
    fee_cents = _cents_in(form)
    if form["payer"] not in PAYERS:
        form.refuse("payer", "Choose who pays for it")
    words = words_in(form, "words", "Write what the client is to read")
    if first is None or last is None or not form.is_valid:
        return None
    return Grant(Terms(Days(first, last), fee_cents), form["payer"], words)


def counted_in(asked: Mapping[str, str], today: date) -> tuple[Period, str]:
    """Which days and which kind of error an address asks for; what it spells wrong is as if it were not asked."""
    usual = last_year(today)
    period = Period(_day_of(asked.get("from", "")) or usual.first, _day_of(asked.get("to", "")) or usual.last)
    kind = asked.get("kind", "")
    return period, kind if kind in COUNTED else COUNTED[0]


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _day_in(form: Form, name: str) -> date | None:
    day = _day_of(form[name])
    if day is None:
        form.refuse(name, "Enter a day, for example 2026-11-30")
    return day


def _cents_in(form: Form) -> int:
    cents = cents_of(form["fee"])
    if cents is None or not 0 <= cents <= MOST_CENTS:
        form.refuse("fee", "Enter an amount such as 12 or 12.00")
        return 0
    return cents
