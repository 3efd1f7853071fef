"""What a declared time needs to be kept to: when a row was made can be found without reading all of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T18:00:00:000080"
VERSION = "1.38.0"
DESCRIPTION = "kept no longer"

# Rows lie in the order in which they were made, or nearly: an index of ranges costs a launch nothing.
FORWARDS = """
CREATE INDEX delivery_age ON ops.delivery USING brin (created_at);
CREATE INDEX invitation_age ON identity.invitation USING brin (created_at);
"""

BACKWARDS = """
DROP INDEX identity.invitation_age;
DROP INDEX ops.delivery_age;
"""


async def forwards() -> MigrationManager:
    """Add the indexes."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
