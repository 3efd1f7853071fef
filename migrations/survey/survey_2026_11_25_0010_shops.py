"""Mystery shops: shoppers, campaigns, waves, shops, assignments and reports, with their fences and grants."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000010"
VERSION = "1.38.0"
DESCRIPTION = "mystery shops"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

ACCOUNTS = """
ALTER TABLE identity.account DROP CONSTRAINT account_role_check;
ALTER TABLE identity.account ADD CONSTRAINT account_role_check CHECK (role IN
    ('provider', 'affiliate_admin', 'manager', 'scheduler', 'editor', 'payroll', 'client_viewer', 'shopper'));

ALTER TABLE field.location
    ADD COLUMN latitude double precision CHECK (latitude BETWEEN -90 AND 90),
    ADD COLUMN longitude double precision CHECK (longitude BETWEEN -180 AND 180),
    ADD COLUMN opening_hours jsonb NOT NULL DEFAULT '{}',   -- weekday ('mon' … 'sun') -> [["07:00", "19:00"], …]
    ADD CONSTRAINT location_point CHECK ((latitude IS NULL) = (longitude IS NULL)),
    DROP CONSTRAINT location_status_check,
    ADD CONSTRAINT location_status_check CHECK (status IN ('open', 'temporarily_closed', 'closed'));
"""

PEOPLE = """
-- One row per person and affiliate; the sign-in is an account of the platform's own tenant, which no affiliate sees.
CREATE TABLE identity.shopper (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),     -- also the id of its subject key in the vault
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    account_id uuid NOT NULL REFERENCES identity.account (id),
    display_code text NOT NULL,                        -- what staff call somebody where no name is needed
    name bytea NOT NULL,
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    phone bytea,
    address bytea,                                     -- sealed JSON: street, city, region, postal_code, country
    household_index bytea,                             -- finds others at the same address, within the affiliate
    latitude double precision,                         -- of the neighbourhood: two decimals, about a kilometre
    longitude double precision,
    time_zone text NOT NULL DEFAULT 'UTC',
    bands jsonb NOT NULL DEFAULT '{}',                 -- question -> band; never free text
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'active', 'paused', 'deactivated', 'erased')),
    grade_tenths integer CHECK (grade_tenths BETWEEN 10 AND 100),   -- mean of the last ten grades
    held_limit integer NOT NULL DEFAULT 5 CHECK (held_limit BETWEEN 0 AND 100),
    agreement_version integer,
    agreed_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, account_id),
    UNIQUE (affiliate_id, email_index),
    UNIQUE (affiliate_id, display_code)
);
CREATE INDEX shopper_list ON identity.shopper (affiliate_id, status, id);
CREATE INDEX shopper_account ON identity.shopper (account_id);
CREATE INDEX shopper_household ON identity.shopper (affiliate_id, household_index);

ALTER TABLE ops.session ADD COLUMN shopper_id uuid REFERENCES identity.shopper (id) ON DELETE SET NULL;
"""

CAMPAIGNS = """
CREATE TABLE field.campaign (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('in_person', 'phone', 'web', 'audit', 'compliance', 'competitor')),
    version_id uuid REFERENCES field.questionnaire_version (id),
    scoring jsonb NOT NULL DEFAULT '{}',
    guideline_id uuid,                                 -- the current one
    is_certified boolean NOT NULL DEFAULT false,       -- the guideline's quiz must be passed first
    rotation jsonb NOT NULL DEFAULT '{}',
    requirements jsonb NOT NULL DEFAULT '{}',          -- bands, least grade, radius
    is_self_assign boolean NOT NULL DEFAULT false,
    employee_id_mode text NOT NULL DEFAULT 'none' CHECK (employee_id_mode IN ('none', 'role', 'description', 'name')),
    staff_notice_id uuid,
    time_precision text NOT NULL DEFAULT 'daypart' CHECK (time_precision IN ('wave', 'daypart', 'hour', 'minute')),
    demographics_mode text NOT NULL DEFAULT 'none' CHECK (demographics_mode IN ('none', 'bands')),
    recording_mode text NOT NULL DEFAULT 'none' CHECK (recording_mode IN ('none', 'audio', 'video')),
    picture_mode text NOT NULL DEFAULT 'redacted' CHECK (picture_mode IN ('none', 'redacted')),
    receipt_mode text NOT NULL DEFAULT 'amount' CHECK (receipt_mode IN ('none', 'amount', 'redacted')),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    fee_cents integer NOT NULL DEFAULT 0 CHECK (fee_cents >= 0),
    reimbursement_cap_cents integer NOT NULL DEFAULT 0 CHECK (reimbursement_cap_cents >= 0),
    attempt_fee_cents integer NOT NULL DEFAULT 0 CHECK (attempt_fee_cents >= 0),
    bonus_ladder jsonb NOT NULL DEFAULT '[]',          -- [[days before the window's end, cents], …]
    report_due_hours integer NOT NULL DEFAULT 24 CHECK (report_due_hours BETWEEN 1 AND 336),
    grace_hours integer NOT NULL DEFAULT 24 CHECK (grace_hours BETWEEN 0 AND 336),
    offer_hours integer NOT NULL DEFAULT 24 CHECK (offer_hours BETWEEN 1 AND 336),
    return_hours integer NOT NULL DEFAULT 24 CHECK (return_hours BETWEEN 1 AND 336),
    appeal_days integer NOT NULL DEFAULT 14 CHECK (appeal_days BETWEEN 0 AND 90),
    pay_days integer NOT NULL DEFAULT 30 CHECK (pay_days BETWEEN 1 AND 90),
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'live', 'closed')),
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, client_id, name)
);
CREATE INDEX campaign_list ON field.campaign (affiliate_id, created_at DESC, id DESC);

