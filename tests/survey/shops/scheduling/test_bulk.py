"""Acts on many shops: chosen, previewed, done once, undone within half a minute."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.settings import Settings
from survey.shops.scheduling import service
from tests.conftest import NOW, World
from tests.shop_world import DAY, ShopWorld, moment, shop_world
from tests.web_client import Browser, Site

from .effects import do, effects, form_of, preview, send, shown, text_of

DAY_TEXT = (NOW.date() + 3 * DAY).isoformat()
PAST: dict[str, Any] = {"window_start": moment(-40), "window_end": moment(-30)}


@pytest.fixture
async def scheduler(site: Site, shops: ShopWorld) -> Browser:
    """alice's scheduler, signed in."""
    return await site.signed_in(shops.affiliate_id, "scheduler")


async def undo(browser: Browser, result: str) -> int:
    """Undo it; the answer's status."""
    return (await browser.post(f"{result}/undo")).status_code


async def standing(shops: ShopWorld, shop_id: UUID) -> str | None:
    """The state of the assignment that stands."""
    found: str | None = await shops.owner.fetchval(
        "SELECT state FROM identity.assignment WHERE shop_id = $1 AND state IN ('offered', 'held', 'done')", shop_id
    )
    return found


@pytest.mark.parametrize("path", ["/shops/bulk", "/shops/bulk/preview", "/shops/bulk/do"])
async def test_an_editor_acts_on_nothing(site: Site, shops: ShopWorld, path: str) -> None:
    editor = await site.signed_in(shops.affiliate_id, "editor")
    shop_id = await shops.shop()
    answer = await editor.post(
        path, {"kind": "hold", "reason": "legal", "ids": str(shop_id), "action_id": str(uuid4())}
    )
    assert answer.status_code in (403, 404)
    assert not (await shops.row(shop_id))["is_on_hold"]


@pytest.mark.parametrize(
    "terms",
    [{"kind": "assign", "override": "yes", "override_reason": "because"}, {"kind": "pay", "fee": "1"},
     {"kind": "hold", "reason": "legal"}, {"kind": "cancel", "reason": "twice"}, {"kind": "message", "words": "Hello"}],
)  # fmt: skip
@pytest.mark.parametrize("how", ["ids", "codes", "all"])
async def test_another_affiliates_shops_are_not_chosen_in_any_way(
    site: Site, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings,
    terms: dict[str, str], how: str,
) -> None:  # fmt: skip
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    mine = await there.shopper(display_code="S-MINE")
    foreign = await shops.shop("ASSIGNED", public_ref="AL-1")
    stranger = await site.signed_in(there.affiliate_id, "scheduler")
    fields = {**terms, "shopper": "S-MINE", how: {"ids": str(foreign), "codes": "AL-1 CK-031", "all": "1"}[how]}
    before = dict(await shops.row(foreign))
    assert form_of(await effects(stranger, fields)) == {}
    forged = {"shown": str(foreign), "left": str(foreign), "cost": "USD 100000", "action_id": str(uuid4())}
    assert text_of((await stranger.get(await send(stranger, fields | forged))).text).count("AL-1") == 0
    assert dict(await shops.row(foreign)) == before
    assert await superuser.fetchval("SELECT count(*) FROM identity.assignment WHERE shopper_id = $1", mine.id) == 0


