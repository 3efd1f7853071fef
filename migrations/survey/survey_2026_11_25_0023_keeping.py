"""How long things are kept: what the desk may see of shoppers, what sweeps may remove, what erasing a profile takes."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000023"
VERSION = "1.38.0"
DESCRIPTION = "how long things are kept"

FORWARDS = """
-- The opt-out page shows whoever holds a link a masked form of the address that it was sent to, and needs no more.
REVOKE SELECT, UPDATE (status) ON identity.shopper FROM candour_desk;
GRANT SELECT (id, affiliate_id, email, status) ON identity.shopper TO candour_desk;
DROP POLICY desk ON identity.shopper;
CREATE POLICY desk ON identity.shopper FOR SELECT TO candour_desk USING (status <> 'erased');
-- Mail to shoppers that has a way out; survey mail names its client.
CREATE INDEX delivery_way_out ON ops.delivery (opt_out_link_id) WHERE is_bulk AND client_id IS NULL;
"""

BACKWARDS = """
DROP INDEX ops.delivery_way_out;
DROP POLICY desk ON identity.shopper;
CREATE POLICY desk ON identity.shopper TO candour_desk USING (true) WITH CHECK (true);
REVOKE SELECT (id, affiliate_id, email, status) ON identity.shopper FROM candour_desk;
GRANT SELECT, UPDATE (status) ON identity.shopper TO candour_desk;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Let everything go when its time is over, and at once where a shopper asks for it."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
