"""Shoppers: how they register, what they tell of themselves, what the affiliate decides about them."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000011"
VERSION = "1.38.0"
DESCRIPTION = "shoppers"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

FIELD = """
ALTER TABLE field.affiliate
    ADD COLUMN takes_shoppers boolean NOT NULL DEFAULT false,
    ADD COLUMN least_shopper_age integer NOT NULL DEFAULT 18 CHECK (least_shopper_age BETWEEN 16 AND 99);

-- The contractor agreement, each version word for word. A version is never changed: the next one is added.
CREATE TABLE field.agreement (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    number integer NOT NULL CHECK (number > 0),
    body text NOT NULL CHECK (body <> ''),
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, number)
);

-- What an affiliate asks its shoppers about themselves: always bands, always with a reason.
CREATE TABLE field.band_question (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    label text NOT NULL,
    bands jsonb NOT NULL,                              -- [[code, words], …] in the order in which they are shown
    is_required boolean NOT NULL DEFAULT false,
    reason text NOT NULL CHECK (reason <> ''),
    is_asked boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, code)
);

CREATE TABLE field.qualification_kind (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, code)
);
"""

IDENTITY = """
ALTER TABLE identity.shopper ADD COLUMN region text NOT NULL DEFAULT '';   -- state or county: no finer
CREATE INDEX shopper_region ON identity.shopper (affiliate_id, region, id);

CREATE TABLE identity.conflict (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    client_id uuid NOT NULL REFERENCES field.client (id),
    kind text NOT NULL CHECK (kind IN ('works_there', 'household', 'competitor', 'other')),
    source text NOT NULL CHECK (source IN ('self', 'staff')),
    created_at timestamptz NOT NULL,
    UNIQUE (shopper_id, client_id)
);
CREATE INDEX conflict_client ON identity.conflict (affiliate_id, client_id);

CREATE TABLE identity.qualification (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    code text NOT NULL,
    source text NOT NULL CHECK (source IN ('quiz', 'document', 'hand')),
    status text NOT NULL CHECK (status IN ('asked', 'held', 'refused')),
    expires_on date,
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    UNIQUE (shopper_id, code)
);
CREATE INDEX qualification_code ON identity.qualification (affiliate_id, code, status);

CREATE TABLE identity.payout (
    shopper_id uuid PRIMARY KEY REFERENCES identity.shopper (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('iban', 'us_bank', 'paypal')),
    handle bytea NOT NULL,
    last4 text NOT NULL,
    updated_at timestamptz NOT NULL
);

-- A new address waits here until its mailbox has answered.
CREATE TABLE identity.email_change (
    id uuid NOT NULL UNIQUE,                           -- the link names it, so that only the latest one works
    affiliate_id uuid NOT NULL,
    shopper_id uuid PRIMARY KEY REFERENCES identity.shopper (id) ON DELETE CASCADE,
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    asked_at timestamptz NOT NULL
);

-- Sealed with a key of its own, which goes on the day of the purge: backups become unreadable with it.
CREATE TABLE identity.tax_identity (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),     -- also the id of its key in the vault
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL UNIQUE REFERENCES identity.shopper (id) ON DELETE CASCADE,
    kind text CHECK (kind IN ('ssn', 'ein', 'sin', 'other')),
    number bytea,
    last4 text,
    asked_at timestamptz NOT NULL,
    collected_at timestamptz,
    purge_on date NOT NULL,
    CHECK ((number IS NULL) = (collected_at IS NULL))
);
CREATE INDEX tax_identity_purge ON identity.tax_identity (purge_on);

-- Why somebody may not take shops any more; they read it, may contest it, and a person decides again.
CREATE TABLE identity.deactivation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    code text NOT NULL CHECK (code IN ('no_shows', 'quality', 'fraud', 'conduct', 'other')),
    reason bytea NOT NULL,                             -- sealed with the shopper's key, like the contest
    decided_by uuid,
    decided_at timestamptz NOT NULL,
    contest bytea,
    contested_at timestamptz,
    outcome text CHECK (outcome IN ('upheld', 'lifted')),
    closed_at timestamptz,
    CHECK ((contest IS NULL) = (contested_at IS NULL)),
    CHECK ((outcome IS NULL) = (closed_at IS NULL))
);
CREATE UNIQUE INDEX deactivation_one ON identity.deactivation (shopper_id) WHERE outcome IS DISTINCT FROM 'lifted';
"""

TENANT_TABLES = (
    "field.agreement", "field.band_question", "field.qualification_kind", "identity.conflict",
    "identity.qualification", "identity.payout", "identity.tax_identity", "identity.deactivation",
    "identity.email_change",
)  # fmt: skip
OF_THE_AFFILIATE = ("field.agreement", "field.band_question", "field.qualification_kind")
OF_THE_SHOPPER = ("identity.conflict", "identity.payout", "identity.tax_identity", "identity.email_change")


def _fences() -> str:
    """Row-level security: the tenant's own rows for staff and worker; for shoppers their own."""
    lines = []
    for table in TENANT_TABLES:
        fence = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
            f"CREATE POLICY worker ON {table} TO candour_worker USING ({fence}) WITH CHECK ({fence});",
        ]
    lines += [
        f"CREATE POLICY shopper ON {table} FOR SELECT TO candour_shopper USING (affiliate_id = {AFFILIATE});"
        for table in OF_THE_AFFILIATE
    ]
    own = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
    lines += [
        f"CREATE POLICY own ON {table} TO candour_shopper USING ({own}) WITH CHECK ({own});" for table in OF_THE_SHOPPER
    ]
    return "\n".join(lines)


