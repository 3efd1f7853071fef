"""News of new shops to shoppers who asked for them; what was decided about another day."""

from survey.shops.board import service
from survey.shops.board.domain import DECIDED_KIND, NEWS_KIND, Answer, Why
from tests.conftest import NOW
from tests.shop_world import DAY, shop_world

from .stage import Sample, Stage


async def _news(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
    await there.shop()
    await there.shopper(wants_news=True)
    await service.news.send_news(stage.settings, NOW)


async def _decided(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
    me = await there.shopper()
    shop_id = await there.shop("ASSIGNED", me)
    async with me.transaction():
        wish = (NOW.date() + 5 * DAY, Why.WORK, "")
        await service.mine.ask_for_day(me.scope, stage.settings.keyring, shop_id, wish, NOW)
    wish_id = await stage.superuser.fetchval("SELECT id FROM identity.extension WHERE shop_id = $1", shop_id)
    async with there.transaction():
        await service.deciding.decline(there.scope, stage.settings, wish_id, Answer.TOO_LATE, NOW)


SAMPLES: dict[str, Sample] = {NEWS_KIND: _news, DECIDED_KIND: _decided}
