"""Pay items as values: one of them, a line of a list, what the affiliate owes by its promised day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .ageing import Due
from .amounts import Amounts, Kind
from .machine import State


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
    """A line of a list: the item with what people call its shop, its shopper and its client."""

    item: Item
    public_ref: str
    display_code: str
    client_name: str
    batch_number: int | None
    is_on_hold: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """What is not yet paid, by how near its day is."""

    due: Due
    currency: str
    items: int
    cents: int
