"""Single fields of a campaign's pages: words, numbers, money, days. Each leaves its message beside the field."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from survey.questionnaires.domain import cents_of as typed_cents
from survey.web import Form

NAME_CHARACTERS = 120
TEXT_CHARACTERS = 4000
MOST_CENTS = 100_000_00
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")


def line(form: Form, name: str, message: str) -> str:
    """Some words on one line."""
    text = " ".join(form[name].split())
    if not text:
        form.refuse(name, message)
    elif len(text) > NAME_CHARACTERS or UNPRINTABLE.search(text):
        form.refuse(name, f"Use at most {NAME_CHARACTERS} ordinary characters")
    return text


def words(form: Form, name: str, message: str = "", most: int = TEXT_CHARACTERS) -> str:
    """A text in paragraphs; needed where a message says so."""
    text = form[name]
    if message and not text:
        form.refuse(name, message)
    elif len(text) > most:
        form.refuse(name, f"Shorten this to {most:,} characters; it has {len(text):,}")
    elif UNPRINTABLE.search(text):
        form.refuse(name, "There is a character in it that cannot be shown. Type the text anew")
    return text


def whole(form: Form, name: str, least: int, most: int, default: int = 0) -> int:
    """A whole number between two bounds."""
    number = optional_whole(form, name, least, most)
    if number is None:
        if name not in form.errors and form[name] == "":
            form.refuse(name, f"Enter a whole number from {least} to {most:,}")
        return default
    return number


def optional_whole(form: Form, name: str, least: int, most: int) -> int | None:
    """A whole number between two bounds, or nothing."""
    text = form[name]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 8 and least <= int(text) <= most):
        form.refuse(name, f"Enter a whole number from {least} to {most:,}")
        return None
    return int(text)


def cents(form: Form, name: str) -> int:
    """An amount like 12.50, in cents; empty is nothing."""
    found = cents_of(form[name])
    if found is None:
        form.refuse(name, "Enter an amount like 12.50")
    return found or 0


def cents_of(text: str) -> int | None:
    """Cents in an amount like 12.50 or 12,50; None where it is no amount."""
    found = typed_cents(text) if text else 0
    return found if found is not None and found <= MOST_CENTS else None


def chosen(form: Form, name: str, among: object, message: str) -> str:
    """One of several codes."""
    if form[name] not in among:  # type: ignore[operator]
        form.refuse(name, message)
    return form[name]


def id_in(form: Form, name: str, message: str = "") -> UUID | None:
    """A chosen id, or none."""
    try:
        return UUID(form[name])
    except ValueError:
        if message or form[name]:
            form.refuse(name, message or "Choose one of the list")
        return None


def day(form: Form, name: str, what: str) -> date:
    """A day; a harmless one where there is a message."""
    try:
        return date.fromisoformat(form[name])
    except ValueError:
        form.refuse(name, f"Enter {what}, like 2027-06-30")
        return date(2000, 1, 1)


def lines_of(form: Form, name: str) -> Iterator[str]:
    """The lines of a text that hold something."""
    return (text.strip() for text in form[name].splitlines() if text.strip())
