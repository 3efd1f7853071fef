"""The functions that write answers: who may call them, and that a link reaches no further than its door."""

from dataclasses import replace

import asyncpg
import pytest

from survey.db import Database, Role
from survey.questionnaires.domain import Definition, Item, Kind, Section
from survey.responses import queries, service
from survey.responses.domain import AnswersSent, Door, Kept, PageToSave
from survey.settings import Settings
from tests.conftest import NOW, World
from tests.field_study import Field, make_study

WORDS = Definition("Words", sections=(Section("all", "All", items=(Item("praise", Kind.TEXT, "What was good?"),)),))


@pytest.fixture
async def written_study(world: World, superuser: asyncpg.Connection, settings: Settings) -> Field:
    """A study that asks for one text."""
    return await make_study(superuser, settings, (world.alices.affiliate_id, NOW), WORDS)


async def begun(study: Field) -> Door:
    """A door that somebody has gone through."""
    door = await service.door_in(await study.door())
    await service.begin(door, "", NOW)
    return await service.door_in(door.entry_id)


async def said(settings: Settings, door: Door, text: str) -> None:
    """Save the page with this text, as a tab that knows of the response what `door` says."""
    posted = service.Posted(0, {"praise": [text]}, NOW)
    await service.save(settings.keyring, door, await service.study_behind(door), posted)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RESPONDENT, Role.OWNER}))
async def test_no_other_role_may_call_them(database: Database, role: Role) -> None:
    here = await database.connect(role)
    try:
        for call in ("start_response(NULL, NULL, NULL)", f"keep_page({', '.join(['NULL'] * 12)})"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await here.execute(f"SELECT field.{call}")
    finally:
        await here.close()


async def test_a_link_writes_nothing_behind_another_door(database: Database, written_study: Field) -> None:
    own, other = await begun(written_study), await begun(written_study)
    page = PageToSave(frozenset(), {"praise": "smuggled"}, 1)
    assert await queries.save_page(replace(own, response_id=other.response_id), page) is Kept.CLOSED
    assert (await written_study.response(other.entry_id))["coded"] == "{}"


async def test_a_page_that_comes_after_the_answers_were_sent_is_refused_as_a_whole(
    database: Database, settings: Settings, written_study: Field, superuser: asyncpg.Connection
) -> None:
    door = await begun(written_study)
    await superuser.execute("UPDATE field.response SET state = 'finished' WHERE id = $1", door.response_id)
    with pytest.raises(AnswersSent):
        await said(settings, door, "Too late")
    for table, column in (("field.verbatim", "response_id"), ("vault.subject_key", "id")):
        assert not await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", door.response_id)


async def test_the_first_texts_of_two_tabs_are_sealed_with_the_key_that_came_first(
    database: Database, settings: Settings, written_study: Field
) -> None:
    before_any_text = await begun(written_study)
    for text in ("From one tab", "From the other"):
        await said(settings, before_any_text, text)
        door = await service.door_in(before_any_text.entry_id)
        assert service.texts_of(settings.keyring, door) == {"praise": text}


async def test_a_text_under_a_key_that_came_second_is_never_kept(
    database: Database, settings: Settings, written_study: Field
) -> None:
    before_any_text = await begun(written_study)
    await said(settings, before_any_text, "From one tab")
    door = await service.door_in(before_any_text.entry_id)
    assert door.key
    second = door.key._replace(wrapped=b"another key")
    page = PageToSave(frozenset(), {}, 1, sealed={"praise": b"sealed with it"}, new_key=second)
    assert await queries.save_page(door, page) is Kept.UNKEYED
    assert (await service.door_in(door.entry_id)).texts == door.texts


async def test_a_text_that_is_emptied_is_removed(database: Database, settings: Settings, written_study: Field) -> None:
    door = await begun(written_study)
    await said(settings, door, "Said")
    await said(settings, await service.door_in(door.entry_id), "")
    assert (await service.door_in(door.entry_id)).texts == {}
