"""Drafts opened from the board: which are left out and why, half a minute to undo it, and nothing before that."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.settings import Settings
from survey.shops.scheduling import service
from survey.shops.scheduling.domain import Kind, Terms
from tests.conftest import NOW, World
from tests.shop_world import ShopWorld, counted, moment, shop_world
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, send, shown, text_of

LATER = NOW + timedelta(seconds=31)
OVER: dict[str, Any] = {"window_start": moment(-9), "window_end": moment(-1)}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


def opening(*ids: UUID) -> dict[str, object]:
    """The fields of the act."""
    return {"kind": "open", "ids": [str(each) for each in ids]}


async def test_an_editor_opens_nothing(site: Site, shops: ShopWorld, settings: Settings) -> None:
    editor = await site.signed_in(shops.affiliate_id, "editor")
    draft = await shops.shop("DRAFT")
    forged = opening(draft) | {"shown": str(draft), "left": "", "cost": "", "action_id": str(uuid4())}
    assert (await editor.post("/shops/bulk/do", forged)).status_code in (403, 404)
    await service.carry_out_waiting(settings.keyring, LATER)
    assert await shops.state_of(draft) == "DRAFT"


async def test_another_affiliates_drafts_are_not_opened(
    site: Site, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    foreign = await shops.shop("DRAFT", public_ref="AL-1")
    stranger = await site.signed_in(there.affiliate_id, "scheduler")
    assert form_of(await effects(stranger, opening(foreign))) == {}
    forged = opening(foreign) | {"shown": str(foreign), "left": str(foreign), "cost": "", "action_id": str(uuid4())}
    assert "AL-1" not in (await stranger.get(await send(stranger, forged))).text
    await service.carry_out_waiting(settings.keyring, LATER)
    assert await shops.state_of(foreign) == "DRAFT"


async def test_the_effects_say_why_drafts_stay_drafts_and_keep_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    shut = await shops.location("SHUT-1", status="closed")
    wordless, wave = await shops.campaign("Without a guideline")
    ids = [
        await shops.shop("DRAFT"),
        await shops.shop("DRAFT", location_id=shut, public_ref="AT-SHUT"),
        await shops.shop("DRAFT", **OVER),
        await shops.shop("DRAFT", campaign_id=wordless, wave_id=wave),
        await shops.shop("DRAFT", is_on_hold=True),
        await shops.shop("OPEN"),
    ]
    said = await preview(scheduler, opening(*ids))
    assert "1 opened, 5 skipped" in said
    assert "1 skipped: the location is closed (AT-SHUT)" in said
    for why in ("the window is over", "the campaign has no guideline", "on hold", "not a draft"):
        assert f"1 skipped: {why}" in said
    assert "They open 30 seconds later." in said
    assert "a shop cannot become a draft again" in said
    assert await shops.state_of(ids[0]) == "DRAFT"
    assert await shops.events(ids[0]) == []


async def test_drafts_open_when_the_half_minute_is_over_with_their_timer_and_audited(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    draft = await shops.shop("DRAFT")
    result = await do(scheduler, opening(draft))
    assert "They open in 30 seconds" in text_of((await scheduler.get(result)).text)
    await service.carry_out_waiting(settings.keyring, NOW + timedelta(seconds=29))
    assert await shops.state_of(draft) == "DRAFT"
    for _ in range(2):
        await service.carry_out_waiting(settings.keyring, LATER)
    assert await shops.state_of(draft) == "OPEN"
    assert await shops.owner.fetchval("SELECT kind FROM field.shop_timer WHERE shop_id = $1", draft) == "window_ended"
    (event,) = await shops.events(draft)
    assert (event["action"], event["actor_id"]) == ("shop.publish", scheduler.account_id)
    (act,) = await shops.events(UUID(result.rpartition("/")[2]))
    assert (act["action"], json.loads(act["detail"])) == ("bulk.open", {"shops": 1, "skipped": 0})
    assert (await scheduler.post(f"{result}/undo")).status_code == 303


async def test_what_is_undone_in_time_never_opens(scheduler: Browser, shops: ShopWorld, settings: Settings) -> None:
    draft = await shops.shop("DRAFT")
    assert (await scheduler.post(f"{await do(scheduler, opening(draft))}/undo")).status_code == 303
    await service.carry_out_waiting(settings.keyring, LATER)
    assert await shops.state_of(draft) == "DRAFT"
    assert await shops.events(draft) == []


async def test_a_place_that_closes_in_the_half_minute_keeps_its_draft(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    place = await shops.location("SHUT-1")
    shut, free = await shops.shop("DRAFT", location_id=place), await shops.shop("DRAFT")
    await do(scheduler, opening(shut, free))
    await shops.owner.execute("UPDATE field.location SET status = 'closed' WHERE id = $1", place)
    await service.carry_out_waiting(settings.keyring, LATER)
    assert (await shops.state_of(shut), await shops.state_of(free)) == ("DRAFT", "OPEN")


async def test_what_was_left_out_stays_left_out(scheduler: Browser, shops: ShopWorld, settings: Settings) -> None:
    free, held = await shops.shop("DRAFT"), await shops.shop("DRAFT", is_on_hold=True)
    sent = await shown(scheduler, opening(free, held))
    await shops.owner.execute("UPDATE field.shop SET is_on_hold = false WHERE id = $1", held)
    await send(scheduler, sent)
    await service.carry_out_waiting(settings.keyring, LATER)
    assert (await shops.state_of(free), await shops.state_of(held)) == ("OPEN", "DRAFT")


async def test_five_hundred_drafts_cost_as_many_statements_as_five(shops: ShopWorld, settings: Settings) -> None:
    asked = []
    for count in (5, 500):
        ids = await shops.shops(count, state="DRAFT")
        async with shops.transaction() as connection, counted(connection) as statements:
            outcome = await service.preview(shops.scope, settings.keyring, Kind.OPEN, Terms(), ids, NOW)
        assert len(outcome.done) == count
        asked.append(len(statements))
    assert asked[0] == asked[1]


async def test_the_act_is_offered_where_there_are_drafts(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop()
    assert 'value="open"' not in (await scheduler.get("/shops")).text
    draft = await shops.shop("DRAFT")
    assert 'value="open"' in (await scheduler.get("/shops")).text
    assert 'value="open"' not in (await scheduler.get("/shops?state=OPEN")).text
    assert "Open to shoppers" in (await scheduler.get(f"/shops/{draft}")).text
