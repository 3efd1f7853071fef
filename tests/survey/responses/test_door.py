"""What a link opens onto: strangers, early birds, latecomers, those who sent already."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from privacy.tokens import Purpose, sign
from survey.questionnaires.domain import store_visit
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.field_study import Field, make_study


async def test_a_damaged_link_says_what_to_do(browser: httpx.AsyncClient, live_study: Field) -> None:
    path = live_study.path(await live_study.door())
    page = await browser.get(path[:-3])
    assert page.status_code == 404
    assert "Copy the whole link" in page.text


async def test_a_link_of_another_purpose_opens_no_survey(browser: httpx.AsyncClient, live_study: Field) -> None:
    door = await live_study.door()
    page = await browser.get(f"/s/{sign(live_study.keys, Purpose.OPT_OUT, door)}")
    assert page.status_code == 404


async def test_a_good_link_whose_study_closed_says_that_nobody_knows_whose_it_was(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    page = await browser.get(live_study.path(uuid4()))
    assert page.status_code == 410
    assert "This survey has closed" in page.text


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, "is not open yet"),
        ({"closes_at": NOW - timedelta(minutes=1)}, "has closed"),
        ({"status": "closed"}, "has closed"),
        ({"status": "draft"}, "is not open yet"),
    ],
)
async def test_out_of_the_field_dates_nothing_can_be_started(
    browser: httpx.AsyncClient,
    world: World,
    superuser: asyncpg.Connection,
    settings: Settings,
    columns: dict[str, object],
    words: str,
) -> None:
    study = await make_study(superuser, settings, (world.alices.affiliate_id, NOW), store_visit(), **columns)
    door = await study.door()
    assert words in (await browser.get(study.path(door))).text
    assert (await browser.post(study.path(door))).headers["location"] == study.path(door)
    assert await study.response(door) is None


async def test_a_section_cannot_be_opened_before_the_survey_was_started(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    path = live_study.path(await live_study.door())
    assert (await browser.get(f"{path}/1")).headers["location"] == path
    assert (await browser.get(f"{path}/check")).headers["location"] == path


async def test_a_section_that_does_not_exist_leads_to_the_first_open_one(
    browser: httpx.AsyncClient, live_study: Field
) -> None:
    path = live_study.path(await live_study.door())
    await browser.post(path)
    assert (await browser.get(f"{path}/99")).headers["location"] == f"{path}/1"
    assert (await browser.post(f"{path}/99")).headers["location"] == f"{path}/1"


async def test_looking_at_every_page_changes_no_row(
    browser: httpx.AsyncClient, live_study: Field, superuser: asyncpg.Connection
) -> None:
    door = await live_study.door()
    path = live_study.path(door)
    for place in (path, f"{path}/1", f"{path}/check", f"{path}/stop"):
        await browser.get(place)
        await browser.head(place)
    entry = await superuser.fetchrow("SELECT state FROM field.entry WHERE id = $1", door)
    assert entry["state"] == "new"
    assert await live_study.response(door) is None


async def test_an_identified_study_says_so_before_the_first_question(
    browser: httpx.AsyncClient, world: World, superuser: asyncpg.Connection, settings: Settings
) -> None:
    study = await make_study(superuser, settings, (world.alices.affiliate_id, NOW), store_visit(), status="draft")
    client = await superuser.fetchval("SELECT client_id FROM field.study WHERE id = $1", study.study_id)
    permission = await superuser.fetchval(
        "INSERT INTO field.identified_authorisation (affiliate_id, client_id, reference, valid_until, recorded_by,"
        " recorded_at) VALUES ($1, $2, 'letter 12', $3, $1, $4) RETURNING id",
        study.affiliate_id, client, NOW.date() + timedelta(days=30), NOW,
    )  # fmt: skip
    await superuser.execute(
        "UPDATE field.study SET identity_mode = 'identified', authorisation_id = $2, status = 'live' WHERE id = $1",
        study.study_id, permission,
    )  # fmt: skip
    page = await browser.get(study.path(await study.door()))
    assert "Your answers may carry your name" in page.text


async def test_what_is_rendered_once_for_a_study_holds_each_persons_own_link_and_reference(
    browser: httpx.AsyncClient, live_study: Field, superuser: asyncpg.Connection
) -> None:
    doors = [await live_study.door() for _ in range(2)]
    for number, door in enumerate(doors):
        page = (await browser.get(live_study.path(door))).text
        assert page.count(f'"{live_study.path(door)}') == page.count('"/s/') > 0
        await browser.post(live_study.path(door))
        await superuser.execute("UPDATE field.entry SET state = 'finished' WHERE id = $1", door)
        await superuser.execute(
            "UPDATE field.response r SET receipt = $2 FROM field.entry e WHERE e.id = $1 AND r.id = e.response_id",
            door, f"AAAA-BBB{number}",
        )  # fmt: skip
        assert f"<strong>AAAA-BBB{number}</strong>" in (await browser.get(live_study.path(door))).text
