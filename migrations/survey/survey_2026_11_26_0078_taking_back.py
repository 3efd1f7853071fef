"""Many shops are taken back at once, when the time for the undo is over; what is said of it is shown only then."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T18:00:00:000078"
VERSION = "1.38.0"
DESCRIPTION = "taking back many shops"

FORWARDS = """
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'open', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold',
                    'window', 'lines', 'take_back'));
DROP INDEX ops.bulk_action_waiting;
CREATE INDEX bulk_action_waiting ON ops.bulk_action (done_at)
 WHERE kind IN ('open', 'cancel', 'take_back') AND carried_out_at IS NULL AND undone_at IS NULL;

-- Whoever carries it out shows the note to those who lost a shop, and takes it back where nobody did.
GRANT UPDATE (shown_from) ON identity.message TO candour_worker;
GRANT UPDATE (waiting_since, owner_id, last_at) ON identity.thread TO candour_worker;
"""

BACKWARDS = """
REVOKE UPDATE (waiting_since, owner_id, last_at) ON identity.thread FROM candour_worker;
REVOKE UPDATE (shown_from) ON identity.message FROM candour_worker;
DROP INDEX ops.bulk_action_waiting;
-- The owner sees no tenant's rows while row security is forced on it.
ALTER TABLE ops.bulk_action NO FORCE ROW LEVEL SECURITY;
DELETE FROM ops.bulk_action WHERE kind = 'take_back';
ALTER TABLE ops.bulk_action FORCE ROW LEVEL SECURITY;
CREATE INDEX bulk_action_waiting ON ops.bulk_action (done_at)
 WHERE kind IN ('open', 'cancel') AND carried_out_at IS NULL AND undone_at IS NULL;
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'open', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold',
                    'window', 'lines'));
"""


async def forwards() -> MigrationManager:
    """Allow shops to be taken back together, and let the worker show what is said of it."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
