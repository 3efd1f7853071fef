"""Many shops are taken back at once, when the time for the undo is over; reports are opened again with words."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T18:00:00:000078"
VERSION = "1.38.0"
DESCRIPTION = "taking back many shops, opening reports again"

TAKING_BACK = """
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

# Until when a report that is looked at again is to be decided, instead of so many hours after it was handed in.
REOPENING = """
ALTER TABLE field.review ADD COLUMN reopened_at timestamptz, ADD COLUMN decide_by timestamptz,
    ADD CONSTRAINT review_decided_anew CHECK ((reopened_at IS NULL) = (decide_by IS NULL) AND decide_by > reopened_at);
CREATE INDEX review_reopened ON field.review (report_id) WHERE decide_by IS NOT NULL;
ALTER TABLE field.review_decision DROP CONSTRAINT review_decision_kind_check, ADD CONSTRAINT review_decision_kind_check
    CHECK (kind IN ('approved', 'returned', 'rejected', 'excluded', 'overturned', 'regraded', 'reopened'));
"""

NO_REOPENING = """
ALTER TABLE field.review_decision NO FORCE ROW LEVEL SECURITY;
DELETE FROM field.review_decision WHERE kind = 'reopened';
ALTER TABLE field.review_decision FORCE ROW LEVEL SECURITY;
ALTER TABLE field.review_decision DROP CONSTRAINT review_decision_kind_check, ADD CONSTRAINT review_decision_kind_check
    CHECK (kind IN ('approved', 'returned', 'rejected', 'excluded', 'overturned', 'regraded'));
DROP INDEX field.review_reopened;
ALTER TABLE field.review DROP COLUMN decide_by, DROP COLUMN reopened_at;
"""

NO_TAKING_BACK = """
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
    """Allow shops to be taken back together, and reports to be opened again with words and a time of their own."""
    return by_statements(ID, DESCRIPTION, TAKING_BACK + REOPENING, NO_REOPENING + NO_TAKING_BACK)
