"""What an affiliate asks its shoppers about themselves: bands on offer, as data of the affiliate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class BandQuestion:
    """One question. bands: (code, words) in the order in which they are shown."""

    id: UUID
    code: str
    label: str
    bands: tuple[tuple[str, str], ...]
    is_required: bool
    reason: str
    is_asked: bool = True

    @property
    def codes(self) -> frozenset[str]:
        """The answers on offer."""
        return frozenset(code for code, _ in self.bands)

    def words_of(self, code: str) -> str:
        """The words of an answer; empty where it is not on offer any more."""
        return dict(self.bands).get(code, "")


@dataclass(frozen=True, slots=True)
class QualificationKind:
    """Something a campaign may need of a shopper. instructions: what to send; valid_months: how long it is good."""

    id: UUID
    code: str
    label: str
    created_at: datetime
    takes_documents: bool = False
    instructions: str = ""
    valid_months: int | None = None
    retired_at: datetime | None = None

    @property
    def is_retired(self) -> bool:
        """Whether nobody new gets it; who has it keeps it."""
        return self.retired_at is not None


@dataclass(frozen=True, slots=True)
class Use:
    """Who hangs on a qualification: how many hold it, how many ask for it, and the campaigns that want it."""

    holders: int
    asked: int
    campaigns: tuple[tuple[UUID, str], ...] = ()


def missing_answers(questions: Sequence[BandQuestion], given: Mapping[str, str]) -> list[BandQuestion]:
    """The required questions that have no answer that is on offer."""
    return [one for one in questions if one.is_asked and one.is_required and given.get(one.code) not in one.codes]
