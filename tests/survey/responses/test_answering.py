"""Answering a survey over HTTP, as a browser without JavaScript does it."""

import json

import asyncpg
import httpx

from survey.questionnaires.domain import Definition, Item, Kind, Section
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.field_study import FORM, Field, encoded, fill, make_study

ELSEWHERE = "also opened somewhere else"


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


async def answer_all(browser: httpx.AsyncClient, study: Field, path: str) -> str:
    """Answer every section; returns the last place."""
    place = await start(browser, path)
    while place.rpartition("/")[2].isdigit():
        form = fill(study.definition, int(place.rpartition("/")[2]) - 1)
        place = (await browser.post(place, content=encoded(form), headers=FORM)).headers["location"].partition("#")[0]
    return place


async def test_the_cookie_is_sent_only_on_its_own_path_and_ends_with_the_answers(
    browser: httpx.AsyncClient, live_study: Field, superuser: asyncpg.Connection
) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    given = (await browser.post(path)).headers["set-cookie"]
    assert given.endswith(f"Path={path}; Secure; HttpOnly; SameSite=Lax")
    assert "expires" not in given.lower()
    assert "max-age" not in given.lower()
    assert await superuser.fetchval("SELECT count(*) FROM ops.answer_session WHERE entry_id = $1", door) == 1
    await answer_all(browser, live_study, path)
    taken = (await browser.post(f"{path}/check")).headers["set-cookie"]
    assert taken == f"answering=; Max-Age=0; Path={path}; Secure; HttpOnly; SameSite=Lax"
    assert await superuser.fetchval("SELECT count(*) FROM ops.answer_session WHERE entry_id = $1", door) == 0