CREATE TABLE field.guideline (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    campaign_id uuid NOT NULL REFERENCES field.campaign (id) ON DELETE CASCADE,
    number integer NOT NULL,
    body text NOT NULL,                                -- markdown
    quiz jsonb NOT NULL DEFAULT '[]',
    pass_percent integer NOT NULL DEFAULT 80 CHECK (pass_percent BETWEEN 0 AND 100),
    created_at timestamptz NOT NULL,
    UNIQUE (campaign_id, number)
);

CREATE TABLE field.scenario (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    campaign_id uuid NOT NULL REFERENCES field.campaign (id) ON DELETE CASCADE,
    name text NOT NULL,
    body text NOT NULL DEFAULT '',
    UNIQUE (campaign_id, name)
);

CREATE TABLE field.wave (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    campaign_id uuid NOT NULL REFERENCES field.campaign (id) ON DELETE CASCADE,
    label text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    quota jsonb NOT NULL DEFAULT '{}',                 -- shops a location, dayparts, which locations
    published_at timestamptz,
    created_at timestamptz NOT NULL,
    CHECK (ends_on >= starts_on),
    UNIQUE (campaign_id, label)
);

-- One visit to one location. Who makes it is a row of the identity plane.
CREATE TABLE field.shop (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    campaign_id uuid NOT NULL REFERENCES field.campaign (id),
    wave_id uuid NOT NULL REFERENCES field.wave (id),
    location_id uuid NOT NULL REFERENCES field.location (id),
    scenario_id uuid REFERENCES field.scenario (id),
    guideline_id uuid REFERENCES field.guideline (id),             -- as of publishing, then of assignment
    version_id uuid REFERENCES field.questionnaire_version (id),   -- locked when it is assigned
    public_ref text NOT NULL,
    daypart text NOT NULL DEFAULT 'any' CHECK (daypart IN ('any', 'morning', 'midday', 'afternoon', 'evening', 'late')),
    window_start timestamptz NOT NULL,
    window_end timestamptz NOT NULL,
    planned_on date,
    due_at timestamptz,                                -- of the report; while assigned
    fee_cents integer NOT NULL CHECK (fee_cents >= 0),
    bonus_cents integer NOT NULL DEFAULT 0 CHECK (bonus_cents >= 0),
    reimbursement_cap_cents integer NOT NULL CHECK (reimbursement_cap_cents >= 0),
    currency text NOT NULL,
    state text NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'OPEN', 'OFFERED', 'ASSIGNED', 'IN_PROGRESS',
        'SUBMITTED', 'IN_REVIEW', 'RETURNED', 'APPROVED', 'RELEASED', 'REJECTED', 'EXCLUDED', 'CLOSED', 'CANCELLED',
        'EXPIRED')),
    state_since timestamptz NOT NULL,
    is_on_hold boolean NOT NULL DEFAULT false,
    is_appeal_open boolean NOT NULL DEFAULT false,
    is_legal_hold boolean NOT NULL DEFAULT false,
    is_flaked boolean NOT NULL DEFAULT false,          -- somebody took it and did not do it
    unassign_count integer NOT NULL DEFAULT 0,
    editor_id uuid,                                    -- an account; who holds it in review
    score_percent numeric(5, 2),
    grade integer CHECK (grade BETWEEN 1 AND 10),
    revision integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, public_ref),
    CHECK (window_end > window_start)
);
CREATE INDEX shop_board ON field.shop (affiliate_id, window_end, id);
CREATE INDEX shop_state ON field.shop (affiliate_id, state, window_end, id);
CREATE INDEX shop_client ON field.shop (affiliate_id, client_id, window_end, id);
CREATE INDEX shop_wave ON field.shop (wave_id);
CREATE INDEX shop_campaign ON field.shop (campaign_id);
CREATE INDEX shop_location ON field.shop (location_id, planned_on);

