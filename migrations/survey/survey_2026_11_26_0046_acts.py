"""Two more acts on many shops; and what was given is seen when the time for its undo is over."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000046"
VERSION = "1.38.0"
DESCRIPTION = "windows, pasted lines, what waits for its undo"

FORWARDS = """
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'open', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold',
                    'window', 'lines'));

-- From when on somebody sees what they were given: until then it can be undone. Nothing: at once.
ALTER TABLE identity.assignment ADD COLUMN shown_from timestamptz;
GRANT SELECT (shown_from) ON identity.assignment TO candour_shopper;
ALTER TABLE identity.message ADD COLUMN shown_from timestamptz;

-- A thread that only an undone message had begun goes with it.
GRANT DELETE ON identity.thread TO candour_staff;
"""

BACKWARDS = """
REVOKE DELETE ON identity.thread FROM candour_staff;
ALTER TABLE identity.message DROP COLUMN shown_from;
ALTER TABLE identity.assignment DROP COLUMN shown_from;
-- The owner sees no tenant's rows while row security is forced on it.
ALTER TABLE ops.bulk_action NO FORCE ROW LEVEL SECURITY;
DELETE FROM ops.bulk_action WHERE kind IN ('window', 'lines');
ALTER TABLE ops.bulk_action FORCE ROW LEVEL SECURITY;
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'open', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold'));
"""


async def forwards() -> MigrationManager:
    """Allow other windows and pasted lines, and keep from when on somebody sees what they were given."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
