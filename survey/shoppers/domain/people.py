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

NAME = "identity.shopper.name"
EMAIL = "identity.shopper.email"
PHONE = "identity.shopper.phone"
ADDRESS = "identity.shopper.address"
HOUSEHOLD = "identity.shopper.household_index"
LEAST_AGE = 16
CODE_CHARACTERS = 8
# Crockford's alphabet, in which nothing looks like anything else.
_TO_READABLE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_APART = re.compile(r"[^\w]+")
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
LIST_STATES = (Status.ACTIVE, Status.PAUSED, Status.DEACTIVATED, Status.PENDING)

# Why staff may look at who somebody is.
PURPOSES: Mapping[str, str] = {
    "reach": "Reach the shopper about a shop",
    "pay": "Pay the shopper",
    "check": "Check a qualification or a conflict of interest",
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
    """A row of the staff's list: a code, never a name."""

    id: UUID
    display_code: str
    status: str
    region: str
    grade_tenths: int | None
    held_limit: int
    created_at: datetime
    is_contested: bool = False

    @property
    def grade(self) -> str:
        """The mean of the last ten grades, as people say it; empty where there is none."""
        return "" if self.grade_tenths is None else f"{self.grade_tenths / 10:.1f}"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the staff's list is narrowed to. code: the beginning of a display code."""

    status: str = ""
    code: str = ""
    least_grade_tenths: int | None = None
    region: str = ""
    qualification: str = ""
    is_contested: bool = False


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
    return f"S-{drawn[:CODE_CHARACTERS]}"


def email_index(index_key: bytes, affiliate_id: UUID, address: str) -> bytes:
    """What a shopper's address is found by within one affiliate."""
    return blind_index(index_key, EMAIL, affiliate_id, normalised(address))


def household_index(index_key: bytes, affiliate_id: UUID, address: Address) -> bytes:
    """What a household is recognised by within one affiliate, however its members write the address."""
    return blind_index(index_key, HOUSEHOLD, affiliate_id, _one_spelling(address))


def _one_spelling(address: Address) -> str:
    words = [_SHORT.get(word, word) for word in _APART.split(_plain(address.street)) if word]
    postal_code = _APART.sub("", _plain(address.postal_code))
    # Of an American code the five digits are what everybody knows.
    return f"{address.country}|{postal_code[:5] if address.country == 'US' else postal_code}|{' '.join(words)}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
