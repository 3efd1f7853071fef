"""Telling shoppers that they were paid: once for each batch, however many visits it paid for."""

from datetime import datetime
from uuid import UUID

from survey.db import Role, transaction
from survey.settings import Settings
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import PAID_KIND


async def tell_paid(settings: Settings, affiliate_id: UUID, batch_id: UUID, now: datetime) -> int:
    """Ask for a mail to everybody whom a batch has paid; how many are new. Twice or late does no harm."""
    async with transaction(Role.WORKER, affiliate=affiliate_id):
        paid = await queries.paid_shoppers(affiliate_id, batch_id)
        return await shoppers.ask_for_bulk(settings, PAID_KIND, [(affiliate_id, batch_id, who) for who in paid], now)
