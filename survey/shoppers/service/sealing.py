"""Sealing what a shopper tells, and opening it: every value to its column, under the shopper's own key."""

from uuid import UUID

import msgspec
from asyncpg import Record

from privacy.vault import DataKey, Place, seal, unseal, unseal_text

from ..domain import ADDRESS, EMAIL, NAME, PHONE, Address, Deactivation, Details, OpenedShopper, Profile, units_or_km

HANDLE = "identity.payout.handle"
TAX_NUMBER = "identity.tax_identity.number"
REASON = "identity.deactivation.reason"
CONTEST = "identity.deactivation.contest"


def sealed_address(key: DataKey, address: Address) -> bytes:
    """An address under seal."""
    return seal(key, _place(ADDRESS, key), msgspec.json.encode(address))


def sealed_text(key: DataKey, column: str, text: str) -> bytes:
    """A text under seal."""
    return seal(key, _place(column, key), text)


def opened_text(key: DataKey, column: str, sealed: bytes | None) -> str:
    """A sealed text; empty where there is none."""
    return unseal_text(key, _place(column, key), sealed) if sealed else ""


def opened_person(key: DataKey, row: Record) -> OpenedShopper:
    """Who somebody is."""
    return OpenedShopper(
        opened_text(key, EMAIL, row["email"]),
        opened_text(key, NAME, row["name"]),
        opened_text(key, PHONE, row["phone"]),
        _opened_address(key, row["address"]),
    )


def opened_profile(key: DataKey, row: Record) -> Profile:
    """One's own profile."""
    person = opened_person(key, row)
    point = (row["latitude"], row["longitude"]) if row["latitude"] is not None else None
    address = person.address or Address("", "", "", "", "US")
    return Profile(
        id=row["id"],
        display_code=row["display_code"],
        status=row["status"],
        email=person.email,
        details=Details(person.name, person.phone, address, row["time_zone"], units_or_km(row["units"])),
        point=point,
        bands=row["bands"],
        agreement_version=row["agreement_version"],
        agreed_at=row["agreed_at"],
        created_at=row["created_at"],
    )


def sealed_words(key: DataKey, column: str, decision_id: UUID, words: str) -> bytes:
    """A reason or a contest; one shopper may have several, so that the decision's id tells them apart."""
    return seal(key, _place(f"{column}#{decision_id}", key), words)


def opened_decision(key: DataKey, row: Record) -> Deactivation:
    """A decision with its reason, and what the shopper says to it."""
    decision_id = row["id"]
    return Deactivation(
        id=decision_id,
        code=row["code"],
        decided_at=row["decided_at"],
        contested_at=row["contested_at"],
        outcome=row["outcome"],
        reason=opened_text(key, f"{REASON}#{decision_id}", row["reason"]),
        contest=opened_text(key, f"{CONTEST}#{decision_id}", row["contest"]),
    )


def _opened_address(key: DataKey, sealed: bytes | None) -> Address | None:
    if sealed is None:
        return None
    return msgspec.json.decode(unseal(key, _place(ADDRESS, key), sealed), type=Address)


def _place(column: str, key: DataKey) -> Place:
    return Place(column, key.subject_id, key.subject_id)
