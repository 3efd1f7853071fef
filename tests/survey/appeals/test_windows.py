"""Until when a client may contest: as long as the shop's own timer says, less an hour, however often it is held.

Days are the campaign's fourteen; a hold's are not counted, for whoever cannot read a report cannot contest it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.appeals import service
from survey.appeals.domain import Opening, TooLate
from survey.db import Database, NotFound, Role, Scope, Transaction, transaction
from survey.db.embedded import Cluster
from survey.db.migrations import migrate_backwards, migrate_forwards
from survey.media import media_of
from survey.releases import service as releases
from survey.settings import Settings
from survey.shops.visits import service as visits
from survey.shops.visits.domain import HoldReason
from tests.conftest import new_affiliate
from tests.shop_world import ShopWorld, moment, shop_world
from tests.survey.releases.shops import VISIT, Approved, approved, tell

MARGIN_HOURS = 1
MIGRATION = "2026-11-26T02:00:00:000039"


async def release_at(one: Approved, now: datetime) -> UUID:
    """Let a report leave at a moment."""
    there = one.there
    async with there.transaction():
        return await releases.release_shop(there.scope, there.settings, media_of(there.settings), one.shop_id, now)


async def held(one: Approved, since: datetime, until: datetime) -> None:
    """A hold, put on and lifted; the worker comes by in between and straight before the end."""
    there = one.there
    async with there.transaction():
        await visits.hold(there.scope, one.shop_id, HoldReason.CLIENT_ASKED, since)
    await visits.fire_timers(until)
    async with there.transaction():
        await visits.lift_hold(there.scope, one.shop_id, until)


def viewer(there: ShopWorld) -> Scope:
    """Somebody at the client's headquarters."""
    node = f"/{there.root_id.hex}/"
    return Scope(there.affiliate_id, uuid4(), "viewer", "viewer", client_id=there.client_id, node_path=node)


def client(there: ShopWorld) -> Transaction:
    """A transaction as their pages open it."""
    node = f"/{there.root_id.hex}/"
    return transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=node)


async def contest(there: ShopWorld, report_ref: UUID, now: datetime, question: str = "clean") -> None:
    """As somebody at the client's headquarters. Raises NotFound, TooLate."""
    async with client(there):
        await service.raise_appeal(viewer(there), report_ref, Opening(question, "other", "We had cleaned it."), now)


async def ends_at(one: Approved, report_ref: UUID, end: datetime) -> None:
    """The window is open until an hour before `end`, shut in the last hour, and then the shop closes."""
    there, margin = one.there, moment(hours=MARGIN_HOURS) - moment()
    for late in (end - margin, end - margin / 2):
        await visits.fire_timers(late)
        assert await there.state_of(one.shop_id) == "RELEASED"
        with pytest.raises(TooLate):
            await contest(there, report_ref, late)
    await contest(there, report_ref, end - margin * 1.001)
    await visits.fire_timers(end)
    assert await there.state_of(one.shop_id) == "CLOSED"
    with pytest.raises(TooLate):
        await contest(there, report_ref, end)


async def told(one: Approved) -> list[dict[str, Any]]:
    """The versions of a report and until when each could be contested, the oldest first."""
    rows = await one.there.owner.fetch(
        "SELECT version, appeal_until, is_superseded, withdrawn_at FROM release.shop_report WHERE shop_id = $1"
        " ORDER BY released_on, version, withdrawn_at",
        one.shop_id,
    )
    return [dict(row) for row in rows]


async def test_while_a_report_is_held_nobody_contests_it(there: ShopWorld) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    async with there.transaction():
        await visits.hold(there.scope, one.shop_id, HoldReason.SAFETY, moment(days=1))
    with pytest.raises(NotFound):
        await contest(there, report_ref, moment(days=2))


@pytest.mark.parametrize(
    ("holds", "days"),
    [
        ([], 14),
        ([(3, 5)], 16),  # within the window
        ([(3, 40)], 51),  # longer than the whole of it
        ([(2, 4), (9, 20)], 27),  # two of them
        ([(13.9, 200)], 200.1),  # lifted late, with the worker at it all the while
        ([(0, 1)], 15),  # from the moment of the release on
        ([(5, 5)], 14),  # put on and lifted at once
    ],
)
async def test_a_hold_gives_the_client_back_the_time_that_it_took(
    there: ShopWorld, holds: list[tuple[float, float]], days: float
) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    for since, until in holds:
        await held(one, moment(days=since), moment(days=until))
    await ends_at(one, report_ref, moment(days=days))


async def test_a_hold_before_the_release_adds_nothing(there: ShopWorld) -> None:
    one = await approved(there)
    await held(one, moment(days=-9), moment())
    await ends_at(one, await release_at(one, moment()), moment(days=14))


