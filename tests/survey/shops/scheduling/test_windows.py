"""Other windows for many shops: which may have one, what becomes of chosen days and timers, and all of it undone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.settings import Settings
from survey.shops.scheduling import service
from survey.shops.scheduling.domain import Kind, Tale, Terms
from survey.shops.visits.domain import NewWindow, short_day
from tests.conftest import NOW, World
from tests.outbox import mails
from tests.shop_world import DAY, ShopWorld, counted, moment, shop_world
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, send, text_of

TODAY = NOW.date()
# A window of whole days in London's winter, from yesterday to the ninth day.
WHOLE: dict[str, Any] = {
    "window_start": datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) - DAY,
    "window_end": datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) + 10 * DAY,
}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


def moving(*ids: UUID, **fields: str) -> dict[str, object]:
    """The fields of the act."""
    return {"kind": "window", "ids": [str(each) for each in ids], **fields}


async def timers_of(shops: ShopWorld, shop_id: UUID) -> dict[str, datetime]:
    """What will happen to a shop by itself."""
    rows = await shops.owner.fetch("SELECT kind, due_at FROM field.shop_timer WHERE shop_id = $1", shop_id)
    return {row["kind"]: row["due_at"] for row in rows}


async def timed(shops: ShopWorld, shop_id: UUID, kind: str, due_at: datetime) -> None:
    """Let something happen to a shop by itself."""
    await shops.owner.execute(
        "INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at) VALUES ($1, $2, $3, $4)",
        shop_id, shops.affiliate_id, kind, due_at,
    )  # fmt: skip


async def day_of_shopper(shops: ShopWorld, shop_id: UUID) -> object:
    """The day that stands beside whoever has it."""
    return await shops.owner.fetchval("SELECT planned_on FROM identity.assignment WHERE shop_id = $1", shop_id)


async def test_an_editor_changes_no_window(site: Site, shops: ShopWorld) -> None:
    editor = await site.signed_in(shops.affiliate_id, "editor")
    shop_id = await shops.shop()
    forged = moving(shop_id, by_days="7") | {"shown": str(shop_id), "cost": "", "action_id": str(uuid4())}
    assert (await editor.post("/shops/bulk/do", forged)).status_code in (403, 404)
    assert (await shops.row(shop_id))["window_end"] == NOW + 14 * DAY


async def test_another_affiliates_windows_stay(
    site: Site, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    foreign = await shops.shop()
    stranger = await site.signed_in(there.affiliate_id, "scheduler")
    assert form_of(await effects(stranger, moving(foreign, by_days="7"))) == {}
    forged = moving(foreign, by_days="7") | {"shown": str(foreign), "cost": "", "action_id": str(uuid4())}
    await send(stranger, forged)
    assert (await shops.row(foreign))["window_end"] == NOW + 14 * DAY


@pytest.mark.parametrize(
    "fields",
    [{}, {"first": "soon"}, {"by_days": "a week"}, {"by_days": "0"}, {"by_days": "367"},
     {"by_days": "7", "first": TODAY.isoformat()},
     {"first": (TODAY + 5 * DAY).isoformat(), "last": (TODAY + 2 * DAY).isoformat()}],
    ids=["nothing", "no_day", "no_number", "no_move", "too_far", "both", "backwards"],
)  # fmt: skip
async def test_what_makes_no_window_is_refused_before_any_effect(
    scheduler: Browser, shops: ShopWorld, fields: dict[str, str]
) -> None:
    answer = await scheduler.post("/shops/bulk/preview", moving(await shops.shop(), **fields))
    assert answer.status_code == 422


@pytest.mark.parametrize("state", ["DRAFT", "OPEN", "OFFERED", "ASSIGNED", "IN_PROGRESS"])
async def test_a_visit_that_is_still_to_come_gets_the_days_that_are_wanted(
    scheduler: Browser, shops: ShopWorld, state: str
) -> None:
    shop_id = await shops.shop(state, **WHOLE)
    first, last = TODAY + 3 * DAY, TODAY + 12 * DAY
    fields = moving(shop_id, first=first.isoformat(), last=last.isoformat())
    assert "1 with a new window." in await preview(scheduler, fields)
    result = await do(scheduler, fields)
    row = await shops.row(shop_id)
    assert (row["window_start"], row["window_end"]) == (WHOLE["window_start"] + 4 * DAY, WHOLE["window_end"] + 3 * DAY)
    (told,) = await shops.events(shop_id)
    detail = json.loads(told["detail"])
    assert (told["action"], detail["until"]) == ("shop.window", row["window_end"].isoformat())
    assert (detail["from_until"], detail["from_since"]) == tuple(
        WHOLE[each].isoformat() for each in ("window_end", "window_start")
    )
    (act,) = await shops.events(UUID(result.rpartition("/")[2]))
    assert (act["action"], json.loads(act["detail"])) == ("bulk.window", {"shops": 1, "skipped": 0})


async def test_the_effects_say_which_windows_cannot_change_and_why(scheduler: Browser, shops: ShopWorld) -> None:
    ids = [
        await shops.shop(**WHOLE),
        await shops.shop("SUBMITTED", **WHOLE, public_ref="IN-1"),
        await shops.shop("CANCELLED", **WHOLE, public_ref="OUT-1"),
        await shops.shop(**WHOLE, is_on_hold=True, public_ref="HELD-1"),
    ]
    said = await preview(scheduler, moving(*ids, by_days="-3"))
    assert "1 with a new window, 3 skipped" in said
    for why in ("already reported (IN-1)", "at its end already (OUT-1)", "on hold (HELD-1)"):
        assert f"1 skipped: {why}" in said
    assert (await shops.row(ids[0]))["window_end"] == WHOLE["window_end"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"by_days": "-20"}, "the window would be over already"),
     ({"first": (TODAY + 20 * DAY).isoformat()}, "the window would end before it begins"),
     ({"last": (TODAY + 400 * DAY).isoformat()}, "the window would be longer than 366 days"),
     ({"last": (TODAY + 9 * DAY).isoformat()}, "has that window already")],
    ids=["over", "backwards", "long", "same"],
)  # fmt: skip
async def test_a_window_in_which_nobody_can_go_is_not_given(
    scheduler: Browser, shops: ShopWorld, fields: dict[str, str], why: str
) -> None:
    shop_id = await shops.shop(**WHOLE)
    assert f"0 with a new window, 1 skipped: {why}" in await preview(scheduler, moving(shop_id, **fields))


async def test_the_hours_of_the_day_stay_when_the_clocks_change(scheduler: Browser, shops: ShopWorld) -> None:
    place = await shops.location("NY-1", time_zone="America/New_York")
    begins, ends = datetime(2027, 3, 1, 11, tzinfo=UTC), datetime(2027, 3, 12, 16, tzinfo=UTC)
    shop_id = await shops.shop(location_id=place, window_start=begins, window_end=ends)
    await do(scheduler, moving(shop_id, last="2027-03-20"))
    row = await shops.row(shop_id)
    assert (row["window_start"], row["window_end"]) == (
        begins, datetime(2027, 3, 20, 15, tzinfo=UTC),
    )  # fmt: skip


async def test_who_ends_after_the_wave_is_named_and_done_all_the_same(scheduler: Browser, shops: ShopWorld) -> None:
    late = await shops.shop(**WHOLE, public_ref="LATE-1")
    fields = moving(late, last=(TODAY + 15 * DAY).isoformat())
    said = await preview(scheduler, fields)
    assert "1 ends after its wave" in said
    assert "LATE-1" in said
    assert "its wave" not in await preview(scheduler, fields | {"last": (TODAY + 14 * DAY).isoformat()})


async def test_a_chosen_day_inside_stays_and_one_outside_is_given_up_and_named(
    scheduler: Browser, shops: ShopWorld
) -> None:
    inside = await shops.shop("ASSIGNED", planned_on=TODAY + 5 * DAY, **WHOLE)
    outside = await shops.shop("ASSIGNED", planned_on=TODAY + DAY, **WHOLE, public_ref="EARLY-1")
    fields = moving(inside, outside, first=(TODAY + 3 * DAY).isoformat())
    said = await preview(scheduler, fields)
    assert "1 loses the chosen day, which lies outside" in said
    assert "EARLY-1" in said
    await do(scheduler, fields)
    kept, lost = await shops.row(inside), await shops.row(outside)
    assert (kept["planned_on"], kept["due_at"]) == (TODAY + 5 * DAY, NOW + 2 * DAY)
    assert (lost["planned_on"], lost["due_at"]) == (None, lost["window_end"])
    assert await day_of_shopper(shops, outside) is None


async def test_a_shop_whose_chosen_day_lies_outside_is_left_where_that_is_wanted(
    scheduler: Browser, shops: ShopWorld
) -> None:
    shop_id = await shops.shop("ASSIGNED", planned_on=TODAY + DAY, **WHOLE)
    fields = moving(shop_id, first=(TODAY + 3 * DAY).isoformat(), outside="leave")
    assert "1 skipped: the chosen day would lie outside" in await preview(scheduler, fields)
    sent = await scheduler.post("/shops/bulk/preview", fields)
    assert form_of(sent.text) == {}


async def test_what_happens_by_itself_follows_the_window(scheduler: Browser, shops: ShopWorld) -> None:
    free, held = await shops.shop(**WHOLE), await shops.shop("ASSIGNED", **WHOLE)
    await do(scheduler, moving(free, held, by_days="4"))
    end = WHOLE["window_end"] + 4 * DAY
    grace = await shops.owner.fetchval("SELECT grace_hours FROM field.campaign WHERE id = $1", shops.campaign_id)
    assert await timers_of(shops, free) == {"window_ended": end}
    assert await timers_of(shops, held) == {"overdue": end + timedelta(hours=grace)}


async def test_an_undo_puts_back_windows_days_and_timers_exactly(scheduler: Browser, shops: ShopWorld) -> None:
    day = TODAY + DAY
    offered = await shops.shop("OFFERED", planned_on=day, **WHOLE)
    free = await shops.shop(**WHOLE)
    await timed(shops, offered, "offer_timeout", moment(hours=7.5))
    await timed(shops, free, "window_ended", WHOLE["window_end"])
    was = [(dict(await shops.row(each)), await timers_of(shops, each)) for each in (offered, free)]
    result = await do(scheduler, moving(offered, free, first=(TODAY + 3 * DAY).isoformat()))
    assert (await scheduler.post(f"{result}/undo")).status_code == 303
    for each, (row, timers) in zip((offered, free), was, strict=True):
        assert dict(await shops.row(each)) | {"revision": row["revision"]} == row
        assert await timers_of(shops, each) == timers
    assert await day_of_shopper(shops, offered) == day
    assert [row["action"] for row in await shops.events(free)] == ["shop.window", "shop.window"]


async def test_another_end_counts_also_for_whoever_was_granted_a_later_one(
    scheduler: Browser, shops: ShopWorld
) -> None:
    granted = TODAY + 11 * DAY
    longer = WHOLE | {"window_end": WHOLE["window_end"] + 2 * DAY, "stretched_from": WHOLE["window_end"]}
    shop_id = await shops.shop("ASSIGNED", planned_on=granted, **longer, public_ref="LONG-1")
    was = dict(await shops.row(shop_id))
    fields = moving(shop_id, by_days="1")
    assert "1 loses the chosen day" in await preview(scheduler, fields)
    result = await do(scheduler, fields)
    row = await shops.row(shop_id)
    assert (row["window_end"], row["stretched_from"]) == (WHOLE["window_end"] + DAY, None)
    assert (row["planned_on"], row["last_day"]) == (None, TODAY + 10 * DAY)
    await scheduler.post(f"{result}/undo")
    assert dict(await shops.row(shop_id)) | {"revision": was["revision"]} == was


async def test_another_first_day_leaves_the_later_end_that_was_granted(scheduler: Browser, shops: ShopWorld) -> None:
    longer = WHOLE | {"window_end": WHOLE["window_end"] + 2 * DAY, "stretched_from": WHOLE["window_end"]}
    shop_id = await shops.shop("ASSIGNED", planned_on=TODAY + 11 * DAY, **longer)
    await do(scheduler, moving(shop_id, first=(TODAY + 3 * DAY).isoformat()))
    row = await shops.row(shop_id)
    assert (row["window_end"], row["stretched_from"]) == (longer["window_end"], longer["stretched_from"])
    assert row["planned_on"] == TODAY + 11 * DAY


async def test_no_window_begins_after_the_end_that_it_gets_back_with_its_next_shopper(
    scheduler: Browser, shops: ShopWorld
) -> None:
    longer = WHOLE | {"window_end": WHOLE["window_end"] + 5 * DAY, "stretched_from": WHOLE["window_end"]}
    shop_id = await shops.shop("ASSIGNED", planned_on=TODAY + 13 * DAY, **longer)
    said = await preview(scheduler, moving(shop_id, first=(TODAY + 12 * DAY).isoformat()))
    assert "the window would end before it begins" in said


async def test_a_time_to_report_that_a_hold_gave_back_stays_where_only_the_first_day_moves(
    scheduler: Browser, shops: ShopWorld
) -> None:
    later = WHOLE["window_end"] + DAY
    shop_id = await shops.shop("ASSIGNED", **WHOLE, due_at=later)
    await do(scheduler, moving(shop_id, first=(TODAY + DAY).isoformat()))
    assert (await shops.row(shop_id))["due_at"] == later


async def test_the_history_says_from_which_day_to_which(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id = await shops.shop(**WHOLE)
    await do(scheduler, moving(shop_id, last=(TODAY + 12 * DAY).isoformat()))
    page = text_of((await scheduler.get(f"/shops/{shop_id}")).text)
    assert f"Window window until {short_day(TODAY + 9 * DAY)} → {short_day(TODAY + 12 * DAY)} by" in page
    assert "day none" not in page


async def test_an_undo_leaves_alone_what_has_moved_since(scheduler: Browser, shops: ShopWorld) -> None:
    moved, still = await shops.shop(**WHOLE), await shops.shop(**WHOLE)
    result = await do(scheduler, moving(moved, still, by_days="4"))
    await shops.owner.execute("UPDATE field.shop SET revision = revision + 1 WHERE id = $1", moved)
    await scheduler.post(f"{result}/undo")
    assert (await shops.row(moved))["window_end"] == WHOLE["window_end"] + 4 * DAY
    assert (await shops.row(still))["window_end"] == WHOLE["window_end"]


async def test_a_thousand_windows_cost_the_statements_of_one(shops: ShopWorld, settings: Settings) -> None:
    terms = Terms(window=NewWindow(by_days=4))
    counts = []
    for size in (1, 1000):
        ids = await shops.shops(size)
        async with shops.transaction() as here, counted(here) as statements:
            outcome = await service.preview(shops.scope, settings.keyring, Kind.WINDOW, terms, ids, NOW)
        assert len(outcome.done) == size
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_whoever_has_the_shop_hears_of_its_new_days_once_and_only_after_the_half_minute(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    held = await shops.shop("ASSIGNED", **WHOLE, public_ref="MINE-1")
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", held, moment(-5))
    await do(scheduler, moving(held, await shops.shop(**WHOLE), by_days="4"))
    await service.tell(settings, NOW + timedelta(seconds=29))
    assert await mails(settings, shops.affiliate_id, Tale.MOVED) == []
    for _ in range(2):
        await service.tell(settings, NOW + timedelta(seconds=31))
    (mail,) = await mails(settings, shops.affiliate_id, Tale.MOVED)
    told_at = "SELECT carried_out_at FROM ops.bulk_action WHERE affiliate_id = $1"  # nobody opens the act again
    assert await shops.owner.fetchval(told_at, shops.affiliate_id) == NOW + timedelta(seconds=31)
    assert mail.subject == "Your shop has moved to other days"
    assert "MINE-1" in mail.text


@pytest.mark.parametrize("kind", ["window", "plan"])
async def test_nobody_hears_of_days_that_were_put_back_in_time(
    scheduler: Browser, shops: ShopWorld, settings: Settings, kind: str
) -> None:
    held = await shops.shop("ASSIGNED", **WHOLE)
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", held, moment(-5))
    terms = {"window": {"by_days": "4"}, "plan": {"day": (TODAY + 3 * DAY).isoformat()}}[kind]
    result = await do(scheduler, moving(held, **terms) | {"kind": kind})
    await scheduler.post(f"{result}/undo")
    await service.tell(settings, NOW + timedelta(minutes=2))
    assert await mails(settings, shops.affiliate_id, Tale.MOVED) == []


async def test_whoever_is_given_another_day_hears_of_it(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    held = await shops.shop("ASSIGNED", **WHOLE)
    await shops.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", held, moment(-5))
    await do(scheduler, {"kind": "plan", "day": (TODAY + 3 * DAY).isoformat(), "ids": str(held)})
    await service.tell(settings, NOW + timedelta(minutes=2))
    assert len(await mails(settings, shops.affiliate_id, Tale.MOVED)) == 1
