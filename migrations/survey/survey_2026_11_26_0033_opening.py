"""Opening drafts from the board, which waits for its undo; and in what role somebody looked at a person."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000033"
VERSION = "1.38.0"
DESCRIPTION = "opening from the board, roles of looks"

FORWARDS = """
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'open', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold'));
DROP INDEX ops.bulk_action_waiting;
CREATE INDEX bulk_action_waiting ON ops.bulk_action (done_at)
 WHERE kind IN ('open', 'cancel') AND carried_out_at IS NULL AND undone_at IS NULL;

-- Of what was recorded beside a look a shopper may read the role alone. Looks from before say none.
ALTER TABLE ledger.event ADD COLUMN actor_role text GENERATED ALWAYS AS (detail ->> 'actor_role') STORED;
GRANT SELECT (actor_role) ON ledger.event TO candour_shopper;
"""

BACKWARDS = """
ALTER TABLE ledger.event DROP COLUMN actor_role;
DROP INDEX ops.bulk_action_waiting;
DELETE FROM ops.bulk_action WHERE kind = 'open';
CREATE INDEX bulk_action_waiting ON ops.bulk_action (done_at)
 WHERE kind = 'cancel' AND carried_out_at IS NULL AND undone_at IS NULL;
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold'));
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Let drafts be opened from the board, and say in what role somebody looked."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
