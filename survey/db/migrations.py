"""Migrations forwards and backwards: one process at a time, each migration in a transaction of its own."""

import contextlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
from piccolo.apps.migrations.commands.backwards import BackwardsMigrationManager
from piccolo.apps.migrations.commands.base import BaseMigrationManager, MigrationResult
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.apps.migrations.tables import Migration

from .database import Database
from .roles import Role
from .transaction import transaction

APPS = ("privacy", "survey")
# Any number that nothing else locks.
LOCK_NUMBER = 0x4D494752


class MigrationFailed(Exception):
    """Piccolo would not run a migration; the message is its own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration and whether this database has it."""

    app: str
    id: str
    is_applied: bool


async def migrate_forwards(database: Database) -> list[Step]:
    """Run what is pending, privacy first, and return what was run."""
    async with _alone(database):
        pending = [step for step in await steps() if not step.is_applied]
        for step in pending:
            async with transaction(Role.OWNER):
                await _quietly(ForwardsMigrationManager(step.app, step.id))
    return pending


async def migrate_backwards(database: Database, app: str, migration_id: str) -> None:
    """Undo one app's migrations down to and including `migration_id`."""
    async with _alone(database), transaction(Role.OWNER):
        await _quietly(BackwardsMigrationManager(app, migration_id, auto_agree=True))


async def steps() -> list[Step]:
    """Every migration there is, in the order in which they run."""
    async with transaction(Role.OWNER):
        finder = BaseMigrationManager()
        await finder.create_migration_table()
        found = []
        for app in APPS:
            applied = set(await Migration.get_migrations_which_ran(app))
            folder = finder.get_app_config(app).resolved_migrations_folder_path
            there = sorted(finder.get_migration_modules(folder))
            found += [Step(app, migration, migration in applied) for migration in there]
    return found


@contextlib.asynccontextmanager
async def _alone(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Hold the advisory lock. A second process waits for the first, then finds nothing left to do."""
    connection = await database.connect(Role.OWNER)
    try:
        # lock_timeout counts for advisory locks too; waiting for a neighbour's migration is right, however long.
        await connection.execute("SET lock_timeout = 0")
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK_NUMBER)
        yield connection
    finally:
        await connection.close()


async def _quietly(manager: ForwardsMigrationManager | BackwardsMigrationManager) -> None:
    # Piccolo prints its progress; the command line has its own words.
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        result: MigrationResult = await manager.run()
    if not result.success:
        raise MigrationFailed(result.message or said.getvalue())
