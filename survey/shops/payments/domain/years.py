"""What each shopper was paid in a calendar year, for whoever tells a tax office: by code, and as a file."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from survey.contacts.domain import neutral
from survey.shops.visits.domain import decimal

from .amounts import Amounts
from .transfers import UTF8_MARK

HEADINGS = ("year", "shopper", "currency", "visits", "fees", "bonuses", "earned", "paid_back", "total",
            "tax_number_needed", "tax_number_given")  # fmt: skip
NAMED_HEADINGS = ("name", "tax_number_kind", "tax_number")


class Reach(StrEnum):
    """Who is listed, by what they earned beside the amount from which a tax number is needed."""

    REACHED = "reached"
    MISSING = "missing"


REACH_WORDS: Mapping[Reach, str] = {
    Reach.REACHED: "Earned so much that a tax number is needed",
    Reach.MISSING: "The same, and has given none",
}


@dataclass(frozen=True, slots=True)
class YearAsked:
    """Which totals are wanted. tax_from_cents: earned in a year, from which a tax number is needed; None: never."""

    year: int
    currency: str = ""
    code: str = ""
    reach: Reach | None = None
    tax_from_cents: int | None = None

    @property
    def earned_from_cents(self) -> int | None:
        """What somebody must have earned to be listed."""
        return self.tax_from_cents if self.reach else None


@dataclass(frozen=True, slots=True)
class YearLine:
    """What one shopper was paid in one currency: only what was earned counts for the tax office."""

    shopper_id: UUID
    code: str
    currency: str
    item_count: int
    amounts: Amounts
    has_tax_number: bool

    def is_reached(self, tax_from_cents: int | None) -> bool:
        """Whether so much was earned that a tax number is needed."""
        return tax_from_cents is not None and self.amounts.earned_cents >= tax_from_cents


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What everybody was paid in one currency; of them, how many need a tax number and how many have given none."""

    currency: str
    people: int
    amounts: Amounts
    reached: int
    missing: int


@dataclass(frozen=True, slots=True)
class Payee:
    """Who somebody is to a tax office, opened for the file; empty where the key is gone or nothing was given."""

    name: str = field(default="", repr=False)
    tax_kind: str = ""
    tax_number: str = field(default="", repr=False)


def years_csv(asked: YearAsked, lines: Iterable[YearLine], named: Mapping[UUID, Payee] | None = None) -> bytes:
    """One line a shopper and currency, UTF-8 with a mark. named: with names and tax numbers; None: by code alone."""
    out = io.StringIO(newline="")
    rows = [[*HEADINGS, *(NAMED_HEADINGS if named is not None else ())]]
    rows += [[*_cells(asked, line), *(_named(named.get(line.shopper_id)) if named is not None else ())]
             for line in lines]  # fmt: skip
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return (UTF8_MARK + out.getvalue()).encode()


def _cells(asked: YearAsked, line: YearLine) -> list[str]:
    sums = line.amounts
    parts = (sums.fee_cents, sums.bonus_cents, sums.earned_cents, sums.reimbursement_cents, sums.total_cents)
    return [
        str(asked.year), line.code, line.currency, str(line.item_count), *(decimal(cents) for cents in parts),
        _yes(line.is_reached(asked.tax_from_cents)), _yes(line.has_tax_number),
    ]  # fmt: skip


def _named(payee: Payee | None) -> list[str]:
    known = payee or Payee()
    return [known.name, known.tax_kind, known.tax_number]


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
