"""Reports that leave by themselves after a delay; and many at once, after a look at what would leave."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.media import media_of
from survey.releases import service
from survey.settings import Settings
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, HoldReason, Move
from tests.conftest import NOW, World
from tests.outbox import Mail, mails
from tests.shop_world import ShopWorld, insert, moment, shop_world
from tests.survey.releases.shops import BAD, VISIT, Approved, approved, seal_text, tell
from tests.survey.releases.viewers import manager_with_key, viewer_with_key
from tests.web_client import Browser, Site

EDITOR = UUID("00000000-0000-4000-8000-0000000ed170")


@pytest.fixture
async def there(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """alice's client whose reports leave two hours after their approval."""
    made = await shop_world(superuser, settings, world.alices.affiliate_id, VISIT)
    await tell(made, release_hours=2)
    # What earlier tests left would be due in these, too.
    await superuser.execute("DELETE FROM field.shop_timer WHERE kind = 'release'")
    return made


async def approve(there: ShopWorld, **columns: Any) -> Approved:
    """A report that an editor has just approved."""
    one = await approved(there, "IN_REVIEW", **columns)
    review = {
        "report_id": one.report_id, "affiliate_id": there.affiliate_id, "shop_id": one.shop_id, "decision": "approved",
        "decided_by": EDITOR, "decided_at": NOW,
    }  # fmt: skip
    await insert(there.owner, "field.review", review)
    async with there.transaction():
        await visits.fire(there.scope, one.shop_id, Move(Event.APPROVE, Actor.EDITOR, NOW))
    return one


async def tick(there: ShopWorld, hours: float) -> int:
    """The worker's job, so long after the approval."""
    return await service.release_due(there.settings, media_of(there.settings), moment(hours=hours))


async def timers_of(one: Approved) -> list[str]:
    """Timers of a shop."""
    rows = await one.there.owner.fetch("SELECT kind FROM field.shop_timer WHERE shop_id = $1", one.shop_id)
    return [row["kind"] for row in rows]


async def states(*all_of: Approved) -> list[str]:
    """Where shops stand."""
    return [await one.there.state_of(one.shop_id) for one in all_of]


async def test_a_campaign_that_does_not_say_so_lets_nothing_leave_by_itself(there: ShopWorld) -> None:
    await there.configure(release_hours=None)
    one = await approve(there)
    assert await tick(there, 1000) == 0
    assert (await states(one), await timers_of(one)) == (["APPROVED"], [])


async def test_nothing_leaves_before_its_time(there: ShopWorld) -> None:
    one = await approve(there)
    assert await tick(there, 1.9) == 0
    assert await states(one) == ["APPROVED"]


async def test_a_report_leaves_under_the_name_of_the_editor_who_approved_it(there: ShopWorld) -> None:
    one = await approve(there)
    assert await tick(there, 2) == 1
    assert (await states(one), await timers_of(one)) == (["RELEASED"], ["appeal_window_over"])
    [left] = [event for event in await there.events(one.shop_id) if event["action"] == "shop.release"]
    assert (left["actor_id"], '"is_timed": true' in left["detail"]) == (EDITOR, True)


async def test_late_twice_and_in_two_workers_at_once_it_is_one_release(there: ShopWorld) -> None:
    one = await approve(there)
    counts = await asyncio.gather(tick(there, 500), tick(there, 500))
    assert sorted(counts) == [0, 1]
    assert await tick(there, 501) == 0
    count = "SELECT count(*) FROM release.shop_report WHERE shop_id = $1"
    assert await there.owner.fetchval(count, one.shop_id) == 1


async def test_a_report_on_hold_waits_and_gets_its_time_back(there: ShopWorld) -> None:
    one = await approve(there)
    async with there.transaction():
        await visits.hold(there.scope, one.shop_id, HoldReason.REPORT_IN_DOUBT, moment(hours=1))
    assert await tick(there, 5) == 0
    async with there.transaction():
        await visits.lift_hold(there.scope, one.shop_id, moment(hours=5))
    assert (await tick(there, 5.9), await tick(there, 6)) == (0, 1)


