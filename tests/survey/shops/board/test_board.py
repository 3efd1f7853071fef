"""The job board: what is on it, what is not and why, and that nothing else about a person changes it."""

from uuid import UUID

import pytest

from privacy import optouts
from privacy.optouts import Source, StopScope, suppression_key
from survey.db import Role, transaction
from survey.shops.board import service
from survey.shops.board.domain import LOOKED_AT, Filter, Sort
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, counted, moment, update
from tests.web_client import Browser, Site

BOARD = "/shopper/board"
EVERYTHING = Filter()


async def ids_on(me: Shopper, wanted: Filter = EVERYTHING) -> list[UUID]:
    """The shops of the board's first page."""
    async with me.transaction():
        board, _ = await service.listing.board(me.scope, wanted, None, NOW)
    return [row.card.id for row in board.rows]


@pytest.mark.parametrize("role", ["scheduler", "manager", "editor"])
async def test_staff_and_strangers_do_not_open_a_shoppers_board(site: Site, shops: ShopWorld, role: str) -> None:
    staff = await site.signed_in(shops.affiliate_id, role)
    assert (await staff.get(BOARD)).status_code in (403, 404)
    assert (await (await site.visitor()).get(BOARD)).status_code == 303


async def test_another_affiliates_shops_are_not_on_it_nor_under_their_address(
    browser: Browser, world: World, shops: ShopWorld
) -> None:
    await shops.owner.execute("UPDATE field.shop SET state = 'CANCELLED' WHERE affiliate_id = $1", shops.affiliate_id)
    from_charlie = await shops.owner.fetchval(
        "SELECT id FROM field.shop WHERE affiliate_id = $1 LIMIT 1", world.charlies.affiliate_id
    )
    assert "Nothing on the board" in (await browser.get(BOARD)).text
    assert (await browser.get(f"{BOARD}/{from_charlie or UUID(int=7)}")).status_code == 404


async def test_it_says_pay_with_the_bonus_the_cap_the_deadline_the_distance_and_what_it_takes(
    browser: Browser, shops: ShopWorld
) -> None:
    await shops.shop(bonus_cents=350, daypart="evening")
    page = (await browser.get(BOARD)).text
    for words in (
        "Riverside", "USD 15.50", "bonus USD 3.50 in it", "up to USD 8.00 paid back", "until Sunday 6 December",
        "Evening, 5 to 9", "about 1 km", "questions", "a picture that shows you were there",
        "the receipt of what you buy", "Yours at once",
    ):  # fmt: skip
        assert words in page, words


async def test_a_shops_page_says_by_when_it_is_paid_for_its_first_day_and_its_last(
    browser: Browser, shops: ShopWorld
) -> None:
    await shops.configure(pay_days=21, report_due_hours=12)
    shop_id = await shops.shop(bonus_cents=350, window_end=NOW.replace(hour=0, minute=0) + 3 * DAY)
    page = (await browser.get(f"{BOARD}/{shop_id}")).text
    for words in (
        "Paid by Sunday 13 December 2026, if you go on Sunday 22 November and hand in by Monday 23 November, 12:00",
        "Paid by Tuesday 15 December 2026, if you go on Tuesday 24 November and hand in by Wednesday 25 November",
        "USD 15.50", "A bonus of USD 3.50 is in it.", "Up to USD 8.00 of what you buy is paid back.",
    ):  # fmt: skip
        assert words in page, words


async def test_no_pay_is_promised_for_a_day_that_is_over_whatever_stands_against_the_shop(
    browser: Browser, shops: ShopWorld
) -> None:
    await shops.configure(is_certified=True)
    shop_id = await shops.shop(window_start=NOW - 7 * DAY)
    page = (await browser.get(f"{BOARD}/{shop_id}")).text
    assert ("go on Sunday 22 November" in page, "go on Sunday 15 November" in page) == (True, False)
    assert "After a short quiz" in page


async def test_who_takes_a_shop_for_today_reads_that_it_cannot_be_given_back_without_a_mark(
    browser: Browser, shops: ShopWorld
) -> None:
    today, later = await shops.shop(), await shops.shop(window_start=NOW + 2 * DAY)
    assert "choose a later one" in (await browser.get(f"{BOARD}/{today}")).text
    assert "choose a later one" not in (await browser.get(f"{BOARD}/{later}")).text


