"""Which file of a batch is the current one: its number, when it was made, and a keyed digest of what it says."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T13:00:00:000070"
VERSION = "1.38.0"
DESCRIPTION = "files of batches"

# Batches whose file was taken before count it as their first; what it said is not known, so the next one is another.
FORWARDS = """
ALTER TABLE identity.pay_batch
    ADD COLUMN file_number integer NOT NULL DEFAULT 0 CHECK (file_number >= 0),
    ADD COLUMN file_digest bytea CHECK (octet_length(file_digest) = 32), -- null: none, or the batch has changed since
    ADD COLUMN file_at timestamptz;
ALTER TABLE identity.pay_batch NO FORCE ROW LEVEL SECURITY;
UPDATE identity.pay_batch SET file_number = 1, file_at = exported_at WHERE exported_at IS NOT NULL;
ALTER TABLE identity.pay_batch FORCE ROW LEVEL SECURITY;
GRANT UPDATE (file_number, file_digest, file_at) ON identity.pay_batch TO candour_staff;
"""

BACKWARDS = """
ALTER TABLE identity.pay_batch DROP COLUMN file_number, DROP COLUMN file_digest, DROP COLUMN file_at;
"""


async def forwards() -> MigrationManager:
    """Keep which file of a batch is the current one."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
