"""What a client reads of times of the day, of waits and of amounts."""

import asyncpg
import pytest

from survey.questionnaires.domain import Definition, Item, Kind, Section
from survey.settings import Settings
from tests.conftest import World
from tests.shop_world import ShopWorld, shop_world

from .shops import approved, release, snapshot

ASKED = Definition(
    "Visit",
    sections=(
        Section(
            "s",
            "Service",
            items=(
                Item("joined", Kind.TIME, "When did you join the queue?"),
                Item("served", Kind.TIME, "When were you served?"),
                Item("paid", Kind.MONEY, "What did you pay?"),
            ),
        ),
    ),
)
CODED = {"joined": "23:58", "served": "00:01", "paid": 695}
SCORING = {"items": {"served": {"points": 5}}, "timings": [["joined", "served", 300]]}


@pytest.fixture
async def timed(world: World, superuser: asyncpg.Connection, settings: Settings) -> ShopWorld:
    """A campaign that asks for times and an amount."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id, ASKED)
    await there.configure(scoring=SCORING, employee_id_mode="role")
    return there


async def answers_of(there: ShopWorld) -> dict[str, dict[str, object]]:
    """What leaves of a released report, by question."""
    one = await approved(there, coded=dict(CODED), currency="GBP")
    await release(one)
    return {answer["question_id"]: answer for answer in (await snapshot(one))["snapshot"]["answers"]}  # type: ignore[index]


@pytest.mark.parametrize("precision", ["wave", "daypart", "hour"])
async def test_a_wait_is_told_where_the_times_of_the_day_are_not(timed: ShopWorld, precision: str) -> None:
    await timed.configure(time_precision=precision)
    told = await answers_of(timed)
    assert list(told) == ["served", "paid"]
    assert (told["served"]["lines"], told["served"]["wait_seconds"]) == ([], 180)


async def test_times_of_the_day_leave_where_the_minute_does(timed: ShopWorld) -> None:
    await timed.configure(time_precision="minute")
    told = await answers_of(timed)
    assert (told["joined"]["lines"], told["served"]["lines"]) == (["23:58"], ["00:01"])


async def test_an_amount_is_told_in_the_currency_of_the_shop(timed: ShopWorld) -> None:
    assert (await answers_of(timed))["paid"]["lines"] == ["GBP 6.95"]
