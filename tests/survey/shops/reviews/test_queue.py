"""The editors' queue: who may see it, what stands in it, and that one report is in one pair of hands."""

import asyncio
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.db import Role, transaction
from survey.shops.reviews import queries, service
from survey.shops.reviews.domain import QueueFilter
from survey.shops.reviews.routes import ROUTES
from survey.shops.visits import service as visits
from survey.shops.visits.domain import HoldReason
from tests.conftest import NOW, World
from tests.survey.shops.reviews.conftest import PLAIN, STORY, Desk, reported, with_address
from tests.web_client import Site

PLACE = re.compile(r"\{(\w+):\w+\}")


@pytest.mark.parametrize("role", ["scheduler", "payroll"])
async def test_schedulers_and_payroll_do_not_read_reports(site: Site, desk: Desk, role: str) -> None:
    other = await site.signed_in(desk.there.affiliate_id, role)
    assert (await other.get("/reviews")).status_code == 403
    assert (await other.get(desk.base)).status_code == 403
    assert (await other.post(f"{desk.base}/pick-up")).status_code == 403


async def test_another_affiliates_report_is_not_found_on_any_address(site: Site, desk: Desk, world: World) -> None:
    picture_id = await desk.picture()
    stranger = await site.signed_in(world.charlies.affiliate_id, "editor")
    others = dict.fromkeys(("picture_id", "note_id", "recording_id"), str(picture_id))
    ids = others | {"shop_id": str(desk.shop_id), "name": "clean"}
    answers = []
    for handler in ROUTES:
        path = next(iter(handler.paths))
        if not path.startswith("/reviews/{shop_id"):
            continue
        url = PLACE.sub(lambda found: ids[found[1]], path)
        method = stranger.get if "GET" in handler.http_methods else stranger.post
        answers.append((path, (await method(url)).status_code))
    assert [each for each in answers if each[1] != 404] == []
    assert len(answers) > 20
    assert str(desk.shop_id) not in (await stranger.get("/reviews")).text


async def test_the_queue_shows_what_waits_without_saying_who_wrote_it(desk: Desk) -> None:
    page = (await desk.editor.get("/reviews")).text
    assert (await desk.there.row(desk.shop_id))["public_ref"] in page
    assert "Robin" not in page
    assert "Anna" not in page


async def test_the_queue_is_narrowed_by_its_address(desk: Desk) -> None:
    ref = (await desk.there.row(desk.shop_id))["public_ref"]
    shown = {
        query: ref in (await desk.editor.get(f"/reviews?{query}")).text
        for query in (
            "state=SUBMITTED", "state=APPROVED", f"client={desk.there.client_id}", f"campaign={desk.shop_id}",
            "flag=same_text", "mine=yes", "state=nonsense&client=nonsense",
        )
    }  # fmt: skip
    assert [query for query, is_shown in shown.items() if is_shown] == [
        "state=SUBMITTED", f"client={desk.there.client_id}", "state=nonsense&client=nonsense",
    ]  # fmt: skip


async def test_what_has_waited_longest_comes_first_and_pages_by_key(desk: Desk) -> None:
    later, _ = await reported(desk.there, desk.shopper)
    await desk.there.owner.execute(
        "UPDATE field.report SET submitted_at = $2 WHERE shop_id = $1", later, NOW + timedelta(hours=1)
    )
    refs = [(await desk.there.row(shop))["public_ref"] for shop in (desk.shop_id, later)]
    page = (await desk.editor.get("/reviews")).text
    assert page.index(refs[0]) < page.index(refs[1])


async def lateness(site: Site, desk: Desk, days: float) -> tuple[bool, bool, int]:
    """After so many days: whether the queue and the report's own page say late, and how many reports are."""
    site.clock.now = now = NOW + timedelta(days=days)
    await desk.there.owner.execute("UPDATE ops.session SET expires_at = $1", now + timedelta(days=1))
    editor = await site.signed_in(desk.there.affiliate_id, "editor")
    pages = [(await editor.get(url)).text for url in ("/reviews", desk.base)]
    async with desk.transaction():
        counts = await queries.counts_of(desk.there.scope, QueueFilter(), now)
    return ">Late<" in pages[0], ">Late<" in pages[1], counts.late


