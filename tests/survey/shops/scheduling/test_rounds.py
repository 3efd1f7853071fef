"""Rounds: several shops in an order, each with its day, given to one shopper who sees them so."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar, Event
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling import service
from survey.shops.scheduling.domain import Kind, Terms
from tests.conftest import NOW, World
from tests.shop_world import DAY, Shopper, ShopWorld, counted
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, shown, text_of


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def three(shops: ShopWorld) -> list[UUID]:
    """Shops at three places from west to east, chosen west, east, middle."""
    made = {}
    for name, longitude in (("WEST", -1.6), ("EAST", -1.2), ("MIDDLE", -1.5)):
        place = await shops.location(name, longitude=longitude)
        made[name] = await shops.shop(location_id=place, public_ref=name)
    return [made["WEST"], made["EAST"], made["MIDDLE"]]


def day(number: int) -> str:
    """A day as a form sends it, counted from today."""
    return (NOW.date() + number * DAY).isoformat()


def a_round(kind: str, ids: Sequence[UUID], days: Sequence[str], **fields: str) -> dict[str, object]:
    """The form of a round with the day of each stop."""
    sent = [str(each) for each in ids]
    return {"kind": kind, "query": "", "ids": sent, "leg": sent, "leg_day": list(days), **fields}


async def refs_of(browser: Browser, address: str) -> list[str]:
    """The stops that a round's page shows, in their order."""
    return [node.text() for node in HTMLParser((await browser.get(address)).text).css("tbody th a")]


async def kept(shops: ShopWorld, ids: Sequence[UUID]) -> list[tuple[int | None, date | None]]:
    """Of each shop its place in the round and its day."""
    statement = "SELECT round_place, planned_on FROM identity.assignment WHERE shop_id = $1"
    return [tuple(await shops.owner.fetchrow(statement, each)) for each in ids]


async def test_another_affiliates_shops_are_in_no_round(site: Site, shops: ShopWorld, world: World) -> None:
    ids = await three(shops)
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert await refs_of(stranger, f"/shops/route?shop={ids[0]}&shop={ids[1]}") == []
    said = text_of((await stranger.post("/shops/bulk", a_round("assign", ids, [""] * 3))).text)
    assert "WEST" not in said


