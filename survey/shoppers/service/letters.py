"""Shoppers as letters to them need them; for this area's mail and for that of the areas above."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from privacy.vault import KeyRing, data_keys

from .. import queries
from ..domain import EMAIL, NAME, Person
from .sealing import opened_text


async def people_of(here: Connection, ring: KeyRing, shopper_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Address, name, time zone and status by shopper, in two statements however many; who was erased is not in it.

    The delivery is the record of why they were opened. Role.WORKER.
    """
    rows = await queries.letters.sealed_people(here, shopper_ids)
    keys = await data_keys(here, ring, [row["id"] for row in rows])
    people = {}
    for row in rows:
        if key := keys.get(row["id"]):
            email, name = opened_text(key, EMAIL, row["email"]), opened_text(key, NAME, row["name"])
            people[row["id"]] = Person(email, name, row["time_zone"], row["status"])
    return people


async def address_of(here: Connection, ring: KeyRing, shopper_id: UUID) -> str:
    """The address of a shopper, or an empty text once there is none; for whoever holds a letter to it. Role.DESK."""
    sealed = await queries.letters.find_sealed_address(here, shopper_id)
    key = (await data_keys(here, ring, [shopper_id])).get(shopper_id)
    return opened_text(key, EMAIL, sealed) if key and sealed else ""
