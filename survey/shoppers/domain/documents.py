"""Documents that shoppers send to show that they have a qualification. The qualification is kept, the paper is not."""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

KEPT_DAYS = 14  # after the decision, in case the shopper asks why
LONGEST_WAIT_DAYS = 90  # a paper that nobody looks at goes too
MOST_A_DAY = 20  # of one shopper: each is a file that somebody has to look at
PDF_BYTES = 10_000_000
PDF_HEAD = b"%PDF-"
_PDF_END = re.compile(rb"%%EOF\s*\Z")
_TAIL_BYTES = 2048
# What acts by itself when a file is opened, or brings other files along. A scan of a paper has none of it.
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/SubmitForm", b"/ImportData")
_LOCKED = b"/Encrypt"


class BadDocument(ValueError):
    """This is no document that we can take. The message says what to do."""


class Format(StrEnum):
    """What a document's file is."""

    JPEG = "jpeg"
    PDF = "pdf"


class DocumentState(StrEnum):
    """What became of a document."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


DOCUMENT_WORDS = {
    DocumentState.WAITING: "Waits to be looked at",
    DocumentState.ACCEPTED: "Accepted",
    DocumentState.DECLINED: "Not accepted",
    DocumentState.WITHDRAWN: "Taken back",
    DocumentState.LAPSED: "Removed: nobody looked at it in time",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A document as its sender sees it. reason: why it was not accepted, opened. purge_on: the day its file goes."""

    id: UUID
    kind_id: UUID
    label: str
    format: str
    state: str
    valid_until: date | None
    sent_at: datetime
    decided_at: datetime | None
    purge_on: date
    has_file: bool
    reason: str = field(default="", repr=False)

    @property
    def state_words(self) -> str:
        """What became of it."""
        return DOCUMENT_WORDS[DocumentState(self.state)]


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as staff see it: whose it is by code, for what, and what the shopper says of it."""

    id: UUID
    shopper_id: UUID
    shopper_code: str
    code: str
    label: str
    instructions: str
    valid_months: int | None
    format: str
    state: str
    valid_until: date | None
    sent_at: datetime
    purge_on: date
    has_file: bool

    @property
    def state_words(self) -> str:
        """What became of it."""
        return DOCUMENT_WORDS[DocumentState(self.state)]

    def proposed_until(self, today: date) -> date | None:
        """The last day that is proposed for the qualification: what the paper says, else the rule of its kind."""
        if self.valid_until is not None:
            return self.valid_until
        return months_later(today, self.valid_months) if self.valid_months else None


def is_pdf(content: bytes) -> bool:
    """Whether the file says that it is one."""
    return content.startswith(PDF_HEAD)


def check_pdf(content: bytes) -> None:
    """Raises BadDocument for what is no whole PDF, is locked, or would do something by itself.

    Nothing is unpacked: a file can hide what it does, which is why staff get it as a download and never in our pages.
    """
    if len(content) > PDF_BYTES:
        raise BadDocument(f"The PDF is larger than {PDF_BYTES // 1_000_000} MB. Scan it at a smaller size")
    if not is_pdf(content) or not _PDF_END.search(content[-_TAIL_BYTES:]):
        raise BadDocument("This PDF is damaged or cut off. Save it again, or take a photo of the paper")
    if _LOCKED in content:
        raise BadDocument("This PDF is locked with a password. Save it without one, or take a photo of the paper")
    if any(name in content for name in _ACTIVE):
        raise BadDocument("This PDF holds scripts or other files. Print it to a plain PDF, or take a photo of it")


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
