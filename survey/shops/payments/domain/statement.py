"""A shopper's statement of one year, as the plain words that are set on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from survey.shops.visits.domain import decimal, money

from .amounts import Amounts, Earned, year_sums

HEADINGS = ("Paid", "Visit", "Shop", "Client", "Fee", "Bonus", "Paid back", "Total")
TOTAL_HEADINGS = ("Currency", "Fees", "Bonuses", "Paid back", "Total")
NOTES = (
    "“Paid back” is what you spent on a purchase that the visit asked for, up to what was agreed.",
    "A payment counts in the year in which it was made.",
)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One payment. client_name: the business that was visited."""

    paid_on: date
    visited_on: date
    public_ref: str
    client_name: str
    currency: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Statement:
    """Who paid what to whom in a year."""

    year: int
    payer: str
    address: str
    name: str
    code: str
    made_on: date
    lines: Sequence[PaidLine]


def content_of(statement: Statement) -> dict[str, object]:
    """The words on the page. Amounts with two decimals; the currency stands in each total and each line's total."""
    sums = year_sums(Earned(line.paid_on, line.currency, line.amounts) for line in statement.lines)
    return {
        "title": f"Payment statement {statement.year}",
        "payer": statement.payer,
        "address": [part.strip() for part in statement.address.replace("\n", ",").split(",") if part.strip()],
        "name": statement.name,
        "code": statement.code,
        "year": str(statement.year),
        "made_on": day_words(statement.made_on),
        "headings": HEADINGS,
        "rows": [_row(line) for line in statement.lines],
        "total_headings": TOTAL_HEADINGS,
        "totals": [[each.currency, *_cells(each.amounts)] for each in sums] or [["", *_cells(Amounts(0, 0, 0))]],
        "notes": NOTES,
    }


def day_words(day: date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%b %Y}"


def _row(line: PaidLine) -> list[str]:
    *parts, _ = _cells(line.amounts)
    paid_on, visited_on = day_words(line.paid_on), day_words(line.visited_on)
    total = money(line.amounts.total_cents, line.currency)
    return [paid_on, visited_on, line.public_ref, line.client_name, *parts, total]


def _cells(amounts: Amounts) -> list[str]:
    order = (amounts.fee_cents, amounts.bonus_cents, amounts.reimbursement_cents, amounts.total_cents)
    return [decimal(cents, thousands=",") for cents in order]
