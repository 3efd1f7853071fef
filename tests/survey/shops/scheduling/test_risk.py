"""What is at risk: each reason, its words, its filter, the order, the waves, and the bonus after a return."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.shops.scheduling import queries
from survey.shops.scheduling.domain import Filter, Risk, suggested_bonus
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, insert, moment
from tests.web_client import Browser, Site

from .effects import text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def _refs(scheduler: Browser, query: str = "") -> list[str]:
    answer = await scheduler.get(f"/shops/risk?{query}")
    assert answer.status_code == 200, answer.text
    page = HTMLParser(answer.text)
    return [row.text().strip() for row in page.css("#shops tbody th")]


async def _why(scheduler: Browser, ref: str) -> str:
    page = HTMLParser((await scheduler.get("/shops/risk")).text)
    refs = [each.text().strip() for each in page.css("#shops tbody th")]
    return page.css('#shops tbody [data-label="Why"]')[refs.index(ref)].text()


async def _wish(shops: ShopWorld, shop_id: UUID, shopper: Shopper) -> None:
    held = await shops.owner.fetchval("SELECT id FROM identity.assignment WHERE shop_id = $1", shop_id)
    values = {
        "id": uuid4(), "affiliate_id": shops.affiliate_id, "shop_id": shop_id, "shopper_id": shopper.id,
        "assignment_id": held, "wanted_on": NOW.date() + 3 * DAY, "reason": "illness", "asked_at": NOW,
    }  # fmt: skip
    await insert(shops.owner, "identity.extension", values)


async def test_another_affiliates_shops_and_waves_are_not_at_risk_here(
    site: Site, shops: ShopWorld, world: World
) -> None:
    await shops.shop(window_end=moment(2), public_ref="NEAR")
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    for risk in ("", *(f"why={each}" for each in Risk)):
        page = (await stranger.get(f"/shops/risk?{risk}")).text
        assert "NEAR" not in page
        assert str(shops.wave_id) not in page


async def test_what_is_in_good_time_on_hold_or_over_is_not_at_risk(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="FINE")
    await shops.shop("ASSIGNED", public_ref="HELD", window_end=moment(2), due_at=moment(2))
    await shops.shop(public_ref="SLEEPS", window_end=moment(2), is_on_hold=True, hold_reason="legal")
    await shops.shop("CANCELLED", public_ref="OVER", window_end=moment(2))
    assert await _refs(scheduler) == []


async def test_a_draft_is_at_risk_once_its_wave_has_begun_or_its_end_is_near(
    scheduler: Browser, shops: ShopWorld
) -> None:
    later = await shops.wave("Later", starts_on=NOW.date() + 3 * DAY, ends_on=NOW.date() + 20 * DAY)
    await shops.shop("DRAFT", public_ref="BEGUN")
    await shops.shop("DRAFT", public_ref="SOON", wave_id=later, window_end=moment(4))
    await shops.shop("DRAFT", public_ref="FINE", wave_id=later)
    assert await _refs(scheduler, "why=draft") == ["SOON", "BEGUN"]
    assert await _why(scheduler, "SOON") == "still a draft, ends in 4 days"


async def test_an_offer_that_nobody_answers_is_at_risk_near_the_end(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop("OFFERED", public_ref="SOON", window_end=moment(2))
    await shops.shop("OFFERED", public_ref="FINE")
    assert await _refs(scheduler, "why=unanswered") == ["SOON"]
    assert await _why(scheduler, "SOON") == "the offer is not answered, ends in 2 days"


async def test_whoever_is_past_the_day_or_owes_a_report_is_late(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop("IN_PROGRESS", public_ref="OWES", due_at=moment(-2))
    await shops.shop("ASSIGNED", public_ref="DAY", planned_on=NOW.date() - DAY)
    await shops.shop("IN_PROGRESS", public_ref="BEGAN", planned_on=NOW.date() - DAY)
    await shops.shop("ASSIGNED", public_ref="TODAY", planned_on=NOW.date())
    assert await _refs(scheduler, "why=late") == ["OWES", "DAY"]
    assert await _why(scheduler, "OWES") == "the report is 2 days late"
    assert await _why(scheduler, "DAY") == "the planned day is over, and nobody has begun"


async def test_what_was_due_by_the_end_of_yesterday_was_not_due_today(scheduler: Browser, shops: ShopWorld) -> None:
    midnight = datetime(NOW.year, NOW.month, NOW.day, tzinfo=ZoneInfo("Europe/London"))
    await shops.shop("IN_PROGRESS", public_ref="EVE", due_at=midnight)
    await shops.shop("IN_PROGRESS", public_ref="MORN", due_at=NOW - timedelta(hours=1))
    assert await _why(scheduler, "EVE") == "the report is 1 day late"
    assert await _why(scheduler, "MORN") == "the report was due today"


async def test_a_day_is_over_by_the_clock_of_the_place(scheduler: Browser, shops: ShopWorld) -> None:
    west = await shops.location("WEST", time_zone="Pacific/Honolulu")
    yesterday = NOW.date() - DAY
    late_evening = (NOW - timedelta(hours=10)).date()
    await shops.shop("ASSIGNED", public_ref="WEST", location_id=west, planned_on=late_evening)
    await shops.shop("ASSIGNED", public_ref="HERE", planned_on=yesterday)
    assert await _refs(scheduler, "why=late") == ["HERE"]


async def test_a_wish_for_another_day_is_at_risk_near_the_end(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    near = await shops.shop("ASSIGNED", robin, public_ref="WISH", window_end=moment(3))
    far = await shops.shop("ASSIGNED", robin, public_ref="FINE")
    for shop_id in (near, far):
        await _wish(shops, shop_id, robin)
    assert await _refs(scheduler) == ["WISH"]
    assert await _why(scheduler, "WISH") == "another day is asked for, ends in 3 days"


@pytest.mark.parametrize("status", ["closed", "temporarily_closed"])
async def test_every_shop_of_a_closed_place_is_at_risk_until_somebody_has_decided(
    scheduler: Browser, shops: ShopWorld, status: str
) -> None:
    await shops.owner.execute("UPDATE field.location SET status = $2 WHERE id = $1", shops.store_id, status)
    for state in ("OPEN", "OFFERED", "ASSIGNED", "IN_PROGRESS", "CANCELLED", "SUBMITTED"):
        await shops.shop(state, public_ref=state)
    assert sorted(await _refs(scheduler, "why=place_closed")) == ["ASSIGNED", "IN_PROGRESS", "OFFERED", "OPEN"]
    assert "the place is closed" in await _why(scheduler, "OPEN")


@pytest.mark.parametrize(
    ("ago", "words"),
    [(0, "just now"), (1, "1 minute ago"), (3, "3 minutes ago"), (60, f"on {NOW:%a %-d %b}")],
    ids=["now", "one minute", "three minutes", "an hour"],
)
async def test_what_came_back_says_how_often_and_when_and_since_when_it_is_offered_again(
    scheduler: Browser, shops: ShopWorld, ago: int, words: str
) -> None:
    robin, kim = await shops.shopper(), await shops.shopper()
    shop_id = await shops.shop("OFFERED", kim, public_ref="BACK", window_end=moment(4), unassign_count=2)
    await shops.assignment(shop_id, robin, "taken_back", ended_at=moment(-3), assigned_at=moment(-5))
    await shops.owner.execute(
        "UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1 AND state = 'offered'",
        shop_id,
        NOW - timedelta(minutes=ago),
    )
    said = await _why(scheduler, "BACK")
    assert f"came back twice, last on {moment(-3):%a %-d %b}, offered again {words}" in said


async def test_the_most_urgent_come_first_over_pages(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(60, window_end=moment(4))
    await shops.shop(public_ref="FIRST", window_end=moment(1))
    await shops.shop("IN_PROGRESS", public_ref="LATE", due_at=moment(-1))
    page = (await scheduler.get("/shops/risk")).text
    assert (await _refs(scheduler))[:2] == ["LATE", "FIRST"]
    (onward,) = HTMLParser(page).css("a[rel=next]")
    after = str(onward.attributes["href"])
    assert len(await _refs(scheduler, after.removeprefix("?"))) == 12


async def test_each_reason_says_how_many_and_leads_to_them(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(3, window_end=moment(2))
    await shops.shop("OFFERED", window_end=moment(2))
    page = HTMLParser((await scheduler.get("/shops/risk?why=nobody")).text)
    said = [" ".join(each.text().split()) for each in page.css('ul[aria-label="Why"] li')]
    assert said == ["All 4", "Nobody has it 3", "Offer not answered 1"]
    (here,) = page.css('ul[aria-label="Why"] [aria-current]')
    assert here.text().split()[0] == "Nobody"


async def test_a_reason_that_is_none_narrows_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="NEAR", window_end=moment(2))
    assert await _refs(scheduler, "why=nonsense") == ["NEAR"]


async def test_a_wave_says_how_full_it_is_beside_its_days(scheduler: Browser, shops: ShopWorld) -> None:
    wave = await shops.wave("Half over", starts_on=NOW.date() - 5 * DAY, ends_on=NOW.date() + 4 * DAY)
    for state in ("OPEN", "OPEN", "ASSIGNED", "SUBMITTED", "CANCELLED", "DRAFT"):
        await shops.shop(state, wave_id=wave)
    over = await shops.wave("Over", starts_on=NOW.date() - 9 * DAY, ends_on=NOW.date() - DAY)
    await shops.shop(wave_id=over)
    said = text_of((await scheduler.get("/shops/risk")).text)
    assert "Half over 4 and 1 draft 50 % 25 % 50 % 1" in said
    assert ", Over" not in said


async def test_a_wave_with_more_at_risk_than_was_posted_says_how_many_drafts_it_has(
    scheduler: Browser, shops: ShopWorld
) -> None:
    drafts = await shops.wave("Not posted", starts_on=NOW.date() - DAY, ends_on=NOW.date() + 8 * DAY)
    wave = await shops.wave("Just begun", starts_on=NOW.date() - DAY, ends_on=NOW.date() + 8 * DAY)
    for state, which in (("OPEN", wave), ("DRAFT", wave), ("DRAFT", wave), ("DRAFT", drafts)):
        await shops.shop(state, wave_id=which, window_end=moment(8))
    said = text_of((await scheduler.get("/shops/risk")).text)
    assert "Just begun 1 and 2 drafts 0 % behind 0 % 10 % 2" in said
    assert ", Not posted" not in said


async def test_a_waves_number_at_risk_is_how_many_its_link_shows(scheduler: Browser, shops: ShopWorld) -> None:
    for state in ("OPEN", "DRAFT", "DRAFT", "OFFERED"):
        await shops.shop(state, window_end=moment(2))
    await shops.shop("ASSIGNED", window_end=moment(20))
    (link,) = HTMLParser((await scheduler.get("/shops/risk")).text).css("a[href^='?wave=']")
    assert link.text() == "4"
    assert len(await _refs(scheduler, str(link.attributes["href"]).removeprefix("?"))) == 4


@pytest.mark.parametrize(("returns", "days", "cents"), [(0, 9, 0), (1, 9, 200), (0, 5, 200), (1, 5, 500), (9, 5, 900)])
async def test_a_return_is_a_step_further_on_the_ladder_for_one_shop_and_for_all(
    shops: ShopWorld, returns: int, days: int, cents: int
) -> None:
    await shops.configure(bonus_ladder=[[7, 200], [3, 500], [1, 900]])
    shop_id = await shops.shop(window_end=moment(days), unassign_count=returns)
    async with shops.transaction():
        (shop,) = await queries.chosen_shops(shops.scope, [shop_id])
        found = await queries.ladder_of(shops.scope, Filter(), NOW)
    assert (suggested_bonus(shop, NOW), found.cost_cents.get("USD", 0)) == (cents, cents)


async def test_no_bonus_is_suggested_for_what_somebody_has(shops: ShopWorld) -> None:
    await shops.configure(bonus_ladder=[[7, 200]])
    shop_id = await shops.shop("ASSIGNED", window_end=moment(2), due_at=moment(-1))
    async with shops.transaction():
        (shop,) = await queries.chosen_shops(shops.scope, [shop_id])
        found = await queries.ladder_of(shops.scope, Filter(risk=True), NOW)
    assert suggested_bonus(shop, NOW) == 0
    assert (found.total, found.raised) == (1, 0)
