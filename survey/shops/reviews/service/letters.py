"""Asking for mail to whoever made a visit. It says that there is something to read, and never what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from privacy.crypto import random_id
from privacy.optouts import suppression_key
from privacy.vault import Place, data_keys, unseal_text
from survey.db import Scope, connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings
from survey.shoppers.domain import EMAIL
from survey.shops.visits.domain import until_there

from .. import queries

RETURNED_KIND = "review.returned"
DECIDED_KIND = "review.decided"
CONTESTED_KIND = "review.contested"  # to staff
ANSWERED_KIND = "review.answered"


async def awaited_until(here: Connection, shop_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Until when reports that went back are awaited, by each place's clock; only of those that are. Role.WORKER."""
    rows = await queries.awaited(here, shop_ids)
    return {row["shop_id"]: until_there(row["due_at"], row["time_zone"]) for row in rows}


async def ask_for_mail(scope: Scope, settings: Settings, kind: str, shop_id: UUID, now: datetime) -> None:
    """Ask for one message about a shop to its shopper; to nobody where the person is gone."""
    maker = await queries.maker_of(scope, shop_id)
    keys = await data_keys(connection(), settings.keyring, [maker.id]) if maker else {}
    if maker is None or maker.id not in keys:
        return
    address = unseal_text(keys[maker.id], Place(EMAIL, maker.id, maker.id), maker.email)
    delivery = Delivery(
        affiliate_id=scope.affiliate_id,
        campaign_id=random_id(),
        recipient_id=maker.id,
        kind=kind,
        is_bulk=False,
        suppression_key=suppression_key(settings.index_key, address),
        not_before=now,
        context={"shop_id": str(shop_id)},
    )
    await mail.enqueue(delivery)
