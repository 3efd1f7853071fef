"""What names a client's staff is signed with a salt that goes with the name; the daily look reads what was signed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T18:00:00:000079"
VERSION = "1.38.0"
DESCRIPTION = "salts"

# Rows of before have none: of them a name was signed with the whole report alone.
FORWARDS = """
ALTER TABLE release.shop_employee ADD COLUMN salt bytea CHECK (octet_length(salt) = 16);
GRANT SELECT (role, salt), UPDATE (salt) ON release.shop_employee TO candour_worker;
GRANT SELECT (position, kind) ON release.shop_picture TO candour_worker;
"""

BACKWARDS = """
REVOKE SELECT (position, kind) ON release.shop_picture FROM candour_worker;
REVOKE SELECT (role) ON release.shop_employee FROM candour_worker;
ALTER TABLE release.shop_employee DROP COLUMN salt;
"""


async def forwards() -> MigrationManager:
    """Let names be signed apart."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
