"""What shoppers are found by without being opened, and the signs that two profiles are of one person. Pure.

Every fingerprint is made under the key of its column and affiliate (privacy.vault.domain.blind_index): two affiliates
that compare theirs find nothing in common, and without the key nobody can count out the names of a telephone book.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from privacy.optouts.domain import normalised
from privacy.vault.domain import blind_index, blind_indexes

from .money import Payout
from .people import Address, email_index, one_postal_code

PHONE_INDEX = "identity.likeness.phone_index"
FAMILY_INDEX = "identity.likeness.family_index"
NAMESAKE_INDEX = "identity.likeness.namesake_index"
PAYOUT_INDEX = "identity.likeness.payout_index"
# ITU-T E.164, for the countries in which shoppers live.
CALLING: Mapping[str, str] = {
    "AU": "61", "AT": "43", "BE": "32", "CA": "1", "DK": "45", "FR": "33", "DE": "49", "IE": "353", "IT": "39",
    "MX": "52", "NL": "31", "NZ": "64", "NO": "47", "PL": "48", "PT": "351", "ES": "34", "SE": "46", "CH": "41",
    "GB": "44", "US": "1",
}  # fmt: skip
LEAST_DIGITS = 6
AMERICAN_DIGITS = 11
_AFTER_NAMES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NO_DIGIT = re.compile(r"\D+")
_APART = re.compile(r"[^\w-]+")


class Sign(StrEnum):
    """What two profiles have in common."""

    PHONE = "phone"
    PAYOUT = "payout"
    NAMESAKE = "namesake"


SIGN_WORDS: Mapping[str, str] = {
    Sign.PHONE: "Same telephone number",
    Sign.PAYOUT: "Money goes to the same account",
    Sign.NAMESAKE: "Same family name and postal code",
}


class Verdict(StrEnum):
    """What a person has decided about two profiles that look alike."""

    SAME = "same"
    HOUSEHOLD = "household"
    UNRELATED = "unrelated"


VERDICT_WORDS: Mapping[str, str] = {
    Verdict.SAME: "The same person",
    Verdict.HOUSEHOLD: "One household",
    Verdict.UNRELATED: "Nothing to do with each other",
}
# The shopper whose profile is closed reads this: it speaks of nobody but them.
CLOSING_WORDS = (
    "It looks to us as if you have more than one profile here. One person has one profile, so that this one is closed."
    " If we are wrong, tell us here: somebody looks again."
)


class Reachable(Protocol):
    """Whatever says who somebody is: what was typed at registration, a profile's details, an opened shopper."""

    @property
    def name(self) -> str:
        """The whole name."""

    @property
    def phone(self) -> str:
        """As it was typed."""

    @property
    def address(self) -> Address | None:
        """Where they live."""


class Traits(NamedTuple):
    """Fingerprints of what somebody told. None where there is nothing to compare."""

    phone: bytes | None
    family: bytes
    namesake: bytes | None


@dataclass(frozen=True, slots=True)
class Half:
    """One of two profiles that look alike, by its code."""

    id: UUID
    display_code: str
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Pair:
    """Two profiles that look alike, the older first, why, and what was decided before new signs came."""

    one: Half
    other: Half
    signs: tuple[str, ...]
    is_one_address: bool
    verdict: str | None

    @property
    def key(self) -> str:
        """By what a form names it."""
        return f"{self.one.id}.{self.other.id}"

    @property
    def words(self) -> list[str]:
        """Why, as staff read it."""
        also = ["Same address"] if self.is_one_address else []
        return [SIGN_WORDS[sign] for sign in self.signs] + also


def traits_of(index_key: bytes, affiliate_id: UUID, told: Reachable) -> Traits:
    """What somebody is found and compared by, from what they told."""
    country = told.address.country if told.address else ""
    number, family = phone_in(told.phone, country), family_name(told.name)
    postal_code = one_postal_code(told.address) if told.address else ""
    namesake = f"{country}|{postal_code}|{family}" if family and postal_code else ""
    return Traits(
        phone=blind_index(index_key, PHONE_INDEX, affiliate_id, number) if number else None,
        family=family_index(index_key, affiliate_id, family),
        namesake=blind_index(index_key, NAMESAKE_INDEX, affiliate_id, namesake) if namesake else None,
    )


def payout_index(index_key: bytes, affiliate_id: UUID, payout: Payout) -> bytes:
    """What an account is compared by."""
    return blind_index(index_key, PAYOUT_INDEX, affiliate_id, f"{payout.kind}|{payout.handle.casefold()}")


def family_index(index_key: bytes, affiliate_id: UUID, family: str) -> bytes:
    """What a family name is found by. family: as `family_name` spells it."""
    return blind_index(index_key, FAMILY_INDEX, affiliate_id, family)


def address_index(index_key: bytes, affiliate_id: UUID, address: str) -> bytes:
    """What an e-mail address is found by, however it is written."""
    return email_index(index_key, affiliate_id, normalised(address))


def phone_indexes(index_key: bytes, affiliate_id: UUID, text: str) -> list[bytes]:
    """What a number may be found by: of one without its country the reading in each of them."""
    readings = sorted({reading for country in CALLING if (reading := phone_in(text, country))})
    return blind_indexes(index_key, PHONE_INDEX, affiliate_id, readings)


def phone_in(text: str, country: str) -> str:
    """A telephone number in one spelling: digits from the calling code on, no zero behind it; empty for none."""
    digits, code = _NO_DIGIT.sub("", text), CALLING.get(country, "")
    if len(digits) < LEAST_DIGITS:
        return ""
    if text.strip().startswith("+"):
        return _without_trunk(digits)
    if digits.startswith("00"):
        return _without_trunk(digits[2:])
    if code == "1" and len(digits) == AMERICAN_DIGITS and digits.startswith("1"):
        return digits
    return code + digits.lstrip("0")


def family_name(name: str) -> str:
    """The last word of a name in one spelling, without accents and without what stands behind names, like Jr."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [word.strip("-_") for word in _APART.split(bare)]
    names = [word for word in words if word]
    while len(names) > 1 and names[-1] in _AFTER_NAMES:
        names.pop()
    return names[-1] if names else ""


def pair_named(text: str) -> tuple[UUID, UUID] | None:
    """The two profiles that a form names; None for what names none."""
    one, _, other = text.partition(".")
    try:
        ids = UUID(one), UUID(other)
    except ValueError:
        return None
    return ids if ids[0] != ids[1] else None


def agreed_household(one: bytes | None, other: bytes | None, either: Sequence[bytes]) -> bytes:
    """The index that a household has from now on: what the first has, else the second, else one of their own."""
    return one or other or min(either)


def _without_trunk(digits: str) -> str:
    """+44 (0)113 is +44 113."""
    code = next((code for code in sorted(CALLING.values(), key=len, reverse=True) if digits.startswith(code)), "")
    return code + digits.removeprefix(code).lstrip("0")