async def test_a_shops_page_says_when_the_place_is_open(browser: Browser, shops: ShopWorld) -> None:
    place = await shops.location(opening_hours='{"mon": [["09:00", "17:00"]], "tue": [["09:00", "17:00"]]}')
    shop_id, unknown = await shops.shop(location_id=place), await shops.location("NEW", opening_hours="{}")
    page = (await browser.get(f"{BOARD}/{shop_id}")).text
    assert "Monday to Tuesday 09:00 to 17:00" in page
    assert "Closed on Wednesday, Thursday, Friday, Saturday and Sunday" in page
    assert "Not known" in (await browser.get(f"{BOARD}/{await shops.shop(location_id=unknown)}")).text


async def test_what_one_cannot_take_is_counted_and_shown_with_the_reason_on_request(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(rotation={"brand_days": 60})
    await shops.visited(me, NOW.date() - 41 * DAY)
    await shops.shop()
    page = (await browser.get(BOARD)).text
    assert "1 shop is not shown because you cannot take it now." in page
    assert "Riverside" not in page
    page = (await browser.get(f"{BOARD}?all=1")).text
    assert "You visited this client 41 days ago; free again on 11 December." in page
    assert 'class="not-now"' in page


async def test_a_place_where_one_was_not_long_ago_is_shown_with_the_day_from_which_it_is_free(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(rotation={"location_days": 60})
    await shops.visited(me, NOW.date() - 41 * DAY)
    await shops.shop()
    page = (await browser.get(BOARD)).text
    assert "You were here 41 days ago; free again on 11 December." in page
    assert 'class="not-now"' in page
    assert "not shown" not in page


async def test_a_quiz_that_can_be_taken_at_once_keeps_nothing_off_the_board(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(is_certified=True)
    shop_id = await shops.shop()
    page = (await browser.get(BOARD)).text
    assert "After a short quiz" in page
    assert "not shown" not in page
    assert await ids_on(me) == [shop_id]
    assert await ids_on(me, Filter(at_once=True)) == []


async def test_a_quiz_beside_another_obstacle_does(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    await shops.configure(is_certified=True, rotation={"location_days": 60})
    await shops.visited(me, NOW.date() - 41 * DAY)
    await shops.shop()
    assert "1 shop is not shown because you cannot take it now." in (await browser.get(BOARD)).text


async def test_no_other_shopper_is_on_any_page(browser: Browser, shops: ShopWorld) -> None:
    other = await shops.shopper("Quentin Oddname", display_code="S-QUENTIN1")
    shop_id, held = await shops.shop(), await shops.shop("ASSIGNED", other)
    await shops.application(shop_id, other, note="Pick me")
    for address in (BOARD, f"{BOARD}?all=1&look=map", f"{BOARD}/{shop_id}", f"{BOARD}/{held}", "/shopper/shops"):
        text = (await browser.get(address)).text
        assert not [trace for trace in ("Quentin", "QUENTIN", str(other.id), "Pick me") if trace in text], address


async def test_who_has_said_no_place_sees_shops_with_a_radius_and_where_to_say_it(site: Site, shops: ShopWorld) -> None:
    me = await shops.shopper(latitude=None, longitude=None)
    await shops.configure(requirements={"radius_km": 5})
    shop_id = await shops.shop()
    browser = await shops.signed_in(site, me)
    assert shop_id in await ids_on(me)
    for path in (BOARD, f"{BOARD}/{shop_id}"):
        page = (await browser.get(path)).text
        assert "we do not know where you start from" in page
        assert 'href="/shopper/profile/start">Say where you start from</a>' in page
    await update(shops.owner, "identity.shopper", me.id, {"latitude": 51.5, "longitude": 0.0})
    assert shop_id not in await ids_on(me)


async def test_a_shop_within_reach_is_found_behind_hundreds_that_end_sooner_and_are_too_far(
    shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(requirements={"radius_km": 50})
    far = await shops.location("FAR-1", latitude=57.15, longitude=-2.10)
    for _ in range(LOOKED_AT + 10):
        await shops.shop(location_id=far, window_end=NOW + 5 * DAY)
    assert await ids_on(me) == []
    near = await shops.shop()
    assert await ids_on(me) == [near]


async def test_who_removes_their_place_loses_sight_of_no_shop_that_was_there_before(
    shops: ShopWorld, me: Shopper
) -> None:
    await shops.configure(requirements={"radius_km": 50}, rotation={"location_days": 60})
    rested = await shops.location("CK-044", name="Station Road", latitude=53.801, longitude=-1.54)
    await shops.visited(me, NOW.date() - 41 * DAY, location_id=rested)
    both = {await shops.shop(), await shops.shop(location_id=rested)}
    assert set(await ids_on(me)) == both
    await update(shops.owner, "identity.shopper", me.id, {"latitude": None, "longitude": None})
    assert set(await ids_on(me)) == both


@pytest.mark.parametrize(
    ("query", "is_left"),
    [
        ("within=5", False), ("within=50", True), ("daypart=morning", False), ("daypart=evening", True),
        ("pay=12", True), ("pay=13", False), ("on=2026-11-24", True), ("on=2027-01-24", False), ("at_once=1", True),
        ("box=50,-2,52,1", True), ("box=53,-2,54,-1", False), ("within=x&pay=-1&sort=no&box=1&on=soon", True),
    ],
)  # fmt: skip
async def test_filters_stand_in_the_address_and_nonsense_in_it_is_left_out(
    browser: Browser, shops: ShopWorld, query: str, is_left: bool
) -> None:
    far = await shops.location("FAR-1", latitude=53.90, longitude=-1.20) if "box" not in query else None
    place = far or await shops.location("LON-1", latitude=51.5, longitude=-0.1)
    await shops.shop(location_id=place, daypart="evening")
    page = await browser.get(f"{BOARD}?{query}")
    assert page.status_code == 200
    assert ("Store" in page.text) is is_left


async def test_it_is_sorted_by_the_end_by_pay_or_by_distance(shops: ShopWorld, me: Shopper) -> None:
    far = await shops.location("FAR-1", latitude=53.90, longitude=-1.20)
    late = await shops.shop(bonus_cents=100, window_end=moment(12))
    rich = await shops.shop(bonus_cents=900, window_end=moment(13), location_id=far)
    soon = await shops.shop(window_end=moment(2), location_id=far, bonus_cents=50)
    assert await ids_on(me) == [soon, late, rich]
    assert await ids_on(me, Filter(sort=Sort.PAY)) == [rich, late, soon]
    assert (await ids_on(me, Filter(sort=Sort.NEAREST)))[0] == late


@pytest.mark.parametrize("sort", list(Sort))
async def test_pages_by_key_leave_nothing_out_and_show_nothing_twice(shops: ShopWorld, me: Shopper, sort: Sort) -> None:
    wanted = set(await shops.shops(47))
    seen: list[UUID] = []
    after = None
    async with me.transaction():
        while True:
            board, _ = await service.listing.board(me.scope, Filter(sort=sort), after, NOW)
            seen += [row.card.id for row in board.rows]
            after = board.next_cursor
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 47
    assert set(seen) == wanted


async def test_a_page_of_many_shops_takes_as_many_statements_as_a_page_of_one(shops: ShopWorld, me: Shopper) -> None:
    async def statements() -> int:
        async with me.transaction() as connection, counted(connection) as asked:
            await service.listing.board(me.scope, Filter(), None, NOW)
        return len(asked)

    await shops.shop()
    one = await statements()
    await shops.shops(120)
    assert await statements() == one
    assert one <= 14


async def test_the_map_stands_beside_the_list_and_a_crowd_leads_to_its_piece(
    browser: Browser, shops: ShopWorld
) -> None:
    far = await shops.location("FAR-1", latitude=53.90, longitude=-1.20)
    await shops.shops(3)
    await shops.shop(location_id=far)
    page = (await browser.get(f"{BOARD}?look=map")).text
    assert "4 on the map" in page
    assert 'class="jobs"' in page
    assert f"{BOARD}?look=map&amp;box=" in page


async def test_the_map_shows_where_one_starts_from_and_its_bar_is_in_what_one_reads(
    site: Site, shops: ShopWorld
) -> None:
    await shops.configure(is_certified=True)
    await shops.shop()
    american = await shops.signed_in(site, await shops.shopper(units="mi"))
    page = (await american.get(f"{BOARD}?look=map")).text
    assert ("About where you start from" in page, "miles</text>" in page or "mile</text>" in page) == (True, True)
    assert ("after a short quiz" in page, "not now" in page) == (True, False)
    placeless = await shops.signed_in(site, await shops.shopper(latitude=None, longitude=None))
    page = (await placeless.get(f"{BOARD}?look=map")).text
    assert ("About where you start from" in page, "km</text>" in page) == (False, True)


async def test_the_map_names_the_towns_of_its_shops(browser: Browser, shops: ShopWorld) -> None:
    hull = await shops.location("HULL-1", latitude=53.74, longitude=-0.33, city="Hull")
    await shops.shops(2)
    await shops.shop(location_id=hull)
    drawn = (await browser.get(f"{BOARD}?look=map")).text.split('<svg role="group"')[1].split("</svg>")[0]
    assert drawn.count(">Leeds</text>") == 1
    assert drawn.count(">Hull</text>") == 1


async def test_who_starts_from_far_away_is_told_so_beside_the_map(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await update(shops.owner, "identity.shopper", me.id, {"latitude": 50.1, "longitude": -5.5})
    hull = await shops.location("HULL-2", latitude=53.74, longitude=-0.33, city="Hull")
    await shops.shop()
    await shops.shop(location_id=hull)
    page = (await browser.get(f"{BOARD}?look=map")).text
    assert "Where you start from is too far away for this map." in page
    assert "About where you start from" not in page


async def test_mail_settings_stops_and_deleted_data_change_neither_the_shops_nor_the_pay(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.shop()
    before = (await browser.get(f"{BOARD}?all=1")).text.split("<main")[1]
    key = suppression_key(shops.settings.index_key, f"{me.id.hex[:8]}@shopper.test")
    async with transaction(Role.DESK, affiliate=shops.affiliate_id) as connection:
        await optouts.stop(connection, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
    gone: dict[str, object] = {"phone": None, "bands": {}, "region": "", "name": b""}
    await update(shops.owner, "identity.shopper", me.id, gone)
    assert (await browser.get(f"{BOARD}?all=1")).text.split("<main")[1] == before
    await browser.submit(f"{BOARD}/news", {"news": "yes", "every": "day", "within": "25"})
    await browser.get(BOARD)
    after = (await browser.get(f"{BOARD}?all=1")).text.split("<main")[1]
    assert after.replace("You hear of new shops near you by mail", "Hear of new shops near you by mail") == before


async def test_who_has_said_no_place_is_told_that_news_go_by_it(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    words = "so there is no near for this mail to go by"
    assert words not in (await browser.get(f"{BOARD}/news")).text
    await update(shops.owner, "identity.shopper", me.id, {"latitude": None, "longitude": None})
    page = (await browser.get(f"{BOARD}/news")).text
    assert words in page
    assert 'href="/shopper/profile/start"' in page


async def test_asking_for_news_is_on_record_once(browser: Browser, shops: ShopWorld, me: Shopper) -> None:
    for _ in range(2):
        await browser.submit(f"{BOARD}/news", {"news": "yes", "every": "day", "within": "25"})
    assert [event["action"] for event in await shops.events(me.id)] == ["shopper.news"]


async def test_what_has_ended_is_on_hold_or_a_draft_is_not_on_it(shops: ShopWorld, me: Shopper) -> None:
    await shops.shop(window_start=moment(-9), window_end=moment(-1))
    await shops.shop(is_on_hold=True)
    draft = await shops.shop("DRAFT")
    assert await ids_on(me, Filter(shows_all=True)) == []
    assert draft not in await ids_on(me)


async def test_a_shopper_who_pauses_reads_why_nothing_can_be_taken(
    browser: Browser, shops: ShopWorld, me: Shopper
) -> None:
    await shops.shop()
    await update(shops.owner, "identity.shopper", me.id, {"status": "paused"})
    assert "Nothing you can take now" in (await browser.get(BOARD)).text


async def test_who_has_neither_passed_the_quiz_nor_said_a_place_still_sees_the_shop(
    site: Site, shops: ShopWorld
) -> None:
    me = await shops.shopper(latitude=None, longitude=None)
    await shops.configure(is_certified=True, requirements={"radius_km": 5})
    shop_id = await shops.shop()
    assert await ids_on(me) == [shop_id]
    assert await ids_on(me, Filter(at_once=True)) == []
    page = (await (await shops.signed_in(site, me)).get(BOARD)).text
    assert "not shown" not in page
    assert 'href="/shopper/profile/start">Say where you start from</a>' in page
