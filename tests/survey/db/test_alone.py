"""One statement without a transaction around it: what becomes of it when its connection was lost meanwhile."""

import asyncio

import asyncpg
import pytest

from survey.db import Database, Role, fetch_alone, write_alone
from survey.db.transaction import LOST

COUNT = "INSERT INTO ops.throttle (key, window_start, count) VALUES ('\\x01', now(), 1) RETURNING count"


SLOW = COUNT.replace("VALUES ('\\x01', now(), 1)", "SELECT '\\x01', now(), 1 FROM pg_sleep(3)")
RUNNING = (
    "SELECT pid FROM pg_stat_activity WHERE usename = 'candour_gate' AND state = 'active' AND query LIKE '%pg_sleep%'"
)


async def cut(superuser: asyncpg.Connection) -> None:
    """End the connection over which the gate is asking something."""
    process = None
    while process is None:
        process = await superuser.fetchval(RUNNING)
    await superuser.execute("SELECT pg_terminate_backend($1, 5000)", process)


async def test_a_write_is_never_asked_a_second_time(fresh_database: Database, superuser: asyncpg.Connection) -> None:
    write = asyncio.create_task(write_alone(Role.GATE, SLOW))
    await cut(superuser)
    with pytest.raises(LOST):
        await write
    row = await fetch_alone(Role.GATE, "SELECT count(*) AS rows FROM ops.throttle")
    assert row
    assert row["rows"] == 0
    assert fresh_database.pool(Role.GATE).held_count == 0


async def test_a_write_is_committed_when_it_returns(fresh_database: Database) -> None:
    assert await write_alone(Role.GATE, COUNT)
    other = await fresh_database.connect(Role.GATE)
    try:
        assert await other.fetchval("SELECT count(*) FROM ops.throttle") == 1
    finally:
        await other.close()


async def test_a_read_is_asked_again(fresh_database: Database, superuser: asyncpg.Connection) -> None:
    read = asyncio.create_task(fetch_alone(Role.GATE, "SELECT 1 AS one FROM pg_sleep(3)"))
    await cut(superuser)
    row = await read
    assert row
    assert row["one"] == 1


async def test_a_write_that_is_refused_gives_its_place_back(fresh_database: Database) -> None:
    await write_alone(Role.GATE, COUNT)
    with pytest.raises(asyncpg.UniqueViolationError):
        await write_alone(Role.GATE, COUNT)
    assert fresh_database.pool(Role.GATE).held_count == 0
    assert await fetch_alone(Role.GATE, "SELECT 1 AS one")
