"""What goes to the bank together: what would be in a batch, who is left out and why, and how it ends."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from .amounts import Amounts
from .transfers import message_name


class BatchState(StrEnum):
    """Where a batch stands."""

    DRAFT = "draft"  # put together
    EXPORTED = "exported"  # a file was taken
    PAID = "paid"
    CANCELLED = "cancelled"


OPEN_BATCH = (BatchState.DRAFT, BatchState.EXPORTED)


class WrongBatch(Exception):
    """The batch is not where this can happen to it."""

    def __init__(self, state: BatchState) -> None:
        super().__init__(f"the batch is {state}")
        self.state = state


class Skip(StrEnum):
    """Why an item that is owed is not in a batch."""

    ON_HOLD = "on_hold"
    NO_PAYOUT = "no_payout"
    NO_TAX_NUMBER = "no_tax_number"


SKIP_WORDS: Mapping[Skip, str] = {
    Skip.ON_HOLD: "The shop is on hold",
    Skip.NO_PAYOUT: "The shopper has not said where to send the money",
    Skip.NO_TAX_NUMBER: "A tax number is needed from this amount on, and there is none",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that is owed, with what decides whether it can be paid now. earned_cents: the shopper's this year."""

    item_id: UUID
    shopper_id: UUID
    display_code: str
    public_ref: str
    promised_on: date
    amounts: Amounts
    is_on_hold: bool
    has_payout: bool
    has_tax_number: bool
    earned_cents: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is left out."""

    candidate: Candidate
    reason: Skip


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a batch would hold, and what not."""

    included: Sequence[Candidate]
    skipped: Sequence[Skipped]

    @property
    def total_cents(self) -> int:
        """What it comes to."""
        return sum(each.amounts.total_cents for each in self.included)

    @property
    def people(self) -> int:
        """How many shoppers are paid."""
        return len({each.shopper_id for each in self.included})

    @property
    def reasons(self) -> Mapping[Skip, int]:
        """How many items are left out for each reason."""
        return Counter(each.reason for each in self.skipped)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as it is stored."""

    id: UUID
    number: int
    state: BatchState
    currency: str
    item_count: int
    total_cents: int
    created_at: datetime
    exported_at: datetime | None
    paid_on: date | None
    file_number: int
    is_file_current: bool
    file_at: datetime | None

    @property
    def reference(self) -> str:
        """What the bank reads of it: each person's transfer is known by it, in whichever file."""
        return f"PAY-{self.number}"

    @property
    def file_name(self) -> str:
        """The last file that was taken, as the bank calls it."""
        return message_name(self.reference, self.file_number)

    @property
    def next_file_name(self) -> str:
        """What the next one is called if it says something else."""
        return message_name(self.reference, self.file_number + 1)


@dataclass(frozen=True, slots=True)
class Line:
    """What one shopper gets from a batch."""

    shopper_id: UUID
    display_code: str
    item_count: int
    amounts: Amounts


def dry_run(candidates: Iterable[Candidate], tax_from_cents: int | None) -> DryRun:
    """Sort what is owed into what can be paid and what cannot.

    tax_from_cents: what somebody may earn in a year before a tax number is needed. This batch counts as well.
    """
    listed = list(candidates)
    heading = _after(listed)
    included, skipped = [], []
    for each in listed:
        reason = _reason(each, tax_from_cents, heading[each.shopper_id])
        if reason is None:
            included.append(each)
        else:
            skipped.append(Skipped(each, reason))
    return DryRun(included, skipped)


def _after(candidates: Iterable[Candidate]) -> Mapping[UUID, int]:
    """What each shopper would have earned this year, were everything paid now."""
    sums: dict[UUID, int] = {}
    for each in candidates:
        payable = 0 if each.is_on_hold else each.amounts.earned_cents
        sums[each.shopper_id] = sums.get(each.shopper_id, each.earned_cents) + payable
    return sums


def _reason(each: Candidate, tax_from_cents: int | None, heading_cents: int) -> Skip | None:
    if each.is_on_hold:
        return Skip.ON_HOLD
    if not each.has_payout:
        return Skip.NO_PAYOUT
    if tax_from_cents is not None and heading_cents >= tax_from_cents and not each.has_tax_number:
        return Skip.NO_TAX_NUMBER
    return None
