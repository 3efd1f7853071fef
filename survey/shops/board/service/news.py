"""News of new shops near by, for who asked for them: bulk mail, with the way out in every one.

A shop is told of that came to the board, late or for a second time too, if its reader may take it; once to each.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Role, Scope, connection, transaction
from survey.settings import Settings
from survey.shoppers import service as shoppers
from survey.shops.eligibility import service as eligibility

from .. import queries
from ..domain import NEWS_KIND, News, NewsWish, occasion_of

BATCH = 200


async def own_wish(scope: Scope) -> NewsWish:
    """What news the shopper wants. Role.SHOPPER."""
    return await queries.news.wish_of(scope)


async def want_news(scope: Scope, wish: NewsWish, now: datetime) -> None:
    """Ask for news, or for none any more; nothing else changes with it. Twice is once. Role.SHOPPER."""
    if not await queries.news.want_news(scope, wish):
        return
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "shopper.news", "shopper", scope.shopper_id,
        subject_id=scope.shopper_id, detail={"is_wanted": wish.is_wanted},
    )  # fmt: skip
    await record(connection(), event, now)


async def send_news(settings: Settings, now: datetime) -> int:
    """Ask for today's mails; how many. Twice, late or after a crash each shopper gets one a day."""
    async with transaction(Role.WORKER) as here:
        affiliates = await queries.news.affiliates_with_readers(here)
    asked = 0
    for affiliate_id in affiliates:
        scope, after = Scope(affiliate_id, actor_kind="system"), None
        while True:
            async with transaction(Role.WORKER, affiliate=affiliate_id):
                readers = await queries.news.readers(scope, after, BATCH, now)
                asked += await _tell(scope, settings, readers, now) if readers else 0
            if len(readers) < BATCH:
                break
            after = readers[-1]
    return asked


async def takeable(scope: Scope, pairs: Collection[tuple[UUID, UUID]], now: datetime) -> set[tuple[UUID, UUID]]:
    """Those pairs of shopper and shop that nothing stands against. As many statements for many as for one."""
    if not pairs:
        return set()
    known = await queries.news.known_of(scope, {shopper_id for shopper_id, _ in pairs})
    verdicts = await eligibility.pairs_apart(scope, pairs, now, known)
    return {pair for pair, verdict in verdicts.items() if verdict.is_eligible}


async def counts_of(scope: Scope, occasions: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """How many shops there still are to tell of, by shopper. Role.WORKER."""
    news = await queries.news.told(occasions)
    free = await takeable(scope, [(each.shopper_id, shop_id) for each in news for shop_id in each.shop_ids], now)
    counts = {each.shopper_id: sum((each.shopper_id, shop_id) in free for shop_id in each.shop_ids) for each in news}
    return {shopper_id: count for shopper_id, count in counts.items() if count}


async def _tell(scope: Scope, settings: Settings, readers: Sequence[UUID], now: datetime) -> int:
    occasions = {occasion_of(shopper_id, now): shopper_id for shopper_id in readers}
    done = {occasions[each] for each in await queries.news.written(occasions)}
    pairs = await queries.news.fresh(scope, [each for each in readers if each not in done], now)
    shops: dict[UUID, list[UUID]] = {}
    for shopper_id, shop_id in sorted(await takeable(scope, pairs, now)):
        shops.setdefault(shopper_id, []).append(shop_id)
    news = [News(occasion_of(shopper_id, now), shopper_id, ids) for shopper_id, ids in shops.items()]
    if not news:
        return 0
    await queries.news.note_told(scope, news, now)
    told = [(scope.affiliate_id, each.occasion, each.shopper_id) for each in news]
    return await shoppers.ask_for_bulk(settings, NEWS_KIND, told, now)