OTHER_FENCES = f"""
-- Registering: the gate makes a profile that is not confirmed, and confirms it; of any other it changes nothing.
DROP POLICY gate ON identity.shopper;
CREATE POLICY gate ON identity.shopper FOR SELECT TO candour_gate USING (true);
CREATE POLICY registering ON identity.shopper FOR INSERT TO candour_gate WITH CHECK (status = 'pending');
CREATE POLICY confirming ON identity.shopper FOR UPDATE TO candour_gate
    USING (status = 'pending') WITH CHECK (status IN ('pending', 'active'));
CREATE POLICY registering ON identity.account AS RESTRICTIVE FOR INSERT TO candour_gate
    WITH CHECK (role = 'shopper' AND status = 'invited' AND password_hash IS NULL AND client_id IS NULL
                AND EXISTS (SELECT FROM field.affiliate f WHERE f.id = affiliate_id AND f.kind = 'provider'));
CREATE POLICY gate ON field.agreement FOR SELECT TO candour_gate USING (true);
CREATE POLICY registering ON ledger.consent FOR INSERT TO candour_gate WITH CHECK (purpose = 'contractor agreement');

-- A registration that nobody confirmed is forgotten; of anything else the worker removes nothing.
CREATE POLICY forgetting ON identity.shopper AS RESTRICTIVE FOR DELETE TO candour_worker USING (status = 'pending');
CREATE POLICY forgetting ON identity.account AS RESTRICTIVE FOR DELETE TO candour_worker
    USING (role = 'shopper' AND status = 'invited');

-- Whoever was deactivated pauses or resumes nothing.
CREATE POLICY standing ON identity.shopper AS RESTRICTIVE FOR UPDATE TO candour_shopper
    USING (status IN ('active', 'paused')) WITH CHECK (status IN ('active', 'paused'));
CREATE POLICY own ON identity.qualification FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER});
CREATE POLICY asking ON identity.qualification FOR INSERT TO candour_shopper
    WITH CHECK (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER} AND status = 'asked' AND source = 'document');
CREATE POLICY tax ON vault.subject_key TO candour_shopper
    USING (id IN (SELECT t.id FROM identity.tax_identity t))
    WITH CHECK (id IN (SELECT t.id FROM identity.tax_identity t) AND affiliate_id = {AFFILIATE});
CREATE POLICY own ON ledger.consent TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND subject_id = {SHOPPER})
    WITH CHECK (affiliate_id = {AFFILIATE} AND subject_id = {SHOPPER} AND purpose = 'contractor agreement');
-- "Who read my profile": the looks at oneself, never what else was done.
CREATE POLICY own_reads ON ledger.event FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND subject_id = {SHOPPER} AND purpose IS NOT NULL);

CREATE POLICY gate ON identity.email_change FOR SELECT TO candour_gate USING (true);
CREATE POLICY gate ON identity.deactivation FOR SELECT TO candour_gate USING (true);
CREATE POLICY contesting ON identity.deactivation FOR UPDATE TO candour_gate
    USING (outcome IS NULL AND contest IS NULL) WITH CHECK (outcome IS NULL);
"""

