"""Payout methods and tax numbers: given by the shopper, opened for payroll alone, each look on record, gone in time."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection

from privacy.audit import Event, record_many
from privacy.errors import KeyShredded
from privacy.vault import DataKey, KeyRing, create_subject, data_key, data_keys, shred_many
from survey.db import NotFound, Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import Payout, PayoutKind, PayoutShown, TaxKind, TaxShown, purge_day
from .likeness import follow_payout
from .notes import note, own_id
from .sealing import HANDLE, TAX_NUMBER, opened_text, sealed_text

BATCH = 500
LAST = 4


async def own_payout(scope: Scope) -> PayoutShown | None:
    """Where one's own money goes. Role.SHOPPER."""
    return await queries.money.find_payout(scope)


async def set_payout(scope: Scope, settings: Settings, payout: Payout, now: datetime) -> None:
    """Say where one's own money goes. Role.SHOPPER."""
    key = await data_key(connection(), settings.keyring, own_id(scope))
    await queries.money.put_payout(scope, payout.kind, sealed_text(key, HANDLE, payout.handle), payout.last4, now)
    await follow_payout(scope, settings, payout)
    await note(scope, "shopper.payout", own_id(scope), now, kind=payout.kind)


async def drop_payout(scope: Scope, settings: Settings, now: datetime) -> None:
    """Forget where one's own money goes; nothing is paid until it is said again. Role.SHOPPER."""
    if await queries.money.drop_payout(scope):
        await follow_payout(scope, settings, None)
        await note(scope, "shopper.payout_drop", own_id(scope), now)


async def tax_number_needed(scope: Scope, shopper_id: UUID, year: int, now: datetime) -> bool:
    """There is something to pay in a year, so that a tax number is wanted; whether it is still missing.

    From now on the shopper's profile asks for it. A later year moves the day on which it goes; twice is once.
    For payments, as Role.STAFF or WORKER.
    """
    if await queries.money.need_tax_number(scope, shopper_id, purge_day(year), now):
        await note(scope, "shopper.tax_needed", shopper_id, now, year=year)
    return not await queries.money.has_tax_number(scope, shopper_id)


async def own_tax(scope: Scope) -> TaxShown | None:
    """One's own tax number as pages show it; None while there is nothing to pay. Role.SHOPPER."""
    return await queries.money.find_tax(scope)


async def set_tax_number(scope: Scope, ring: KeyRing, kind: TaxKind, number: str, now: datetime) -> None:
    """Give the number, under a key of its own. Role.SHOPPER. Raises NotFound where nobody asks for it."""
    tax_id = await queries.money.tax_id_of(scope)
    if tax_id is None:
        raise NotFound("tax number")
    key = await _own_key(scope, ring, tax_id)
    await queries.money.put_tax(scope, tax_id, kind, (sealed_text(key, TAX_NUMBER, number), number[-LAST:]), now)
    await note(scope, "shopper.tax_number", own_id(scope), now, kind=kind)


async def waits_for_payout(scope: Scope) -> bool:
    """Whether something is owed to the shopper who has not said where it goes. Role.SHOPPER."""
    return await queries.money.find_payout(scope) is None and await queries.money.is_owed(scope)


async def open_payouts(
    scope: Scope, ring: KeyRing, shopper_ids: Sequence[UUID], purpose: str, now: datetime
) -> dict[UUID, Payout]:
    """Where the money of shoppers goes, by shopper, open; each look is on record. For payroll. Role.STAFF."""
    rows = await queries.money.sealed_payouts(scope, shopper_ids)
    keys = await data_keys(connection(), ring, [row["shopper_id"] for row in rows])
    known = [row for row in rows if row["shopper_id"] in keys]
    await _note_looks(scope, "shopper.payout_read", [row["shopper_id"] for row in known], purpose, now)
    return {
        row["shopper_id"]: Payout(
            PayoutKind(row["kind"]), opened_text(keys[row["shopper_id"]], HANDLE, row["handle"])
        )
        for row in known
    }  # fmt: skip


async def open_tax_numbers(
    scope: Scope, ring: KeyRing, shopper_ids: Sequence[UUID], purpose: str, now: datetime
) -> dict[UUID, tuple[TaxKind, str]]:
    """The tax numbers of shoppers, by shopper, open; each look is on record. For payroll. Role.STAFF."""
    rows = await queries.money.sealed_tax_numbers(scope, shopper_ids)
    keys = await data_keys(connection(), ring, [row["id"] for row in rows])
    known = [row for row in rows if row["id"] in keys]
    await _note_looks(scope, "shopper.tax_read", [row["shopper_id"] for row in known], purpose, now)
    return {
        row["shopper_id"]: (TaxKind(row["kind"]), opened_text(keys[row["id"]], TAX_NUMBER, row["number"]))
        for row in known
    }


async def purge_tax_numbers(here: Connection, today: date, now: datetime) -> int:
    """Remove a batch of numbers whose day has come, with their keys; how many there were. Role.WORKER."""
    rows = await queries.money.purge_taxes(here, today, BATCH)
    await shred_many(here, [row["id"] for row in rows])
    events = [
        Event(row["affiliate_id"], "system", None, "shopper.tax_purge", "shopper", row["shopper_id"], row["shopper_id"])
        for row in rows
    ]
    if events:
        await record_many(here, events, now)
    return len(rows)


async def _own_key(scope: Scope, ring: KeyRing, tax_id: UUID) -> DataKey:
    try:
        return await data_key(connection(), ring, tax_id)
    except KeyShredded:
        return await create_subject(connection(), ring, scope.affiliate_id, tax_id)


async def _note_looks(
    scope: Scope, action: str, shopper_ids: Sequence[UUID], purpose: str, now: datetime
) -> None:  # fmt: skip
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    events = [Event(*actor, action, "shopper", one, one, purpose, scope.seen_as) for one in shopper_ids]
    if events:
        await record_many(connection(), events, now)
