"""Shoppers for the affiliate's staff: codes in lists, a person only with a purpose, decisions that can be contested."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record_many
from privacy.crypto import random_id
from privacy.vault import KeyRing, data_key, data_keys
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import (
    Counts,
    Deactivation,
    DeactivationCode,
    Listed,
    ListFilter,
    OpenedShopper,
    Status,
    WrongStatus,
)
from .notes import DEACTIVATED_KIND, REACTIVATED_KIND, UPHELD_KIND, note, note_look, tell
from .sealing import REASON, opened_decision, opened_person, sealed_words


async def shoppers(scope: Scope, wanted: ListFilter, now: datetime, keyset: Keyset) -> Paged[Listed]:
    """One page of the list, in the order that is asked for. Role.STAFF."""
    return await queries.listing.shoppers_of(scope, wanted, now, keyset)


async def regions(scope: Scope) -> list[str]:
    """The regions that the list can be narrowed to. Role.STAFF."""
    return await queries.listing.regions_of(scope)


async def counts(scope: Scope, now: datetime) -> Counts:
    """How many shoppers each tab of the list holds. Role.STAFF."""
    return await queries.listing.counts_of(scope, await queries.resembling.count_pairs(scope, now))


async def shopper(scope: Scope, shopper_id: UUID) -> Listed:
    """One shopper, by code. Role.STAFF. Raises NotFound."""
    return await queries.staff.shopper_in(scope, shopper_id)


async def open_shopper(scope: Scope, ring: KeyRing, shopper_id: UUID, purpose: str, now: datetime) -> OpenedShopper:
    """Who a shopper is. The look is recorded with its purpose; the shopper reads it. Role.STAFF. Raises NotFound."""
    rows = await queries.staff.sealed_shoppers(scope, [shopper_id])
    if not rows:
        raise NotFound("shopper")
    key = await data_key(connection(), ring, shopper_id)
    await note_look(scope, "shopper.read", shopper_id, purpose, now)
    return opened_person(key, rows[0])


async def open_shoppers(
    scope: Scope, ring: KeyRing, shopper_ids: Sequence[UUID], purpose: str, now: datetime
) -> dict[UUID, OpenedShopper]:
    """The same for many, by shopper, in a constant number of statements; for other areas' pages and exports."""
    rows = await queries.staff.sealed_shoppers(scope, shopper_ids)
    keys = await data_keys(connection(), ring, [row["id"] for row in rows])
    known = [row for row in rows if row["id"] in keys]
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    events = [Event(*actor, "shopper.read", "shopper", row["id"], row["id"], purpose, scope.seen_as) for row in known]
    if events:
        await record_many(connection(), events, now)
    return {row["id"]: opened_person(keys[row["id"]], row) for row in known}


async def deactivate(
    scope: Scope, settings: Settings, shopper_id: UUID, why: tuple[DeactivationCode, str], now: datetime
) -> None:
    """Let a shopper take no shops any more, and tell them; they read the reason and may contest it. Role.STAFF.

    why: a code, and words for the shopper. Raises NotFound, WrongStatus.
    """
    await queries.staff.shopper_in(scope, shopper_id)
    if not await queries.staff.move_status(scope, shopper_id, (Status.ACTIVE, Status.PAUSED), Status.DEACTIVATED):
        raise WrongStatus
    code, words = why
    decision_id = random_id()
    key = await data_key(connection(), settings.keyring, shopper_id)
    reason = sealed_words(key, REASON, decision_id, words)
    await queries.standing.insert_decision(scope, shopper_id, (decision_id, code, reason), now)
    await note(scope, "shopper.deactivate", shopper_id, now, code=code)
    await tell(scope, settings, shopper_id, DEACTIVATED_KIND, now)


async def reactivate(scope: Scope, settings: Settings, shopper_id: UUID, now: datetime) -> Status:
    """Lift the deactivation, and tell the shopper; returns how the profile stands. Role.STAFF. Raises NotFound,
    WrongStatus.

    Who has restricted what is done with their data comes back paused: nothing may be offered to them.
    """
    await queries.staff.shopper_in(scope, shopper_id)
    # A restriction that begins meanwhile is seen here, or waits and then finds an active profile, which it pauses.
    await queries.staff.lock(scope, shopper_id)
    is_restricted = await queries.restricting.standing(scope, shopper_id, now) is not None
    back = Status.PAUSED if is_restricted else Status.ACTIVE
    if not await queries.staff.move_status(scope, shopper_id, (Status.DEACTIVATED,), back):
        raise WrongStatus
    await queries.standing.close_decision(scope, shopper_id, "lifted", now)
    await note(scope, "shopper.reactivate", shopper_id, now)
    await tell(scope, settings, shopper_id, REACTIVATED_KIND, now)
    return back


async def uphold(scope: Scope, settings: Settings, shopper_id: UUID, now: datetime) -> None:
    """Decide again that the deactivation stands, and tell the shopper. Role.STAFF. Raises NotFound, WrongStatus."""
    await queries.staff.shopper_in(scope, shopper_id)
    if await queries.standing.close_decision(scope, shopper_id, "upheld", now) is None:
        raise WrongStatus
    await note(scope, "shopper.uphold", shopper_id, now)
    await tell(scope, settings, shopper_id, UPHELD_KIND, now)


async def decisions(scope: Scope, ring: KeyRing, shopper_id: UUID) -> list[Deactivation]:
    """Decisions about a shopper with their reasons, the latest first. Role.STAFF."""
    rows = await queries.standing.decisions_of(scope, shopper_id)
    keys = await data_keys(connection(), ring, [shopper_id] if rows else [])
    return [opened_decision(keys[shopper_id], row) for row in rows if shopper_id in keys]


async def set_held_limit(scope: Scope, shopper_id: UUID, limit: int, now: datetime) -> None:
    """How many shops somebody may hold at a time. Role.STAFF. Raises NotFound."""
    old = await queries.staff.shopper_in(scope, shopper_id)
    if old.held_limit != limit:
        await queries.staff.put_held_limit(scope, shopper_id, limit)
        await note(scope, "shopper.held_limit", shopper_id, now, **{"limit.old": old.held_limit, "limit.new": limit})
