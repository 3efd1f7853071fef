"""Doors that a process remembers: what has changed since is noticed, and no page is lost by it."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest

from survey.questionnaires.domain import Choice, Condition, Definition, Item, Kind, Operator, Section, ShowIf
from survey.responses import queries, service
from survey.responses.domain import DOORS_REMEMBERED, REMEMBERED_FOR, Door, Remembered
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.field_study import FORM, Field, encoded, make_study
from tests.survey.responses.test_answering import start

YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))
LESS = ShowIf(conditions=(Condition("liked", Operator.IS, "no"),))
TWO_PAGES = Definition(
    "Two pages",
    sections=(
        Section("first", "First", items=(Item("liked", Kind.SINGLE, "Did you like it?", choices=YES_NO),)),
        Section(
            "second",
            "Second",
            items=(
                Item("again", Kind.SINGLE, "Will you come again?", choices=YES_NO),
                Item("why", Kind.SINGLE, "Was it the price?", choices=YES_NO, show_if=LESS),
                Item("words", Kind.TEXT, "Anything else?"),
            ),
        ),
    ),
)


@pytest.fixture
async def study(world: World, superuser: asyncpg.Connection, settings: Settings) -> Field:
    """A live study of two pages; the second asks more of who said no on the first."""
    return await make_study(superuser, settings, (world.alices.affiliate_id, NOW), TWO_PAGES)


@pytest.fixture
async def path(browser: httpx.AsyncClient, study: Field) -> str:
    """The address of a door through which somebody has gone, and who looks at the second page."""
    path = study.path(await study.door())
    await start(browser, path)
    assert (await post(browser, f"{path}/1", liked="no")).status_code == 303
    assert (await browser.get(f"{path}/2")).status_code == 200
    return path


async def post(browser: httpx.AsyncClient, place: str, **answers: str) -> httpx.Response:
    """Send a page with these answers."""
    form = {"go": ["on"], **{name: [value] for name, value in answers.items()}}
    return await browser.post(place, content=encoded(form), headers=FORM)


async def coded(superuser: asyncpg.Connection, study: Field) -> str:
    """What is stored behind the study's only door."""
    stored: str = await superuser.fetchval("SELECT coded::text FROM field.response WHERE study_id = $1", study.study_id)
    return stored


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """One entry for each time that a door was looked up in the database."""
    seen: list[object] = []
    find = queries.find_door

    async def counted(entry_id: object, *, with_texts: bool = True) -> Door | None:
        seen.append(entry_id)
        return await find(entry_id, with_texts=with_texts)  # type: ignore[arg-type]

    monkeypatch.setattr(queries, "find_door", counted)
    return seen


