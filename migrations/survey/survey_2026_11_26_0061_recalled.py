"""An appeal ends with the report that was taken back; and since when it is the affiliate's turn."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000061"
VERSION = "1.38.0"
DESCRIPTION = "appeals against recalled reports"

BEFORE = (
    "'NEW', 'APPROVED', 'WAITING_AFFILIATE', 'WAITING_SHOPPER', 'WAITING_CLIENT', 'RESOLVED', 'CHANGED', 'DECLINED',"
    " 'WITHDRAWN', 'DECLINED_BY_CLIENT'"
)

FORWARDS = f"""
ALTER TABLE release.appeal DROP CONSTRAINT appeal_state_check;
ALTER TABLE release.appeal ADD CONSTRAINT appeal_state_check CHECK (state IN ({BEFORE}, 'RECALLED'));

-- Since when an answer is the affiliate's to give; none: since it was raised. Neither taking it up nor the head office
-- behind it starts that time anew.
ALTER TABLE release.appeal ADD COLUMN turn_since timestamptz;
ALTER TABLE release.appeal NO FORCE ROW LEVEL SECURITY;
UPDATE release.appeal SET turn_since = changed_at WHERE state = 'WAITING_AFFILIATE';
ALTER TABLE release.appeal FORCE ROW LEVEL SECURITY;
GRANT UPDATE (turn_since) ON release.appeal TO candour_client, candour_worker;
"""

BACKWARDS = f"""
ALTER TABLE release.appeal DROP COLUMN turn_since;
ALTER TABLE release.appeal DROP CONSTRAINT appeal_state_check;
-- The owner sees no tenant's rows while row security is forced on it.
ALTER TABLE release.appeal NO FORCE ROW LEVEL SECURITY;
UPDATE release.appeal SET state = 'DECLINED' WHERE state = 'RECALLED';
ALTER TABLE release.appeal FORCE ROW LEVEL SECURITY;
ALTER TABLE release.appeal ADD CONSTRAINT appeal_state_check CHECK (state IN ({BEFORE}));
"""


async def forwards() -> MigrationManager:
    """Let an appeal end with the report that it is about, and keep since when it is the affiliate's turn."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
