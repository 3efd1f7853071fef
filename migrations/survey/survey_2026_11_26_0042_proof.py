"""The proof: runs that look for people of released shops with everybody's eyes, what they found, and their sessions."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000042"
VERSION = "1.38.0"
DESCRIPTION = "runs of the proof"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
EYE = "'^[a-z][a-z-]{0,39}$'"


def _fenced(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {table} TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY platform ON {table} TO candour_provider USING (true) WITH CHECK (true);
CREATE POLICY worker ON {table} TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
"""


RUNS = f"""
-- One search for people where they must not be found. What was looked for is nowhere: kinds and counts alone.
CREATE TABLE ops.proof_run (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'WAITING'
        CHECK (state IN ('WAITING', 'RUNNING', 'CLEAN', 'BREACH', 'BROKEN', 'EMPTY', 'CUT_OFF')),
    asked_role text NOT NULL CHECK (asked_role ~ '^[a-z_]{{1,40}}$'),
    asked_at timestamptz NOT NULL,
    started_at timestamptz,
    beat_at timestamptz,                               -- when it last showed life
    finished_at timestamptz,
    shops integer NOT NULL DEFAULT 0 CHECK (shops >= 0),
    shoppers integer NOT NULL DEFAULT 0 CHECK (shoppers >= 0),
    tokens jsonb NOT NULL DEFAULT '{{}}',                -- kind: how many were looked for
    CHECK ((state IN ('WAITING', 'RUNNING')) = (finished_at IS NULL))
);
-- Two starts at once are one run.
CREATE UNIQUE INDEX proof_run_one ON ops.proof_run (affiliate_id) WHERE state IN ('WAITING', 'RUNNING');
CREATE INDEX proof_run_list ON ops.proof_run (affiliate_id, asked_at DESC, id DESC);
CREATE INDEX proof_run_age ON ops.proof_run (asked_at);
{_fenced("ops.proof_run")}
GRANT SELECT, INSERT (id, affiliate_id, asked_role, asked_at), UPDATE (state, finished_at)
    ON ops.proof_run TO candour_staff, candour_provider;
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.proof_run TO candour_worker;

-- With whose eyes a run looked, and how far. missing: why it could not look with these; a code.
CREATE TABLE ops.proof_eye (
    run_id uuid NOT NULL REFERENCES ops.proof_run (id) ON DELETE CASCADE,
    eye text NOT NULL CHECK (eye ~ {EYE}),
    affiliate_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('WAITING', 'LOOKING', 'DONE', 'LEFT_OUT')),
    searched integer NOT NULL DEFAULT 0 CHECK (searched >= 0),
    shown integer NOT NULL DEFAULT 0 CHECK (shown BETWEEN 0 AND searched),      -- answers that were no refusal
    files integer NOT NULL DEFAULT 0 CHECK (files BETWEEN 0 AND searched),      -- CSV, XLSX, PDF
    pictures integer NOT NULL DEFAULT 0 CHECK (pictures BETWEEN 0 AND searched),
    failed integer NOT NULL DEFAULT 0 CHECK (failed BETWEEN 0 AND searched),    -- answers that were faults of ours
    PRIMARY KEY (run_id, eye)
);
{_fenced("ops.proof_eye")}
GRANT SELECT ON ops.proof_eye TO candour_staff, candour_provider;
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.proof_eye TO candour_worker;

-- In how many answers of a route something of a kind was found. The route is a template: no id, no word.
CREATE TABLE ops.proof_hit (
    run_id uuid NOT NULL,
    eye text NOT NULL,
    kind text NOT NULL CHECK (kind ~ {EYE}),
    route text NOT NULL CHECK (route ~ '^[a-z0-9_:/{{}}.-]{{1,200}}$'),
    affiliate_id uuid NOT NULL,
    answers integer NOT NULL CHECK (answers > 0),
    PRIMARY KEY (run_id, eye, kind, route),
    FOREIGN KEY (run_id, eye) REFERENCES ops.proof_eye (run_id, eye) ON DELETE CASCADE
);
{_fenced("ops.proof_hit")}
GRANT SELECT ON ops.proof_hit TO candour_staff, candour_provider;
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.proof_hit TO candour_worker;
"""

SESSIONS = """
-- A session that a run has opened for itself: the person did not sign in, and the ledger must not say so.
ALTER TABLE ops.session ADD COLUMN is_lent boolean NOT NULL DEFAULT false;
"""

# What clients read anyway gives nobody away: the search leaves it out, and opens no sealed word to know it.
READ = "GRANT SELECT (snapshot) ON release.shop_report TO candour_worker;"

BACKWARDS = """
REVOKE SELECT (snapshot) ON release.shop_report FROM candour_worker;
ALTER TABLE ops.session DROP COLUMN is_lent;
DROP TABLE ops.proof_hit, ops.proof_eye, ops.proof_run;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of the proof, and say of a session whether a run has opened it."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(RUNS + SESSIONS + READ))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
