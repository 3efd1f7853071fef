"""Changing the address of a profile: it counts once the new mailbox has answered. The sign-in keeps its own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from privacy.crypto import random_id
from privacy.vault import KeyRing, data_key, data_keys
from survey.db import NotFound, Role, Scope, connection, transaction
from survey.settings import Settings

from .. import queries
from ..domain import EMAIL, email_index
from .notes import ADDRESS_KIND, as_shopper, ask_for_mail, note, own_id
from .sealing import opened_text, sealed_text

CHANGE = "identity.email_change.email"
CHANGE_DAYS = 1


async def ask_change(scope: Scope, settings: Settings, address: str, now: datetime) -> None:
    """Write to a new address; until its mailbox answers, the old one counts. Role.SHOPPER."""
    key = await data_key(connection(), settings.keyring, own_id(scope))
    sealed = sealed_text(key, CHANGE, address), email_index(settings.index_key, scope.affiliate_id, address)
    await queries.addresses.ask(scope, random_id(), sealed, now)
    await note(scope, "shopper.address_ask", own_id(scope), now)
    await ask_for_mail(settings, ADDRESS_KIND, (scope.affiliate_id, own_id(scope)), address, now, CHANGE_DAYS)


async def require_change(change_id: UUID) -> None:
    """Raises NotFound unless the change behind a link waits. Role.GATE."""
    await queries.addresses.asked_behind(change_id)


async def make_change(settings: Settings, change_id: UUID, now: datetime) -> None:
    """The new mailbox has answered. Opens its own transactions. Raises NotFound, TakenAddress."""
    async with transaction(Role.GATE):
        affiliate_id, shopper_id = await queries.addresses.asked_behind(change_id)
    scope = as_shopper(affiliate_id, shopper_id)
    async with transaction(Role.SHOPPER, affiliate=affiliate_id, shopper=shopper_id):
        change = await queries.addresses.take_change(scope, change_id)
        if change is None:
            raise NotFound("change of address")
        key = await data_key(connection(), settings.keyring, shopper_id)
        address = opened_text(key, CHANGE, change["email"])
        await queries.addresses.put_address(scope, sealed_text(key, EMAIL, address), change["email_index"])
        await note(scope, "shopper.address", shopper_id, now)


async def new_addresses(here: Connection, ring: KeyRing, shopper_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, str]]:
    """The changes that wait, with the new address, by shopper; for the letters to them. Role.WORKER."""
    rows = await queries.addresses.sealed_changes(here, shopper_ids)
    keys = await data_keys(here, ring, [row["shopper_id"] for row in rows])
    return {
        row["shopper_id"]: (row["id"], opened_text(keys[row["shopper_id"]], CHANGE, row["email"]))
        for row in rows
        if row["shopper_id"] in keys
    }