async def test_what_would_tell_who_made_the_visit_stays_and_is_not_tried_again(there: ShopWorld) -> None:
    one, other = await approve(there), await approve(there)
    await seal_text(there, one.report_id, "greeted-comment", "I am Quillfeather, as you know.")
    assert await tick(there, 2) == 1
    assert (await states(one, other), await timers_of(one)) == (["APPROVED", "RELEASED"], [])
    [stayed] = [event for event in await there.events(one.shop_id) if event["action"] == "shop_report.stayed"]
    assert (stayed["actor_kind"], "Quillfeather" in stayed["detail"]) == ("system", False)


async def told_of_staying(there: ShopWorld) -> list[Mail]:
    """Mail that a report did not leave by itself."""
    return await mails(there.settings, there.affiliate_id, service.STAYED_KIND, moment(hours=2))


async def test_whoever_approved_it_hears_once_that_a_report_stayed_and_nothing_of_it(there: ShopWorld) -> None:
    one, editor_id = await approve(there), await manager_with_key(there.owner, there.settings, there.affiliate_id)
    colleague = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    await there.owner.execute("UPDATE field.review SET decided_by = $2 WHERE shop_id = $1", one.shop_id, editor_id)
    await seal_text(there, one.report_id, "greeted-comment", "My server Anna was kind.")
    assert (await tick(there, 2), await tick(there, 3)) == (0, 0)
    [told] = await told_of_staying(there)
    assert (told.recipient_id, told.subject) == (editor_id, "A report could not leave by itself")
    assert f"/releases/{one.shop_id}" in told.text
    assert not [word for word in ("Anna", "Riverside", one.public_ref) if word in told.text]
    assert colleague != editor_id


async def test_managers_hear_of_it_where_that_editor_works_for_other_clients_now(there: ShopWorld) -> None:
    one, editor_id = await approve(there), await manager_with_key(there.owner, there.settings, there.affiliate_id)
    manager = await manager_with_key(there.owner, there.settings, there.affiliate_id)
    await there.owner.execute("UPDATE field.review SET decided_by = $2 WHERE shop_id = $1", one.shop_id, editor_id)
    await there.owner.execute("UPDATE identity.account SET is_limited = true WHERE id = $1", editor_id)
    await seal_text(there, one.report_id, "greeted-comment", "My server Anna was kind.")
    await tick(there, 2)
    told = {each.recipient_id for each in await told_of_staying(there)}
    assert (editor_id in told, manager in told) == (False, True)


async def test_managers_hear_of_it_where_that_editor_is_gone(there: ShopWorld) -> None:
    one, manager = await approve(there), await manager_with_key(there.owner, there.settings, there.affiliate_id)
    await seal_text(there, one.report_id, "greeted-comment", "My server Anna was kind.")
    await tick(there, 2)
    assert manager in [each.recipient_id for each in await told_of_staying(there)]


async def test_the_list_says_which_report_does_not_leave_by_itself(site: Site, there: ShopWorld) -> None:
    one, editor = await approve(there), await site.signed_in(there.affiliate_id, "editor")
    assert "Does not leave by itself" not in (await editor.get("/releases")).text
    await seal_text(there, one.report_id, "greeted-comment", "My server Anna was kind.")
    await tick(there, 2)
    assert "Does not leave by itself" in (await editor.get("/releases")).text
    assert "not decided. Reopen it in review" in (await editor.get(f"/releases/{one.shop_id}")).text


async def test_a_report_that_was_reopened_does_not_leave(there: ShopWorld) -> None:
    one = await approve(there)
    async with there.transaction():
        await visits.fire(there.scope, one.shop_id, Move(Event.REOPEN, Actor.EDITOR, moment(hours=1)))
    assert (await tick(there, 9), await states(one)) == (0, ["IN_REVIEW"])


