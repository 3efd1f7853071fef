"""How a picture looks, in 64 bits: the same picture is known again after it was saved anew or made smaller."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T22:00:00:000031"
VERSION = "1.38.0"
DESCRIPTION = "how pictures look"

# Everything that a comparison reads is in the index. Pictures from before have no look: only their digest is compared.
FORWARDS = """
ALTER TABLE field.evidence ADD COLUMN look bigint;
CREATE INDEX evidence_look ON field.evidence (affiliate_id, created_at) INCLUDE (look, report_id)
 WHERE look IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX field.evidence_look;
ALTER TABLE field.evidence DROP COLUMN look;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Give pictures a look."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