async def test_a_round_of_all_that_match_takes_forty_and_says_how_many_it_leaves_out(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shops(43)
    await shops.shop("ASSIGNED")
    chosen = await scheduler.post("/shops/route", {"query": "state=OPEN", "all": "1", "ids": str(await shops.shop())})
    page = await scheduler.get(chosen.headers["location"])
    assert len(HTMLParser(page.text).css("tbody tr")) == 40
    assert "A round has at most 40 stops. Left out: 4." in text_of(page.text)


@pytest.mark.parametrize(("count", "cut"), [(41, "Left out: 1."), (40, "")])
async def test_more_ticks_than_a_round_takes_are_said_to_be_too_many(
    scheduler: Browser, shops: ShopWorld, count: int, cut: str
) -> None:
    ids = [str(each) for each in await shops.shops(count)]
    chosen = await scheduler.post("/shops/route", {"query": "", "ids": ids})
    for address in (chosen.headers["location"], "/shops/route?" + "&".join(f"shop={each}" for each in ids)):
        said = text_of((await scheduler.get(address)).text)
        assert ("Left out" in said, cut in said) == (bool(cut), True)


async def test_a_round_goes_to_the_nearest_or_as_it_was_chosen(scheduler: Browser, shops: ShopWorld) -> None:
    ids = await three(shops)
    address = "/shops/route?" + "&".join(f"shop={each}" for each in ids)
    assert await refs_of(scheduler, address) == ["WEST", "MIDDLE", "EAST"]
    page = HTMLParser((await scheduler.get(address)).text)
    (link,) = [node for node in page.css("a") if node.text() == "In the order you chose"]
    assert await refs_of(scheduler, str(link.attributes["href"])) == ["WEST", "EAST", "MIDDLE"]


async def test_a_round_keeps_its_order_and_the_day_of_each_stop(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    ids = await three(shops)
    fields = a_round("assign", ids, [day(2), "", day(4)], shopper="S-7F3K", day=day(3))
    assert "3 assigned." in await preview(scheduler, fields)
    await do(scheduler, fields)
    assert await kept(shops, ids) == [(1, NOW.date() + 2 * DAY), (2, NOW.date() + 3 * DAY), (3, NOW.date() + 4 * DAY)]
    rounds = "SELECT count(DISTINCT round_id) FROM identity.assignment WHERE shopper_id = $1"
    assert await shops.owner.fetchval(rounds, robin.id) == 1
    assert (await shops.row(ids[2]))["planned_on"] == NOW.date() + 4 * DAY


@pytest.mark.parametrize("kind", ["assign", "offer"])
async def test_a_shopper_sees_the_stops_of_a_day_in_their_order(
    site: Site, scheduler: Browser, shops: ShopWorld, kind: str
) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    west, east, middle = await three(shops)
    await do(scheduler, a_round(kind, [west, middle, east], [day(2)] * 3, shopper="S-7F3K"))
    site.clock.now = NOW + timedelta(seconds=30)  # seen once it cannot be undone
    page = HTMLParser((await (await shops.signed_in(site, robin)).get("/shopper/shops")).text)
    assert [node.text() for node in page.css(".jobs h3 a")] == ["Store WEST", "Store MIDDLE", "Store EAST"]
    assert "stop 3 of your round" in text_of(page.html or "")


async def test_each_stop_meets_the_rules_of_its_own_day_and_the_others_close_up(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.configure(rotation={"daily_limit": 1})
    await shops.shopper(display_code="S-7F3K")
    ids = await three(shops)
    fields = a_round("assign", ids, [day(2), day(2), day(3)], shopper="S-7F3K")
    said = await preview(scheduler, fields)
    assert "2 assigned, 1 skipped: the shopper has 1 shops on the days that are left" in said
    assert "(EAST)" in said
    await do(scheduler, fields)
    assert await kept(shops, [ids[0], ids[2]]) == [(1, NOW.date() + 2 * DAY), (2, NOW.date() + 3 * DAY)]


async def test_what_is_no_day_is_said_and_nothing_happens(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K")
    fields = a_round("assign", await three(shops), [day(2), "soon", ""], shopper="S-7F3K")
    refused = await scheduler.post("/shops/bulk/preview", fields)
    assert refused.status_code == 422
    assert "Enter a day for each stop" in refused.text


async def test_stops_that_somebody_has_are_planned_on_their_own_days(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper()
    ids = [await shops.shop("ASSIGNED", robin, planned_on=NOW.date() + DAY) for _ in range(2)]
    without = await scheduler.post("/shops/bulk/preview", a_round("plan", ids, [day(3), ""]))
    assert without.status_code == 422
    await do(scheduler, a_round("plan", ids, [day(3), day(4)]))
    assert [(await shops.row(each))["planned_on"] for each in ids] == [NOW.date() + 3 * DAY, NOW.date() + 4 * DAY]


async def test_the_form_of_the_effects_carries_the_round(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K")
    ids = await three(shops)
    sent = await shown(scheduler, a_round("assign", ids, [day(2), "", ""], shopper="S-7F3K"))
    assert sent["leg"] == [str(each) for each in ids]
    assert sent["leg_day"] == [day(2), "", ""]


async def given_round(scheduler: Browser, shops: ShopWorld, robin: Shopper) -> list[UUID]:
    """Robin's round of three stops on one day, in the order west, east, middle."""
    ids = await three(shops)
    code = await shops.owner.fetchval("SELECT display_code FROM identity.shopper WHERE id = $1", robin.id)
    await do(scheduler, a_round("assign", ids, [day(2)] * 3, shopper=code))
    return ids


def legs_of(html: str) -> list[str]:
    """The stops of the terms of an act, in their order."""
    return [str(node.attributes["value"]) for node in HTMLParser(html).css("form ol input[name=leg]")]


async def places(shops: ShopWorld, *ids: UUID) -> list[int | None]:
    """Of each shop its place in the round."""
    return [place for place, _ in await kept(shops, ids)]


async def events_of(site: Site, shops: ShopWorld, robin: Shopper) -> list[Event]:
    """What a calendar program reads at the shopper's address."""
    phone = await shops.signed_in(site, robin)
    await phone.submit("/shopper/calendar")
    address = "/my-shops/" + (await phone.get("/shopper/calendar")).text.split("/my-shops/")[1].split('"')[0]
    calendar = Calendar.from_ical((await (await site.visitor()).get(address)).content)
    return [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]


async def test_another_affiliates_round_is_neither_shown_nor_put_in_order(
    site: Site, scheduler: Browser, shops: ShopWorld, world: World
) -> None:
    ids = await given_round(scheduler, shops, await shops.shopper())
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    fields = a_round("plan", ids[::-1], [day(4)] * 3)
    assert "WEST" not in (await stranger.post("/shops/bulk", fields | {"move": f"up {ids[1]}"})).text
    assert form_of(await effects(stranger, fields)) == {}
    forged = {"shown": " ".join(map(str, ids)), "left": "", "cost": "", "action_id": str(uuid4())}
    await stranger.post("/shops/bulk/do", fields | forged)
    assert await kept(shops, ids) == [(place, NOW.date() + 2 * DAY) for place in (1, 2, 3)]


async def test_a_round_that_is_re_dated_comes_in_its_order_and_keeps_it(scheduler: Browser, shops: ShopWorld) -> None:
    west, east, middle = await given_round(scheduler, shops, await shops.shopper())
    terms = await scheduler.post("/shops/bulk", {"kind": "plan", "ids": [str(middle), str(west), str(east)]})
    assert legs_of(terms.text) == [str(west), str(east), str(middle)]
    await do(scheduler, a_round("plan", [west, east, middle], [""] * 3, day=day(5)))
    assert await kept(shops, [west, east, middle]) == [(place, NOW.date() + 5 * DAY) for place in (1, 2, 3)]


async def test_a_stop_is_moved_by_a_button_and_what_was_typed_stays(scheduler: Browser, shops: ShopWorld) -> None:
    west, east, middle = await given_round(scheduler, shops, await shops.shopper())
    fields = a_round("plan", [west, east, middle], [day(4), day(5), ""], day=day(6))
    page = (await scheduler.post("/shops/bulk", fields | {"move": f"up {middle}"})).text
    assert legs_of(page) == [str(west), str(middle), str(east)]
    typed = [str(node.attributes["value"] or "") for node in HTMLParser(page).css("ol input[name=leg_day]")]
    assert typed == [day(4), "", day(5)]
    assert [node.attributes["value"] for node in HTMLParser(page).css("input[name=day]")] == [day(6)]
    assert [node.attributes["value"] for node in HTMLParser(page).css("button[data-focus]")] == [f"up {middle}"]


@pytest.mark.parametrize("move", ["up {first}", "down {last}", "up nobody", "sideways {first}", ""])
async def test_what_cannot_be_moved_stays_where_it_is(scheduler: Browser, shops: ShopWorld, move: str) -> None:
    ids = await given_round(scheduler, shops, await shops.shopper())
    fields = a_round("plan", ids, [""] * 3) | {"move": move.format(first=ids[0], last=ids[2])}
    assert legs_of((await scheduler.post("/shops/bulk", fields)).text) == [str(each) for each in ids]


async def test_the_order_of_the_new_day_is_in_the_round_the_agenda_the_calendar_and_the_pack(
    site: Site, scheduler: Browser, shops: ShopWorld
) -> None:
    robin = await shops.shopper()
    west, east, middle = await given_round(scheduler, shops, robin)
    await do(scheduler, a_round("plan", [middle, west, east], [""] * 3, day=day(5)))
    assert await places(shops, middle, west, east) == [1, 2, 3]
    site.clock.now = NOW + timedelta(seconds=30)  # seen once it cannot be undone
    phone = await shops.signed_in(site, robin)
    agenda = HTMLParser((await phone.get("/shopper/shops")).text)
    assert [node.text() for node in agenda.css(".jobs h3 a")] == ["Store MIDDLE", "Store WEST", "Store EAST"]
    assert [event["summary"] for event in await events_of(site, shops, robin)] == ["1. MIDDLE", "2. WEST", "3. EAST"]
    chosen = await scheduler.post("/shops/route", {"query": "", "ids": [str(west), str(east), str(middle)]})
    assert await refs_of(scheduler, chosen.headers["location"]) == ["MIDDLE", "WEST", "EAST"]
    assert "In the order of the round" in (await scheduler.get(chosen.headers["location"])).text


async def test_an_undo_puts_the_old_round_back(scheduler: Browser, shops: ShopWorld) -> None:
    ids = await given_round(scheduler, shops, await shops.shopper())
    alone = await shops.shop("ASSIGNED", planned_on=NOW.date() + DAY)
    rounds = "SELECT DISTINCT round_id FROM identity.assignment WHERE shop_id = ANY($1::uuid[])"
    was = {row[0] for row in await shops.owner.fetch(rounds, [*ids, alone])}
    result = await do(scheduler, a_round("plan", [alone, *ids[::-1]], [""] * 4, day=day(5)))
    assert await places(shops, alone, *ids) == [1, 3, 2, 1]
    await scheduler.post(f"{result}/undo")
    assert await places(shops, *ids, alone) == [1, 2, 3, None]
    assert {row[0] for row in await shops.owner.fetch(rounds, [*ids, alone])} == was


async def test_that_a_stop_has_another_place_is_on_record(scheduler: Browser, shops: ShopWorld) -> None:
    ids = await given_round(scheduler, shops, await shops.shopper())
    await do(scheduler, a_round("plan", ids[::-1], [""] * 3, day=day(5)))
    event = (await shops.events(ids[2]))[-1]
    assert (event["action"], json.loads(event["detail"])["stop"]) == ("shop.plan", 1)


async def test_shops_of_two_shoppers_become_a_round_of_each(scheduler: Browser, shops: ShopWorld) -> None:
    robin, kim = await shops.shopper(), await shops.shopper()
    ids = [await shops.shop("ASSIGNED", who, planned_on=NOW.date() + DAY) for who in (robin, kim, robin)]
    terms = await scheduler.post("/shops/bulk", {"kind": "plan", "ids": [str(each) for each in ids]})
    assert legs_of(terms.text) == []
    await do(scheduler, a_round("plan", ids, [""] * 3, day=day(5)))
    assert await places(shops, *ids) == [1, 1, 2]
    rounds = "SELECT count(DISTINCT round_id) FROM identity.assignment WHERE shop_id = ANY($1::uuid[])"
    assert await shops.owner.fetchval(rounds, ids) == 2


async def test_a_round_is_put_in_order_before_it_is_printed_and_its_days_stay(
    scheduler: Browser, shops: ShopWorld
) -> None:
    west, east, middle = await three(shops)
    fields = a_round("", [west, middle, east], [day(2), "", day(3)])
    moved = await scheduler.post("/shops/route", fields | {"move": f"up {east}"})
    assert await refs_of(scheduler, moved.headers["location"]) == ["WEST", "EAST", "MIDDLE"]
    page = HTMLParser((await scheduler.get(moved.headers["location"])).text)
    assert [node.attributes["value"] or "" for node in page.css("input[name=leg_day]")] == [day(2), day(3), ""]


async def test_five_hundred_shops_are_put_in_order_in_as_many_statements_as_five(
    shops: ShopWorld, settings: Settings
) -> None:
    robin, asked = await shops.shopper(), []
    for count in (5, 500):
        ids = await shops.shops(count, state="ASSIGNED")
        for each in ids:
            await shops.assignment(each, robin)
        terms = Terms(day=NOW.date() + 3 * DAY, order=tuple(ids), override_reason="to count what it costs")
        async with shops.transaction() as connection, counted(connection) as statements:
            outcome = await service.preview(shops.scope, settings.keyring, Kind.PLAN, terms, ids, NOW)
        assert len(outcome.done) == count
        asked.append(len(statements))
    assert asked[0] == asked[1]
