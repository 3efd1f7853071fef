"""What shoppers show of themselves, and what staff say to it: documents and their last days, free fields."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from survey.web import Form

from ..domain import TEXT_CHARACTERS, FieldKind, ProfileField, what_is_forbidden


def last_day(form: Form, now: datetime) -> date | None:
    """The last day on which something is good; empty is none."""
    text = form["expires_on"]
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        form.refuse("expires_on", "Enter a day like 2027-06-30, or leave it empty")
        return None
    if day < now.date():
        form.refuse("expires_on", "That day is over")
    return day


def accepted_until(form: Form, now: datetime) -> date | None:
    """Until when a document makes a qualification good: a day, or expressly for ever."""
    if form["is_lasting"] == "yes":
        return None
    day = last_day(form, now)
    if day is None:
        form.refuse("expires_on", "Enter the last day on which it is good, or tick that it does not run out")
    return day


def told(form: Form, fields: Sequence[ProfileField]) -> dict[UUID, str]:
    """What a shopper tells in the affiliate's own fields. Leaves messages; what may not be kept is refused."""
    return {one.id: value for one in fields if (value := _told_in(form, one))}


def _told_in(form: Form, one: ProfileField) -> str:
    value = " ".join(form[one.name].split())
    if one.kind is not FieldKind.TEXT and value not in dict(one.pairs):
        value = ""
    if not value and one.is_required:
        form.refuse(one.name, f"Answer this: {one.label}")
    if one.kind is FieldKind.TEXT and value:
        _check_text(form, one.name, value)
    return value


def _check_text(form: Form, name: str, value: str) -> None:
    if len(value) > TEXT_CHARACTERS:
        form.refuse(name, f"Use at most {TEXT_CHARACTERS} characters")
    elif not value.isprintable():
        form.refuse(name, "Use letters, digits and signs only")
    elif forbidden := what_is_forbidden(value):
        form.refuse(name, f"This looks like {forbidden}. It is not kept here: leave it out")
