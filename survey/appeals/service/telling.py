"""Telling a client's people of answers to appeals and of plans, and staff of appeals that come in: no words of any."""

from datetime import datetime

from survey.accounts import service as accounts
from survey.accounts.service import Told
from survey.db import Role, transaction
from survey.settings import Settings

from .. import queries
from ..domain import ANSWERED_KIND, NOT_LATER, PLAN_KIND, RAISED_KIND

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


async def tell_raised(settings: Settings, now: datetime) -> int:
    """Ask for the mails to staff of appeals that came in; how many are new. Late or twice does no harm."""
    async with transaction(Role.WORKER):
        told = [
            Told(each.affiliate_id, each.account_id, each.occasion, {"appeal": str(each.about_id)})
            for each in await queries.raised_appeals(now - NOT_LATER, BATCH)
        ]
        return await accounts.ask_for_bulk(settings, RAISED_KIND, told, now) if told else 0


async def tell_plans(settings: Settings, now: datetime) -> int:
    """Ask for the mails about action plans; how many are new. Late or twice does no harm."""
    async with transaction(Role.WORKER):
        told = [
            Told(each.affiliate_id, each.account_id, each.occasion, {"plan": str(each.about_id), "what": each.what})
            for each in await queries.plan_news(now - NOT_LATER, now.date(), BATCH)
        ]
        return await accounts.ask_for_bulk(settings, PLAN_KIND, told, now) if told else 0
