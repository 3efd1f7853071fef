"""Migrations that are SQL, with their way back, and where they run."""

from collections.abc import Callable, Coroutine

import asyncpg
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder


def by_statements(migration_id: str, description: str, forwards: str, backwards: str) -> MigrationManager:
    """What a migration of `survey` does, and how it is undone; each in the transaction that runs it."""
    manager = MigrationManager(migration_id=migration_id, app_name="survey", description=description)
    manager.add_raw(_executing(forwards))
    manager.add_raw_backwards(_executing(backwards))
    return manager


def migrating() -> asyncpg.Connection:
    """The connection on which a migration runs, for what SQL alone cannot reckon."""
    return engine_finder().current_transaction.get().connection  # type: ignore[union-attr]


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await migrating().execute(statements)

    return execute
