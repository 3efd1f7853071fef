"""What is due to go, and letting it go. Runs as candour_worker."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import connection

from .mail import OF_MAIL
from .people import OF_PEOPLE
from .shops import OF_SHOPS
from .statements import Statements

STATEMENTS: Mapping[str, Statements] = {**OF_SHOPS, **OF_MAIL, **OF_PEOPLE}


async def due(name: str, before: datetime, limit: int) -> list[Record]:
    """What is due to go: id, affiliate_id, files."""
    rows: list[Record] = await connection().fetch(STATEMENTS[name].due, before, limit)
    return rows


async def let_go(name: str, ids: Sequence[UUID]) -> None:
    """Remove it, or empty what is not kept of it."""
    for statement in STATEMENTS[name].acts:
        await connection().execute(statement, list(ids))


async def count_due(name: str, before: datetime) -> int:
    """How much is due."""
    found: int = await connection().fetchval(
        f"SELECT count(*) FROM ({STATEMENTS[name].due}) AS due",  # noqa: S608  (a statement of this file)
        before,
        None,
    )
    return found