async def test_a_page_sent_after_the_study_has_closed_is_not_kept(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute(
        "UPDATE field.study SET status = 'closed', revision = revision + 1 WHERE id = $1", study.study_id
    )
    assert (await post(browser, f"{path}/2", again="yes")).headers["location"] == path
    assert "again" not in await coded(superuser, study)


async def test_a_page_sent_after_the_doors_were_removed_is_told_so(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("DELETE FROM field.entry WHERE study_id = $1", study.study_id)
    gone = await post(browser, f"{path}/2", again="yes")
    assert gone.status_code == 410
    assert "has closed" in gone.text


async def test_a_page_sent_after_leaving_in_another_tab_is_not_kept(
    browser: httpx.AsyncClient, study: Field, path: str
) -> None:
    await browser.post(f"{path}/stop")
    assert (await post(browser, f"{path}/2", again="yes")).headers["location"] == path
    assert await study.owner.fetchval("SELECT count(*) FROM field.response WHERE study_id = $1", study.study_id) == 0


async def test_a_page_sent_after_the_answers_were_sent_changes_nothing(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("UPDATE field.response SET state = 'finished' WHERE study_id = $1", study.study_id)
    await superuser.execute("UPDATE field.entry SET state = 'finished' WHERE study_id = $1", study.study_id)
    assert (await post(browser, f"{path}/2", again="yes")).headers["location"] == path
    assert "again" not in await coded(superuser, study)


async def test_a_page_is_kept_when_the_study_was_given_more_time(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection
) -> None:
    door = await service.door_in(
        await superuser.fetchval("SELECT id FROM field.entry WHERE study_id = $1", study.study_id)
    )
    service._remembered.put(_closed_a_moment_ago(door), NOW)
    assert (await post(browser, f"{path}/2", again="yes")).headers["location"] == f"{path}/check"
    assert '"again": "yes"' in await coded(superuser, study)


def _closed_a_moment_ago(door: Door) -> Door:
    values = {name: getattr(door, name) for name in Door.__slots__}
    return Door(**values | {"closes_at": NOW - timedelta(seconds=1), "is_remembered": True})


async def test_what_another_process_wrote_meanwhile_decides_what_shows(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection
) -> None:
    # In another process the first answer became a yes, after which nobody is asked about the price.
    await superuser.execute(
        """UPDATE field.response SET coded = '{"liked": "yes"}', revision = revision + 1 WHERE study_id = $1""",
        study.study_id,
    )
    assert (await post(browser, f"{path}/2", again="yes", why="yes", words="Said")).status_code == 303
    assert await coded(superuser, study) == '{"again": "yes", "liked": "yes"}'
    assert await superuser.fetchval("SELECT count(*) FROM field.verbatim WHERE study_id = $1", study.study_id) == 1


async def test_a_text_sealed_meanwhile_in_another_process_keeps_its_key(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection, settings: Settings
) -> None:
    entry_id = await superuser.fetchval("SELECT id FROM field.entry WHERE study_id = $1", study.study_id)
    fresh = await service.door_in(entry_id)
    stale = service._remembered.take(entry_id, NOW)
    assert stale
    posted = service.Posted(1, {"words": ["Said elsewhere"]}, NOW)
    await service.save(settings.keyring, fresh, await service.study_behind(fresh), posted)
    service._remembered.put(stale, NOW)
    assert (await post(browser, f"{path}/2", words="Said here")).status_code == 303
    assert service.texts_of(settings.keyring, await service.door_in(entry_id)) == {"words": "Said here"}


async def test_a_remembered_door_is_not_looked_up_again(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection, looks: list[object]
) -> None:
    for answer in ("yes", "no"):
        assert (await post(browser, f"{path}/2", again=answer, words=f"Said {answer}")).status_code == 303
        assert f'"again": "{answer}"' in await coded(superuser, study)
    assert looks == []


async def test_a_door_that_has_moved_is_looked_up_once(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection, looks: list[object]
) -> None:
    await superuser.execute("UPDATE field.response SET revision = revision + 1 WHERE study_id = $1", study.study_id)
    assert (await post(browser, f"{path}/2", again="yes")).headers["location"] == f"{path}/check"
    assert len(looks) == 1


@pytest.mark.parametrize("place", ["check", "stop"])
async def test_nothing_is_remembered_of_who_has_sent_or_removed_the_answers(
    browser: httpx.AsyncClient, study: Field, path: str, superuser: asyncpg.Connection, place: str
) -> None:
    assert (await post(browser, f"{path}/2", again="yes")).status_code == 303
    entry_id = await superuser.fetchval("SELECT id FROM field.entry WHERE study_id = $1", study.study_id)
    assert (await browser.post(f"{path}/{place}")).status_code == 303
    assert service._remembered.take(entry_id, NOW) is None


@pytest.fixture
def door() -> Door:
    """A door as any other."""
    return Door(
        entry_id=uuid4(),
        affiliate_id=uuid4(),
        study_id=uuid4(),
        study_revision=1,
        entry_state="started",
        study_status="live",
        opens_at=NOW,
        closes_at=NOW + timedelta(days=1),
        response_id=uuid4(),
        coded={},
        section=0,
        revision=0,
        receipt=None,
    )


def test_a_door_is_remembered_once_and_for_ten_minutes(door: Door) -> None:
    remembered = Remembered()
    assert remembered.take(door.entry_id, NOW) is None
    remembered.put(door, NOW)
    assert remembered.take(door.entry_id, NOW + REMEMBERED_FOR) is door
    assert remembered.take(door.entry_id, NOW) is None
    remembered.put(door, NOW)
    assert remembered.take(door.entry_id, NOW + REMEMBERED_FOR + timedelta(seconds=1)) is None


def test_answers_do_not_stay_in_memory_when_nobody_asks_for_them(door: Door) -> None:
    remembered = Remembered()
    remembered.put(door, NOW)
    remembered.put(_other(door), NOW + REMEMBERED_FOR + timedelta(seconds=1))
    assert len(remembered) == 1


def test_only_so_many_doors_are_remembered_the_oldest_goes_first(door: Door) -> None:
    remembered = Remembered()
    remembered.put(door, NOW)
    for _ in range(DOORS_REMEMBERED):
        remembered.put(_other(door), NOW)
    assert len(remembered) == DOORS_REMEMBERED
    assert remembered.take(door.entry_id, NOW) is None


def _other(door: Door) -> Door:
    return Door(**{name: getattr(door, name) for name in Door.__slots__} | {"entry_id": uuid4()})
