"""The two schemas that belong to the privacy library: vault (keys) and ledger (append-only evidence)."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-22T05:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "vault and ledger"

FORWARDS = """
CREATE SCHEMA vault;
CREATE SCHEMA ledger;

-- One data key per person or response, wrapped by a versioned key-encryption key. Erasing deletes the row.
CREATE TABLE vault.subject_key (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    kek_version integer NOT NULL,
    wrapped bytea NOT NULL,
    created_on date NOT NULL DEFAULT current_date
);

CREATE TABLE ledger.event (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid,
    subject_id uuid,
    purpose text,
    detail jsonb NOT NULL DEFAULT '{}',
    -- The database's own clock, whatever `at` says: nothing may join the chain long after it was written.
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX event_recorded ON ledger.event USING brin (recorded_at);
CREATE INDEX event_affiliate_at ON ledger.event (affiliate_id, at DESC, id);
CREATE INDEX event_object ON ledger.event (object_id);
CREATE INDEX event_subject ON ledger.event (subject_id);

-- The chain is laid over the events after they are written, so that writers never wait for one another.
CREATE TABLE ledger.event_link (
    seq bigint PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE REFERENCES ledger.event (id),
    hash bytea NOT NULL
);

CREATE TABLE ledger.opt_out_link (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    suppression_key bytea NOT NULL,
    affiliate_id uuid NOT NULL,
    client_id uuid,
    created_on date NOT NULL DEFAULT current_date,
    UNIQUE NULLS NOT DISTINCT (suppression_key, affiliate_id, client_id)
);

-- A stop is a row whose lifts is null; an undo is a row that lifts it. Nothing is ever changed or removed.
CREATE TABLE ledger.opt_out (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    suppression_key bytea NOT NULL,
    scope text NOT NULL CHECK (scope IN ('everything', 'client')),
    client_id uuid,
    source text NOT NULL CHECK (source IN ('page', 'one-click', 'mailto', 'staff', 'undo')),
    at timestamptz NOT NULL,
    lifts uuid UNIQUE REFERENCES ledger.opt_out (id),
    CHECK ((scope = 'client') = (client_id IS NOT NULL))
);
CREATE INDEX opt_out_key ON ledger.opt_out (suppression_key);

CREATE TABLE ledger.consent (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    purpose text NOT NULL,
    is_given boolean NOT NULL,
    wording_version integer NOT NULL,
    wording text NOT NULL,
    method text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX consent_subject ON ledger.consent (subject_id);

CREATE TABLE ledger.disclosure (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    object_kind text NOT NULL,
    object_id uuid NOT NULL,
    categories text[] NOT NULL,
    digest bytea NOT NULL,
    at timestamptz NOT NULL
);

-- What `candour verify` found, and when.
CREATE TABLE ledger.promise_check (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    promise text NOT NULL,
    is_held boolean NOT NULL,
    finding text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX promise_check_latest ON ledger.promise_check (promise, at DESC);
"""

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
LINK = "nullif(current_setting('app.link', true), '')::uuid"

POLICIES = f"""
ALTER TABLE vault.subject_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.subject_key FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.event FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.consent ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.consent FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.disclosure FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.opt_out_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.opt_out_link FORCE ROW LEVEL SECURITY;

CREATE POLICY staff ON vault.subject_key TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON vault.subject_key TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id)
    WITH CHECK (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
CREATE POLICY desk ON vault.subject_key TO candour_desk USING (true) WITH CHECK (true);
CREATE POLICY gate ON vault.subject_key TO candour_gate USING (true) WITH CHECK (true);
CREATE POLICY provider ON vault.subject_key TO candour_provider USING (false) WITH CHECK (true);

CREATE POLICY staff ON ledger.event TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY writers ON ledger.event FOR INSERT
    TO candour_respondent, candour_releaser, candour_gate, candour_provider WITH CHECK (true);
CREATE POLICY worker ON ledger.event TO candour_worker, candour_desk USING (true) WITH CHECK (true);

CREATE POLICY tenant ON ledger.consent TO candour_staff, candour_worker
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY desk ON ledger.consent TO candour_desk USING (true) WITH CHECK (true);
CREATE POLICY tenant ON ledger.disclosure TO candour_staff, candour_releaser
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY desk ON ledger.disclosure TO candour_desk USING (true);
CREATE POLICY staff ON ledger.opt_out_link TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY desk ON ledger.opt_out_link TO candour_desk, candour_worker USING (true) WITH CHECK (true);
CREATE POLICY owner ON ledger.event TO candour_owner USING (true);

GRANT USAGE ON SCHEMA vault TO candour_staff, candour_worker, candour_desk, candour_gate, candour_provider,
    candour_respondent;
GRANT SELECT, INSERT ON vault.subject_key TO candour_staff, candour_gate, candour_respondent;
GRANT DELETE ON vault.subject_key TO candour_respondent;   -- the key of a draft its author deletes
GRANT INSERT ON vault.subject_key TO candour_provider;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault.subject_key TO candour_worker, candour_desk;

GRANT USAGE ON SCHEMA ledger TO candour_staff, candour_worker, candour_desk, candour_gate, candour_provider,
    candour_respondent, candour_releaser;
GRANT INSERT ON ledger.event TO candour_respondent, candour_releaser, candour_gate, candour_provider;
GRANT SELECT, INSERT ON ledger.event TO candour_staff, candour_worker, candour_desk;
GRANT SELECT, INSERT ON ledger.event_link TO candour_worker;
GRANT SELECT ON ledger.event_link TO candour_desk;
GRANT SELECT, INSERT ON ledger.opt_out_link TO candour_staff, candour_worker, candour_desk;
GRANT SELECT ON ledger.opt_out TO candour_staff, candour_worker;
GRANT SELECT, INSERT ON ledger.opt_out TO candour_desk;
GRANT SELECT, INSERT ON ledger.consent TO candour_desk;
GRANT SELECT ON ledger.consent TO candour_staff, candour_worker;
GRANT SELECT, INSERT ON ledger.disclosure TO candour_releaser;
GRANT SELECT ON ledger.disclosure TO candour_staff, candour_desk;
GRANT SELECT, INSERT ON ledger.promise_check TO candour_worker;
GRANT SELECT ON ledger.promise_check TO candour_gate, candour_desk, candour_staff, candour_provider;
"""

BACKWARDS = "DROP SCHEMA ledger CASCADE; DROP SCHEMA vault CASCADE;"


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Create the schemas, tables, policies and grants."""
    manager = MigrationManager(migration_id=ID, app_name="privacy", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS + POLICIES))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
