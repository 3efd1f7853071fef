"""Asking for a job belongs to the asker's transaction."""

from uuid import uuid4

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.queue import BadJob, enqueue

from .conftest import row_of

ASKERS = (Role.STAFF, Role.DESK, Role.GATE, Role.PROVIDER, Role.RELEASER, Role.WORKER)
STRANGERS = (Role.RESPONDENT, Role.CLIENT)


@pytest.mark.parametrize("role", STRANGERS)
async def test_a_role_that_has_no_work_to_give_cannot_ask(role: Role, fresh_database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role) as connection:
            await enqueue(connection, "area.work", {})


@pytest.mark.parametrize("role", [role for role in ASKERS if role is not Role.WORKER])
async def test_who_asks_cannot_read_what_others_asked_for(role: Role, fresh_database: Database) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role) as connection:
            await connection.fetch("SELECT payload FROM ops.job")


async def test_an_address_is_refused_as_an_argument(fresh_database: Database) -> None:
    with pytest.raises(BadJob):
        async with transaction(Role.STAFF) as connection:
            await enqueue(connection, "area.work", {"to": "ann@example.test"})


async def test_what_is_rolled_back_was_never_asked_for(fresh_database: Database) -> None:
    undone = transaction(Role.STAFF)
    async with undone as connection:
        await enqueue(connection, "area.work", {})
        await undone.rollback()
    assert await row_of(fresh_database, "area.work") is None


@pytest.mark.parametrize("role", ASKERS)
async def test_what_is_committed_waits_in_the_queue(role: Role, fresh_database: Database) -> None:
    async with transaction(role) as connection:
        assert await enqueue(connection, "area.work", {"id": uuid4()})
    row = await row_of(fresh_database, "area.work")
    assert row is not None
    assert row["status"] == "queued"


async def test_the_same_key_is_not_asked_for_twice(fresh_database: Database) -> None:
    study = str(uuid4())
    async with transaction(Role.STAFF) as connection:
        asked = [await enqueue(connection, "area.work", {}, unique=study) for _ in range(2)]
        other = await enqueue(connection, "area.other", {}, unique=study)
    assert (asked, other) == ([True, False], True)
