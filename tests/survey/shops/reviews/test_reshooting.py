"""A rejected visit is made anew: once, while its window has room, and by a scheduler's hand where it has none."""

from datetime import timedelta
from uuid import UUID

import pytest

from survey.shops.campaigns import service
from survey.shops.campaigns.domain import Days, NotReshot
from tests.conftest import NOW
from tests.survey.shops.reviews.conftest import TOLD, Desk, reported
from tests.web_client import Site

DAY = timedelta(days=1)
VISIT = (
    "client_id", "campaign_id", "wave_id", "location_id", "scenario_id", "daypart", "window_end", "fee_cents",
    "bonus_cents", "reimbursement_cap_cents", "currency",
)  # fmt: skip


async def new_of(desk: Desk, shop_id: UUID | None = None) -> list[UUID]:
    """The shops in the place of one."""
    rows = await desk.there.owner.fetch(
        "SELECT shop_id FROM field.reshoot WHERE origin_id = $1", shop_id or desk.shop_id
    )
    return [row["shop_id"] for row in rows]


async def rejected(desk: Desk) -> None:
    """The desk's report, rejected."""
    await desk.pick_up()
    await desk.do("reject", reason="no_proof", words=TOLD)
    assert await desk.there.state_of(desk.shop_id) == "REJECTED"


async def window(desk: Desk, ends_in: timedelta) -> None:
    """Another end of the desk's window."""
    await desk.there.owner.execute("UPDATE field.shop SET window_end = $2 WHERE id = $1", desk.shop_id, NOW + ends_in)


async def test_a_window_without_room_opens_no_other_shop(desk: Desk) -> None:
    await window(desk, timedelta(hours=23))
    await rejected(desk)
    assert await new_of(desk) == []
    assert "A scheduler can do that" in await desk.page()


@pytest.mark.parametrize(
    "closing",
    [
        "UPDATE field.campaign SET status = 'closed' WHERE id = (SELECT campaign_id FROM field.shop WHERE id = $1)",
        "UPDATE field.location SET status = 'temporarily_closed'"
        " WHERE id = (SELECT location_id FROM field.shop WHERE id = $1)",
    ],
)
async def test_neither_a_closed_campaign_nor_a_closed_place_is_visited_anew(desk: Desk, closing: str) -> None:
    await desk.there.owner.execute(closing, desk.shop_id)
    await rejected(desk)
    assert await new_of(desk) == []


async def test_a_rejection_opens_a_shop_like_the_one_that_was_rejected(desk: Desk) -> None:
    await desk.there.owner.execute("UPDATE field.shop SET bonus_cents = 300 WHERE id = $1", desk.shop_id)
    await rejected(desk)
    [new_id] = await new_of(desk)
    old, new = await desk.there.row(desk.shop_id), await desk.there.row(new_id)
    assert [new[name] for name in VISIT] == [old[name] for name in VISIT]
    assert (new["state"], new["planned_on"], new["score_percent"], new["unassign_count"]) == ("OPEN", None, None, 0)
    assert (new["window_start"], new["public_ref"] == old["public_ref"]) == (NOW, False)
    timers = await desk.there.owner.fetch("SELECT kind, due_at FROM field.shop_timer WHERE shop_id = $1", new_id)
    assert [tuple(timer) for timer in timers] == [("window_ended", old["window_end"])]


async def test_both_shops_say_in_the_ledger_how_they_hang_together(desk: Desk) -> None:
    await rejected(desk)
    [new_id] = await new_of(desk)
    [made] = await desk.there.events(new_id)
    assert (made["action"], str(desk.shop_id) in made["detail"]) == ("shop.reshoot", True)
    assert "shop.made_anew" in [event["action"] for event in await desk.there.events(desk.shop_id)]


async def test_a_visit_is_made_anew_once(desk: Desk) -> None:
    await rejected(desk)
    async with desk.transaction():
        again = await service.reshoot_if_room(desk.there.scope, desk.shop_id, NOW)
    assert await new_of(desk) == [again]


