"""Closing a study cuts the way back to people; building lets numbers leave once, whole and unchanged."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.audit import Event
from survey.db import Conflict, NotFound, Role, Scope, transaction
from survey.releases import service
from survey.responses import queries as responses
from tests.conftest import NOW, World
from tests.survey.releases.field import SIGNING, Study, insert_replies
from tests.survey.releases.fieldwork import replies

LATER = NOW + timedelta(days=1)
LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
END_WAITING = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'release.question'::regclass AND NOT granted
"""


async def close(study: Study, scope: Scope | None = None) -> None:
    scope = scope or study.scope
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await service.close_study(scope, study.id, NOW)


async def build(study: Study) -> UUID | None:
    return await service.build_release(SIGNING, study.scope.affiliate_id, study.id, NOW)


async def status_of(superuser: asyncpg.Connection, study: Study) -> str:
    return str(await superuser.fetchval("SELECT status FROM field.study WHERE id = $1", study.id))


async def test_another_tenants_study_is_not_found(study: Study, world: World) -> None:
    with pytest.raises(NotFound):
        await close(study, world.charlies)


async def test_a_draft_cannot_be_closed(study: Study, superuser: asyncpg.Connection) -> None:
    await superuser.execute("UPDATE field.study SET status = 'draft' WHERE id = $1", study.id)
    with pytest.raises(Conflict):
        await close(study)


async def test_a_study_in_the_field_is_not_built(study: Study, superuser: asyncpg.Connection) -> None:
    assert await build(study) is None
    assert await status_of(superuser, study) == "live"


async def test_closing_cuts_every_link_and_removes_every_door(study: Study, superuser: asyncpg.Connection) -> None:
    await superuser.execute(
        "INSERT INTO ops.answer_session (id_hash, entry_id) SELECT $1, id FROM field.entry WHERE study_id = $2 LIMIT 1",
        study.id.bytes,
        study.id,
    )
    await close(study)
    assert await superuser.fetchval("SELECT count(*) FROM field.entry WHERE study_id = $1", study.id) == 0
    assert await superuser.fetchval("SELECT count(*) FROM identity.response_link WHERE study_id = $1", study.id) == 0
    assert await superuser.fetchval("SELECT count(*) FROM ops.answer_session WHERE id_hash = $1", study.id.bytes) == 0
    assert await status_of(superuser, study) == "closed"


async def test_answers_sent_while_the_study_closes_do_not_arrive_after_the_count(
    study: Study, superuser: asyncpg.Connection
) -> None:
    row = await superuser.fetchrow("SELECT id, response_id FROM field.entry WHERE study_id = $1 LIMIT 1", study.id)
    await superuser.execute("UPDATE field.response SET state = 'open' WHERE id = $1", row["response_id"])
    has_looked, is_closing = asyncio.Event(), asyncio.Event()
    sending = asyncio.create_task(send(row["id"], has_looked, is_closing))
    await has_looked.wait()
    async with transaction(Role.STAFF, affiliate=study.scope.affiliate_id):
        await service.close_study(study.scope, study.id, NOW)
        is_closing.set()
        await asyncio.sleep(0.2)
    assert await sending is False
    assert await superuser.fetchval("SELECT state FROM field.response WHERE id = $1", row["response_id"]) == "open"


async def test_closing_stops_what_was_still_to_be_sent(study: Study, superuser: asyncpg.Connection) -> None:
    await superuser.execute(
        "INSERT INTO ops.delivery (affiliate_id, campaign_id, recipient_id, kind, is_bulk, suppression_key, not_before,"
        " opt_out_link_id) VALUES ($1, $2, $3, 'reminder-1', true, '', $4, $3)",
        *(study.scope.affiliate_id, study.id, uuid4(), NOW),
    )
    await close(study)
    rows = await superuser.fetch("SELECT state, reason FROM ops.delivery WHERE campaign_id = $1", study.id)
    assert [tuple(row) for row in rows] == [("skipped", "the study has closed")]


async def test_closing_is_recorded_once(study: Study, superuser: asyncpg.Connection) -> None:
    await close(study)
    await close(study)
    rows = await superuser.fetch(
        "SELECT detail FROM ledger.event WHERE object_id = $1 AND action = 'study.closed'", study.id
    )
    assert len(rows) == 1


async def test_a_study_whose_time_is_over_closes_by_itself(study: Study, superuser: asyncpg.Connection) -> None:
    await service.close_due_studies(NOW)
    assert await status_of(superuser, study) == "live"
    await service.close_due_studies(NOW + timedelta(days=11))
    assert await status_of(superuser, study) == "closed"


async def test_unsent_drafts_are_removed_with_their_keys(study: Study, superuser: asyncpg.Connection) -> None:
    draft = replace(replies({"leeds": 1})[0], id=uuid4())
    await insert_replies(superuser, study, [draft], {}, state="open")
    await superuser.execute(
        "INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped) VALUES ($1, $2, 1, '')",
        *(draft.id, study.scope.affiliate_id),
    )
    await superuser.execute(
        "INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)"
        " VALUES ($1, 'praise', $2, $3, '')",
        *(draft.id, study.scope.affiliate_id, study.id),
    )
    await service.discard_drafts(study.scope.affiliate_id, study.id, NOW)
    assert await superuser.fetchval("SELECT count(*) FROM field.response WHERE id = $1", draft.id) == 1
    await close(study)
    await service.discard_drafts(study.scope.affiliate_id, study.id, NOW)
    for table, column in (("field.response", "id"), ("field.verbatim", "response_id"), ("vault.subject_key", "id")):
        assert await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = $1", draft.id) == 0
    assert await superuser.fetchval("SELECT count(*) FROM field.response WHERE study_id = $1", study.id) == 165