async def test_another_affiliates_shopper_gets_nothing(
    scheduler: Browser, shops: ShopWorld, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    there = await shop_world(superuser, settings, world.charlies.affiliate_id)
    await there.shopper(display_code="S-THERE")
    shop_id = await shops.shop()
    fields = {"kind": "assign", "shopper": "S-THERE", "ids": str(shop_id)}
    assert "there is no shopper S-THERE" in await preview(scheduler, fields)
    await send(scheduler, fields | {"shown": str(shop_id), "cost": "", "action_id": str(uuid4())})
    assert await shops.state_of(shop_id) == "OPEN"


async def test_a_preview_says_what_would_happen_and_keeps_nothing(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    await shops.configure(rotation={"location_days": 60})
    await shops.visited(robin, NOW.date() - 41 * DAY)
    other = await shops.location("FREE-1")
    free, here = await shops.shop(location_id=other), await shops.shop(public_ref="SAME-PLACE")
    fields = {"kind": "assign", "shopper": "s-7f3k", "day": DAY_TEXT, "ids": [str(free), str(here)]}
    said = await preview(scheduler, fields)
    assert "1 assigned, 1 skipped: the shopper was here 41 days ago (rule: 60 days)" in said
    assert "SAME-PLACE" in said
    assert await shops.state_of(free) == "OPEN"
    assert await shops.events(free) == []


async def test_doing_it_does_what_the_preview_said_and_is_audited(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop()
    result = await do(scheduler, {"kind": "assign", "shopper": "S-7F3K", "day": DAY_TEXT, "ids": str(shop_id)})
    assert await shops.state_of(shop_id) == "ASSIGNED"
    assert [row["action"] for row in await shops.events(shop_id)] == ["shop.assign"]
    (event,) = await shops.events(UUID(result.rpartition("/")[2]))
    assert event["action"] == "bulk.assign"
    assert json.loads(event["detail"]) == {"shops": 1, "skipped": 0}
    assert robin.id == await shops.owner.fetchval(
        "SELECT shopper_id FROM identity.assignment WHERE shop_id=$1", shop_id
    )


async def test_a_form_that_is_sent_twice_acts_once(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop()
    sent = await shown(scheduler, {"kind": "offer", "shopper": "S-7F3K", "ids": str(shop_id)})
    assert await send(scheduler, sent) == await send(scheduler, sent)
    assert len(await shops.events(shop_id)) == 1


async def test_rules_are_set_aside_only_with_a_reason_which_is_kept(scheduler: Browser, shops: ShopWorld) -> None:
    robin = await shops.shopper(display_code="S-7F3K")
    await shops.configure(rotation={"location_days": 60})
    await shops.visited(robin, NOW.date() - 41 * DAY)
    shop_id = await shops.shop()
    fields = {"kind": "assign", "shopper": "S-7F3K", "ids": str(shop_id), "override": "yes"}
    assert (await scheduler.post("/shops/bulk/preview", fields)).status_code == 422
    await do(scheduler, {**fields, "override_reason": "nobody else can go"})
    (event,) = await shops.events(shop_id)
    assert json.loads(event["detail"])["is_override"] is True
    assert (
        await shops.owner.fetchval("SELECT override_reason FROM identity.assignment WHERE shop_id = $1", shop_id)
        == "nobody else can go"
    )


async def test_what_one_shop_uses_up_is_gone_for_the_next(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K", held_limit=2)
    ids = [str(await shops.shop()) for _ in range(3)]
    assert "2 assigned, 1 skipped" in await preview(scheduler, {"kind": "assign", "shopper": "S-7F3K", "ids": ids})


@pytest.mark.parametrize("kind", ["assign", "offer"])
async def test_giving_is_undone_with_its_applications_and_its_count(
    scheduler: Browser, shops: ShopWorld, kind: str
) -> None:
    await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop()
    waiting = await shops.application(shop_id, await shops.shopper())
    result = await do(scheduler, {"kind": kind, "shopper": "S-7F3K", "ids": str(shop_id)})
    assert await undo(scheduler, result) == 303
    row = await shops.row(shop_id)
    assert (row["state"], row["unassign_count"], row["planned_on"]) == ("OPEN", 0, None)
    assert await standing(shops, shop_id) is None
    assert await shops.owner.fetchval("SELECT state FROM identity.application WHERE id = $1", waiting) == "SUBMITTED"


async def test_an_undo_comes_too_late_after_half_a_minute(site: Site, scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop()
    result = await do(scheduler, {"kind": "assign", "shopper": "S-7F3K", "ids": str(shop_id)})
    site.clock.now = NOW + timedelta(seconds=31)
    assert await undo(scheduler, result) == 303
    assert "could be undone is over" in (await scheduler.get(result)).text
    assert await shops.state_of(shop_id) == "ASSIGNED"


async def test_an_undo_leaves_alone_what_has_moved_since(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K")
    first, second = await shops.shop(), await shops.shop(location_id=await shops.location("FREE-1"))
    result = await do(scheduler, {"kind": "assign", "shopper": "S-7F3K", "ids": [str(first), str(second)]})
    await shops.owner.execute("UPDATE field.shop SET state='IN_PROGRESS', revision=revision+1 WHERE id=$1", first)
    await undo(scheduler, result)
    assert (await shops.state_of(first), await shops.state_of(second)) == ("IN_PROGRESS", "OPEN")
    assert "Undone for 1 shop." in (await scheduler.get(result)).text


async def test_an_act_that_reached_nothing_has_nothing_to_undo(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shopper(display_code="S-7F3K")
    shop_id = await shops.shop()
    sent = await shown(scheduler, {"kind": "assign", "shopper": "S-7F3K", "ids": str(shop_id)})
    await shops.owner.execute("UPDATE field.shop SET state='CANCELLED', revision=revision+1 WHERE id=$1", shop_id)
    page = (await scheduler.get(await send(scheduler, sent))).text
    assert "0 assigned, 1 skipped" in page
    assert "/undo" not in page


async def test_an_act_of_another_affiliate_cannot_be_seen_or_undone(
    site: Site, scheduler: Browser, shops: ShopWorld, world: World
) -> None:
    shop_id = await shops.shop()
    result = await do(scheduler, {"kind": "hold", "reason": "legal", "ids": str(shop_id)})
    stranger = await site.signed_in(world.charlies.affiliate_id, "scheduler")
    assert (await stranger.get(result)).status_code == 404
    assert await undo(stranger, result) == 404


async def test_another_day_is_planned_and_put_back(scheduler: Browser, shops: ShopWorld) -> None:
    was = NOW.date() + 2 * DAY
    shop_id = await shops.shop("ASSIGNED", planned_on=was)
    open_one = await shops.shop()
    fields = {"kind": "plan", "day": DAY_TEXT, "ids": [str(shop_id), str(open_one)]}
    assert "1 re-dated, 1 skipped" in await preview(scheduler, fields)
    result = await do(scheduler, fields)
    assert (await shops.row(shop_id))["planned_on"].isoformat() == DAY_TEXT
    await undo(scheduler, result)
    assert (await shops.row(shop_id))["planned_on"] == was


async def test_another_day_meets_the_rules_of_whoever_has_the_shop(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(rotation={"blackout": [[DAY_TEXT, DAY_TEXT]]})
    shop_id = await shops.shop("ASSIGNED", planned_on=NOW.date() + 2 * DAY, public_ref="DARK-1")
    fields = {"kind": "plan", "day": DAY_TEXT, "ids": str(shop_id)}
    said = await preview(scheduler, fields)
    assert "0 re-dated, 1 skipped: the days that are left are blacked out" in said
    assert "DARK-1" in said
    await send(scheduler, fields | {"shown": str(shop_id), "cost": "", "action_id": str(uuid4())})
    assert (await shops.row(shop_id))["planned_on"] == NOW.date() + 2 * DAY
    assert await shops.events(shop_id) == []


async def test_many_shops_move_to_a_day_until_it_is_full_for_each_shopper(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.configure(rotation={"daily_limit": 1})
    robin, kim = await shops.shopper(), await shops.shopper()
    ids = [str(await shops.shop("ASSIGNED", who, planned_on=NOW.date() + DAY)) for who in (robin, robin, kim)]
    said = await preview(scheduler, {"kind": "plan", "day": DAY_TEXT, "ids": ids})
    assert "2 re-dated, 1 skipped: the shopper has 1 shops on the days that are left" in said


async def test_rules_are_set_aside_for_another_day_with_a_reason_and_the_undo_forgets_it(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.configure(rotation={"blackout": [[DAY_TEXT, DAY_TEXT]]})
    shop_id = await shops.shop("OFFERED", planned_on=NOW.date() + 2 * DAY)
    fields = {"kind": "plan", "day": DAY_TEXT, "ids": str(shop_id), "override": "yes"}
    assert (await scheduler.post("/shops/bulk/preview", fields)).status_code == 422
    result = await do(scheduler, fields | {"override_reason": "the client opens for us"})
    assert (await shops.row(shop_id))["planned_on"].isoformat() == DAY_TEXT
    (event,) = await shops.events(shop_id)
    assert (event["action"], json.loads(event["detail"])["is_override"]) == ("shop.plan", True)
    kept = "SELECT override_reason FROM identity.assignment WHERE shop_id = $1"
    assert await shops.owner.fetchval(kept, shop_id) == "the client opens for us"
    await undo(scheduler, result)
    assert await shops.owner.fetchval(kept, shop_id) == ""
    assert (await shops.row(shop_id))["planned_on"] == NOW.date() + 2 * DAY


async def test_pay_is_raised_for_all_and_lowered_for_nobody_who_took_it(scheduler: Browser, shops: ShopWorld) -> None:
    free, held = await shops.shop(), await shops.shop("ASSIGNED")
    fields = {"kind": "pay", "fee": "9.50", "ids": [str(free), str(held)]}
    said = await preview(scheduler, fields)
    assert "1 with new pay, 1 skipped: somebody has it for more than that" in said
    assert "-2.50" in said
    result = await do(scheduler, fields)
    assert (await shops.row(free))["fee_cents"] == 950
    assert (await shops.row(held))["fee_cents"] == 1200
    await undo(scheduler, result)
    assert (await shops.row(free))["fee_cents"] == 1200
    assert [row["action"] for row in await shops.events(free)] == ["shop.pay", "shop.pay"]


@pytest.mark.parametrize("amount", ["free", "1.234", "-1", "10001", "NaN", "1e3", "1,200"])
async def test_pay_is_an_amount(scheduler: Browser, shops: ShopWorld, amount: str) -> None:
    fields = {"kind": "pay", "fee": amount, "ids": str(await shops.shop())}
    assert (await scheduler.post("/shops/bulk/preview", fields)).status_code == 422


async def test_an_amount_is_understood_as_people_write_it(scheduler: Browser, shops: ShopWorld) -> None:
    fields = {"kind": "pay", "ids": str(await shops.shop())}
    for amount, change in (("12,50", "+0.50"), ("$20", "+8.00"), ("1,200.00", "+1,188.00")):
        assert f"USD {change} in all" in await preview(scheduler, fields | {"fee": amount})


async def test_a_hold_is_put_on_and_taken_off(scheduler: Browser, shops: ShopWorld) -> None:
    shop_id, over = await shops.shop(), await shops.shop("CLOSED")
    fields = {"kind": "hold", "reason": "legal", "ids": [str(shop_id), str(over)]}
    assert "1 on hold, 1 skipped: at its end already" in await preview(scheduler, fields)
    result = await do(scheduler, fields)
    assert (await shops.row(shop_id))["hold_reason"] == "legal"
    await undo(scheduler, result)
    assert not (await shops.row(shop_id))["is_on_hold"]


async def test_a_cancellation_takes_effect_when_its_half_minute_is_over(
    site: Site, scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    shop_id = await shops.shop("ASSIGNED")
    result = await do(scheduler, {"kind": "cancel", "reason": "twice", "ids": str(shop_id)})
    assert await shops.state_of(shop_id) == "ASSIGNED"
    await service.carry_out_waiting(settings.keyring, NOW + timedelta(seconds=29))
    assert await shops.state_of(shop_id) == "ASSIGNED"
    for _ in range(2):
        await service.carry_out_waiting(settings.keyring, NOW + timedelta(seconds=31))
    assert await shops.state_of(shop_id) == "CANCELLED"
    (event,) = await shops.events(shop_id)
    assert (event["actor_id"], json.loads(event["detail"])["reason"]) == (scheduler.account_id, "twice")
    site.clock.now = NOW + timedelta(seconds=20)
    await undo(scheduler, result)
    assert await shops.state_of(shop_id) == "CANCELLED"


async def test_a_cancellation_that_was_undone_never_happens(
    scheduler: Browser, shops: ShopWorld, settings: Settings
) -> None:
    shop_id = await shops.shop()
    assert await undo(scheduler, await do(scheduler, {"kind": "cancel", "reason": "twice", "ids": str(shop_id)})) == 303
    await service.carry_out_waiting(settings.keyring, NOW + timedelta(minutes=5))
    assert await shops.state_of(shop_id) == "OPEN"


async def test_everybody_who_has_one_of_the_shops_is_written_to_once(scheduler: Browser, shops: ShopWorld) -> None:
    robin, kim = await shops.shopper(), await shops.shopper()
    ids = [str(await shops.shop("ASSIGNED", who)) for who in (robin, robin, kim)] + [str(await shops.shop())]
    result = await do(scheduler, {"kind": "message", "words": "Doors close at six.", "ids": ids})
    rows = await shops.owner.fetch(
        "SELECT m.shopper_id, t.shop_id, m.body, t.owner_id FROM identity.message m JOIN identity.thread t"
        " ON t.id = m.thread_id WHERE m.affiliate_id = $1", shops.affiliate_id,
    )  # fmt: skip
    assert {(row["shopper_id"], row["shop_id"]) for row in rows} == {(robin.id, None), (kim.id, UUID(ids[2]))}
    assert all(row["owner_id"] == scheduler.account_id and b"Doors" not in row["body"] for row in rows)
    await undo(scheduler, result)
    assert (
        await shops.owner.fetchval("SELECT count(*) FROM identity.message WHERE affiliate_id=$1", shops.affiliate_id)
        == 0
    )


# Each kind with its terms, the state of shops that it reaches, and what is other in a row that it has reached.
KINDS = [
    ("assign", {"shopper": "S-7F3K"}, "OPEN"),
    ("offer", {"shopper": "S-7F3K"}, "OPEN"),
    ("auto_offer", {}, "OPEN"),
    ("open", {}, "DRAFT"),
    ("plan", {"day": DAY_TEXT}, "ASSIGNED"),
    ("window", {"by_days": "3"}, "OPEN"),
    ("pay", {"fee": "15"}, "OPEN"),
    ("bonus", {}, "OPEN"),
    ("message", {"words": "Hello"}, "ASSIGNED"),
    ("take_back", {"reason": "client_asked"}, "ASSIGNED"),
    ("cancel", {"reason": "twice"}, "OPEN"),
    ("hold", {"reason": "legal"}, "OPEN"),
]


@pytest.mark.parametrize("how", [{"all": "1"}, {"codes": "CK-031"}])
@pytest.mark.parametrize(("kind", "terms", "state"), KINDS, ids=[kind for kind, _, _ in KINDS])
async def test_a_shop_that_comes_to_match_after_the_effects_were_shown_is_not_reached(
    scheduler: Browser, shops: ShopWorld, settings: Settings,
    kind: str, terms: dict[str, str], state: str, how: dict[str, str],
) -> None:  # fmt: skip
    await shops.configure(bonus_ladder=[[30, 500]])
    await shops.shopper(display_code="S-7F3K")
    seen = await shops.shop(state)
    sent = await shown(scheduler, {"kind": kind} | terms | how)
    late = await shops.shop(state)
    before = dict(await shops.row(late))
    result = await send(scheduler, sent)
    await service.carry_out_waiting(settings.keyring, NOW + timedelta(seconds=31))
    acted = json.loads((await shops.events(UUID(result.rpartition("/")[2])))[0]["detail"])
    assert acted == {"shops": 1, "skipped": 0}
    assert dict(await shops.row(late)) == before
    assert await shops.events(late) == []
    assert kind == "message" or [event["action"] for event in await shops.events(seen)]


async def test_what_was_left_out_stays_left_out_and_the_result_says_so(scheduler: Browser, shops: ShopWorld) -> None:
    free, held = await shops.shop(), await shops.shop(is_on_hold=True, public_ref="HELD-1")
    sent = await shown(scheduler, {"kind": "pay", "fee": "15", "ids": [str(free), str(held)]})
    await shops.owner.execute("UPDATE field.shop SET is_on_hold = false WHERE id = $1", held)
    said = text_of((await scheduler.get(await send(scheduler, sent))).text)
    assert "1 with new pay, 1 skipped: left out when the effects were shown" in said
    assert "HELD-1" in said
    assert (await shops.row(held))["fee_cents"] == 1200


async def test_what_would_cost_more_than_was_shown_is_shown_again_and_nothing_is_done(
    site: Site, scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.configure(bonus_ladder=[[14, 200], [3, 500]])
    shop_id = await shops.shop(window_end=moment(3, hours=0.1))
    sent = await shown(scheduler, {"kind": "bonus", "all": "1"})
    site.clock.now = moment(hours=0.2)
    again = await scheduler.post("/shops/bulk/do", sent)
    assert again.status_code == 409
    assert "Something has changed since you looked" in again.text
    assert (await shops.row(shop_id))["bonus_cents"] == 0
    assert (await scheduler.get(f"/shops/bulk/{sent['action_id'][0]}")).status_code == 404
    await send(scheduler, form_of(again.text))
    assert (await shops.row(shop_id))["bonus_cents"] == 500


@pytest.mark.parametrize("how", ["ids", "codes", "all"])
async def test_nothing_is_done_before_somebody_has_looked_at_the_effects(
    scheduler: Browser, shops: ShopWorld, how: str
) -> None:
    shop_id = await shops.shop(public_ref="AL-1")
    chosen = {"ids": str(shop_id), "codes": "AL-1", "all": "1"}[how]
    fields = {"kind": "hold", "reason": "legal", how: chosen, "action_id": str(uuid4())}
    shown_first = await scheduler.post("/shops/bulk/do", fields)
    assert shown_first.status_code == 409
    assert "1 on hold." in text_of(shown_first.text)
    assert not (await shops.row(shop_id))["is_on_hold"]


async def test_two_thousand_shops_fit_into_the_form_of_the_effects(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(2000)
    sent = await shown(scheduler, {"kind": "hold", "reason": "legal", "all": "1"})
    assert "2,000 on hold." in text_of((await scheduler.get(await send(scheduler, sent))).text)


async def test_all_that_match_is_the_filter_not_the_page(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shops(120)
    await shops.shop(public_ref="SOON", window_end=moment(30))
    fields = {"kind": "hold", "reason": "legal", "all": "1", "query": "due_before=2026-12-20"}
    assert "120 on hold." in await preview(scheduler, fields)


async def test_codes_are_pasted_and_what_fits_nothing_is_said(scheduler: Browser, shops: ShopWorld) -> None:
    await shops.shop(public_ref="NL-1")
    await shops.shop(location_id=await shops.location("FAR-9"))
    page = await scheduler.post("/shops/bulk", {"kind": "hold", "codes": "nl-1, far-9\nNOPE-7"})
    said = text_of(page.text)
    assert "2 shops chosen" in said
    assert "1 code fits no shop" in said
    assert "NOPE-7" in said
    page = await scheduler.post("/shops/bulk", {"kind": "hold", "codes": "nl-1 NOPE-7 NOPE-8"})
    assert "2 codes fit no shop" in text_of(page.text)


async def test_a_places_code_means_what_is_still_in_work_there_and_says_what_it_leaves_out(
    scheduler: Browser, shops: ShopWorld
) -> None:
    for _ in range(2):
        await shops.shop("CLOSED", **PAST)
    await shops.shop("EXPIRED", **PAST, public_ref="LATE-1")
    await shops.shop(public_ref="OPEN-1")
    fields = {"kind": "hold", "reason": "legal", "codes": "CK-031"}
    said = await preview(scheduler, fields)
    assert "1 shop chosen" in said
    assert "3 shops at these places are handed in or at their end and are left out" in said
    assert "1 on hold." in said
    assert "fit no shop" not in said
    said = text_of((await scheduler.post("/shops/bulk", fields | {"codes": "CK-031 LATE-1"})).text)
    assert "2 shops chosen" in said
    said = text_of((await scheduler.post("/shops/bulk", fields | {"query": "state=CLOSED"})).text)
    assert "2 shops chosen" in said


async def test_of_more_shops_than_an_act_takes_those_in_work_come_first_and_the_rest_is_counted(
    scheduler: Browser, shops: ShopWorld
) -> None:
    await shops.shops(2003, state="CLOSED", **PAST)
    await shops.shops(2001, window_end=moment(9))
    await shops.shop(public_ref="FIRST-1", window_end=moment(1))
    sent = await shown(scheduler, {"kind": "hold", "reason": "legal", "codes": "CK-031"})
    said = text_of((await scheduler.post("/shops/bulk", {"kind": "hold", "codes": "CK-031"})).text)
    assert "2,000 shops chosen" in said
    assert "these are the ones that end first, and 2 more are left out." in said
    assert "2,003 shops at these places are handed in or at their end" in said
    await send(scheduler, sent)
    held = "SELECT count(*) FROM field.shop WHERE affiliate_id = $1 AND is_on_hold AND state = 'OPEN'"
    assert await shops.owner.fetchval(held, shops.affiliate_id) == 2000
    assert await shops.owner.fetchval("SELECT is_on_hold FROM field.shop WHERE public_ref = 'FIRST-1'")
