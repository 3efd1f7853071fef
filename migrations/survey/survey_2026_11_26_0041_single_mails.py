"""Recordings' files have the one form of names as well; the last single message to somebody is found by an index."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T03:30:00:000041"
VERSION = "1.38.0"
DESCRIPTION = "names of recordings, single mails"

FORM = "^[a-z][a-z-]{0,30}/[0-9a-f]{32}$"  # as survey/media/storage.py makes them
NAMED = ("original_key", "media_key")

# Copies of the project that ran between two releases have both already: what is there is made anew, or stays.
FORWARDS = (
    "".join(
        f"ALTER TABLE field.recording DROP CONSTRAINT IF EXISTS {column}_form,"
        f" ADD CONSTRAINT {column}_form CHECK ({column} ~ '{FORM}') NOT VALID;\n"
        f"ALTER TABLE field.recording VALIDATE CONSTRAINT {column}_form;\n"
        for column in NAMED
    )
    + """
-- Survey mail is not in it.
CREATE INDEX IF NOT EXISTS delivery_single ON ops.delivery (recipient_id, not_before) WHERE NOT is_bulk;
"""
)

BACKWARDS = "DROP INDEX ops.delivery_single;\n" + "".join(
    f"ALTER TABLE field.recording DROP CONSTRAINT {column}_form;\n" for column in NAMED
)


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Give names of recordings their form, and make the index."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
