"""Waves, scenarios, guidelines and notices to staff: from what was typed to domain values."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from survey.clients.domain import Location
from survey.web import Form, form_with

from ..domain import (
    BODY_CHARACTERS,
    CHANNELS,
    DAYPARTS,
    MOST_PER_PLACE,
    MOST_TRIES,
    MOST_WAIT_HOURS,
    Asked,
    BadQuiz,
    Guideline,
    NoticeDraft,
    Question,
    Quota,
    TryRule,
    Wave,
    WaveDraft,
    quiz_of,
    quiz_text,
)
from . import fields

LONGEST_WAVE_DAYS = 366
JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
OWN = re.compile(r"(\S+)\s+([a-z]+)\s+([0-9]{1,3})")


def wave_draft(form: Form, places: Sequence[Location]) -> WaveDraft:
    """A wave as typed. places: the client's tree, for the codes of single locations. Leaves messages."""
    label = fields.line(form, "label", "Give the wave a name, such as “December”")
    starts_on = fields.day(form, "starts_on", "the first day")
    ends_on = fields.day(form, "ends_on", "the last day")
    if ends_on < starts_on and form.is_valid:
        form.refuse("ends_on", "The last day comes before the first")
    if ends_on - starts_on > timedelta(days=LONGEST_WAVE_DAYS) and form.is_valid:
        form.refuse("ends_on", "A wave lasts at most a year")
    counts = {part: fields.optional_whole(form, f"part-{part}", 0, MOST_PER_PLACE) for part in DAYPARTS}
    own = _own(form, {place.code.lower(): str(place.id) for place in places if place.level == "store"})
    quota = Quota({part: count for part, count in counts.items() if count}, _nodes(form), own)
    if not quota.dayparts and not own:
        form.refuse("part-any", "Say how many shops each location gets")
    return WaveDraft(label, starts_on, ends_on, quota)


def filled_wave(wave: Wave | None, places: Sequence[Location], today: date) -> Form:
    """The form that a wave's page begins with; a new wave is proposed for the month that comes."""
    if wave is None:
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return form_with({"label": f"{first:%B %Y}", "starts_on": str(first), "ends_on": str(last), "part-any": "1"})
    codes = {str(place.id): place.code for place in places}
    own = [
        f"{codes.get(place, place)} {part} {count}"
        for place, parts in wave.quota.own.items()
        for part, count in parts.items()
    ]
    return form_with(
        {
            "label": wave.label,
            "starts_on": str(wave.starts_on),
            "ends_on": str(wave.ends_on),
            "nodes": list(wave.quota.nodes),
            "own": "\n".join(own),
            **{f"part-{part}": str(count) for part, count in wave.quota.dayparts.items()},
        }
    )


def scenario(form: Form) -> tuple[str, str]:
    """A scenario's name and instructions. Leaves messages."""
    return fields.line(form, "name", "Give the scenario a name"), fields.words(form, "body")


def guideline(form: Form) -> tuple[str, tuple[Question, ...], int, TryRule]:
    """Text, quiz, the percent that passes, and how often it may be tried. Leaves messages."""
    body = fields.words(form, "body", "Write what shoppers must know before they go", BODY_CHARACTERS)
    quiz: tuple[Question, ...] = ()
    try:
        quiz = quiz_of(form["quiz"][:BODY_CHARACTERS])
    except BadQuiz as error:
        form.refuse("quiz", str(error))
    most = fields.optional_whole(form, "most_tries", 1, MOST_TRIES)
    rule = TryRule(most, fields.optional_whole(form, "wait_hours", 0, MOST_WAIT_HOURS) or 0)
    return body, quiz, fields.whole(form, "pass_percent", 0, 100, 80), rule


def filled_guideline(current: Guideline | None) -> Form:
    """The form of the next version: it begins with the one in force."""
    if current is None:
        return form_with({"pass_percent": "80"})
    return form_with(
        {
            "body": current.body,
            "quiz": quiz_text(current.quiz),
            "pass_percent": str(current.pass_percent),
            "most_tries": str(current.most_tries or ""),
            "wait_hours": str(current.wait_hours or ""),
        }
    )


def picked(form: Form, questions: Sequence[Asked]) -> dict[int, frozenset[int]]:
    """What a shopper picked: number of the question -> indices, from 0. What is no number of a choice counts not."""
    return {
        question.number: frozenset(
            int(text) for text in form.all(f"q{question.number}") if text.isascii() and text.isdigit() and len(text) < 3
        )
        for question in questions
    }


def unanswered(questions: Sequence[Asked], numbers: Collection[int]) -> dict[str, str]:
    """Messages for questions left open. Each names its question: read out, nothing else tells their links apart."""
    return {
        f"q{each.number}": f"Choose an answer to question {each.number}: {each.title}"
        for each in questions
        if each.number in numbers
    }


def try_number(form: Form) -> int | None:
    """Which try the page was for; None where it does not say."""
    text = form["try"]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def notice(form: Form, today: date) -> NoticeDraft:
    """A notice to staff. Leaves messages."""
    told_on = fields.day(form, "told_on", "the day on which they were told")
    if told_on > today:
        form.refuse("told_on", "Enter a day that has come: staff are told first")
    places = tuple(part.strip().upper() for part in form["jurisdictions"].split(",") if part.strip())
    if not places or not all(JURISDICTION.fullmatch(place) for place in places):
        form.refuse("jurisdictions", "Enter where it was given, as codes like US-CA, GB")
    return NoticeDraft(
        told_on,
        fields.words(form, "notice_body", "Write what the staff were told, word for word"),
        fields.chosen(form, "channel", CHANNELS, "Choose how they were told"),
        fields.line(form, "attested_by", "Enter who says so at the client, by function, such as “Head of retail”"),
        places,
    )


def _nodes(form: Form) -> tuple[str, ...]:
    try:
        return tuple(sorted({str(UUID(node)) for node in form.all("nodes") if node}))
    except ValueError:
        form.refuse("nodes", "Choose locations of the list")
        return ()


def _own(form: Form, ids_by_code: dict[str, str]) -> dict[str, dict[str, int]]:
    """Lines like `L12 evening 2`: what single locations get instead."""
    own: dict[str, dict[str, int]] = {}
    for text in fields.lines_of(form, "own"):
        found = OWN.fullmatch(text)
        if found is None or found[2] not in DAYPARTS or int(found[3]) > MOST_PER_PLACE:
            form.refuse("own", f"Write “{text[:40]}” as code, part of the day and number, like “L12 evening 2”")
        elif found[1].lower() not in ids_by_code:
            form.refuse("own", f"The client has no store with the code {found[1][:40]}")
        else:
            own.setdefault(ids_by_code[found[1].lower()], {})[found[2]] = int(found[3])
    return own
