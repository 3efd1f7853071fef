"""Telling a client's people that an appeal was answered or decided: whoever reads the place, without words of it."""

from datetime import datetime

from survey.accounts import service as accounts
from survey.accounts.service import Told
from survey.db import Role, transaction
from survey.settings import Settings

from .. import queries
from ..domain import ANSWERED_KIND

BATCH = 500


async def tell(settings: Settings, now: datetime) -> int:
    """Ask for the mails; how many are new. Late or twice does no harm."""
    async with transaction(Role.WORKER):
        told = [
            Told(
                each.affiliate_id, each.account_id, each.occasion,
                {"appeal": str(each.appeal_id), "state": each.state},
            )
            for each in await queries.untold(now, BATCH)
        ]  # fmt: skip
        return await accounts.ask_for_bulk(settings, ANSWERED_KIND, told, now) if told else 0