async def test_fraud_that_is_only_proposed_opens_nothing(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("reject", reason="fraud", words=TOLD)
    assert await new_of(desk) == []


async def test_an_exclusion_opens_another_shop_only_where_that_is_ticked(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("exclude", reason="our_mistake", words=TOLD)
    assert await new_of(desk) == []
    other, _ = await reported(desk.there, desk.shopper)
    await desk.editor.post(f"/reviews/{other}/pick-up")
    await desk.editor.post(f"/reviews/{other}/exclude", {"reason": "our_mistake", "words": TOLD, "reshoot": "yes"})
    assert len(await new_of(desk, other)) == 1


async def test_an_overturned_rejection_takes_back_a_shop_that_nobody_has(site: Site, desk: Desk) -> None:
    await rejected(desk)
    [new_id] = await new_of(desk)
    await overturned(site, desk)
    assert await desk.there.state_of(new_id) == "CANCELLED"
    assert await new_of(desk) == []


async def test_an_overturned_rejection_leaves_a_shop_to_whoever_has_it(site: Site, desk: Desk) -> None:
    await rejected(desk)
    [new_id] = await new_of(desk)
    await desk.there.owner.execute("UPDATE field.shop SET state = 'ASSIGNED' WHERE id = $1", new_id)
    await desk.there.assignment(new_id, await desk.there.shopper("Noor Vale"))
    await overturned(site, desk)
    assert (await desk.there.state_of(new_id), await new_of(desk)) == ("ASSIGNED", [new_id])


async def overturned(site: Site, desk: Desk) -> None:
    """The shopper was right."""
    shopper = await desk.there.signed_in(site, desk.shopper)
    await shopper.post(f"/shopper/shops/{desk.shop_id}/contest", {"words": "It is in the second picture."})
    manager = await site.signed_in(desk.there.affiliate_id, "manager")
    await manager.post(f"{desk.base}/contest", {"decision": "uphold", "answer": ""})
    assert await desk.there.state_of(desk.shop_id) == "IN_REVIEW"


async def test_a_scheduler_opens_a_shop_with_a_new_window(site: Site, desk: Desk) -> None:
    await window(desk, timedelta(hours=1))
    await rejected(desk)
    scheduler = await site.signed_in(desk.there.affiliate_id, "scheduler")
    assert "Have the visit made anew" in (await scheduler.get(f"/shops/{desk.shop_id}")).text
    first, last = NOW.date() + 2 * DAY, NOW.date() + 4 * DAY
    answer = await scheduler.post(f"/shops/{desk.shop_id}/reshoot", {"first": str(first), "last": str(last)})
    [new_id] = await new_of(desk)
    assert answer.headers["location"] == f"/shops/{new_id}"
    row = await desk.there.row(new_id)
    assert (row["state"], row["window_start"].date(), row["window_end"] - row["window_start"]) == (
        "OPEN", first, 3 * DAY,
    )  # fmt: skip
    assert "In the place of" in (await scheduler.get(f"/shops/{new_id}")).text


async def test_an_editor_does_not_open_shops_by_hand(desk: Desk) -> None:
    await window(desk, timedelta(hours=1))
    await rejected(desk)
    answer = await desk.editor.post(f"/shops/{desk.shop_id}/reshoot", {"first": "2027-01-01", "last": "2027-01-02"})
    assert (answer.status_code in (403, 404), await new_of(desk)) == (True, [])


@pytest.mark.parametrize(("first", "last"), [(1, -1), (-9, -2), (0, 200)])
async def test_a_window_that_cannot_be_is_refused(desk: Desk, first: int, last: int) -> None:
    await window(desk, timedelta(hours=1))
    await rejected(desk)
    days = Days(NOW.date() + first * DAY, NOW.date() + last * DAY)
    async with desk.transaction():
        with pytest.raises(NotReshot):
            await service.reshoot(desk.there.scope, desk.shop_id, days, NOW)


@pytest.mark.parametrize(
    "fields", [{}, {"first": "soon", "last": "later"}, {"first": "2026-01-01", "last": "2026-01-02"}]
)
async def test_days_that_cannot_be_are_said_on_the_page(site: Site, desk: Desk, fields: dict[str, str]) -> None:
    await window(desk, timedelta(hours=1))
    await rejected(desk)
    scheduler = await site.signed_in(desk.there.affiliate_id, "scheduler")
    assert (await scheduler.post(f"/shops/{desk.shop_id}/reshoot", fields)).status_code == 422


async def test_a_report_that_stands_is_not_made_anew(desk: Desk) -> None:
    async with desk.transaction():
        with pytest.raises(NotReshot):
            await service.reshoot(desk.there.scope, desk.shop_id, Days(NOW.date(), NOW.date() + DAY), NOW)
