"""Sound and film of a visit: as sent until they are made anew, then what is kept of them. Never released."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T01:00:00:000034"
VERSION = "1.38.0"
DESCRIPTION = "recordings"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"

# A table apart from pictures: what the client's snapshot is made from cannot see it. No role of clients or releases
# has a grant here. media_key is the name that the new file will have: it is written before the file, so that whoever
# goes on after a killed worker knows what to remove.
FORWARDS = f"""
CREATE TABLE field.recording (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('audio', 'film')),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'refused')),
    problem text NOT NULL DEFAULT '',                  -- why it could not be read; a code
    original_key text,                                 -- as sent, until it is made anew
    media_key text,                                    -- made anew, nothing but sound and pictures
    digest bytea NOT NULL,                             -- of the file as sent
    size_bytes integer NOT NULL,
    duration_seconds integer NOT NULL DEFAULT 0,
    declared_at timestamptz NOT NULL,                  -- when its shopper said that it was lawful where it was made
    created_at timestamptz NOT NULL,
    CHECK (CASE state
           WHEN 'waiting' THEN original_key IS NOT NULL
           WHEN 'ready' THEN original_key IS NULL AND media_key IS NOT NULL
           ELSE original_key IS NULL AND media_key IS NULL END)
);
CREATE INDEX recording_report ON field.recording (report_id, created_at, id);
CREATE INDEX recording_digest ON field.recording (affiliate_id, digest);
CREATE INDEX recording_waiting ON field.recording (created_at) WHERE state = 'waiting';

ALTER TABLE field.recording ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.recording FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.recording TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON field.recording TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id)
    WITH CHECK (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
CREATE POLICY own ON field.recording TO candour_shopper
    USING (report_id IN (SELECT r.id FROM field.report r) AND affiliate_id = {AFFILIATE})
    WITH CHECK (report_id IN (SELECT r.id FROM field.report r) AND affiliate_id = {AFFILIATE});

GRANT SELECT, INSERT, DELETE ON field.recording TO candour_shopper;
GRANT SELECT ON field.recording TO candour_staff;
GRANT SELECT, UPDATE, DELETE ON field.recording TO candour_worker;
"""

BACKWARDS = """
DROP TABLE field.recording;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add recordings."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