async def test_a_report_is_late_without_the_time_that_holds_took(site: Site, desk: Desk) -> None:
    assert await lateness(site, desk, 1.9) == (False, False, 0)
    assert await lateness(site, desk, 2.1) == (True, True, 1)
    async with desk.transaction():
        await visits.hold(desk.there.scope, desk.shop_id, HoldReason.LEGAL, NOW + timedelta(days=1))
    assert await lateness(site, desk, 9) == (False, False, 0)
    async with desk.transaction():
        await visits.lift_hold(desk.there.scope, desk.shop_id, NOW + timedelta(days=11))
    assert await lateness(site, desk, 11.9) == (False, False, 0)
    assert await lateness(site, desk, 12.1) == (True, True, 1)


async def test_an_editor_picks_a_report_up_once_however_often_they_click(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("pick-up")
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["editor_id"]) == ("IN_REVIEW", desk.editor.account_id)
    events = [event["action"] for event in await desk.there.events(desk.shop_id)]
    assert events == ["shop.pick_up"]


async def test_picking_up_records_that_the_shoppers_name_is_compared(desk: Desk) -> None:
    await desk.pick_up()
    [event] = await desk.there.events(desk.shopper.id)
    assert (event["action"], event["subject_id"]) == ("shopper.compare", desk.shopper.id)
    assert event["purpose"] == "keep the shopper’s own name out of the report"


async def test_of_two_editors_one_gets_the_report(site: Site, desk: Desk) -> None:
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    await asyncio.gather(desk.do("pick-up"), second.post(f"{desk.base}/pick-up"))
    events = await desk.there.events(desk.shop_id)
    assert [event["action"] for event in events] == ["shop.pick_up"]


