"""What the pages of pay show beside rows: colours of states, and the tiles above the list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.shops.visits.domain import by_currency, money

from ..domain import BatchState, Due, Owed, State

STATE_KINDS: Mapping[State, str] = {
    State.PROSPECTIVE: "quiet", State.PAYABLE: "info", State.PENDING: "info", State.PAID: "good",
    State.VOID: "quiet", State.REVERSED: "danger",
}  # fmt: skip
BATCH_KINDS: Mapping[BatchState, str] = {
    BatchState.DRAFT: "attention", BatchState.EXPORTED: "info", BatchState.PAID: "good", BatchState.CANCELLED: "quiet",
}  # fmt: skip
DUE_WORDS: Mapping[Due, str] = {
    Due.LATE: "Late", Due.TODAY: "Due today", Due.SOON: "Due within a week", Due.LATER: "Later",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """What is owed in one bucket. sums: amounts by currency, in words."""

    due: Due
    label: str
    items: int
    sums: Sequence[str]


def tiles(owed: Iterable[Owed]) -> list[Tile]:
    """The buckets in the order of their urgency, empty ones too."""
    rows = list(owed)
    return [_tile(due, [row for row in rows if row.due is due]) for due in Due]


def sums_in_words(totals: Iterable[tuple[str, int]]) -> list[str]:
    """Cents by currency as words; amounts of different currencies are never added."""
    return [money(cents, currency) for currency, cents in by_currency(totals).items()]


def _tile(due: Due, rows: Sequence[Owed]) -> Tile:
    sums = sums_in_words((row.currency, row.cents) for row in rows)
    return Tile(due, DUE_WORDS[due], sum(row.items for row in rows), sums)