async def test_answering_works_where_cookies_are_refused(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    browser.cookies.clear()
    place = await answer_all(browser, live_study, live_study.path(door))
    browser.cookies.clear()
    assert (await browser.post(place)).status_code == 303
    assert (await live_study.response(door))["state"] == "finished"


async def test_a_missing_answer_is_asked_for_and_the_others_are_kept(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    door = await live_study.door()
    place = await start(browser, live_study.path(door))
    form = fill(live_study.definition, 0)
    required = next(item for item in live_study.definition.sections[0].items if item.is_required)
    dropped = [name for name in form if name == required.id or name.startswith(f"{required.id}-")]
    for name in dropped:
        del form[name]
    page = await browser.post(place, content=encoded(form), headers=FORM)
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert "<title>Error: " in page.text
    others = [name for name in form if name not in ("go", "shown")]
    kept = (await live_study.response(door))["coded"]
    assert any(name in kept for name in others)


async def test_a_browser_that_goes_on_is_not_taken_for_another(browser: httpx.AsyncClient, live_study: Field) -> None:
    path = live_study.path(await live_study.door())
    await start(browser, path)
    kept = browser.cookies.get("answering")
    place = await answer_all(browser, live_study, path)
    assert browser.cookies.get("answering") == kept
    assert ELSEWHERE not in (await browser.get(place)).text


async def test_a_browser_that_refuses_cookies_is_not_taken_for_two(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    place = await answer_all(browser, live_study, live_study.path(await live_study.door()))
    browser.cookies.clear()
    assert ELSEWHERE not in (await browser.get(place)).text


async def test_a_second_browser_behind_the_same_link_is_told_of(browser: httpx.AsyncClient, live_study: Field) -> None:
    path = live_study.path(await live_study.door())
    await start(browser, path)
    browser.cookies.clear()
    place = await answer_all(browser, live_study, path)
    assert ELSEWHERE in (await browser.get(place)).text


async def test_the_cookie_of_another_survey_is_not_taken_over(browser: httpx.AsyncClient, live_study: Field) -> None:
    await start(browser, live_study.path(await live_study.door()))
    foreign = browser.cookies.get("answering")
    given = await browser.post(live_study.path(await live_study.door()), headers={"cookie": f"answering={foreign}"})
    assert f"answering={foreign}" not in given.headers["set-cookie"]


async def test_the_same_link_goes_on_where_the_answers_stopped(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    place = await start(browser, path)
    await browser.post(place, content=encoded(fill(live_study.definition, 0)), headers=FORM)
    browser.cookies.clear()
    assert "Welcome back" in (await browser.get(path)).text
    assert (await start(browser, path)).endswith("/2")


async def test_going_back_keeps_what_was_typed(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    await start(browser, path)
    await browser.post(f"{path}/1", content=encoded(fill(live_study.definition, 0)), headers=FORM)
    form = fill(live_study.definition, 1) | {"go": ["back"]}
    back = await browser.post(f"{path}/2", content=encoded(form), headers=FORM)
    assert back.headers["location"] == f"{path}/1"
    stored = (await live_study.response(door))["coded"]
    assert any(item.id in stored for item in live_study.definition.sections[1].items)


async def test_a_page_sent_after_the_answers_were_sent_changes_nothing(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    place = await answer_all(browser, live_study, path)
    await browser.post(place)
    before = await live_study.response(door)
    again = await browser.post(f"{path}/1", content=encoded(fill(live_study.definition, 0)), headers=FORM)
    assert again.headers["location"] == path
    assert await live_study.response(door) == before


async def test_sending_twice_shows_the_same_receipt(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    place = await answer_all(browser, live_study, live_study.path(door))
    await browser.post(place)
    receipt = (await live_study.response(door))["receipt"]
    assert (await browser.post(place)).status_code == 303
    assert (await live_study.response(door))["receipt"] == receipt


async def test_answers_cannot_be_sent_before_they_are_complete(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    await start(browser, path)
    sent = await browser.post(f"{path}/check")
    assert "?missing" in sent.headers["location"]
    page = await browser.get(sent.headers["location"])
    assert "There is a problem" in page.text
    assert (await live_study.response(door))["state"] == "open"


async def test_starting_in_two_tabs_makes_one_response(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    await start(browser, live_study.path(door))
    first = (await live_study.response(door))["id"]
    await start(browser, live_study.path(door))
    assert (await live_study.response(door))["id"] == first


async def test_a_draft_can_be_deleted_with_its_texts_and_their_key(
    browser: httpx.AsyncClient, live_study: Field, superuser: asyncpg.Connection
) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    await answer_all(browser, live_study, path)
    response_id = (await live_study.response(door))["id"]
    assert await superuser.fetchval("SELECT count(*) FROM vault.subject_key WHERE id = $1", response_id) == 1
    await browser.post(f"{path}/stop")
    assert "You left this survey" in (await browser.get(path)).text
    for table, column in (("field.response", "id"), ("field.verbatim", "response_id"), ("vault.subject_key", "id")):
        assert await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", response_id) == 0
    assert (await start(browser, path)).endswith("/1")


async def test_free_text_is_sealed_and_never_among_the_coded_answers(
    browser: httpx.AsyncClient, live_study: Field, superuser: asyncpg.Connection
) -> None:
    door = await live_study.door()
    await answer_all(browser, live_study, live_study.path(door))
    response = await live_study.response(door)
    assert "Words about" not in str(response["coded"])
    sealed = await superuser.fetch("SELECT sealed FROM field.verbatim WHERE response_id = $1", response["id"])
    assert sealed
    assert all(b"Words" not in row["sealed"] for row in sealed)
    assert "Words about" in (await browser.get(f"{live_study.path(door)}/check")).text


async def test_saving_by_itself_keeps_what_is_valid_without_complaining(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    door = await live_study.door()
    place = await start(browser, live_study.path(door))
    form = fill(live_study.definition, 0)
    first = live_study.definition.sections[0].items[0]
    saved = await browser.post(place, content=encoded({**form, "autosave": ["1"]}), headers=FORM)
    assert saved.status_code == 200
    assert saved.text.strip() == "Saved 09:30 UTC"
    assert first.id in (await live_study.response(door))["coded"]


async def test_a_time_and_an_amount_are_asked_kept_and_read_back(
    browser: httpx.AsyncClient, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    asked = (Item("came", Kind.TIME, "When did you come?"), Item("paid", Kind.MONEY, "What did you pay?", unit="EUR"))
    definition = Definition("Visit", sections=(Section("s", "Visit", items=asked),))
    study = await make_study(superuser, settings, (world.alices.affiliate_id, NOW), definition)
    door = await study.door()
    place = await start(browser, study.path(door))
    shown = (await browser.get(place)).text
    assert 'name="came" type="time"' in shown
    odd = {"came": ["25:00"], "paid": ["much"], "go": ["on"]}
    wrong = await browser.post(place, content=encoded(odd), headers=FORM)
    assert wrong.status_code == 422
    assert "Enter a time of the day" in wrong.text
    await browser.post(place, content=encoded(fill(definition, 0)), headers=FORM)
    assert json.loads((await study.response(door))["coded"]) == {"came": "19:52", "paid": 695}
    check = (await browser.get(f"{study.path(door)}/check")).text
    assert "19:52" in check
    assert "EUR 6.95" in check