GRANTS = """
-- Staff have no use for the sign-in behind a profile: it would tell two affiliates that they know one person.
REVOKE SELECT, UPDATE ON identity.shopper FROM candour_staff;
GRANT SELECT (id, affiliate_id, display_code, name, email, email_index, phone, address, household_index, latitude,
    longitude, time_zone, bands, region, status, grade_tenths, held_limit, agreement_version, agreed_at, created_at)
    ON identity.shopper TO candour_staff;
GRANT UPDATE (status, held_limit, grade_tenths) ON identity.shopper TO candour_staff;

GRANT SELECT, INSERT ON field.agreement TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON field.band_question, field.qualification_kind TO candour_staff;
GRANT SELECT, INSERT, DELETE ON identity.conflict TO candour_staff;
GRANT UPDATE (kind) ON identity.conflict TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON identity.qualification TO candour_staff;
GRANT SELECT ON identity.payout, identity.tax_identity TO candour_staff;
GRANT INSERT (id, affiliate_id, shopper_id, asked_at, purge_on), UPDATE (purge_on) ON identity.tax_identity
    TO candour_staff, candour_worker;
GRANT SELECT, INSERT ON identity.deactivation TO candour_staff;
GRANT UPDATE (outcome, closed_at) ON identity.deactivation TO candour_staff;

REVOKE INSERT ON identity.shopper FROM candour_gate;
GRANT INSERT (id, affiliate_id, account_id, display_code, name, email, email_index, phone, address, household_index,
    region, time_zone, status, agreement_version, agreed_at, created_at) ON identity.shopper TO candour_gate;
GRANT SELECT (agreement_version, agreed_at), UPDATE (name, phone, address, household_index, region, time_zone, status,
    agreement_version, agreed_at) ON identity.shopper TO candour_gate;
GRANT INSERT (id, affiliate_id, role, client_id, location_id, email, email_index, name, password_hash, status,
    created_at) ON identity.account TO candour_gate;
GRANT SELECT ON field.agreement, identity.deactivation TO candour_gate;
GRANT SELECT (id, affiliate_id, shopper_id) ON identity.email_change TO candour_gate;
GRANT UPDATE (contest, contested_at) ON identity.deactivation TO candour_gate;
GRANT INSERT ON ledger.consent TO candour_gate;

GRANT SELECT ON field.agreement, field.band_question, field.qualification_kind, identity.conflict,
    identity.qualification, identity.payout, identity.tax_identity, ledger.consent TO candour_shopper;
GRANT UPDATE (region, email, email_index) ON identity.shopper TO candour_shopper;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.email_change TO candour_shopper;
GRANT INSERT, DELETE ON identity.conflict, identity.payout TO candour_shopper;
GRANT UPDATE (kind) ON identity.conflict TO candour_shopper;
GRANT UPDATE (kind, handle, last4, updated_at) ON identity.payout TO candour_shopper;
GRANT INSERT ON identity.qualification TO candour_shopper;
GRANT UPDATE (kind, number, last4, collected_at) ON identity.tax_identity TO candour_shopper;
GRANT INSERT ON ledger.consent TO candour_shopper;
GRANT SELECT (id, affiliate_id, at, actor_kind, action, subject_id, purpose) ON ledger.event TO candour_shopper;

GRANT DELETE ON identity.shopper, identity.account TO candour_worker;
GRANT SELECT ON identity.conflict, identity.qualification, identity.payout, identity.deactivation TO candour_worker;
GRANT SELECT, DELETE ON identity.tax_identity, identity.email_change TO candour_worker;
"""

BACKWARDS = """
REVOKE DELETE ON identity.shopper, identity.account FROM candour_worker;
REVOKE SELECT ON ledger.event FROM candour_shopper;
REVOKE ALL ON ledger.consent FROM candour_shopper, candour_gate;
REVOKE INSERT ON identity.account, identity.shopper FROM candour_gate;
REVOKE UPDATE ON identity.shopper FROM candour_gate;
REVOKE SELECT (agreement_version, agreed_at) ON identity.shopper FROM candour_gate;
DROP TABLE identity.deactivation;
DROP POLICY own_reads ON ledger.event;
DROP POLICY own ON ledger.consent;
DROP POLICY registering ON ledger.consent;
DROP POLICY tax ON vault.subject_key;
DROP POLICY standing ON identity.shopper;
DROP POLICY forgetting ON identity.account;
DROP POLICY forgetting ON identity.shopper;
DROP POLICY registering ON identity.account;
DROP POLICY confirming ON identity.shopper;
DROP POLICY registering ON identity.shopper;
DROP POLICY gate ON identity.shopper;
CREATE POLICY gate ON identity.shopper TO candour_gate USING (true) WITH CHECK (true);
GRANT SELECT (id, affiliate_id, account_id, status, email_index, created_at), INSERT ON identity.shopper
    TO candour_gate;
REVOKE SELECT, UPDATE ON identity.shopper FROM candour_staff;
GRANT SELECT, UPDATE ON identity.shopper TO candour_staff;
REVOKE UPDATE (email, email_index) ON identity.shopper FROM candour_shopper;
DROP TABLE identity.email_change, identity.tax_identity, identity.payout, identity.qualification, identity.conflict,
    field.qualification_kind, field.band_question, field.agreement;
ALTER TABLE identity.shopper DROP COLUMN region;
ALTER TABLE field.affiliate DROP COLUMN takes_shoppers, DROP COLUMN least_shopper_age;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what shoppers tell, agree to and are told."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FIELD + IDENTITY + _fences() + OTHER_FENCES + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
