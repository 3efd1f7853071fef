"""What a message says: blocks of plain words with slots in them, and the frame that no message goes without."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

# Two private characters of Unicode stand around a slot's name: nothing that people type can look like one.
OPEN, CLOSE = "\ue000", "\ue001"
SLOT = re.compile(f"{OPEN}([a-z_]+){CLOSE}")
_NAME = re.compile(r"[a-z_]+")
COLOUR = re.compile(r"[0-9a-f]{6}")
_LINE_BREAKING = re.compile(r"[\r\n\x00]")

OPT_OUT_SLOT = "opt_out_url"
CHECK_SLOT = "check_code"


class BadLetter(ValueError):
    """A message that may not be sent as it is. Says which part, never what stands there."""


class HeaderInjection(BadLetter):
    """A line break or NUL where a header would end."""


class EnvelopeIncomplete(BadLetter):
    """Mail that would leave without what every mail to a person must carry."""


def slot(name: str) -> str:
    """A place for a recipient's own value, to be written into any text of a letter: f"Hello {slot('first_name')},"."""
    if not _NAME.fullmatch(name):
        raise BadLetter(f"not the name of a slot: {name!r}")
    return f"{OPEN}{name}{CLOSE}"


def slots_in(text: str) -> list[str]:
    """The names of the slots in a text, in order."""
    return SLOT.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled, as plain text. Raises BadLetter for a value that is missing."""
    return SLOT.sub(lambda found: value_of(values, found[1]), text)


def value_of(values: Mapping[str, str], name: str) -> str:
    """A slot's value. Raises BadLetter."""
    try:
        return values[name]
    except KeyError:
        raise BadLetter(f"there is no value for the slot {name!r}") from None


def one_line(text: str) -> str:
    """A text fit for a header. Raises HeaderInjection: a line break is refused, not mended."""
    if _LINE_BREAKING.search(text):
        raise HeaderInjection("a line break or NUL in a header")
    return text


def cleaned(text: str) -> str:
    """Text without control characters, which no letter needs and some mail programs act upon."""
    if text.isprintable():
        return text
    return "".join(mark for mark in text if mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs"))


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line, larger."""

    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain words."""

    text: str
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class Act:
    """The one thing to do: a button, and its address in full for those who do not see buttons."""

    text: str
    href: str
    kind: ClassVar[str] = "act"


@dataclass(frozen=True, slots=True)
class Link:
    """Another address, less prominent than the one thing to do."""

    text: str
    href: str
    kind: ClassVar[str] = "link"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values, one pair a line."""

    rows: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Code:
    """Characters to be typed in elsewhere."""

    text: str
    kind: ClassVar[str] = "code"


Block = Heading | Paragraph | Act | Link | Facts | Code


@dataclass(frozen=True, slots=True)
class Letter:
    """A message's words, once for everybody who gets it. The HTML and the text are made of the same blocks.

    preview: what a mailbox shows beside the subject. Raises HeaderInjection.
    """

    subject: str
    blocks: tuple[Block, ...]
    preview: str = ""
    language: str = "en-GB"

    def __post_init__(self) -> None:
        one_line(self.subject)
        if not self.subject.strip() or not self.blocks:
            raise BadLetter("a letter has a subject and something to say")


def postal_line(address: str) -> str:
    """A postal address on one line, whether or not its lines end with commas."""
    return ", ".join(line.strip(" ,") for line in address.splitlines() if line.strip(" ,"))


def contact_line(*ways: str) -> str:
    """Where people turn to with a question, on one line; a way that is empty is none."""
    return ", ".join(way for way in ways if way)


@dataclass(frozen=True, slots=True)
class Sender:
    """The affiliate that writes: its name, where it can be written to, and who there reads mail. Raises BadLetter.

    contact_phone: empty where it has none. accent: six hexadecimal digits of its colour, or None.
    """

    name: str
    postal_address: str
    contact_email: str
    contact_phone: str = ""
    accent: str | None = None

    def __post_init__(self) -> None:
        one_line(self.name)
        one_line(self.contact_email)
        one_line(self.contact_phone)
        if self.accent is not None and not COLOUR.fullmatch(self.accent):
            raise BadLetter("a colour is six hexadecimal digits")
        if not (self.name.strip() and self.postal_address.strip() and self.contact_email.strip()):
            raise EnvelopeIncomplete("mail names its sender, a postal address and an address for replies")

    @property
    def postal_line(self) -> str:
        """The postal address on one line."""
        return postal_line(self.postal_address)

    @property
    def contact_line(self) -> str:
        """Where people turn to with a question, on one line."""
        return contact_line(self.contact_email, self.contact_phone)


@dataclass(frozen=True, slots=True)
class Transactional:
    """The frame of mail that somebody's own act has caused. source: the sentence that says why they get it."""

    sender: Sender
    source: str

    def __post_init__(self) -> None:
        _require_source(self.source)

    @property
    def from_name(self) -> str:
        """The name in From."""
        return self.sender.name


@dataclass(frozen=True, slots=True)
class Bulk:
    """The frame of survey mail. source: the sentence that says where the address comes from; it may hold slots.

    from_name: "Brightwater Coffee via Kestrel". list_name and list_id: what a mail program calls this kind of mail
    (RFC 2919); the id is the same for every mail of one client or panel.
    """

    sender: Sender
    source: str
    from_name: str
    list_name: str
    list_id: UUID

    def __post_init__(self) -> None:
        _require_source(self.source)
        for text in (self.from_name, self.list_name):
            if not one_line(text).strip():
                raise EnvelopeIncomplete("survey mail says on whose behalf it is sent, and which list it belongs to")


Frame = Bulk | Transactional


def _require_source(source: str) -> None:
    if not source.strip():
        raise EnvelopeIncomplete("mail says where the address comes from")
