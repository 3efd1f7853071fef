"""Money for people, in the one form of the whole product: `GBP 1,234.50`. Cents stay whole numbers throughout."""

from collections import Counter
from collections.abc import Iterable, Mapping


def money(cents: int, currency: str) -> str:
    """An amount with its currency, thousands apart. The code stands first, as the EU’s English style guide has it."""
    return f"{currency} {decimal(cents, thousands=',')}"


def difference(cents: int, currency: str) -> str:
    """By how much an amount changes: `GBP +7.00`."""
    return f"{currency} {'+' if cents > 0 else ''}{decimal(cents, thousands=',')}"


def decimal(cents: int, thousands: str = "") -> str:
    """An amount with two decimals, without floating point. Alone it is for files, fields and tables of one currency."""
    sign, whole, part = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    return f"{sign}{format(whole, thousands)}.{part:02}"


def whole_units(cents: int) -> int:
    """An amount without its cents, as a filter asks for it."""
    return cents // 100


def by_currency(totals: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Cents by currency; amounts of different currencies are never added."""
    sums: Counter[str] = Counter()
    for currency, cents in totals:
        sums[currency] += cents
    return dict(sorted(sums.items()))
