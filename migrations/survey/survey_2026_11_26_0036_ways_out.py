"""A way out in every mail: narrower wishes, mail that its reader has just asked for, and no mail without a link."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T01:40:00:000036"
VERSION = "1.38.0"
DESCRIPTION = "a way out in every mail"

# The claim gives a link to what was asked for without one; what was sent before gets one as well, so that the rule
# holds for every row. Only its reader's own request of a moment ago goes against a stop.
FORWARDS = """
ALTER TABLE ledger.opt_out DROP CONSTRAINT opt_out_scope_check;
ALTER TABLE ledger.opt_out DROP CONSTRAINT opt_out_check;
ALTER TABLE ledger.opt_out ADD COLUMN sender_id uuid;
ALTER TABLE ledger.opt_out ADD CONSTRAINT opt_out_scope_check
    CHECK (scope IN ('everything', 'client', 'affiliate', 'offers'));
ALTER TABLE ledger.opt_out ADD CONSTRAINT opt_out_check
    CHECK ((scope = 'client') = (client_id IS NOT NULL)
       AND (scope IN ('affiliate', 'offers')) = (sender_id IS NOT NULL));

ALTER TABLE ops.delivery ADD COLUMN is_asked boolean NOT NULL DEFAULT false;
INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id)
SELECT DISTINCT suppression_key, affiliate_id, client_id
  FROM ops.delivery
 WHERE opt_out_link_id IS NULL AND state IN ('sending', 'sent')
ON CONFLICT DO NOTHING;
UPDATE ops.delivery AS d
   SET opt_out_link_id = link.id
  FROM ledger.opt_out_link AS link
 WHERE d.opt_out_link_id IS NULL
   AND d.state IN ('sending', 'sent')
   AND link.suppression_key = d.suppression_key
   AND link.affiliate_id = d.affiliate_id
   AND link.client_id IS NOT DISTINCT FROM d.client_id;
ALTER TABLE ops.delivery ADD CONSTRAINT delivery_has_way_out
    CHECK (state NOT IN ('sending', 'sent') OR opt_out_link_id IS NOT NULL);

DROP INDEX ops.delivery_way_out;
CREATE INDEX delivery_way_out ON ops.delivery (opt_out_link_id) WHERE client_id IS NULL;
"""

# Narrower wishes cannot be said any more: each becomes the wider one, never none.
BACKWARDS = """
DROP INDEX ops.delivery_way_out;
CREATE INDEX delivery_way_out ON ops.delivery (opt_out_link_id) WHERE is_bulk AND client_id IS NULL;
ALTER TABLE ops.delivery DROP CONSTRAINT delivery_has_way_out;
ALTER TABLE ops.delivery DROP COLUMN is_asked;

ALTER TABLE ledger.opt_out DROP CONSTRAINT opt_out_scope_check;
ALTER TABLE ledger.opt_out DROP CONSTRAINT opt_out_check;
UPDATE ledger.opt_out SET scope = 'everything' WHERE sender_id IS NOT NULL;
ALTER TABLE ledger.opt_out DROP COLUMN sender_id;
ALTER TABLE ledger.opt_out ADD CONSTRAINT opt_out_scope_check CHECK (scope IN ('everything', 'client'));
ALTER TABLE ledger.opt_out ADD CONSTRAINT opt_out_check CHECK ((scope = 'client') = (client_id IS NOT NULL));
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the columns and the rule; every mail that was sent gets a link."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
