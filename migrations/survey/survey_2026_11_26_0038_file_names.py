"""A file's name in the media store has one form: a job that removes files can never meet a name that it must refuse."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000038"
VERSION = "1.38.0"
DESCRIPTION = "names of files"

NAMED = (
    ("field.evidence", "media_key"),
    ("field.evidence", "client_key"),
    ("identity.portrait", "media_key"),
    ("identity.document", "media_key"),
    ("release.shop_picture", "media_key"),
)
FORM = "^[a-z][a-z-]{0,30}/[0-9a-f]{32}$"  # as survey/media/storage.py makes them

# Checked for old rows in a second step, which does not keep writers waiting.
FORWARDS = "".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {column}_form CHECK ({column} ~ '{FORM}') NOT VALID;\n"
    f"ALTER TABLE {table} VALIDATE CONSTRAINT {column}_form;\n"
    for table, column in NAMED
)

BACKWARDS = "".join(f"ALTER TABLE {table} DROP CONSTRAINT {column}_form;\n" for table, column in NAMED)


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Give names of files their form."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
