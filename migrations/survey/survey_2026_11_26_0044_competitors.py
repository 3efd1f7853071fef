"""Locations that are a competitor's: visited for a client, and none of its own."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000044"
VERSION = "1.38.0"
DESCRIPTION = "competitors among locations"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"

FORWARDS = f"""
-- A competitor's place stands in the tree of the client that has it looked at, and counts as none of its own.
ALTER TABLE field.location ADD COLUMN is_competitor boolean NOT NULL DEFAULT false;
ALTER TABLE field.location NO FORCE ROW LEVEL SECURITY;
ALTER TABLE field.shop NO FORCE ROW LEVEL SECURITY;
ALTER TABLE field.campaign NO FORCE ROW LEVEL SECURITY;
UPDATE field.location l
   SET is_competitor = true
 WHERE l.level = 'store'
   AND EXISTS (SELECT FROM field.shop s JOIN field.campaign c ON c.id = s.campaign_id
                WHERE s.location_id = l.id AND c.kind = 'competitor')
   AND NOT EXISTS (SELECT FROM field.shop s JOIN field.campaign c ON c.id = s.campaign_id
                    WHERE s.location_id = l.id AND c.kind <> 'competitor');
ALTER TABLE field.location FORCE ROW LEVEL SECURITY;
ALTER TABLE field.shop FORCE ROW LEVEL SECURITY;
ALTER TABLE field.campaign FORCE ROW LEVEL SECURITY;

-- The worker opens drafts once the time for undoing is over: it must know where a client's staff were told.
CREATE POLICY worker ON field.staff_notice FOR SELECT TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
GRANT SELECT (id, affiliate_id, jurisdictions) ON field.staff_notice TO candour_worker;
"""

BACKWARDS = """
REVOKE SELECT (id, affiliate_id, jurisdictions) ON field.staff_notice FROM candour_worker;
DROP POLICY worker ON field.staff_notice;
ALTER TABLE field.location DROP COLUMN is_competitor;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Tell a competitor's places from a client's own."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
