"""Shoppers: what is sealed of them, what lists show, and how a household is recognised without its address."""

import base64
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from privacy.crypto import random_bytes
from privacy.optouts.domain import normalised
from privacy.vault.domain import blind_index

from .distances import Units

NAME = "identity.shopper.name"
EMAIL = "identity.shopper.email"
PHONE = "identity.shopper.phone"
ADDRESS = "identity.shopper.address"
HOUSEHOLD = "identity.shopper.household_index"
LEAST_AGE = 16
CODE_CHARACTERS = 8
CODE_BEGINS = "S-"
# Crockford's alphabet, in which nothing looks like anything else.
_TO_READABLE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_APART = re.compile(r"[^\w]+")
_BARE_CODE = re.compile(r"[0-9A-Z]{1,12}")
# One household writes its street in more than one way.
_SHORT: Mapping[str, str] = {
    "street": "st", "avenue": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "square": "sq", "terrace": "ter", "apartment": "apt", "unit": "apt", "flat": "apt", "suite": "ste",
    "north": "n", "south": "s", "east": "e", "west": "w", "strasse": "str", "straße": "str", "calle": "c",
}  # fmt: skip


class Status(StrEnum):
    """Whether a shopper may take shops."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    DEACTIVATED = "deactivated"
    ERASED = "erased"


STATUS_WORDS = {
    Status.PENDING: "Not confirmed",
    Status.ACTIVE: "Active",
    Status.PAUSED: "Paused",
    Status.DEACTIVATED: "Deactivated",
    Status.ERASED: "Erased",
}
# By what the staff's list can be put in order: at the top stands who has the best grade, or has done something last.
SORTS: Mapping[str, str] = {"": "Code", "grade": "Grade", "seen": "Last shop", "since": "Registered"}
LIST_STATES = (Status.ACTIVE, Status.PAUSED, Status.DEACTIVATED, Status.PENDING)

# Why staff may look at who somebody is.
CHECK = "check"
PURPOSES: Mapping[str, str] = {
    "reach": "Reach the shopper about a shop",
    "pay": "Pay the shopper",
    CHECK: "Check a qualification or a conflict of interest",
    "answer": "Answer a question of the shopper",
    "suspicion": "Look into a suspicion",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives. `code` of the country; `region` is the state or county."""

    street: str = field(repr=False)
    city: str = field(repr=False)
    region: str
    postal_code: str = field(repr=False)
    country: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a shopper may correct at any time."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: Address
    time_zone: str
    units: Units = Units.KM


@dataclass(frozen=True, slots=True)
class Person:
    """What a message to a shopper needs."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    time_zone: str
    status: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A shopper's own profile, opened for its owner. point: two decimals, about a kilometre; or None."""

    id: UUID
    display_code: str
    status: str
    email: str = field(repr=False)
    details: Details
    point: tuple[float, float] | None
    bands: Mapping[str, str]
    agreement_version: int | None
    agreed_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the staff's list: a code, never a name. shop_count: shops made; held_count: in hand now."""

    id: UUID
    display_code: str
    status: str
    region: str
    grade_tenths: int | None
    held_limit: int
    created_at: datetime
    is_contested: bool = False
    shop_count: int = 0
    held_count: int = 0
    last_shop_at: datetime | None = None
    qualification_count: int = 0

    @property
    def grade(self) -> str:
        """The mean of the last ten grades, as people say it; empty where there is none."""
        return "" if self.grade_tenths is None else f"{self.grade_tenths / 10:.1f}"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the staff's list is narrowed to, and its order. code: the beginning of a display code.

    idle_days: who has taken no shop for so long; seen_days: who has, within so long.
    """

    status: str = ""
    code: str = ""
    least_grade_tenths: int | None = None
    region: str = ""
    qualification: str = ""
    is_contested: bool = False
    seen_days: int | None = None
    idle_days: int | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many shoppers each tab of the list holds. alike: pairs; proposed: what waits for a decision."""

    every: int
    active: int
    paused: int
    deactivated: int
    pending: int
    contested: int
    alike: int
    proposed: int


@dataclass(frozen=True, slots=True)
class OpenedShopper:
    """Who somebody is, for the eyes of staff, once they said why."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: Address | None


def display_code() -> str:
    """A random code that staff use in place of a name, like S-7K2QF9TA."""
    drawn = base64.b32encode(random_bytes(5)).translate(_TO_READABLE).decode()
    return f"{CODE_BEGINS}{drawn[:CODE_CHARACTERS]}"


def code_typed(text: str) -> str:
    """The display code that somebody typed: in capitals, and with its beginning where that was left out."""
    typed = text.strip().upper()
    return f"{CODE_BEGINS}{typed}" if _BARE_CODE.fullmatch(typed) else typed


def email_index(index_key: bytes, affiliate_id: UUID, address: str) -> bytes:
    """What a shopper's address is found by within one affiliate."""
    return blind_index(index_key, EMAIL, affiliate_id, normalised(address))


def household_index(index_key: bytes, affiliate_id: UUID, address: Address) -> bytes:
    """What a household is recognised by within one affiliate, however its members write the address."""
    return blind_index(index_key, HOUSEHOLD, affiliate_id, _one_spelling(address))


def _one_spelling(address: Address) -> str:
    words = [_SHORT.get(word, word) for word in _APART.split(_plain(address.street)) if word]
    return f"{address.country}|{one_postal_code(address)}|{' '.join(words)}"


def one_postal_code(address: Address) -> str:
    """A postal code in one spelling; of an American one the five digits that everybody knows."""
    postal_code = _APART.sub("", _plain(address.postal_code))
    return postal_code[:5] if address.country == "US" else postal_code


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
