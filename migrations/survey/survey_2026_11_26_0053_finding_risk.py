"""Indexes that find shops at risk by each reason, closed places, and count how many shops stand where."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000053"
VERSION = "1.38.0"
DESCRIPTION = "finding risk"

# Each is small but the last: what came back, what is owed, what is planned, and what is closed are few among all.
FORWARDS = """
CREATE INDEX shop_turned ON field.shop (affiliate_id, window_end)
    WHERE state = 'OPEN' AND (is_flaked OR unassign_count > 0);
CREATE INDEX shop_owed ON field.shop (affiliate_id, due_at) WHERE state IN ('ASSIGNED', 'IN_PROGRESS');
CREATE INDEX shop_planned ON field.shop (affiliate_id, planned_on) WHERE state = 'ASSIGNED';
CREATE INDEX location_not_open ON field.location (affiliate_id) WHERE status <> 'open';
CREATE INDEX shop_fill ON field.shop (affiliate_id, wave_id, state, is_flaked, is_on_hold);
"""

BACKWARDS = """
DROP INDEX field.shop_fill, field.location_not_open, field.shop_planned, field.shop_owed, field.shop_turned;
"""


async def forwards() -> MigrationManager:
    """Find what is at risk, and how full each wave is, without reading every shop."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
