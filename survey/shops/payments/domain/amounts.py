"""What a shop pays, when it is promised, and what it all comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What is paid for: the visit, or going there in vain."""

    FULL = "full"
    ATTEMPT = "attempt"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shop offers and what its report shows. Money in cents; receipt_cents None: nothing was bought.

    is_attempt_repaid: whether what an attempt cost is paid back too.
    """

    fee_cents: int
    bonus_cents: int
    reimbursement_cap_cents: int
    attempt_fee_cents: int
    receipt_cents: int | None
    is_attempt_repaid: bool = False


class Amounts(NamedTuple):
    """What one item pays, in cents."""

    fee_cents: int
    reimbursement_cents: int
    bonus_cents: int

    @property
    def total_cents(self) -> int:
        """The three together."""
        return sum(self)

    @property
    def earned_cents(self) -> int:
        """Fee and bonus; what is paid back of a purchase earns nobody anything."""
        return self.fee_cents + self.bonus_cents


class Earned(NamedTuple):
    """One paid item as the yearly totals count it: by the day it was paid."""

    paid_on: date
    currency: str
    amounts: Amounts


class YearSum(NamedTuple):
    """What was paid in one year and currency."""

    year: int
    currency: str
    amounts: Amounts
    items: int


def amounts_of(terms: Terms, kind: Kind) -> Amounts:
    """Fee, bonus and what was spent up to the cap; for an attempt its own fee, and what it cost up to the same cap if
    the campaign says so.
    """
    spent = min(terms.receipt_cents or 0, terms.reimbursement_cap_cents)
    if kind is Kind.ATTEMPT:
        return Amounts(terms.attempt_fee_cents, spent if terms.is_attempt_repaid else 0, 0)
    return Amounts(terms.fee_cents, spent, terms.bonus_cents)


def promised_on(visited_on: date, pay_days: int) -> date:
    """The day by which it is paid."""
    return visited_on + timedelta(days=pay_days)


def year_sums(items: Iterable[Earned]) -> list[YearSum]:
    """What was paid by year and currency, the latest year first. Cents are added, never rounded."""
    parts: dict[tuple[int, str], list[Amounts]] = {}
    for item in items:
        parts.setdefault((item.paid_on.year, item.currency), []).append(item.amounts)
    keys = sorted(parts, key=lambda key: (-key[0], key[1]))
    return [
        YearSum(year, currency, added(parts[year, currency]), len(parts[year, currency])) for year, currency in keys
    ]


def added(many: Iterable[Amounts]) -> Amounts:
    """Several items as one."""
    rows = list(many)
    return Amounts(*(sum(column) for column in zip(*rows, strict=True))) if rows else Amounts(0, 0, 0)
