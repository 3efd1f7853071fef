"""Who made a wave's visits: counts by band, told once to the head of the client's tree, where a campaign says so."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000026"
VERSION = "1.38.0"
DESCRIPTION = "who made the visits of a wave"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"

FORWARDS = f"""
-- Counted once: a second count, some people later, would tell of those few by subtraction.
ALTER TABLE field.wave ADD COLUMN makeup_at timestamptz;
CREATE INDEX wave_makeup_due ON field.wave (ends_on) WHERE makeup_at IS NULL AND published_at IS NOT NULL;

CREATE TABLE release.wave_makeup (
    wave_id uuid NOT NULL,
    position integer NOT NULL,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_path text NOT NULL,                           -- the head of the client's tree: nobody below it reads this
    question text NOT NULL,                            -- what shoppers were asked about themselves
    band text NOT NULL,                                -- what they said; empty: all of them
    people integer CHECK (people > 0),                 -- distinct, rounded to five; none where it is hidden
    told_on date NOT NULL,
    PRIMARY KEY (wave_id, position)
);
CREATE INDEX wave_makeup_client ON release.wave_makeup (client_id, wave_id);

ALTER TABLE release.wave_makeup ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.wave_makeup FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON release.wave_makeup FOR SELECT TO candour_staff USING (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON release.wave_makeup FOR INSERT TO candour_worker WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY client ON release.wave_makeup FOR SELECT TO candour_client
    USING (affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(node_path, {NODE}));
CREATE POLICY worker ON ledger.disclosure FOR INSERT TO candour_worker WITH CHECK (affiliate_id = {AFFILIATE});

GRANT SELECT ON release.wave_makeup TO candour_staff, candour_client;
GRANT INSERT ON release.wave_makeup, ledger.disclosure TO candour_worker;
GRANT UPDATE (makeup_at) ON field.wave TO candour_worker;
GRANT SELECT ON field.band_question TO candour_worker;
"""

BACKWARDS = """
REVOKE SELECT ON field.band_question FROM candour_worker;
REVOKE UPDATE (makeup_at) ON field.wave FROM candour_worker;
DROP POLICY worker ON ledger.disclosure;
REVOKE INSERT ON ledger.disclosure FROM candour_worker;
DROP TABLE release.wave_makeup;
ALTER TABLE field.wave DROP COLUMN makeup_at;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the counts of who made visits."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
