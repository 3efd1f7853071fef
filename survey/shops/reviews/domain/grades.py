"""What was decided about reports, with which grade and in what words, and how a shopper's own grade follows. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .rubric import LAST_GRADES

LONGEST_WORDS = 2000


class Kind(StrEnum):
    """What an editor decides. All but the last three come at the end of a review."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    EXCLUDED = "excluded"
    OVERTURNED = "overturned"  # a rejection, by somebody who had no part in it
    REGRADED = "regraded"  # a grade, by somebody who had no part in it
    REOPENED = "reopened"  # an approval, which is looked at again


KIND_WORDS: Mapping[str, str] = {
    Kind.APPROVED: "Approved",
    Kind.RETURNED: "Sent back with notes",
    Kind.REJECTED: "Not accepted",
    Kind.EXCLUDED: "Paid, and kept from the client",
    Kind.OVERTURNED: "The rejection was overturned",
    Kind.REGRADED: "The grade was changed after an objection",
    Kind.REOPENED: "Opened again",
}


@dataclass(frozen=True, slots=True)
class Because:
    """Why something is decided against a report. reason: a code; words: what the shopper reads."""

    reason: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reopening:
    """Why an approved report is looked at again, and until when. decide_by: None for as long as a new one has."""

    because: Because
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision as it is to be kept. old_grade, new_grade: before and after, None for no grade."""

    kind: Kind
    old_grade: int | None
    new_grade: int | None
    reason: str = ""
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision about a report, opened. words: what the shopper was told."""

    kind: str
    reason: str
    old_grade: int | None
    new_grade: int | None
    at: datetime
    words: str = field(repr=False)

    @property
    def title(self) -> str:
        """What was decided."""
        return KIND_WORDS[self.kind]

    @property
    def is_regrade(self) -> bool:
        """Whether a grade that stood became another, or went."""
        return self.old_grade is not None and self.old_grade != self.new_grade


@dataclass(frozen=True, slots=True)
class Graded:
    """One moment in which the grade of a shopper's report was given, changed, taken or confirmed."""

    shop_id: UUID
    public_ref: str
    kind: str
    old_grade: int | None
    new_grade: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """What a decision made of a shopper's own grade; before and after in tenths."""

    graded: Graded
    before_tenths: int | None
    after_tenths: int | None

    @property
    def was(self) -> str:
        """The own grade before, as people say it; empty where there was none."""
        return in_tenths(self.before_tenths)

    @property
    def now(self) -> str:
        """The own grade since."""
        return in_tenths(self.after_tenths)


@dataclass(frozen=True, slots=True)
class GradedReport:
    """A shopper's report that has a grade. is_counted: whether it is one of those whose mean their own grade is."""

    shop_id: UUID
    public_ref: str
    campaign_name: str
    grade: int
    decided_at: datetime
    breakdown: Mapping[str, int]
    coaching: str = field(repr=False)
    is_counted: bool


def average_tenths(grades: Sequence[int]) -> int | None:
    """A shopper's own grade in tenths, halves up: the mean of the last LAST_GRADES. grades: the newest first.

    This is the number that eligibility compares with what a campaign asks for; nothing else makes one.
    """
    counted = grades[:LAST_GRADES]
    return (sum(counted) * 20 + len(counted)) // (2 * len(counted)) if counted else None


def moves_of(graded: Iterable[Graded]) -> list[Moved]:
    """What moved a shopper's own grade, the newest first. graded: from the first on, the oldest first.

    A decision of a review puts its report at the newest end; a grade that is changed after an objection stays there.
    """
    standing: dict[UUID, tuple[datetime, int | None]] = {}
    moves: list[Moved] = []
    tenths: int | None = None
    for each in graded:
        was_at = standing[each.shop_id][0] if each.shop_id in standing else each.at
        standing[each.shop_id] = (was_at if each.kind == Kind.REGRADED else each.at, each.new_grade)
        newest = sorted(((at, grade) for at, grade in standing.values() if grade is not None), reverse=True)
        before, tenths = tenths, average_tenths([grade for _, grade in newest])
        if each.old_grade != each.new_grade or before != tenths:
            moves.append(Moved(each, before, tenths))
    return moves[::-1]


def in_tenths(tenths: int | None) -> str:
    """A grade as people say it; empty where there is none."""
    return "" if tenths is None else f"{tenths / 10:.1f}"
