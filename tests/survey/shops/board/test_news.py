"""News of new shops: only of what the reader may take, late openings and returns too, each once, as they wish it."""

from uuid import UUID

import pytest

from survey.db import Role, Scope, transaction
from survey.shops.board import service
from survey.shops.board.domain import NEWS_KIND, occasion_of
from tests import outbox
from tests.conftest import NOW
from tests.outbox import stop_mail
from tests.shop_world import DAY, Shopper, ShopWorld, counted, insert, moment, update
from tests.web_client import Browser

NEWS = "/shopper/board/news"
WISH = {"news": "yes", "every": "week", "within": "10", "pay": "15"}


@pytest.fixture
async def reader(shops: ShopWorld, me: Shopper) -> Shopper:
    """A shopper who wants news every day."""
    await update(shops.owner, "identity.shopper", me.id, {"wants_news": True})
    return me


async def told(shops: ShopWorld, reader: Shopper) -> list[UUID]:
    """Of which shops a reader was told."""
    rows = await shops.owner.fetch(
        "SELECT shop_id FROM identity.shop_told WHERE shopper_id = $1 ORDER BY told_at, shop_id", reader.id
    )
    return [row["shop_id"] for row in rows]


async def mails(shops: ShopWorld, reader: Shopper) -> int:
    """How many mails were asked for."""
    count: int = await shops.owner.fetchval(
        "SELECT count(*) FROM ops.delivery WHERE recipient_id = $1 AND kind = 'shop-news'", reader.id
    )
    return count


async def counts(shops: ShopWorld, reader: Shopper, days: float = 0) -> dict[UUID, int]:
    """What a mail of the day would say."""
    async with transaction(Role.WORKER, affiliate=shops.affiliate_id):
        scope = Scope(shops.affiliate_id, actor_kind="system")
        return await service.news.counts_of(scope, [occasion_of(reader.id, moment(days))], moment(days))


async def test_nobody_is_told_of_what_they_may_not_take(shops: ShopWorld, reader: Shopper) -> None:
    other_id, wave_id = await shops.campaign("Certified", is_certified=True, is_self_assign=True)
    await shops.shop(campaign_id=other_id, wave_id=wave_id)
    await shops.configure(rotation={"location_days": 60})
    await shops.visited(reader, NOW.date() - 10 * DAY)
    await shops.shop(window_end=moment(5))
    await service.news.send_news(shops.settings, NOW)
    assert (await told(shops, reader), await mails(shops, reader)) == ([], 0)


async def test_who_is_in_conflict_with_the_client_is_not_told(shops: ShopWorld, reader: Shopper) -> None:
    conflict = {"affiliate_id": reader.affiliate_id, "shopper_id": reader.id, "client_id": shops.client_id}
    await insert(
        shops.owner, "identity.conflict", conflict | {"kind": "works_there", "source": "self", "created_at": NOW}
    )
    await shops.shop()
    await service.news.send_news(shops.settings, NOW)
    assert await mails(shops, reader) == 0


async def test_a_shop_made_long_ago_and_opened_late_is_news(shops: ShopWorld, reader: Shopper) -> None:
    shop_id = await shops.shop(created_at=moment(-60), state_since=moment(hours=-2))
    await service.news.send_news(shops.settings, NOW)
    assert await told(shops, reader) == [shop_id]
    assert await counts(shops, reader) == {reader.id: 1}


async def test_a_shop_that_came_back_is_news_to_who_never_heard_of_it_and_to_nobody_else(
    shops: ShopWorld, reader: Shopper
) -> None:
    shop_id = await shops.shop()
    await service.news.send_news(shops.settings, NOW)
    late = await shops.shopper(wants_news=True)
    await update(shops.owner, "field.shop", shop_id, {"state_since": moment(2)})
    for day in (2, 3):
        await service.news.send_news(shops.settings, moment(day))
    assert (await mails(shops, reader), await mails(shops, late)) == (1, 1)
    assert await told(shops, late) == [shop_id]


async def test_what_has_stood_there_for_long_is_no_news(shops: ShopWorld, reader: Shopper) -> None:
    await shops.shop(state_since=moment(-9))
    await service.news.send_news(shops.settings, NOW)
    assert await mails(shops, reader) == 0


@pytest.mark.parametrize(
    ("wish", "is_told"),
    [
        ({"news_within_km": 1}, True), ({"news_least_cents": 1200}, True), ({"news_least_cents": 1201}, False),
        ({"news_within_km": 2, "latitude": 53.83}, False), ({"news_within_km": 5, "latitude": 53.83}, True),
    ],
)  # fmt: skip
async def test_how_far_and_how_much_is_as_the_reader_wishes(
    shops: ShopWorld, reader: Shopper, wish: dict[str, object], is_told: bool
) -> None:
    await update(shops.owner, "identity.shopper", reader.id, wish)
    await shops.shop()
    await service.news.send_news(shops.settings, NOW)
    assert (await mails(shops, reader) == 1) is is_told