-- What happens by itself, and when. The job that fires them may come late or twice: the machine decides again.
CREATE TABLE field.shop_timer (
    shop_id uuid NOT NULL REFERENCES field.shop (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('offer_timeout', 'window_ended', 'overdue', 'return_timeout',
        'appeal_window_over')),
    affiliate_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, kind)
);
CREATE INDEX shop_timer_due ON field.shop_timer (due_at);
"""

WHO = """
-- Who makes a shop: the one row that ties a person to a visit. At most one of a shop stands.
CREATE TABLE identity.assignment (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id),
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    household_index bytea,                             -- as it was then: rotation counts households
    mode text NOT NULL CHECK (mode IN ('offer', 'application', 'self', 'manual')),
    state text NOT NULL CHECK (state IN ('offered', 'held', 'done', 'declined', 'given_back', 'taken_back', 'flaked')),
    planned_on date,                                   -- the day the shopper named; the visit's once it was made
    override_reason text NOT NULL DEFAULT '',          -- why rules were set aside
    assigned_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX assignment_one ON identity.assignment (shop_id) WHERE state IN ('offered', 'held', 'done');
CREATE INDEX assignment_shopper ON identity.assignment (shopper_id, state, planned_on);
CREATE INDEX assignment_household ON identity.assignment (affiliate_id, household_index, planned_on);

CREATE TABLE identity.application (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id) ON DELETE CASCADE,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    proposed_on date,
    note bytea,                                        -- sealed with the shopper's key
    state text NOT NULL DEFAULT 'SUBMITTED'
        CHECK (state IN ('SUBMITTED', 'APPROVED', 'DECLINED', 'WITHDRAWN', 'SUPERSEDED', 'EXPIRED')),
    reason text NOT NULL DEFAULT '',                   -- of a decline; the shopper reads it
    created_at timestamptz NOT NULL,
    decided_at timestamptz
);
CREATE UNIQUE INDEX application_one ON identity.application (shop_id, shopper_id) WHERE state = 'SUBMITTED';
CREATE INDEX application_shop ON identity.application (shop_id, state, created_at);
CREATE INDEX application_shopper ON identity.application (shopper_id, created_at DESC, id DESC);
"""

REPORTS = """
-- What was seen. Coded answers apart from words, words sealed with the report's own key.
CREATE TABLE field.report (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),     -- also the id of its key in the vault
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL UNIQUE REFERENCES field.shop (id),
    version_id uuid NOT NULL REFERENCES field.questionnaire_version (id),
    coded jsonb NOT NULL DEFAULT '{}',
    section integer NOT NULL DEFAULT 0,
    revision integer NOT NULL DEFAULT 0,
    outcome text NOT NULL DEFAULT 'done' CHECK (outcome IN ('done', 'closed', 'not_possible')),
    time_in timestamptz,
    time_out timestamptz,
    receipt_cents integer CHECK (receipt_cents >= 0),
    started_at timestamptz NOT NULL,
    submitted_at timestamptz,
    score_percent numeric(5, 2)
);

CREATE TABLE field.report_text (
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    question_id text NOT NULL,
    affiliate_id uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (report_id, question_id)
);

CREATE TABLE field.evidence (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('receipt', 'photo', 'card')),
    media_key text NOT NULL,                           -- re-encoded, metadata gone
    client_key text,                                   -- the redacted copy that a client may see
    digest bytea NOT NULL,
    size_bytes integer NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    boxes jsonb NOT NULL DEFAULT '[]',                 -- what is blacked out: [[x, y, width, height], …] in pixels
    created_at timestamptz NOT NULL
);
CREATE INDEX evidence_report ON field.evidence (report_id, created_at, id);
CREATE INDEX evidence_digest ON field.evidence (affiliate_id, digest);
"""

TENANT_TABLES = (
    "field.campaign", "field.guideline", "field.scenario", "field.wave", "field.shop", "field.shop_timer",
    "field.report", "field.report_text", "field.evidence", "identity.shopper", "identity.assignment",
    "identity.application",
)  # fmt: skip
SHARED_WITH_SHOPPERS = ("field.client", "field.location", "field.campaign", "field.guideline", "field.scenario",
                        "field.wave", "field.questionnaire_version")  # fmt: skip
OWN_SHOP = f"""EXISTS (
    SELECT FROM identity.assignment a
    WHERE a.shop_id = {{column}} AND a.shopper_id = {SHOPPER} AND a.state IN ('offered', 'held', 'done'))"""


def _fences() -> str:
    """Row-level security: the tenant's own rows for staff and worker; for a shopper what is open, and their own."""
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
        f"CREATE POLICY shopper ON {table} TO candour_shopper USING (affiliate_id = {AFFILIATE});"
        for table in SHARED_WITH_SHOPPERS
    ]
    return "\n".join(lines)


