"""News of new shops near by, for who asked for them: bulk mail, with the way out in every one."""

from datetime import datetime

from privacy.audit import Event, record
from survey.db import Role, Scope, connection, transaction
from survey.settings import Settings
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import NEWS_KIND

BATCH = 500


async def wants_news(scope: Scope) -> bool:
    """Whether the shopper has asked for news. Role.SHOPPER."""
    _, is_wanted = await queries.listing.home_of(scope)
    return is_wanted


async def is_placed(scope: Scope) -> bool:
    """Whether it is known where the shopper starts from, without which nothing is near. Role.SHOPPER."""
    origin, _ = await queries.listing.home_of(scope)
    return origin is not None


async def want_news(scope: Scope, is_wanted: bool, now: datetime) -> None:
    """Ask for news, or for none any more; nothing else changes with it. Twice is once. Role.SHOPPER."""
    if not await queries.news.want_news(scope, is_wanted=is_wanted):
        return
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "shopper.news", "shopper", scope.shopper_id,
        subject_id=scope.shopper_id, detail={"is_wanted": is_wanted},
    )  # fmt: skip
    await record(connection(), event, now)


async def send_news(settings: Settings, now: datetime) -> int:
    """Ask for today's mails; how many. Twice, late or after a crash each shopper gets one a day."""
    asked = 0
    while True:
        async with transaction(Role.WORKER):
            found = await queries.news.news(connection(), now, BATCH)
            told = [(each.affiliate_id, each.occasion, each.shopper_id) for each in found]
            added = await shoppers.ask_for_bulk(settings, NEWS_KIND, told, now) if told else 0
        asked += added
        # Whoever cannot be written to would be found again for ever.
        if len(found) < BATCH or not added:
            return asked
