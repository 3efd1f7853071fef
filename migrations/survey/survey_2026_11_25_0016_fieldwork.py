"""Fieldwork: whose draft a report is, where somebody checked in, and what was handed in each time."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000016"
VERSION = "1.38.0"
DESCRIPTION = "fieldwork"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

TABLES = """
-- A report belongs to its shop from the moment it is handed in. Until then it is a draft and somebody's own: when the
-- shop goes back to the board the draft stays with its writer, and whoever makes the visit next begins with nothing.
ALTER TABLE field.report
    ALTER COLUMN shop_id DROP NOT NULL,
    ADD COLUMN reason text NOT NULL DEFAULT '';        -- why the visit could not be made; a code

CREATE TABLE identity.draft (
    report_id uuid PRIMARY KEY REFERENCES field.report (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id),
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    changed_at timestamptz NOT NULL,
    UNIQUE (shop_id, shopper_id)
);
CREATE INDEX draft_shopper ON identity.draft (shopper_id);
CREATE INDEX draft_changed ON identity.draft (changed_at);

-- Apart from the report, and rounded: it tells an editor whether somebody was there, and a client nothing.
CREATE TABLE field.check_in (
    report_id uuid PRIMARY KEY REFERENCES field.report (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    latitude numeric(6, 3) NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude numeric(6, 3) NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    accuracy_m integer NOT NULL CHECK (accuracy_m >= 0),
    at timestamptz NOT NULL
);

-- Each time as it was handed in, sealed with the report's key: after a return the editor sees what has changed.
CREATE TABLE field.report_submission (
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    number integer NOT NULL,
    affiliate_id uuid NOT NULL,
    sealed bytea NOT NULL,                             -- JSON: coded, texts, outcome, reason, times, receipt
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (report_id, number)
);
"""

FENCED = ("identity.draft", "field.check_in", "field.report_submission")
OWN_SHOP = f"""EXISTS (
    SELECT FROM identity.assignment a
    WHERE a.shop_id = field.report.shop_id AND a.shopper_id = {SHOPPER} AND a.state IN ('offered', 'held', 'done'))"""
OWN_DRAFT = f"EXISTS (SELECT FROM identity.draft d WHERE d.report_id = field.report.id AND d.shopper_id = {SHOPPER})"


def _fences() -> str:
    """The tenant's own rows for staff and worker; for a shopper what belongs to their own reports."""
    anywhere = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
    of_report = f"report_id IN (SELECT r.id FROM field.report r) AND affiliate_id = {AFFILIATE}"
    own_draft = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
    own_report = f"affiliate_id = {AFFILIATE} AND ({OWN_SHOP} OR {OWN_DRAFT})"
    lines = [
        "DROP POLICY own ON field.report;",
        f"CREATE POLICY own ON field.report TO candour_shopper USING ({own_report}) WITH CHECK ({own_report});",
    ]
    for table in FENCED:
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
            f"CREATE POLICY worker ON {table} TO candour_worker USING ({anywhere}) WITH CHECK ({anywhere});",
        ]
        own = own_draft if table == "identity.draft" else of_report
        lines.append(f"CREATE POLICY own ON {table} TO candour_shopper USING ({own}) WITH CHECK ({own});")
    return "\n".join(lines)


GRANTS = """
GRANT SELECT, INSERT, DELETE, UPDATE (changed_at) ON identity.draft TO candour_shopper;
GRANT SELECT, INSERT, UPDATE, DELETE ON field.check_in TO candour_shopper;
GRANT SELECT, INSERT ON field.report_submission TO candour_shopper;
GRANT SELECT ON field.check_in, field.report_submission TO candour_staff;
GRANT SELECT, DELETE ON identity.draft TO candour_worker;
GRANT SELECT ON field.report_submission TO candour_worker;
GRANT DELETE ON field.report TO candour_worker;
"""

BACKWARDS = f"""
DROP POLICY own ON field.report;
DROP TABLE field.report_submission, field.check_in, identity.draft;
DELETE FROM field.report WHERE shop_id IS NULL;
ALTER TABLE field.report DROP COLUMN reason, ALTER COLUMN shop_id SET NOT NULL;
CREATE POLICY own ON field.report TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND {OWN_SHOP}) WITH CHECK (affiliate_id = {AFFILIATE} AND {OWN_SHOP});
REVOKE DELETE ON field.report FROM candour_worker;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of drafts, check-ins and submissions."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + _fences() + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
