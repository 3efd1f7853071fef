"""Single fields of a study's pages: texts for mail, moments, ids. Each leaves its message beside the field."""

import re
from datetime import UTC, date, datetime, time
from uuid import UUID

from survey.web import Form

from ..domain import in_utc, problem_with

NAME_CHARACTERS = 120
SUBJECT_CHARACTERS = 70
BODY_CHARACTERS = 4000

# Control characters and Unicode's private ones have no place in a letter; a line break in a subject would end a header.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")


def moment(form: Form, name: str, zone: str, words: str) -> datetime:
    """A day and a time, typed in a time zone, as UTC. Leaves messages."""
    try:
        day = date.fromisoformat(form[f"{name}_on"])
    except ValueError:
        form.refuse(f"{name}_on", f"Enter the day of {words}, like 2027-06-30")
        day = date(2000, 1, 1)
    try:
        at = time.fromisoformat(form[f"{name}_time"])
    except ValueError:
        form.refuse(f"{name}_time", f"Enter the time of {words}, like 09:00")
        at = time(0)
    try:
        return in_utc(day, at.replace(tzinfo=None), zone)
    except OverflowError:
        form.refuse(f"{name}_on", "Enter a day nearer to today")
        return datetime(2000, 1, 1, tzinfo=UTC)


def subject(form: Form) -> str:
    """A subject: one line, 70 characters at most, with known fields only. Leaves messages."""
    raw = form.exact("subject")
    if "\n" in raw or "\r" in raw:
        form.refuse("subject", "Write the subject on one line")
    return _checked(form, "subject", "Write a subject", SUBJECT_CHARACTERS)


def body(form: Form) -> str:
    """A text in paragraphs, with known fields only. Leaves messages."""
    return _checked(form, "body", "Write the text", BODY_CHARACTERS)


def whole_number(text: str) -> int | None:
    """A number without sign or fraction, if it is one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _checked(form: Form, name: str, message: str, most: int) -> str:
    text = form[name]
    problem = problem_with(text)
    if not text:
        form.refuse(name, message)
    elif len(text) > most:
        form.refuse(name, f"Shorten this to {most} characters; it has {len(text)}")
    elif problem:
        form.refuse(name, problem)
    elif _UNPRINTABLE.search(text):
        form.refuse(name, "There is a character in it that mail cannot carry. Type the text anew")
    return text


def line(form: Form, name: str, message: str) -> str:
    """Some words on one line."""
    text = " ".join(form[name].split())
    if not text:
        form.refuse(name, message)
    elif len(text) > NAME_CHARACTERS or _UNPRINTABLE.search(text):
        form.refuse(name, f"Use at most {NAME_CHARACTERS} ordinary characters")
    return text


def id_in(form: Form, name: str, message: str) -> UUID | None:
    """A chosen id."""
    try:
        return UUID(form[name])
    except ValueError:
        form.refuse(name, message)
        return None


def day_in(form: Form, name: str) -> date | None:
    """A day, or none."""
    if not form[name]:
        return None
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        form.refuse(name, "Enter a day like 2026-10-31, or leave it empty")
        return None