async def test_what_was_over_before_the_hold_stays_over_though_an_appeal_is_open(there: ShopWorld) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    await contest(there, report_ref, moment(days=13))
    await service.take_in(moment(days=13))
    await held(one, moment(days=15), moment(days=60))
    assert await there.state_of(one.shop_id) == "RELEASED"
    with pytest.raises(TooLate):
        await contest(there, report_ref, moment(days=60), "greeted")


async def test_an_open_appeal_leaves_the_rest_of_the_window_to_another_question(there: ShopWorld) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    await contest(there, report_ref, moment(days=1))
    await service.take_in(moment(days=1))
    await held(one, moment(days=13), moment(days=60))
    await contest(there, report_ref, moment(days=60.9), "greeted")
    with pytest.raises(TooLate):
        await contest(there, report_ref, moment(days=61), "story")


async def test_a_report_that_is_released_anew_has_a_window_of_its_own(there: ShopWorld) -> None:
    one = await approved(there)
    await release_at(one, moment())
    async with there.transaction():
        await releases.recall_shop(there.scope, one.shop_id, "our_mistake", moment(days=2))
    await held(one, moment(days=3), moment(days=20))
    again = await release_at(one, moment(days=30))
    await held(one, moment(days=31), moment(days=36))
    first, second = await told(one)
    margin = moment(hours=MARGIN_HOURS) - moment()
    assert first["appeal_until"] == moment(days=14) - margin
    assert second["appeal_until"] == moment(days=49) - margin
    await ends_at(one, again, moment(days=49))


async def test_the_version_before_keeps_the_moment_that_its_client_was_told(there: ShopWorld) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    async with there.transaction():
        media = media_of(there.settings)
        await releases.release_again(there.scope, there.settings, media, one.shop_id, moment(days=5))
    await held(one, moment(days=6), moment(days=9))
    margin = moment(hours=MARGIN_HOURS) - moment()
    assert [row["appeal_until"] + margin for row in await told(one)] == [moment(days=14), moment(days=22)]
    await ends_at(one, report_ref, moment(days=22))


@pytest.mark.parametrize(("state", "days"), [("OPEN", 14 + 6), ("RESOLVED", 14)])
async def test_a_plan_that_nobody_could_read_is_due_as_many_days_later(there: ShopWorld, state: str, days: int) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    async with client(there):
        await service.open_plan(viewer(there), report_ref, None, moment())
    await there.owner.execute("UPDATE release.action_plan SET state = $2 WHERE report_ref = $1", report_ref, state)
    due_on = "SELECT due_on FROM release.action_plan WHERE report_ref = $1"
    before = await there.owner.fetchval(due_on, report_ref)
    await held(one, moment(days=1), moment(days=6.5))
    assert await there.owner.fetchval(due_on, report_ref) - before == timedelta(days=days - 14)


async def test_what_is_closed_is_not_opened_by_a_timer_that_was_left_over(there: ShopWorld) -> None:
    one = await approved(there)
    report_ref = await release_at(one, moment())
    await visits.fire_timers(moment(days=14))
    assert await there.state_of(one.shop_id) == "CLOSED"
    await there.owner.execute(
        "INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at) VALUES ($1, $2, 'appeal_window_over', $3)",
        one.shop_id, there.affiliate_id, moment(days=14),
    )  # fmt: skip
    await there.owner.execute(
        "UPDATE field.shop_timer SET due_at = $2 WHERE shop_id = $1", one.shop_id, moment(days=90)
    )
    with pytest.raises(TooLate):
        await contest(there, report_ref, moment(days=14))


async def test_what_holds_took_before_windows_followed_timers_is_given_back(
    fresh_database: Database, cluster: Cluster, settings: Settings
) -> None:
    async with transaction(Role.WORKER) as here:
        name = await here.fetchval("SELECT current_database()")
    owner = await asyncpg.connect(cluster.url(name, as_superuser=True))
    there = await shop_world(owner, settings, (await new_affiliate("old")).affiliate_id, VISIT)
    await tell(there)
    one, other = await approved(there), await approved(there)
    report_ref = await release_at(one, moment())
    await release_at(other, moment())
    await migrate_backwards(fresh_database, "survey", MIGRATION)
    lifted = "UPDATE field.shop_timer SET due_at = due_at + interval '19 days' WHERE shop_id = $1"
    await owner.execute(lifted, one.shop_id)
    await migrate_forwards(fresh_database)
    await ends_at(one, report_ref, moment(days=33))
    assert [row["appeal_until"] for row in await told(other)] == [moment(days=14, hours=-MARGIN_HOURS)]
    await owner.close()
