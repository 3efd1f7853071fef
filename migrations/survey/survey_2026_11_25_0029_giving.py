"""Giving shops out: overrides that a shopper's role can see, offers that begin again by themselves, rounds in order."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000029"
VERSION = "1.38.0"
DESCRIPTION = "giving shops out"

FORWARDS = """
-- Whether rules were set aside; why is for staff. Whoever takes an offer is not asked for them again.
ALTER TABLE identity.assignment ADD COLUMN is_override boolean NOT NULL
    GENERATED ALWAYS AS (override_reason <> '') STORED;
GRANT SELECT (is_override) ON identity.assignment TO candour_shopper;

-- The board counts and sorts by what waits, from the index alone.
CREATE INDEX application_waiting ON identity.application (affiliate_id, shop_id, created_at) WHERE state = 'SUBMITTED';
"""

BACKWARDS = """
DROP INDEX identity.application_waiting;
ALTER TABLE identity.assignment DROP COLUMN is_override;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what giving shops out needs."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