async def test_a_report_that_was_recalled_is_released_again_by_people_alone(there: ShopWorld) -> None:
    one = await approve(there)
    await tick(there, 2)
    async with there.transaction():
        await service.recall_shop(there.scope, one.shop_id, "client_asked", moment(hours=3))
    assert (await tick(there, 99), await states(one)) == (0, ["APPROVED"])


async def test_a_campaign_that_has_thought_better_of_it_keeps_what_was_due(there: ShopWorld) -> None:
    one = await approve(there)
    await there.configure(release_hours=None)
    assert (await tick(there, 9), await states(one), await timers_of(one)) == (0, ["APPROVED"], [])


async def test_the_clock_of_visits_leaves_releases_alone(there: ShopWorld) -> None:
    one = await approve(there)
    await visits.fire_timers(moment(hours=9))
    assert (await states(one), await timers_of(one)) == (["APPROVED"], ["release"])


async def test_a_failed_visit_alerts_the_clients_people_as_ever(there: ShopWorld) -> None:
    viewer_id = await viewer_with_key(there, there.root_id)
    await approve(there, coded=BAD)
    await tick(there, 2)
    found = "SELECT count(*) FROM ops.delivery WHERE recipient_id = $1 AND kind = $2"
    assert await there.owner.fetchval(found, viewer_id, service.ALERT_KIND) == 1


async def test_the_list_says_when_a_report_leaves(site: Site, there: ShopWorld) -> None:
    one = await approve(there)
    editor = await site.signed_in(there.affiliate_id, "editor")
    assert "leaves by itself on" in (await editor.get("/releases")).text
    assert "It leaves by itself on" in (await editor.get(f"/releases/{one.shop_id}")).text


@pytest.fixture
async def editor(site: Site, there: ShopWorld) -> Browser:
    """Somebody who releases."""
    return await site.signed_in(there.affiliate_id, "editor")


async def test_another_affiliates_reports_are_not_previewed(site: Site, there: ShopWorld, world: World) -> None:
    one = await approve(there)
    stranger = await site.signed_in(world.charlies.affiliate_id, "editor")
    assert (await stranger.post("/releases/preview", {"ids": str(one.shop_id)})).status_code == 404


async def test_a_preview_says_of_each_what_would_become_of_it_and_lets_nothing_leave(
    there: ShopWorld, editor: Browser
) -> None:
    good, failed, telling, held = [await approve(there, coded=coded) for coded in (None, BAD, None, None)]
    await seal_text(there, telling.report_id, "greeted-comment", "I am Quillfeather, as you know.")
    await there.owner.execute("UPDATE field.shop SET is_on_hold = true WHERE id = $1", held.shop_id)
    page = (
        await editor.post("/releases/preview", {"ids": [str(one.shop_id) for one in (good, failed, telling, held)]})
    ).text
    assert ("Release 2 reports" in page, "2 reports stay here" in page) == (True, True)
    assert ("it would tell who made the visit" in page, "it is on hold" in page) == (True, True)
    assert ("people are alerted" in page, "Quillfeather" in page) == (True, False)
    assert await states(good, failed, telling, held) == ["APPROVED"] * 4


async def test_what_was_previewed_leaves_and_the_rest_stays(there: ShopWorld, editor: Browser) -> None:
    good, telling = await approve(there), await approve(there)
    await seal_text(there, telling.report_id, "greeted-comment", "I am Quillfeather, as you know.")
    for _ in range(2):
        await editor.post("/releases", {"ids": [str(good.shop_id), str(telling.shop_id)]})
    assert await states(good, telling) == ["RELEASED", "APPROVED"]


async def test_a_preview_of_nothing_asks_for_a_choice(editor: Browser) -> None:
    assert (await editor.post("/releases/preview")).headers["location"] == "/releases"


async def test_a_preview_of_a_shop_that_is_not_there_is_not_found(editor: Browser) -> None:
    assert (await editor.post("/releases/preview", {"ids": str(uuid4())})).status_code == 404