OTHER_FENCES = f"""
CREATE POLICY shopper ON field.affiliate TO candour_shopper USING (id = {AFFILIATE});
CREATE POLICY releaser ON field.campaign TO candour_releaser USING (affiliate_id = {AFFILIATE});
CREATE POLICY releaser ON field.wave TO candour_releaser USING (affiliate_id = {AFFILIATE});
CREATE POLICY releaser ON field.shop TO candour_releaser USING (affiliate_id = {AFFILIATE});
CREATE POLICY releaser ON field.report TO candour_releaser USING (affiliate_id = {AFFILIATE});

-- A shopper reads the affiliate's shops (no person is in them) and changes only what is open or their own.
CREATE POLICY shopper ON field.shop FOR SELECT TO candour_shopper USING (affiliate_id = {AFFILIATE});
CREATE POLICY taking ON field.shop FOR UPDATE TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND (state = 'OPEN' OR {OWN_SHOP.format(column="field.shop.id")}))
    WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY shopper ON field.shop_timer TO candour_shopper
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY shopper ON identity.shopper TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND id = {SHOPPER}) WITH CHECK (affiliate_id = {AFFILIATE} AND id = {SHOPPER});
CREATE POLICY own ON identity.assignment TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER})
    WITH CHECK (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER});
-- Rotation counts visits of the household. Of who made one a shopper sees a random id, which leads nowhere from here.
CREATE POLICY household ON identity.assignment FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND household_index IS NOT NULL
           AND household_index = (SELECT s.household_index FROM identity.shopper s WHERE s.id = {SHOPPER}));
CREATE POLICY own ON identity.application TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER})
    WITH CHECK (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER});
CREATE POLICY own ON field.report TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND {OWN_SHOP.format(column="field.report.shop_id")})
    WITH CHECK (affiliate_id = {AFFILIATE} AND {OWN_SHOP.format(column="field.report.shop_id")});
CREATE POLICY own ON field.report_text TO candour_shopper
    USING (report_id IN (SELECT r.id FROM field.report r))
    WITH CHECK (report_id IN (SELECT r.id FROM field.report r) AND affiliate_id = {AFFILIATE});
CREATE POLICY own ON field.evidence TO candour_shopper
    USING (report_id IN (SELECT r.id FROM field.report r))
    WITH CHECK (report_id IN (SELECT r.id FROM field.report r) AND affiliate_id = {AFFILIATE});
CREATE POLICY own ON vault.subject_key TO candour_shopper
    USING (id = {SHOPPER} OR id IN (SELECT r.id FROM field.report r))
    WITH CHECK (id = {SHOPPER} OR id IN (SELECT r.id FROM field.report r));
CREATE POLICY own ON ops.delivery TO candour_shopper USING (false) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY shopper ON ledger.event FOR INSERT TO candour_shopper WITH CHECK (affiliate_id = {AFFILIATE});

CREATE POLICY gate ON identity.shopper TO candour_gate USING (true) WITH CHECK (true);
CREATE POLICY desk ON identity.shopper TO candour_desk USING (true) WITH CHECK (true);
"""

