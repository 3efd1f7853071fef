"""Answering a survey over HTTP, as a browser without JavaScript does it."""

import asyncpg
import httpx

from tests.survey.responses.conftest import FORM, Field, encoded, fill


async def test_the_door_says_who_asks_and_changes_nothing(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    page = await browser.get(live_study.path(door))
    assert page.status_code == 200
    assert "Brightwater Coffee" in page.text
    assert await live_study.response(door) is None


async def test_a_whole_survey_can_be_answered_and_sent(
    browser: httpx.AsyncClient, live_study: Field, superuser: asyncpg.Connection
) -> None:
    door = await live_study.door()
    place = await start(browser, live_study.path(door))
    while place.rpartition("/")[2].isdigit():
        assert (await browser.get(place)).status_code == 200
        number = int(place.rpartition("/")[2])
        kept = await browser.post(place, content=encoded(fill(live_study.definition, number - 1)), headers=FORM)
        assert kept.status_code == 303, kept.text
        place = kept.headers["location"].partition("#")[0]
    assert place.endswith("/check")
    assert (await browser.get(place)).status_code == 200
    sent = await browser.post(place)
    assert sent.headers["location"] == live_study.path(door)
    receipt = (await browser.get(sent.headers["location"])).text
    assert (await live_study.response(door))["receipt"] in receipt


async def start(browser: httpx.AsyncClient, path: str) -> str:
    """Press "Start now"; returns where it leads."""
    started = await browser.post(path)
    assert started.status_code == 303, started.text
    return started.headers["location"]