async def test_building_releases_the_study_and_writes_down_the_disclosure(
    study: Study, superuser: asyncpg.Connection
) -> None:
    await close(study)
    release_id = await build(study)
    row = await superuser.fetchrow(
        "SELECT client_id, object_id, categories, digest FROM ledger.disclosure WHERE object_id = $1", release_id
    )
    digest = await superuser.fetchval("SELECT digest FROM release.release WHERE study_id = $1", study.id)
    assert tuple(row) == (study.client_id, release_id, ["answers", "demographics"], digest)
    assert await status_of(superuser, study) == "released"


async def test_building_again_gives_the_same_release(study: Study) -> None:
    await close(study)
    assert await build(study) == await build(study)


async def test_two_builders_at_once_make_one_release(study: Study, superuser: asyncpg.Connection) -> None:
    await close(study)
    first, second = await asyncio.gather(build(study), build(study))
    assert first == second
    assert await superuser.fetchval("SELECT count(*) FROM ledger.disclosure WHERE object_id = $1", first) == 1


async def test_a_release_built_anew_has_the_same_digest(study: Study, superuser: asyncpg.Connection) -> None:
    await close(study)
    await build(study)
    first = await superuser.fetchval("SELECT digest FROM release.release WHERE study_id = $1", study.id)
    await forget_release(superuser, study)
    await superuser.execute("UPDATE field.response SET revision = revision + 1 WHERE study_id = $1", study.id)
    await service.build_release(SIGNING, study.scope.affiliate_id, study.id, LATER)
    assert await superuser.fetchval("SELECT digest FROM release.release WHERE study_id = $1", study.id) == first


async def test_a_builder_that_dies_in_the_middle_leaves_nothing_and_the_next_one_finishes(
    study: Study, superuser: asyncpg.Connection
) -> None:
    await close(study)
    async with superuser.transaction():
        await superuser.execute("LOCK TABLE release.question")
        building = asyncio.create_task(build(study))
        await kill_who_waits_for_the_lock(superuser)
        with pytest.raises(LOST):
            await building
    assert await superuser.fetchval("SELECT count(*) FROM release.release WHERE study_id = $1", study.id) == 0
    assert await build(study)


async def test_what_is_stored_can_be_checked_against_its_seal(study: Study, superuser: asyncpg.Connection) -> None:
    affiliate_id = study.scope.affiliate_id
    assert await service.is_intact(affiliate_id, study.id) is None
    await close(study)
    await build(study)
    assert await service.is_intact(affiliate_id, study.id)
    await superuser.execute(
        "UPDATE release.cell SET value = value + 1 WHERE item = 'recommend' AND category = 'nps'"
        " AND release_id IN (SELECT id FROM release.release WHERE study_id = $1)",
        study.id,
    )
    assert await service.is_intact(affiliate_id, study.id) is False


async def test_the_builder_has_no_way_to_a_person(study: Study) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.RELEASER, affiliate=study.scope.affiliate_id) as connection:
            await connection.fetch("SELECT id FROM identity.contact")


async def test_the_builder_cannot_read_what_people_wrote(study: Study) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.RELEASER, affiliate=study.scope.affiliate_id) as connection:
            await connection.fetch("SELECT sealed FROM field.verbatim")


async def test_the_release_holds_no_question_that_is_not_on_the_list(
    study: Study, superuser: asyncpg.Connection
) -> None:
    await close(study)
    release_id = await build(study)
    kinds = await superuser.fetch("SELECT DISTINCT kind FROM release.question WHERE release_id = $1", release_id)
    assert {row["kind"] for row in kinds} == {"single", "multiple", "scale", "nps", "number", "matrix"}


async def send(entry_id: UUID, has_looked: asyncio.Event, is_closing: asyncio.Event) -> bool:
    """A respondent who has the last page open, and sends it when the study is about to close."""
    async with transaction(Role.RESPONDENT, link=entry_id) as here:
        door = await responses.find_door(entry_id)
        has_looked.set()
        assert door
        await is_closing.wait()
        event = Event(door.affiliate_id, "respondent", None, "response.finished", "study", door.study_id)
        return await responses.finish(here, door, "ABCD-EFGH", event, NOW)


async def kill_who_waits_for_the_lock(superuser: asyncpg.Connection) -> None:
    """Wait until a builder stands at the locked table, then end its connection."""
    for _ in range(500):
        if await superuser.fetch(END_WAITING):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no builder came")


async def forget_release(superuser: asyncpg.Connection, study: Study) -> None:
    """Take the release away, as nobody but a superuser can."""
    found = await superuser.fetchval("SELECT id FROM release.release WHERE study_id = $1", study.id)
    for table in ("cell", "question", "node"):
        await superuser.execute(f"DELETE FROM release.{table} WHERE release_id = $1", found)
    await superuser.execute("DELETE FROM release.release WHERE id = $1", found)
    await superuser.execute("UPDATE field.study SET status = 'closed' WHERE id = $1", study.id)
