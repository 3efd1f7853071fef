"""Campaigns: the notice given to a client's staff, and who has read a guideline and passed its quiz."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000013"
VERSION = "1.38.0"
DESCRIPTION = "campaigns"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

TABLES = """
-- That a client's staff were told of mystery visits, before a report may describe or name them.
CREATE TABLE field.staff_notice (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    told_on date NOT NULL,
    body text NOT NULL,                                -- what the staff were told, word for word
    channel text NOT NULL CHECK (channel IN ('contract', 'handbook', 'letter', 'email', 'meeting', 'notice_board')),
    attested_by text NOT NULL,                         -- the function of who says so at the client, not a name
    jurisdictions text[] NOT NULL,                     -- where it was given: US-CA, GB, …
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX staff_notice_client ON field.staff_notice (affiliate_id, client_id, recorded_at DESC);
ALTER TABLE field.campaign ADD FOREIGN KEY (staff_notice_id) REFERENCES field.staff_notice (id);
CREATE INDEX campaign_staff_notice ON field.campaign (staff_notice_id);
ALTER TABLE field.campaign ADD FOREIGN KEY (guideline_id) REFERENCES field.guideline (id);

CREATE TABLE identity.guideline_reading (
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    guideline_id uuid NOT NULL REFERENCES field.guideline (id),
    affiliate_id uuid NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (shopper_id, guideline_id)
);
CREATE INDEX guideline_reading_guideline ON identity.guideline_reading (guideline_id);

-- Passed: a try that failed leaves no row. It belongs to one version of the guideline.
CREATE TABLE identity.certification (
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    guideline_id uuid NOT NULL REFERENCES field.guideline (id),
    affiliate_id uuid NOT NULL,
    passed_at timestamptz NOT NULL,
    percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    PRIMARY KEY (shopper_id, guideline_id)
);
CREATE INDEX certification_guideline ON identity.certification (guideline_id);
"""

FENCED = ("field.staff_notice", "identity.guideline_reading", "identity.certification")
OF_A_SHOPPER = ("identity.guideline_reading", "identity.certification")


def _fences() -> str:
    """The tenant's own rows for staff and worker; a shopper's own for the shopper."""
    anywhere = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
    lines = []
    for table in FENCED:
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
        ]
    for table in OF_A_SHOPPER:
        own = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
        lines += [
            f"CREATE POLICY worker ON {table} TO candour_worker USING ({anywhere});",
            f"CREATE POLICY own ON {table} TO candour_shopper USING ({own}) WITH CHECK ({own});",
        ]
    return "\n".join(lines)


GRANTS = """
GRANT SELECT, INSERT ON field.staff_notice TO candour_staff;
GRANT SELECT ON identity.guideline_reading, identity.certification TO candour_staff, candour_worker;
GRANT SELECT, INSERT ON identity.guideline_reading, identity.certification TO candour_shopper;
"""

BACKWARDS = """
ALTER TABLE field.campaign DROP CONSTRAINT campaign_staff_notice_id_fkey;
ALTER TABLE field.campaign DROP CONSTRAINT campaign_guideline_id_fkey;
DROP INDEX field.campaign_staff_notice;
DROP TABLE identity.certification, identity.guideline_reading, field.staff_notice;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of staff notices, readings and certifications."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + _fences() + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