async def test_who_does_not_hold_a_report_cannot_write_in_it(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    await second.post(f"{desk.base}/notes", {"question": "", "note": "Look again"})
    assert (await desk.opened()).notes == []
    assert "Somebody else has this report" in (await second.get(desk.base)).text


async def test_a_colleague_takes_a_report_over_and_the_first_can_no_longer_write(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    second = await site.signed_in(desk.there.affiliate_id, "manager")
    await second.post(f"{desk.base}/take-over")
    await desk.do("notes", question="", note="Look again")
    assert (await desk.there.row(desk.shop_id))["editor_id"] == second.account_id
    assert (await desk.opened()).notes == []
    assert [event["action"] for event in await desk.there.events(desk.report_id)] == ["review.take_over"]


async def test_a_report_that_is_put_back_waits_again(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("drop")
    await desk.do("drop")
    row = await desk.there.row(desk.shop_id)
    assert (row["state"], row["editor_id"]) == ("SUBMITTED", None)


async def waits_since(desk: Desk, **ago: float) -> UUID:
    """Another report that waits, handed in so long ago: its shop."""
    shop_id, report_id = await reported(desk.there, desk.shopper, PLAIN)
    await desk.there.owner.execute(
        "UPDATE field.report SET submitted_at = $2 WHERE id = $1", report_id, NOW - timedelta(**ago)
    )
    return shop_id


async def test_after_a_decision_the_report_that_waits_longest_is_one_click_away(desk: Desk) -> None:
    newer, older, held = [await waits_since(desk, hours=hours) for hours in (1, 3, 5)]
    async with desk.transaction():
        await visits.hold(desk.there.scope, held, HoldReason.LEGAL, NOW)
    await desk.pick_up()
    assert "Pick up the next report" not in await desk.page()
    await desk.do("notes", question="", note="Say more.")
    await desk.do("return")
    page = await desk.page()
    assert f'action="/reviews/{older}/pick-up"' in page
    assert not [
        each
        for each in (newer, held, desk.shop_id)
        if f'action="/reviews/{each}/pick-up"' in page[: page.index("<main")]
    ]


async def test_where_nothing_waits_no_next_report_is_offered(desk: Desk) -> None:
    await desk.pick_up()
    await desk.do("notes", question="", note="Say more.")
    await desk.do("return")
    assert "Pick up the next report" not in await desk.page()


async def test_another_affiliates_report_is_never_the_next(desk: Desk, world: World) -> None:
    await waits_since(desk, hours=1)
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        assert await queries.find_next_waiting(world.charlies, uuid4()) is None


async def test_a_wrong_state_says_what_to_do(desk: Desk) -> None:
    await desk.do("return")
    assert "Pick it up first" in await desk.page()


async def test_nobody_reads_the_report_of_their_own_visit(desk: Desk) -> None:
    assert desk.editor.account_id
    await with_address(desk.there, desk.editor.account_id, desk.address.upper())
    await desk.do("pick-up")
    assert await desk.there.state_of(desk.shop_id) == "SUBMITTED"
    assert "This visit is your own" in await desk.page()


async def test_somebody_with_another_address_reads_it(desk: Desk) -> None:
    assert desk.editor.account_id
    await with_address(desk.there, desk.editor.account_id, "dana@office.test")
    await desk.pick_up()


async def test_a_visit_that_was_made_before_the_shop_was_taken_is_flagged(desk: Desk) -> None:
    early, _ = await reported(desk.there, desk.shopper, PLAIN)
    await desk.there.owner.execute("UPDATE identity.assignment SET assigned_at = $2 WHERE shop_id = $1", early, NOW)
    assert await desk.flags(early) == ["before_taken"]
    assert "Visit before the shop was this shopper’s" in (await desk.editor.get(f"/reviews/{early}")).text


async def test_the_worker_flags_what_waits_and_a_second_telling_of_a_story(desk: Desk) -> None:
    other, other_report = await reported(desk.there, desk.shopper, STORY.upper())
    plain, _ = await reported(desk.there, desk.shopper, PLAIN)
    file = b"".join([b"\xff\xd8", bytes(100)])
    await desk.picture(content=file)
    await desk.picture(content=file, report_id=other_report)
    while await service.flag_waiting(desk.settings, NOW):
        pass
    flags = {
        row["shop_id"]: set(row["flags"])
        for row in await desk.there.owner.fetch("SELECT shop_id, flags FROM field.review")
    }
    assert flags[plain] == set()
    assert {"same_picture", "same_text"} <= flags[desk.shop_id] | flags[other]
    assert "same_picture" in flags[desk.shop_id]
    assert (await desk.editor.get("/reviews?flag=same_text")).text.count("Same words") >= 1


async def test_looking_through_twice_finds_nothing_new(desk: Desk) -> None:
    while await service.flag_waiting(desk.settings, NOW):
        pass
    assert await service.flag_waiting(desk.settings, NOW) == 0


@pytest.mark.parametrize(
    ("days", "rotation", "is_flagged"),
    [(0, {}, True), (60, {}, True), (61, {}, False), (61, {"location_days": 90}, True),
     (31, {"location_days": 30}, False)],
)  # fmt: skip
async def test_who_came_in_vain_and_comes_again_is_flagged_for_as_long_as_rotation_looks(
    desk: Desk, days: int, rotation: dict[str, int], is_flagged: bool
) -> None:
    day = NOW.date() - timedelta(days=days)
    await desk.there.shop("RELEASED", desk.shopper, planned_on=day, is_attempt=True)
    await desk.there.configure(rotation=rotation)
    assert ("in_vain_before" in await desk.flags()) is is_flagged


async def test_somebody_else_another_place_a_visit_or_a_rejected_attempt_raise_no_flag(desk: Desk) -> None:
    there, day = desk.there, NOW.date() - timedelta(days=3)
    await there.shop("RELEASED", await there.shopper(), planned_on=day, is_attempt=True)
    await there.shop("RELEASED", desk.shopper, planned_on=day, is_attempt=True, location_id=await there.location())
    await there.shop("RELEASED", desk.shopper, planned_on=day)
    await there.shop("REJECTED", desk.shopper, planned_on=day, is_attempt=True)
    assert "in_vain_before" not in await desk.flags()
