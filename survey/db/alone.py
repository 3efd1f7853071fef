"""One statement outside any transaction, which names to the policies by itself whose rows it may see."""

from typing import Any

import asyncpg

from .database import active
from .pool import Pool
from .roles import Role
from .transaction import LOST


async def fetch_alone(role: Role, statement: str, *arguments: Any) -> asyncpg.Record | None:
    """The statement's first row: one round trip instead of the three of a transaction. For reading only."""
    pool = active().pool(role)
    here = await pool.acquire()
    try:
        row: asyncpg.Record | None = await here.fetchrow(statement, *arguments)
    except LOST:
        # The server was restarted while the connection lay idle; reading again does no harm.
        return await _once(pool, await pool.replace(here), statement, arguments)
    except asyncpg.PostgresError:
        pool.release(here)
        raise
    except BaseException:
        pool.discard(here)
        raise
    pool.release(here)
    return row


async def write_alone(role: Role, statement: str, *arguments: Any) -> asyncpg.Record | None:
    """The row of a statement that writes; PostgreSQL has committed it when this returns.

    Never asked a second time: where the connection was lost, nobody knows whether the first one was heard.
    """
    pool = active().pool(role)
    return await _once(pool, await pool.acquire(), statement, arguments)


async def _once(
    pool: Pool, here: asyncpg.Connection, statement: str, arguments: tuple[Any, ...]
) -> asyncpg.Record | None:
    try:
        row: asyncpg.Record | None = await here.fetchrow(statement, *arguments)
    except BaseException:
        pool.discard(here)
        raise
    pool.release(here)
    return row
