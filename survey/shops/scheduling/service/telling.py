"""Asking for mail to shoppers. What is told is found by looking: twice, late or after a crash it is told once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Connection

from privacy.optouts import suppression_key
from privacy.vault import Place, data_keys, unseal_text
from survey.db import Role, connection, transaction
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings
from survey.shoppers.domain import EMAIL

from .. import queries
from ..domain import WAIT, Tale, Untold

BATCH = 500


async def tell(settings: Settings, now: datetime) -> int:
    """Tell shoppers of offers, assignments, shops taken back and messages; how many mails were asked for."""
    async with transaction(Role.WORKER):
        return await _ask(settings, await queries.untold(now, BATCH), now, WAIT)


async def remind(settings: Settings, now: datetime) -> int:
    """Remind shoppers whose day has come; how many mails were asked for."""
    async with transaction(Role.WORKER):
        return await _ask(settings, await queries.due_reminders(now, BATCH), now, timedelta())


async def _ask(settings: Settings, untold: Sequence[Untold], now: datetime, wait: timedelta) -> int:
    """Addresses are opened only to know whether their owners want no offers; none leaves this function."""
    if not untold:
        return 0
    keys = await _suppression_keys(settings, list({each.shopper_id for each in untold}))
    reached = [each for each in untold if each.shopper_id in keys]
    offered = [(keys[each.shopper_id], each.affiliate_id) for each in reached if each.kind is Tale.OFFER]
    links = await queries.opt_out_links(offered) if offered else {}
    deliveries = [_delivery(each, keys[each.shopper_id], links, now + wait) for each in reached]
    return await mail.enqueue_many(connection(), deliveries)


async def ask_for_bulk(settings: Settings, kind: str, told: Sequence[tuple[UUID, UUID, UUID]], now: datetime) -> int:
    """Ask for mail that carries a way out, of another area's kind; told: affiliate, occasion, shopper. Role.WORKER."""
    keys = await _suppression_keys(settings, [shopper_id for _, _, shopper_id in told])
    reached = [each for each in told if each[2] in keys]
    links = await queries.opt_out_links([(keys[who], affiliate_id) for affiliate_id, _, who in reached])
    deliveries = [
        Delivery(
            affiliate_id, occasion, who, kind, is_bulk=True, suppression_key=keys[who], not_before=now,
            opt_out_link_id=links[(keys[who], affiliate_id)],
        )
        for affiliate_id, occasion, who in reached
    ]  # fmt: skip
    return await mail.enqueue_many(connection(), deliveries)


async def addresses_of(here: Connection, settings: Settings, shopper_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Addresses of shoppers who are still there, for whoever composes mail; the delivery records why. Role.WORKER."""
    sealed = await queries.sealed_addresses(here, shopper_ids)
    keys = await data_keys(here, settings.keyring, list(sealed))
    return {own: unseal_text(key, Place(EMAIL, own, own), sealed[own]) for own, key in keys.items()}


async def _suppression_keys(settings: Settings, shopper_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    sealed = await queries.sealed_addresses(connection(), shopper_ids)
    keys = await data_keys(connection(), settings.keyring, list(sealed))
    return {
        own: suppression_key(settings.index_key, unseal_text(key, Place(EMAIL, own, own), sealed[own]))
        for own, key in keys.items()
    }


def _delivery(each: Untold, key: bytes, links: dict[tuple[bytes, UUID], UUID], not_before: datetime) -> Delivery:
    is_offer = each.kind is Tale.OFFER
    day = {"step": each.step, "day": each.day.isoformat()} if each.day else {}
    return Delivery(
        each.affiliate_id,
        each.occasion,
        each.shopper_id,
        each.kind.value,
        is_bulk=is_offer,
        suppression_key=key,
        not_before=not_before,
        opt_out_link_id=links[(key, each.affiliate_id)] if is_offer else None,
        context={"about": str(each.about), **day},
    )
