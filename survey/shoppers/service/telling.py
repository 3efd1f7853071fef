"""Asking for mail to shoppers that carries a way out, for whatever area has something to tell them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from privacy.optouts import links_for, suppression_key
from privacy.vault import Place, data_keys, unseal_text
from survey.db import connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings

from .. import queries
from ..domain import EMAIL


async def ask_for_bulk(settings: Settings, kind: str, told: Sequence[tuple[UUID, UUID, UUID]], now: datetime) -> int:
    """Ask for mail that an opt-out stops; told: affiliate, occasion, shopper. How many are new.

    Role.WORKER, or Role.STAFF of the affiliate. A shopper who is gone gets none.
    """
    keys = await suppression_keys_of(settings, [shopper_id for _, _, shopper_id in told])
    reached = [each for each in told if each[2] in keys]
    links = await links_for(connection(), [(keys[who], affiliate_id) for affiliate_id, _, who in reached])
    deliveries = [
        Delivery(
            affiliate_id, occasion, who, kind, is_bulk=True, suppression_key=keys[who], not_before=now,
            opt_out_link_id=links[(keys[who], affiliate_id)],
        )
        for affiliate_id, occasion, who in reached
    ]  # fmt: skip
    return await mail.enqueue_many(connection(), deliveries)


async def suppression_keys_of(settings: Settings, shopper_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """By what the suppression list knows these shoppers; addresses are opened for it, and none leaves."""
    addresses = await addresses_of(connection(), settings, shopper_ids)
    return {own: suppression_key(settings.index_key, address) for own, address in addresses.items()}


async def addresses_of(here: Connection, settings: Settings, shopper_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Addresses of shoppers who are still there, for whoever asks for mail or composes it: the delivery records why."""
    sealed = await queries.telling.sealed_addresses(here, shopper_ids)
    keys = await data_keys(here, settings.keyring, list(sealed))
    return {own: unseal_text(key, Place(EMAIL, own, own), sealed[own]) for own, key in keys.items()}
