"""Money for people, in the one form of the whole product: `GBP 1,234.50`. Cents stay whole numbers throughout."""

from collections import Counter
from collections.abc import Iterable, Mapping

from survey.questionnaires.domain import decimal

__all__ = ["by_currency", "decimal", "difference", "money", "whole_units"]


def money(cents: int, currency: str) -> str:
    """An amount with its currency, thousands apart. The code stands first, as the EU’s English style guide has it."""
    return f"{currency} {decimal(cents, thousands=',')}"


def difference(cents: int, currency: str) -> str:
    """By how much an amount changes: `GBP +7.00`."""
    return f"{currency} {'+' if cents > 0 else ''}{decimal(cents, thousands=',')}"


def whole_units(cents: int) -> int:
    """An amount without its cents, as a filter asks for it."""
    return cents // 100


def by_currency(totals: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Cents by currency; amounts of different currencies are never added."""
    sums: Counter[str] = Counter()
    for currency, cents in totals:
        sums[currency] += cents
    return dict(sorted(sums.items()))
