"""What an editor leaves in has a reason and a way back, and every decision belongs to one text as it stands."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000050"
VERSION = "1.38.0"
DESCRIPTION = "reasons for what is left in"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"

FORWARDS = f"""
-- The fingerprint is of the words and of their whole text from now on: what was left before is asked about once more.
ALTER TABLE field.finding_left ADD COLUMN reason bytea;
GRANT DELETE ON field.finding_left TO candour_staff;

-- The worker looks whether what is sealed opens for its own row alone, and lets it go with the shopper.
CREATE POLICY worker ON field.finding_left TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
GRANT SELECT, DELETE ON field.finding_left TO candour_worker;

-- A report as it went back to its shopper stands beside what was handed in, under the same number with a minus.
GRANT INSERT ON field.report_submission TO candour_staff;
"""

BACKWARDS = """
REVOKE INSERT ON field.report_submission FROM candour_staff;
-- The owner sees no tenant's rows while row security is forced on it.
ALTER TABLE field.report_submission NO FORCE ROW LEVEL SECURITY;
DELETE FROM field.report_submission WHERE number < 0;
ALTER TABLE field.report_submission FORCE ROW LEVEL SECURITY;
REVOKE SELECT, DELETE ON field.finding_left FROM candour_worker;
DROP POLICY worker ON field.finding_left;
REVOKE DELETE ON field.finding_left FROM candour_staff;
ALTER TABLE field.finding_left DROP COLUMN reason;
"""


async def forwards() -> MigrationManager:
    """Keep why something was left in."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
