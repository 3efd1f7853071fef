"""Checking every promise now, one after the other, and keeping what was found."""

from survey.db import Database
from survey.settings import Settings

from .domain import Result
from .service import verify_all


async def verify(settings: Settings) -> list[Result]:
    """For the command line: connect, check, write down, disconnect."""
    database = Database()
    await database.start(settings)
    try:
        return await verify_all(settings, database)
    finally:
        await database.stop()
