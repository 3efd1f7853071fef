"""Pay items as values: one of them, a line of a list, what the affiliate owes by its promised day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from survey.shops.visits.domain import money

from .ageing import Due
from .amounts import Amounts, Kind
from .machine import State
from .words import OWN_WORDS


@dataclass(frozen=True, slots=True)
class Item:
    """What one shop pays its shopper. voided_from: where it stood, of one that is void."""

    id: UUID
    shop_id: UUID
    shopper_id: UUID
    client_id: UUID
    kind: Kind
    state: State
    amounts: Amounts
    currency: str
    visited_on: date
    promised_on: date
    paid_on: date | None
    batch_id: UUID | None
    reason: str
    revision: int
    voided_from: State | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list: the item with what people call its shop, its shopper and its client.

    is_again: an editor looks again at the report of what is owed already, or waits for the shopper's word.
    is_waiting: it is owed, and nobody knows where to send it.
    """

    item: Item
    public_ref: str
    display_code: str
    client_name: str
    batch_number: int | None
    is_on_hold: bool
    is_again: bool
    is_waiting: bool

    @property
    def own_words(self) -> str:
        """How it stands, to its shopper."""
        if self.is_again:
            cents = money(self.item.amounts.total_cents, self.item.currency)
            return f"Being looked at again; your pay of {cents} stands"
        return OWN_WORDS[self.item.state]


@dataclass(frozen=True, slots=True)
class Owed:
    """What is not yet paid, by how near its day is."""

    due: Due
    currency: str
    items: int
    cents: int
