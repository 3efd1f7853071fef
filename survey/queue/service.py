"""Asking for work to be done later, in the asker's own transaction; and looking after what failed."""

from datetime import timedelta

from asyncpg import Connection

from . import queries
from .domain import FailedJob, Payload, encoded, require_name
from .storage import queries_on

KEPT = timedelta(days=30)
PAGE_SIZE = 50


async def enqueue(
    connection: Connection,
    name: str,
    payload: Payload,
    *,
    unique: str | None = None,
    run_after: timedelta | None = None,
) -> bool:
    """Ask for a job; it begins after the caller's transaction commits, and not at all if that rolls back.

    unique: while a job of this name and key waits or runs, asking again does nothing and returns False.
    Raises BadJob for arguments that are more than ids.
    """
    require_name(name)
    made = await queries_on(connection).enqueue(
        name,
        encoded(payload),
        execute_after=run_after,
        dedupe_key=None if unique is None else f"{name} {unique}",
        on_conflict="skip",
    )
    return made[0] is not None


async def failed_jobs(connection: Connection, limit: int = PAGE_SIZE) -> list[FailedJob]:
    """Jobs that failed for good or kept ending their worker, the latest first."""
    return await queries.failed_jobs(connection, limit)


async def requeue(connection: Connection, job_id: int) -> bool:
    """Give a failed job all its attempts again; False if it is not one."""
    return await queries.requeue(connection, job_id)


async def tidy(connection: Connection) -> None:
    """Forget the log of jobs done more than thirty days ago."""
    await queries.tidy(connection, KEPT)