async def test_who_wants_to_hear_once_a_week_hears_on_mondays_of_the_whole_week(
    shops: ShopWorld, reader: Shopper
) -> None:
    await update(shops.owner, "identity.shopper", reader.id, {"news_every": "week"})
    shop_id = await shops.shop(state_since=moment(-5))
    await service.news.send_news(shops.settings, NOW)  # a Sunday
    assert await mails(shops, reader) == 0
    for day in (1, 2):
        await service.news.send_news(shops.settings, moment(day))
    assert (await mails(shops, reader), await told(shops, reader)) == (1, [shop_id])


@pytest.mark.parametrize(
    ("last", "days", "is_told"),
    [(1, 6, False), (1, 7, False), (1, 8, True), (1, 9, True), (1, 10, True), (3, 8, False), (3, 9, True),
     (2, 8, True)],
    ids=["Saturday", "Sunday", "Monday", "no Monday", "nor Tuesday", "5 days", "6 days", "Monday again"],
)  # fmt: skip
async def test_a_monday_without_a_mail_is_made_up_for_but_nobody_hears_twice_in_six_days(
    shops: ShopWorld, reader: Shopper, last: int, days: int, is_told: bool
) -> None:
    heard = {"shopper_id": reader.id, "affiliate_id": reader.affiliate_id, "occasion": occasion_of(reader.id, NOW)}
    await insert(
        shops.owner, "identity.shop_told", heard | {"shop_id": await shops.shop(), "told_at": moment(last, hours=1)}
    )
    await update(shops.owner, "identity.shopper", reader.id, {"news_every": "week"})
    await shops.shop(state_since=moment(days - 1))
    await service.news.send_news(shops.settings, moment(days))
    assert (await mails(shops, reader) == 1) is is_told


async def test_a_mail_counts_what_is_still_to_be_had_when_it_goes(shops: ShopWorld, reader: Shopper) -> None:
    first, _ = await shops.shops(2)
    await service.news.send_news(shops.settings, NOW)
    assert await counts(shops, reader) == {reader.id: 2}
    await update(shops.owner, "field.shop", first, {"is_on_hold": True})
    assert await counts(shops, reader) == {reader.id: 1}
    await update(shops.owner, "identity.shopper", reader.id, {"wants_news": False})
    assert await counts(shops, reader) == {}


async def test_the_mail_says_how_many_and_who_has_stopped_all_mail_gets_none(shops: ShopWorld, reader: Shopper) -> None:
    stopped = await shops.shopper(wants_news=True)
    await stop_mail(shops.settings, shops.affiliate_id, f"{stopped.id.hex[:8]}@shopper.test")
    await shops.shops(3)
    await service.news.send_news(shops.settings, NOW)
    (mail,) = await outbox.mails(shops.settings, shops.affiliate_id, NEWS_KIND)
    assert mail.recipient_id == reader.id
    assert "3 new shops for you" in mail.text
    assert mail.way_out


async def test_many_shops_for_many_readers_take_as_many_statements_as_one(shops: ShopWorld, reader: Shopper) -> None:
    async def statements(pairs: list[tuple[UUID, UUID]]) -> int:
        scope = Scope(shops.affiliate_id, actor_kind="system")
        async with transaction(Role.WORKER, affiliate=shops.affiliate_id) as here, counted(here) as asked:
            assert len(await service.news.takeable(scope, pairs, NOW)) == len(pairs)
        return len(asked)

    chosen, others = await shops.shops(20), [await shops.shopper() for _ in range(3)]
    one = await statements([(reader.id, chosen[0])])
    assert await statements([(each.id, shop_id) for each in others for shop_id in chosen]) == one


async def test_what_cannot_be_read_is_refused_and_nothing_is_kept(browser: Browser, me: Shopper) -> None:
    refused = await browser.submit(NEWS, {"news": "yes", "every": "hour", "within": "far", "pay": "much"})
    assert refused.status_code == 422
    for words in ("Choose how often", "Choose how far", "Enter a whole number"):
        assert words in refused.text


async def test_a_wish_is_kept_through_a_stop_and_shown_again(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    assert (await browser.submit(NEWS, WISH)).status_code == 303
    assert "on Mondays" in (await browser.get("/shopper/board")).text
    assert (await browser.submit(NEWS, {"news": "no"})).status_code == 303
    kept = "SELECT wants_news, news_every, news_within_km, news_least_cents FROM identity.shopper WHERE id = $1"
    assert tuple(await shops.owner.fetchrow(kept, me.id)) == (False, "week", 10, 1500)
    page = (await browser.get(NEWS)).text
    assert 'value="15"' in page
    assert "Within 10 km" in page


async def test_distances_are_in_miles_for_who_thinks_in_miles(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    await update(shops.owner, "identity.shopper", me.id, {"units": "mi", "news_within_km": 25})
    await shops.shop()
    assert "about 1 mile" in (await browser.get("/shopper/board")).text
    page = (await browser.get(NEWS)).text
    assert '<option value="24" selected>Within 15 miles</option>' in page
    assert " km" not in page.split("<main")[1]