GRANTS = """
GRANT USAGE ON SCHEMA field, identity, ops, ledger, vault TO candour_shopper;

GRANT SELECT, INSERT, UPDATE ON field.campaign, field.guideline, field.scenario, field.wave, field.shop
    TO candour_staff;
GRANT DELETE ON field.campaign, field.guideline, field.scenario, field.wave, field.shop TO candour_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON field.shop_timer TO candour_staff, candour_worker, candour_shopper;
GRANT SELECT, INSERT, UPDATE ON identity.assignment, identity.application TO candour_staff;
GRANT SELECT, UPDATE ON identity.shopper TO candour_staff;
GRANT SELECT, UPDATE ON field.report, field.evidence TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON field.report_text TO candour_staff;

GRANT SELECT ON field.affiliate, field.client, field.location, field.campaign, field.guideline, field.scenario,
    field.wave, field.questionnaire_version, field.shop TO candour_shopper;
GRANT UPDATE (state, state_since, planned_on, due_at, version_id, guideline_id, unassign_count, is_flaked, revision)
    ON field.shop TO candour_shopper;
GRANT SELECT, UPDATE (name, phone, address, household_index, latitude, longitude, time_zone, bands, status,
    agreement_version, agreed_at) ON identity.shopper TO candour_shopper;
GRANT SELECT (id, affiliate_id, shop_id, shopper_id, household_index, state, planned_on, mode, assigned_at, ended_at)
    ON identity.assignment TO candour_shopper;
GRANT INSERT ON identity.assignment TO candour_shopper;
GRANT UPDATE (state, planned_on, ended_at) ON identity.assignment TO candour_shopper;
GRANT SELECT, INSERT, UPDATE (state, decided_at) ON identity.application TO candour_shopper;
GRANT SELECT, INSERT, UPDATE ON field.report TO candour_shopper;
GRANT SELECT, INSERT, UPDATE, DELETE ON field.report_text TO candour_shopper;
GRANT SELECT, INSERT, DELETE ON field.evidence TO candour_shopper;
GRANT SELECT, INSERT ON vault.subject_key TO candour_shopper;
GRANT INSERT ON ledger.event TO candour_shopper;
GRANT SELECT ON ledger.promise_check TO candour_shopper;
GRANT INSERT ON ops.delivery TO candour_shopper;
GRANT INSERT ON ops.job, ops.job_log TO candour_shopper;
GRANT SELECT (id, entrypoint, priority, dedupe_key, status) ON ops.job TO candour_shopper;
GRANT USAGE ON SEQUENCE ops.job_id_seq TO candour_shopper;

GRANT SELECT ON field.campaign, field.guideline, field.scenario, field.wave, identity.shopper, identity.application,
    field.report, field.report_text, field.evidence TO candour_worker;
GRANT SELECT, UPDATE ON field.shop, identity.assignment TO candour_worker;
GRANT UPDATE ON identity.application TO candour_worker;

GRANT SELECT ON field.campaign, field.wave, field.shop, field.report TO candour_releaser;

GRANT SELECT (id, affiliate_id, account_id, status, email_index, created_at), INSERT ON identity.shopper
    TO candour_gate;
GRANT SELECT, UPDATE (status) ON identity.shopper TO candour_desk;
"""

BACKWARDS = """
DROP POLICY own ON vault.subject_key;
DROP POLICY own ON ops.delivery;
DROP POLICY shopper ON ledger.event;
DROP POLICY shopper ON field.affiliate;
DROP POLICY shopper ON field.client;
DROP POLICY shopper ON field.location;
DROP POLICY shopper ON field.questionnaire_version;
ALTER TABLE ops.session DROP COLUMN shopper_id;
DROP TABLE field.evidence, field.report_text, field.report, identity.application, identity.assignment,
    field.shop_timer, field.shop, field.wave, field.scenario, field.guideline, field.campaign, identity.shopper;
REVOKE ALL ON field.affiliate, field.client, field.location, field.questionnaire_version, vault.subject_key,
    ledger.event, ledger.promise_check, ops.delivery, ops.job, ops.job_log FROM candour_shopper;
REVOKE ALL ON SEQUENCE ops.job_id_seq FROM candour_shopper;
REVOKE USAGE ON SCHEMA field, identity, ops, ledger, vault FROM candour_shopper;
ALTER TABLE field.location DROP CONSTRAINT location_status_check;
UPDATE field.location SET status = 'closed' WHERE status = 'temporarily_closed';
ALTER TABLE field.location ADD CONSTRAINT location_status_check CHECK (status IN ('open', 'closed')),
    DROP COLUMN latitude, DROP COLUMN longitude, DROP COLUMN opening_hours;
DELETE FROM identity.account WHERE role IN ('scheduler', 'editor', 'payroll', 'shopper');
ALTER TABLE identity.account DROP CONSTRAINT account_role_check;
ALTER TABLE identity.account ADD CONSTRAINT account_role_check
    CHECK (role IN ('provider', 'affiliate_admin', 'manager', 'client_viewer'));
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of mystery shops to the identity and field planes."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    everything = ACCOUNTS + PEOPLE + CAMPAIGNS + WHO + REPORTS + _fences() + OTHER_FENCES + GRANTS
    manager.add_raw(_executing(everything))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
