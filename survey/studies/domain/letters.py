"""From a study's texts to its letters: one for everybody, with a slot for each of a person's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.mail.domain import Act, Block, Bulk, Facts, Heading, Letter, Paragraph, Sender, slot

from .merging import ALWAYS_KNOWN, Field, fields_in, is_name, long_day, minutes_words, replaced
from .study import AudienceKind, Message

URL_SLOT = "survey_url"
SINCE_SLOT = "since"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Edition:
    """What a study's messages are made of, whoever gets them."""

    study_id: UUID
    client_id: UUID
    client_name: str
    panel_id: UUID | None
    panel_name: str | None
    title: str
    is_identified: bool
    closes_at: datetime
    time_zone: str
    language: str
    questions: int
    minutes: int
    invitation: tuple[str, str]  # subject and body
    reminder: tuple[str, str]
    sender: Sender

    @property
    def audience_kind(self) -> AudienceKind:
        """Where the addresses come from."""
        return AudienceKind.PANEL if self.panel_id else AudienceKind.CONTACTS

    def texts(self, message: Message) -> tuple[str, str]:
        """Subject and body of one of the messages; both reminders say the same."""
        return self.invitation if message is Message.INVITATION else self.reminder


class Recipient(NamedTuple):
    """What a letter may say of one person. Empty or None: not known."""

    first_name: str
    store: str
    visited_on: date | None
    since: date  # the day the address came to us


# For previews and tests: nobody.
SAMPLE = Recipient("Sam", "High Street", date(2026, 10, 2), date(2026, 10, 5))


@dataclass(frozen=True, slots=True)
class Composition:
    """A study's message before it is anybody's: letter, frame, and the fields that its slots stand for."""

    letter: Letter
    frame: Bulk
    fields: Mapping[str, Field]

    def values(self, to: Recipient, url: str) -> dict[str, str]:
        """What one person's copy is filled with."""
        own = {name: _said(field, to) for name, field in self.fields.items()}
        return own | {URL_SLOT: url, SINCE_SLOT: long_day(to.since)}


def composition(edition: Edition, message: Message) -> Composition:
    """One of a study's messages. Always told beside the written words: how long, until when, who sees the answers."""
    subject, body = edition.texts(message)
    slots = _slots(subject, body)
    names = {field.key: name for name, field in slots.items()}

    def said(field: Field) -> str:
        return _known(edition, field.name) if field.name in ALWAYS_KNOWN else slot(names[field.key])

    paragraphs = tuple(Paragraph(replaced(part, said)) for part in paragraphs_of(body))
    blocks: tuple[Block, ...] = (
        Heading(edition.title),
        *paragraphs,
        Act(f"Answer {_questions(edition.questions)}", slot(URL_SLOT)),
        Facts((("Takes", f"about {minutes_words(edition.minutes)}"), ("Open until", _known(edition, "closes_on")))),
        Paragraph(identity_words(edition.client_name, is_identified=edition.is_identified)),
    )
    preview = f"{_questions(edition.questions).capitalize()}, about {minutes_words(edition.minutes)}"
    letter = Letter(replaced(subject, said), blocks, preview, edition.language)
    return Composition(letter, _frame(edition), MappingProxyType(slots))


def paragraphs_of(body: str) -> list[str]:
    """A body's paragraphs: what empty lines part."""
    return [part.strip() for part in body.split("\n\n") if part.strip()]


def identity_words(client: str, *, is_identified: bool) -> str:
    """The one sentence about who will see the answers."""
    if is_identified:
        return f"Your answers may be passed on to {client} with your name."
    return f"Your answers are confidential: {client} sees results of ten people or more, never who said what."


def last_day(closes_at: datetime, time_zone: str) -> str:
    """The closing time as people are told it, in the study's own time zone."""
    local = closes_at.astimezone(ZoneInfo(time_zone))
    return f"{long_day(local.date())}, {local:%H:%M}"


def _frame(edition: Edition) -> Bulk:
    client, sender = edition.client_name, edition.sender
    from_name = f"{client} via {sender.name}"
    if edition.panel_id:
        source = f"You joined our panel {edition.panel_name} on {slot(SINCE_SLOT)}."
        return Bulk(sender, source, from_name, f"{edition.panel_name} surveys", edition.panel_id)
    source = f"{client} gave us your address on {slot(SINCE_SLOT)}, as one of its customers."
    return Bulk(sender, source, from_name, f"{client} surveys", edition.client_id)


def _slots(*texts: str) -> dict[str, Field]:
    """A slot for every field that differs from person to person, one for each of its fallbacks."""
    found = {field.key: field for text in texts for field in fields_in(text) if field.name not in ALWAYS_KNOWN}
    return {f"{field.name}_{_suffix(number)}": field for number, field in enumerate(found.values())}


def _suffix(number: int) -> str:
    """A name of letters alone, as slots have it."""
    return _LETTERS[number % len(_LETTERS)] * (1 + number // len(_LETTERS))


def _known(edition: Edition, name: str) -> str:
    if name == "client":
        return edition.client_name
    return minutes_words(edition.minutes) if name == "minutes" else last_day(edition.closes_at, edition.time_zone)


def _said(field: Field, to: Recipient) -> str:
    if field.name == "first_name":
        name = " ".join(to.first_name.split())
        return name if is_name(name) else field.fallback
    if field.name == "store":
        return " ".join(to.store.split()) or field.fallback
    return long_day(to.visited_on) if to.visited_on else field.fallback


def _questions(count: int) -> str:
    return "1 question" if count == 1 else f"{count} questions"
