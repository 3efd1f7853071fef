"""News of new shops, to shoppers who asked for them."""

from survey.shops.board import service
from survey.shops.board.domain import NEWS_KIND
from tests.conftest import NOW
from tests.shop_world import shop_world

from .stage import Sample, Stage


async def _news(stage: Stage) -> None:
    there = await shop_world(stage.superuser, stage.settings, stage.affiliate_id)
    await there.shop()
    await there.shopper(wants_news=True)
    await service.news.send_news(stage.settings, NOW)


SAMPLES: dict[str, Sample] = {NEWS_KIND: _news}
