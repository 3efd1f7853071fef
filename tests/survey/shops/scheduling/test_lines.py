"""Shops for several shoppers at once, a line each; and the shoppers who are proposed near each shop."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from survey.settings import Settings
from survey.shops.scheduling import queries, service
from survey.shops.scheduling.domain import Kind, Line, Terms, day_in, meanings, pasted
from survey.shops.scheduling.forms import lines_in
from survey.web import Form
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, counted, moment, shop_world
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, send, shown, text_of

DAY_ONE = NOW.date() + 3 * DAY


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


def lines(*texts: str) -> dict[str, str]:
    """The fields of the act."""
    return {"kind": "lines", "lines": "\n".join(texts)}


def pasted_in(html: str) -> str:
    """What stands in the field for lines."""
    (found,) = HTMLParser(html).css("textarea[name=lines]")
    return found.text().strip()


async def holder(shops: ShopWorld, shop_id: UUID) -> tuple[str, date | None] | None:
    """Who has a shop, and when they mean to go."""
    row = await shops.owner.fetchrow(
        "SELECT p.display_code, a.planned_on FROM identity.assignment a JOIN identity.shopper p ON p.id = a.shopper_id"
        " WHERE a.shop_id = $1 AND a.state = 'held'",
        shop_id,
    )
    return tuple(row) if row else None


async def test_an_editor_gives_nothing_line_by_line(site: Site, shops: ShopWorld) -> None:
    editor = await site.signed_in(shops.affiliate_id, "editor")
    await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop()
    assert (await editor.get("/shops/lines")).status_code in (403, 404)
    forged = lines("CK-031; S-7F3K") | {"shown": str(shop_id), "cost": "", "action_id": str(uuid4())}
    assert (await editor.post("/shops/bulk/do", forged)).status_code in (403, 404)
    assert await shops.state_of(shop_id) == "OPEN"


async def test_lines_reach_no_shop_and_no_shopper_of_another_affiliate(
    site: Site, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    await there.shopper(display_code="S-THERE")
    mine, foreign = await there.shop(public_ref="MINE-1"), await shops.shop(public_ref="AL-1")
    await shops.shopper(display_code="S-ALICE")
    stranger = await site.signed_in(there.affiliate_id, "scheduler")
    said = await preview(stranger, lines("AL-1; S-THERE", "MINE-1; S-ALICE"))
    assert "fits no shop and no location" in said
    assert "there is no shopper S-ALICE" in said
    forged = lines("AL-1; S-THERE") | {"shown": str(foreign), "cost": "", "action_id": str(uuid4())}
    await send(stranger, forged)
    assert [await shops.state_of(each) for each in (mine, foreign)] == ["OPEN", "OPEN"]


async def test_a_cell_without_an_end_is_no_line(scheduler: Browser) -> None:
    sent = await scheduler.post("/shops/bulk/preview", lines(f"CK-031; {'x' * 140_000}"))
    assert sent.status_code == 422
    assert "line 1 is not “store; shopper; day”" in text_of(sent.text)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31 Dec 9999"])
async def test_a_day_out_of_reach_is_no_day(scheduler: Browser, shops: ShopWorld, day: str) -> None:
    await shops.shopper(display_code="S-7F3K")
    await shops.shop(public_ref="T-ONE")
    aside = {"override": "1", "override_reason": "the client knows them"}
    sent = await scheduler.post("/shops/bulk/preview", lines(f"T-ONE; S-7F3K; {day}") | aside)
    assert sent.status_code == 422
    assert f"line 1: “{day}” is no day" in text_of(sent.text)


async def test_each_line_says_what_happens_or_why_not(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    await shops.shopper(display_code="S-KIM1")
    await shops.configure(rotation={"location_days": 60})
    await shops.visited(robin, NOW.date() - 41 * DAY)
    await shops.shop(location_id=await shops.location("ONE-1"), public_ref="T-ONE")
    twice = await shops.location("TWO-1")
    for ref in ("T-A", "T-B"):
        await shops.shop(location_id=twice, public_ref=ref)
    await shops.shop("CLOSED", location_id=await shops.location("OLD-1"))
    await shops.shop(public_ref="T-HERE")
    page = await effects(scheduler, lines(
        "ONE-1; S-KIM1", "TWO-1; S-KIM1", "OLD-1; S-KIM1", "NO-1; S-KIM1", "T-HERE; S-7F3K", "T-A; S-NONE",
        "T-ONE; S-7F3K",
    ))  # fmt: skip
    said = [" ".join(row.text().split()) for row in HTMLParser(page).css("tbody tr")]
    assert said[0].endswith("Assigned")
    for row, why in zip(said[1:], (
        "has 2 open shops, say which: T-A, T-B", "has no open shop", "fits no shop and no location",
        "the shopper was here 41 days ago (rule: 60 days)", "there is no shopper S-NONE", "line 1 names T-ONE already",
    ), strict=True):  # fmt: skip
        assert f"Skipped {why}" in row
    assert "1 assigned, 6 skipped" in text_of(page)
    held = "SELECT count(*) FROM identity.assignment WHERE state = 'held' AND affiliate_id = $1"
    assert await shops.owner.fetchval(held, shops.affiliate_id) == 0


@pytest.mark.parametrize("divider", [",", ";", "\t"])
async def test_lines_are_done_as_one_act_audited_and_undone(scheduler: Browser, shops: ShopWorld, divider: str) -> None:
    await shops.shopper(display_code="S-7F3K")
    await shops.shopper(display_code="S-KIM1")
    first = await shops.shop(public_ref="T-1")
    second = await shops.shop(location_id=await shops.location("FREE-1"))
    pasted = [["Store", "Shopper", "Day"], ["t-1", "s-7f3k", DAY_ONE.isoformat()], ["free-1", "S-KIM1"]]
    result = await do(scheduler, lines(*(divider.join(cells) for cells in pasted)))
    assert await holder(shops, first) == ("S-7F3K", DAY_ONE)
    assert await holder(shops, second) == ("S-KIM1", None)
    (act,) = await shops.events(UUID(result.rpartition("/")[2]))
    assert (act["action"], json.loads(act["detail"])) == ("bulk.lines", {"shops": 2, "skipped": 0})
    await scheduler.post(f"{result}/undo")
    assert [await shops.state_of(each) for each in (first, second)] == ["OPEN", "OPEN"]
    assert await holder(shops, first) is None


async def test_a_day_without_a_year_is_the_one_that_was_shown_also_past_midnight(site: Site, shops: ShopWorld) -> None:
    site.clock.now = datetime(NOW.year, NOW.month, NOW.day, 23, 59, 50, tzinfo=UTC)
    scheduler = await site.signed_in(shops.affiliate_id, "scheduler")
    await shops.shopper(display_code="S-7F3K")
    place = await shops.location("FAR-1", time_zone="Pacific/Honolulu")
    shop_id = await shops.shop(location_id=place, window_start=moment(-2))
    sent = await shown(scheduler, lines("", "Store; Shopper; Day", "", f"FAR-1; S-7F3K; {NOW:%-d %b}", "NO-1; S-7F3K"))
    site.clock.now += timedelta(seconds=20)
    result = await send(scheduler, sent)
    assert await holder(shops, shop_id) == ("S-7F3K", NOW.date())
    assert "line 4, NO-1" in text_of((await scheduler.get(result)).text)


def test_lines_that_are_sent_on_are_read_as_the_same() -> None:
    given = (Line(2, "A, B; C", 'S-"1"', DAY_ONE), Line(5, "CK-031", "S-7F3K"), Line(6, "T-1", "S-7F3K", DAY_ONE))
    assert lines_in(Form({"lines": [pasted(given)]}), NOW.date()) == given
    assert lines_in(Form({"lines": [pasted(given[1:])]}), NOW.date()) == given[1:]
    first = (Line(1, "CK-031", "S-7F3K"),)
    assert lines_in(Form({"lines": [pasted(first)]}), NOW.date()) == first


async def test_of_a_location_with_many_shops_ten_are_named_and_of_old_ones_one_is_read(shops: ShopWorld) -> None:
    refs = [f"T-{number:02}" for number in range(12)]
    for ref in refs:
        await shops.shop(public_ref=ref)
    for state in ("CLOSED", "DRAFT", "ASSIGNED"):
        await shops.shop(state)
    code = await shops.owner.fetchval("SELECT upper(code) FROM field.location WHERE id = $1", shops.store_id)
    async with shops.transaction():
        found = await queries.shops_meant(shops.scope, [code])
    assert sorted(each.is_free for each in found) == [False] + [True] * 12
    (meant,) = meanings([Line(1, code, "S-7F3K")], found, {})
    assert meant.why == f"has 12 open shops, say which: {', '.join(refs[:10])} and 2 more"


async def test_what_one_line_uses_up_is_gone_for_the_next(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K", held_limit=1)
    await shops.shop(public_ref="T-1")
    await shops.shop(public_ref="T-2")
    assert "1 assigned, 1 skipped" in await preview(scheduler, lines("T-1; S-7F3K", "T-2; S-7F3K"))


async def test_rules_are_set_aside_for_all_lines_with_a_reason(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K", held_limit=1)
    ids = [await shops.shop(public_ref=ref) for ref in ("T-1", "T-2")]
    fields = lines("T-1; S-7F3K", "T-2; S-7F3K") | {"override": "yes", "override_reason": "nobody else can go"}
    await do(scheduler, fields)
    assert [await shops.state_of(each) for each in ids] == ["ASSIGNED", "ASSIGNED"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Paste at least one line"), ("CK-031", "line 1 is not “store; shopper; day”"),
     ("CK-031; S-7F3K; 30/11/2026", "line 1: “30/11/2026” is no day such as"),
     ("CK-031; S-7F3K; Tue 30 Nov 2026", "“Tue 30 Nov 2026” is no day"),
     ("CK-031; S-7F3K; ; more", "line 1 is not")],
    ids=["nothing", "one_cell", "slashes", "weekday", "four_cells"],
)  # fmt: skip
async def test_what_cannot_be_read_is_named_and_stays_in_the_form(
    scheduler: Browser, shops: ShopWorld, typed: str, said: str
) -> None:
    answer = await scheduler.post("/shops/bulk/preview", {"kind": "lines", "lines": typed})
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert pasted_in(answer.text) == typed


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-30", date(2026, 11, 30)), ("Mon 30 Nov", date(2026, 11, 30)), ("30 November 2027", date(2027, 11, 30)),
     ("Monday 30 November 2026", date(2026, 11, 30)), ("3 Feb", date(2027, 2, 3)), ("Sun 30 Nov", None),
     ("31 Nov", None), ("tomorrow", None), ("30 11", None), ("", None)],
    ids=str,
)  # fmt: skip
def test_a_day_is_read_as_pages_print_it(text: str, day: date | None) -> None:
    assert day_in(text, date(2026, 11, 22)) == day


async def test_ninety_lines_cost_the_statements_of_five(shops: ShopWorld, settings: Settings) -> None:
    asked = []
    for count in (5, 90):
        ids = await shops.shops(count)
        refs = await shops.owner.fetch("SELECT upper(public_ref) AS ref FROM field.shop WHERE id = ANY($1)", ids)
        code = f"S-{uuid4().hex[:8].upper()}"
        await shops.shopper(display_code=code, held_limit=100)
        terms = Terms(lines=tuple(Line(place, row["ref"], code) for place, row in enumerate(refs, start=1)))
        async with shops.transaction() as here, counted(here) as statements:
            outcome = await service.preview(shops.scope, settings.keyring, Kind.LINES, terms, ids, NOW)
        assert len(outcome.done) == count
        asked.append(len(statements))
    assert asked[0] == asked[1]


async def proposed(scheduler: Browser, *shop_ids: UUID) -> str:
    """The lines that the form for several shops would fill in."""
    page = await scheduler.post("/shops/bulk", {"kind": "assign", "ids": [str(each) for each in shop_ids]})
    found = HTMLParser(page.text).css_first("input[name=lines]")
    return str(found.attributes["value"]) if found else ""


async def test_for_each_of_several_shops_the_nearest_who_may_is_proposed_and_filled_in(
    scheduler: Browser, shops: ShopWorld
) -> None:
    near = await shops.shopper(display_code="S-NEAR", latitude=53.797, longitude=-1.548)
    await shops.shopper(display_code="S-FAR", latitude=54.9, longitude=-1.6)
    await shops.shopper(display_code="S-GONE", latitude=53.7966, longitude=-1.5479, status="paused")
    await shops.configure(rotation={"location_days": 60})
    north = await shops.location("NORTH-1", latitude=54.8, longitude=-1.6)
    await shops.visited(near, NOW.date() - 41 * DAY, location_id=north)
    here = await shops.shop(public_ref="T-HERE")
    there = await shops.shop(location_id=north, public_ref="T-NORTH")
    filled = await proposed(scheduler, here, there)
    assert sorted(filled.split("\n")) == ["", "T-HERE; S-NEAR", "T-NORTH; S-FAR"]
    page = await scheduler.post("/shops/bulk", {"kind": "lines", "lines": filled})
    assert "T-NORTH; S-FAR" in pasted_in(page.text)
    await do(scheduler, {"kind": "lines", "lines": filled})
    assert await holder(shops, here) == ("S-NEAR", None)


async def test_nobody_is_proposed_for_more_than_they_may_hold(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-ONE", held_limit=1)
    ids = [await shops.shop(public_ref=ref) for ref in ("T-1", "T-2")]
    page = await scheduler.post("/shops/bulk", {"kind": "assign", "ids": [str(each) for each in ids]})
    assert (await proposed(scheduler, *ids)).count("S-ONE") == 1
    assert "For 1 shop nobody is proposed" in text_of(page.text)


async def test_for_one_shop_and_for_what_is_not_open_nobody_is_proposed(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-NEAR")
    draft, held = await shops.shop("DRAFT"), await shops.shop(is_on_hold=True)
    assert await proposed(scheduler, await shops.shop()) == ""
    assert await proposed(scheduler, draft, held) == ""


async def test_proposals_cost_the_same_statements_for_two_shops_and_for_fifty(shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-NEAR", held_limit=100)
    asked = []
    for count in (2, 60):
        ids = await shops.shops(count)
        async with shops.transaction() as here, counted(here) as statements:
            found = await service.proposals(shops.scope, ids, NOW)
        assert len(found) == min(count, service.MOST_PROPOSED)
        asked.append(len(statements))
    assert asked[0] == asked[1]


async def test_without_an_effect_there_is_nothing_to_send(scheduler: Browser, shops: ShopWorld) -> None:
    assert form_of(await effects(scheduler, lines("NO-1; S-7F3K"))) == {}


async def test_shops_that_are_ticked_have_begun_their_lines(scheduler: Browser, shops: ShopWorld) -> None:
    ids = [str(await shops.shop(public_ref=ref, window_end=moment(9))) for ref in ("T-1", "T-2")]
    page = HTMLParser((await scheduler.post("/shops/bulk", {"kind": "assign", "query": "state=OPEN", "ids": ids})).text)
    (link,) = page.css("a[href^='/shops/lines']")
    form = HTMLParser((await scheduler.get(str(link.attributes["href"]))).text)
    (area,) = form.css("textarea[name=lines]")
    begun = [line.strip() for line in area.text().splitlines() if line.strip()]
    assert sorted(begun) == ["T-1;", "T-2;"]
    assert [each.attributes["value"] for each in form.css("input[name=query]")] == ["state=OPEN"]
