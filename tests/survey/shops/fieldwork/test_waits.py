"""Times of the day and amounts in a report: typed as people type them, compared before it is handed in."""

import json
from dataclasses import replace

import asyncpg
import pytest

from survey.questionnaires.domain import Definition, Item, Kind, Section
from survey.settings import Settings
from tests.conftest import World
from tests.shop_world import shop_world
from tests.web_client import Site

from .conftest import Visit, visit_by, words_of

ASKED = Definition(
    "Visit",
    sections=(
        Section(
            "s",
            "Service",
            items=(
                Item("joined", Kind.TIME, "When did you join the queue?", is_required=True),
                Item("served", Kind.TIME, "When were you served?", is_required=True),
                Item("paid", Kind.MONEY, "What did you pay?", maximum=50),
            ),
        ),
    ),
)
SCORING = {"items": {"served": {"points": 5}}, "timings": [["joined", "served", 300]]}


@pytest.fixture
async def timed(world: World, superuser: asyncpg.Connection, settings: Settings, site: Site) -> Visit:
    """A visit whose report asks for times and an amount."""
    there = await shop_world(superuser, settings, world.alices.affiliate_id, ASKED)
    await there.configure(scoring=SCORING)
    visit = await visit_by(there, site, currency="GBP")
    await visit.start()
    return replace(visit, definition=ASKED)


async def test_what_is_no_time_or_amount_is_said_at_once_and_the_rest_is_kept(timed: Visit) -> None:
    answer = await timed.answer(1, joined="later", served="8:20 am", paid="51")
    assert answer.status_code == 422
    assert "Enter a time of the day, like 07:52 or 7:52 pm" in answer.text
    assert "Enter an amount like 6.95, 50 or less" in answer.text
    assert json.loads((await timed.report())["coded"]) == {"served": "08:20"}


async def test_times_and_amounts_are_kept_and_shown_as_they_were_typed(timed: Visit) -> None:
    shown = (await timed.get("1")).text
    assert 'name="joined" type="time"' in shown
    assert '<span class="affix">GBP</span>' in shown
    assert (await timed.answer(1, joined="8.12", served="8:15 am", paid="6,95")).status_code == 303
    assert json.loads((await timed.report())["coded"]) == {"joined": "08:12", "served": "08:15", "paid": 695}
    again = (await timed.get("1")).text
    for value in ("08:12", "08:15", "6.95"):
        assert f'value="{value}"' in again
    assert "GBP 6.95" in words_of(await timed.get("check"))


async def test_an_end_before_its_start_is_not_handed_in(timed: Visit) -> None:
    await timed.answer(1, joined="08:15", served="08:12", paid="")
    await timed.times(time_in="8:10 am", time_out="8.25")
    await timed.picture()
    refused = await timed.hand_in()
    assert refused.status_code == 422
    assert "“When were you served?” comes before “When did you join the queue?”: check both" in words_of(refused)
    await timed.answer(1, joined="08:12", served="08:15", paid="")
    assert (await timed.hand_in()).status_code == 303
