"""From fields of forms and addresses to what reviews understand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from survey.shops.visits.domain import State
from survey.web import Form

from .domain import (
    FLAG_WORDS,
    LONGEST_CONTEST,
    LONGEST_PHRASE,
    LONGEST_PHRASE_NAME,
    MOST_BOXES,
    PHRASE_KINDS,
    REOPEN_REASONS,
    RUBRIC,
    Because,
    Box,
    ContestKind,
    MentionDraft,
    PhraseDraft,
    QueueFilter,
    Reopening,
    has_number,
    has_placeholder,
    persons_in,
)
from .service import Approval, Judged

WAITING = "waiting"
STATES: Mapping[str, tuple[str, ...]] = {
    WAITING: (State.SUBMITTED, State.IN_REVIEW),
    **{
        state.value: (state.value,)
        for state in (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.APPROVED, State.REJECTED, State.EXCLUDED)
    },
}
MOST_REVIEW_DAYS = 90
LONGEST_NAME, LONGEST_DESCRIPTION = 100, 300


def queue_filter(asked: Mapping[str, str], account_id: UUID | None) -> QueueFilter:
    """What the address asks for; what it spells wrong is not asked for."""
    flag = asked.get("flag", "")
    return QueueFilter(
        states=STATES.get(asked.get("state", ""), STATES[WAITING]),
        client_id=_id(asked.get("client", "")),
        campaign_id=_id(asked.get("campaign", "")),
        flag=flag if flag in FLAG_WORDS else "",
        held_by=account_id if asked.get("mine") else None,
    )


def boxes_in(form: Form) -> list[Box]:
    """Rectangles from rows of four numbers; an empty row is none."""
    boxes = []
    for number in range(1, MOST_BOXES + 1):
        typed = [form[f"{side}-{number}"] for side in ("x", "y", "width", "height")]
        if not any(typed):
            continue
        try:
            boxes.append(Box(*(int(float(value)) for value in typed)))
        except (ValueError, OverflowError):
            form.refuse(f"x-{number}", f"Enter four whole numbers for box {number}")
    return boxes


def approval_in(form: Form) -> Approval | None:
    """Points by part, and the word to the shopper; None, with messages, where something is missing."""
    breakdown = points_in(form)
    if "is_read" not in form:
        form.refuse("is_read", "Read the report once more, and tick that nobody is named or described in it")
    return Approval(breakdown, form["coaching"], is_read=True, why=form["why"]) if form.is_valid else None


def points_in(form: Form) -> dict[str, int]:
    """Points by part of the rubric; messages where one is missing."""
    breakdown = {}
    for part in RUBRIC:
        typed = form[part.code]
        if typed.isascii() and typed.isdigit() and int(typed) in part.steps:
            breakdown[part.code] = int(typed)
        else:
            form.refuse(part.code, f"Choose how many points for “{part.title}”")
    return breakdown


def because_in(form: Form, reasons: Mapping[str, str]) -> Because:
    """Why a report is not accepted, or kept from the client; messages where code or words are missing."""
    if form["reason"] not in reasons:
        form.refuse("reason", "Choose why")
    if not form["words"]:
        form.refuse("words", "Say in your words why: the shopper reads it")
    return Because(form["reason"], form["words"])


def reopening_in(form: Form, zone: tzinfo, now: datetime) -> Reopening:
    """Why a report is opened again, and the end of the day by which it is decided, by that clock; leaves messages."""
    because = because_in(form, REOPEN_REASONS)
    return Reopening(because, _end_of_day(form, zone, now) if form["by"] else None)


def _end_of_day(form: Form, zone: tzinfo, now: datetime) -> datetime | None:
    today = now.astimezone(zone).date()
    try:
        day = date.fromisoformat(form["by"])
    except ValueError:
        form.refuse("by", f"Enter a day, for example {today + timedelta(days=3)}")
        return None
    if not today <= day <= today + timedelta(days=MOST_REVIEW_DAYS):
        form.refuse("by", f"Choose a day from today on, at most {MOST_REVIEW_DAYS} days ahead")
        return None
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def judged_in(form: Form, kind: ContestKind) -> Judged:
    """What is decided of a contest, and the answer; messages where there is no decision, or no answer to read."""
    is_grade, is_upheld = kind is ContestKind.GRADE, form["decision"] == "uphold"
    if form["decision"] not in ("uphold", "decline"):
        form.refuse("decision", "Choose whether it stands")
    elif not form["answer"] and (is_grade or not is_upheld):
        form.refuse("answer", "Say why: the shopper reads it")
    if len(form["answer"]) > LONGEST_CONTEST:
        form.refuse("answer", f"Enter at most {LONGEST_CONTEST:,} characters")
    return Judged(is_upheld, form["answer"], points_in(form) if is_grade and is_upheld else {}, form["contest"])


def mention_in(form: Form) -> MentionDraft:
    """Somebody who works for the client, as an editor enters them."""
    name, description = form["name"][:LONGEST_NAME], form["description"][:LONGEST_DESCRIPTION]
    return MentionDraft(form["role"], name, description, form["token"])


def phrase_in(form: Form) -> PhraseDraft | None:
    """A phrase; None, with messages, where something is missing or it may be about somebody."""
    name, text = form["name"], form["text"]
    if form["kind"] not in PHRASE_KINDS:
        form.refuse("kind", "Choose what it is for")
    if not name or len(name) > LONGEST_PHRASE_NAME:
        form.refuse("name", f"Enter a name of at most {LONGEST_PHRASE_NAME} characters")
    if not text or len(text) > LONGEST_PHRASE:
        form.refuse("text", f"Enter a text of at most {LONGEST_PHRASE:,} characters")
    elif has_number(text):
        form.refuse("text", "Take out the number of a card, an account or a person: it is not kept here")
    elif has_placeholder(text):
        form.refuse("text", "Take out what is to be filled in: nothing ever is")
    found = persons_in(f"{name}. {text}")
    if found and form["sure"] != "yes":
        form.refuse("sure", f"There is {' and '.join(found)} in it. Take it out, or say that nobody is meant")
    return PhraseDraft(form["kind"], name, text) if form.is_valid else None


def phrase_id_in(form: Form) -> UUID | None:
    """Which phrase is to be put in; None for none."""
    return _id(form["phrase"])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
