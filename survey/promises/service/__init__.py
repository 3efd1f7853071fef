"""Checking the promises, keeping what was found, and telling how each stands."""

from asyncpg import Record

from survey.db import Database, Role, connection, transaction
from survey.settings import Settings
from survey.web.application import utc_now

from .. import queries
from ..checks.deployment import Check, Deployment
from ..domain import Promise, Result, Standing
from ..registry import PROMISES


async def verify_all(settings: Settings, database: Database) -> list[Result]:
    """Check every promise and write down what was found. Opens its own transactions."""
    deployment = Deployment(settings, database)
    results = [await checked(promise, check, deployment) for promise, check in PROMISES.items()]
    async with transaction(Role.WORKER) as here:
        await queries.keep(here, [(each.promise, each.is_held, each.finding) for each in results], utc_now())
    return results


async def checked(promise: Promise, check: Check, deployment: Deployment) -> Result:
    """What one check finds. A check that cannot be made counts as a promise that does not hold."""
    try:
        found = await check(deployment)
    except Exception as error:
        # Whatever keeps us from looking keeps us from saying that it holds; the message may hold values and stays out.
        return Result(promise.id, is_held=False, finding=f"could not be checked ({type(error).__name__})")
    return Result(promise.id, not found.faults, found.words)


async def standings() -> list[Standing]:
    """Every promise and when it last held. Role.GATE."""
    known = await queries.latest(connection())
    return [_standing(promise, known.get(promise.id)) for promise in PROMISES]


def _standing(promise: Promise, row: Record | None) -> Standing:
    if row is None:
        return Standing(promise, None, None, None)
    return Standing(promise, row["checked_at"], row["is_held"], row["last_held_at"])
