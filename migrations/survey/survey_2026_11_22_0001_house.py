"""Identity, field, release and ops: the tables of the main job, with their fences and grants."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-22T05:00:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "the main job"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"
LINK = "nullif(current_setting('app.link', true), '')::uuid"
SESSION = "decode(nullif(current_setting('app.session', true), ''), 'hex')"

FIELD = """
CREATE SCHEMA identity;
CREATE SCHEMA field;
CREATE SCHEMA release;

-- The tenants. The provider, who runs the platform, is a row of its own kind.
CREATE TABLE field.affiliate (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('provider', 'affiliate')),
    name text NOT NULL,
    slug text NOT NULL UNIQUE,
    postal_address text NOT NULL,
    contact_email text NOT NULL,
    require_totp boolean NOT NULL DEFAULT false,
    session_minutes integer NOT NULL DEFAULT 480 CHECK (session_minutes BETWEEN 5 AND 1440),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    created_at timestamptz NOT NULL
);

CREATE TABLE field.client (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    name text NOT NULL,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived')),
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, name)
);

-- A client's written permission that answers to a study may carry names (identified mode).
CREATE TABLE field.identified_authorisation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    reference text NOT NULL,
    valid_until date NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX identified_authorisation_client ON field.identified_authorisation (client_id);

CREATE TABLE field.location (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    parent_id uuid REFERENCES field.location (id),
    level text NOT NULL CHECK (level IN ('hq', 'region', 'district', 'store')),
    code text NOT NULL,
    name text NOT NULL,
    path text NOT NULL,          -- '/<root id>/<child id>/…/<own id>/', ids as 32 hex digits
    street text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    region text NOT NULL DEFAULT '',
    postal_code text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT '',
    time_zone text NOT NULL DEFAULT 'UTC',
    is_single_staffed boolean NOT NULL DEFAULT false,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    created_at timestamptz NOT NULL,
    UNIQUE (client_id, code)
);
CREATE INDEX location_path ON field.location (client_id, path text_pattern_ops);
CREATE UNIQUE INDEX location_one_root ON field.location (client_id) WHERE parent_id IS NULL;

CREATE TABLE field.panel (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    name text NOT NULL,
    slug text NOT NULL UNIQUE,
    about text NOT NULL,
    wording text NOT NULL,
    wording_version integer NOT NULL DEFAULT 1,
    is_open boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL
);

CREATE TABLE field.questionnaire (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    name text NOT NULL,
    is_archived boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX questionnaire_affiliate ON field.questionnaire (affiliate_id, changed_at DESC, id DESC);

CREATE TABLE field.questionnaire_version (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    questionnaire_id uuid NOT NULL REFERENCES field.questionnaire (id),
    number integer NOT NULL,
    definition jsonb NOT NULL,
    revision integer NOT NULL DEFAULT 1,
    frozen_at timestamptz,
    created_at timestamptz NOT NULL,
    UNIQUE (questionnaire_id, number)
);
-- At most one version is being worked on; all others are frozen.
CREATE UNIQUE INDEX questionnaire_draft ON field.questionnaire_version (questionnaire_id) WHERE frozen_at IS NULL;

CREATE TABLE field.study (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    version_id uuid NOT NULL REFERENCES field.questionnaire_version (id),
    name text NOT NULL,
    title text NOT NULL,                 -- what respondents read
    audience_kind text NOT NULL CHECK (audience_kind IN ('contacts', 'panel')),
    panel_id uuid REFERENCES field.panel (id),
    audience jsonb NOT NULL DEFAULT '{}',
    identity_mode text NOT NULL DEFAULT 'confidential' CHECK (identity_mode IN ('confidential', 'identified')),
    authorisation_id uuid REFERENCES field.identified_authorisation (id),
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    invitation_subject text NOT NULL,
    invitation_body text NOT NULL,
    reminder_subject text NOT NULL DEFAULT '',
    reminder_body text NOT NULL DEFAULT '',
    reminder_days integer[] NOT NULL DEFAULT '{}',
    time_zone text NOT NULL DEFAULT 'UTC',       -- the one its dates are written in
    confirmed text[] NOT NULL DEFAULT '{}',      -- what a person has said to be so, of what no program can judge
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'live', 'paused', 'closed', 'released')),
    revision integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    launched_at timestamptz,
    closed_at timestamptz,
    CHECK ((audience_kind = 'panel') = (panel_id IS NOT NULL)),
    CHECK (identity_mode = 'confidential' OR authorisation_id IS NOT NULL OR status = 'draft'),
    CHECK (closes_at > opens_at)
);
CREATE INDEX study_affiliate ON field.study (affiliate_id, created_at DESC, id);

-- The door of one invited person: its id is in the link, nothing in it says who. Removed when the study closes.
CREATE TABLE field.entry (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    study_id uuid NOT NULL REFERENCES field.study (id),
    response_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),   -- drawn before there is a response
    location_id uuid,
    language text NOT NULL DEFAULT 'en',
    demographics jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'started', 'finished', 'declined'))
);
CREATE INDEX entry_study ON field.entry (study_id);

-- One person's answers under a random id. No time finer than a day, nothing that orders arrivals.
CREATE TABLE field.response (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    study_id uuid NOT NULL REFERENCES field.study (id),
    version_id uuid NOT NULL,
    location_id uuid,
    language text NOT NULL DEFAULT 'en',
    demographics jsonb NOT NULL DEFAULT '{}',
    coded jsonb NOT NULL DEFAULT '{}',   -- question id -> coded answer; never free text
    section integer NOT NULL DEFAULT 0,  -- the furthest section reached, from 0
    revision integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'finished')),
    receipt text,
    started_on date NOT NULL,
    finished_on date
);
CREATE INDEX response_study ON field.response (study_id, state);

CREATE TABLE field.verbatim (
    response_id uuid NOT NULL REFERENCES field.response (id) ON DELETE CASCADE,
    question_id text NOT NULL,
    affiliate_id uuid NOT NULL,
    study_id uuid NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (response_id, question_id)
);
"""

IDENTITY = """
CREATE TABLE identity.account (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    role text NOT NULL CHECK (role IN ('provider', 'affiliate_admin', 'manager', 'client_viewer')),
    client_id uuid REFERENCES field.client (id),
    location_id uuid REFERENCES field.location (id),
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    name bytea NOT NULL,
    password_hash text,
    password_changed_at timestamptz,   -- reset links that are older are dead
    totp_secret bytea,
    totp_confirmed_at timestamptz,
    totp_last_step bigint NOT NULL DEFAULT 0,
    status text NOT NULL DEFAULT 'invited' CHECK (status IN ('invited', 'active', 'disabled')),
    created_at timestamptz NOT NULL,
    UNIQUE (affiliate_id, email_index),
    CHECK ((role = 'client_viewer') = (client_id IS NOT NULL)),
    CHECK ((role = 'client_viewer') = (location_id IS NOT NULL))
);
CREATE INDEX account_email ON identity.account (email_index);

CREATE TABLE identity.recovery_code (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz
);
CREATE INDEX recovery_code_account ON identity.recovery_code (account_id);

CREATE TABLE identity.contact_import (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    file_key text NOT NULL,
    file_digest bytea NOT NULL,
    file_kind text NOT NULL,
    shape jsonb NOT NULL DEFAULT '{}',     -- encoding, delimiter, has_header, columns
    mapping jsonb NOT NULL DEFAULT '{}',   -- column position -> field name or null
    source text NOT NULL DEFAULT '',
    legal_basis text NOT NULL DEFAULT '',
    attested_by uuid,
    attested_at timestamptz,
    status text NOT NULL DEFAULT 'uploaded'
        CHECK (status IN ('uploaded', 'checking', 'checked', 'importing', 'finished', 'failed', 'cancelled')),
    message text NOT NULL DEFAULT '',
    rows_done integer NOT NULL DEFAULT 0,
    rows_total integer,
    counts jsonb NOT NULL DEFAULT '{}',
    report_key text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX contact_import_client ON identity.contact_import (client_id, created_at DESC, id);
-- One list of a client at a time: what a batch has looked up still holds when it is stored.
CREATE UNIQUE INDEX contact_import_one ON identity.contact_import (client_id) WHERE status = 'importing';

CREATE TABLE identity.contact (
    id uuid PRIMARY KEY,                   -- also the id of its subject key in the vault
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL REFERENCES field.client (id),
    import_id uuid NOT NULL REFERENCES identity.contact_import (id),
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    suppression_key bytea NOT NULL,
    first_name bytea,
    last_name bytea,
    details bytea,                         -- sealed JSON object of the other mapped columns
    language text NOT NULL DEFAULT 'en',
    has_own_language boolean NOT NULL DEFAULT false,   -- false: the list named none, and its default was taken
    location_id uuid REFERENCES field.location (id),
    visited_on date,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'bounced', 'restricted')),
    created_on date NOT NULL DEFAULT current_date,
    UNIQUE (client_id, email_index)
);
CREATE INDEX contact_suppression ON identity.contact (suppression_key);
CREATE INDEX contact_list ON identity.contact (client_id, id);

CREATE TABLE identity.panelist (
    id uuid PRIMARY KEY,                   -- also the id of its subject key in the vault
    affiliate_id uuid NOT NULL,
    panel_id uuid NOT NULL REFERENCES field.panel (id),
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    suppression_key bytea NOT NULL,
    first_name bytea,
    language text NOT NULL DEFAULT 'en',
    age_band text,
    gender text,
    region text,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'active', 'left', 'bounced')),
    joined_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    UNIQUE (panel_id, email_index)
);
CREATE INDEX panelist_suppression ON identity.panelist (suppression_key);
CREATE INDEX panelist_list ON identity.panelist (panel_id, id);

CREATE TABLE identity.invitation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    study_id uuid NOT NULL REFERENCES field.study (id),
    contact_id uuid REFERENCES identity.contact (id) ON DELETE CASCADE,   -- erasing a contact takes it along
    panelist_id uuid REFERENCES identity.panelist (id) ON DELETE CASCADE,
    suppression_key bytea NOT NULL,
    opt_out_link_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK ((contact_id IS NULL) <> (panelist_id IS NULL)),
    UNIQUE (study_id, contact_id),
    UNIQUE (study_id, panelist_id)
);
CREATE INDEX invitation_contact ON identity.invitation (contact_id);
CREATE INDEX invitation_panelist ON identity.invitation (panelist_id);

-- The one row that ties a person's invitation to the door of the answers. Cut when the study closes.
CREATE TABLE identity.response_link (
    invitation_id uuid PRIMARY KEY REFERENCES identity.invitation (id) ON DELETE CASCADE,
    entry_id uuid NOT NULL UNIQUE,
    affiliate_id uuid NOT NULL,
    study_id uuid NOT NULL
);
CREATE INDEX response_link_study ON identity.response_link (study_id);
"""

RELEASE = """
CREATE TABLE release.release (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    client_name text NOT NULL,
    study_id uuid NOT NULL UNIQUE,
    title text NOT NULL,
    fielded_from date NOT NULL,
    fielded_until date NOT NULL,
    threshold integer NOT NULL CHECK (threshold >= 10),
    manifest jsonb NOT NULL,
    digest bytea NOT NULL,
    released_at timestamptz NOT NULL
);
CREATE INDEX release_client ON release.release (client_id, released_at DESC, id);

-- The client's tree of locations as it was when released. People count is null where fewer than the threshold.
CREATE TABLE release.node (
    release_id uuid NOT NULL REFERENCES release.release (id),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_id uuid NOT NULL,
    path text NOT NULL,
    level text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    people integer,
    PRIMARY KEY (release_id, node_id)
);

CREATE TABLE release.question (
    release_id uuid NOT NULL REFERENCES release.release (id),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    question_id text NOT NULL,
    position integer NOT NULL,
    section text NOT NULL,
    title text NOT NULL,
    part text NOT NULL,         -- the row of a matrix, or empty
    kind text NOT NULL,
    choices jsonb NOT NULL,     -- [{"code": …, "label": …, "value": …}, …] in order; value: what it counts for
    PRIMARY KEY (release_id, question_id)
);

-- A published cell. A row that is hidden has no numbers at all.
CREATE TABLE release.cell (
    release_id uuid NOT NULL REFERENCES release.release (id),
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    table_id text NOT NULL CHECK (table_id IN ('answers', 'shares', 'scores', 'demographics')),
    node_id uuid NOT NULL,
    node_path text NOT NULL,
    item text NOT NULL,          -- question id, or demographic variable
    category text NOT NULL,      -- choice code, 'total', 'mean', 'nps', or a band
    value numeric,
    is_hidden boolean NOT NULL DEFAULT false,
    PRIMARY KEY (release_id, table_id, node_id, item, category),
    CHECK (is_hidden = (value IS NULL))
);
"""

OPS = """
CREATE TABLE ops.session (
    id_hash bytea PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
    stage text NOT NULL CHECK (stage IN ('password', 'enrol', 'full')),
    device text NOT NULL DEFAULT '',
    flash jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_account ON ops.session (account_id);

-- What the client's portal knows of a session: a scope, and no person.
CREATE TABLE ops.portal_session (
    id_hash bytea PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_path text NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE TABLE ops.answer_session (
    id_hash bytea PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES field.entry (id) ON DELETE CASCADE,
    created_on date NOT NULL DEFAULT current_date
);
CREATE INDEX answer_session_entry ON ops.answer_session (entry_id);

CREATE TABLE ops.throttle (
    key bytea PRIMARY KEY,       -- keyed hash of what is limited; never an address
    window_start timestamptz NOT NULL,
    count integer NOT NULL
);

CREATE TABLE ops.delivery (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    campaign_id uuid NOT NULL,   -- the study, or the occasion of a single message
    recipient_id uuid NOT NULL,  -- invitation, panelist or account
    kind text NOT NULL,
    is_bulk boolean NOT NULL,    -- survey mail: suppression applies and the List-* headers are set
    client_id uuid,
    suppression_key bytea NOT NULL,
    opt_out_link_id uuid,        -- ledger.opt_out_link; every mail to a contact or panelist has one
    context jsonb NOT NULL DEFAULT '{}',   -- ids only
    state text NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'bounced', 'skipped', 'held')),
    phase text NOT NULL DEFAULT 'none' CHECK (phase IN ('none', 'dot', 'done')),
    reason text NOT NULL DEFAULT '',
    not_before timestamptz NOT NULL,
    not_after timestamptz,
    lease_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    in_doubt integer NOT NULL DEFAULT 0,
    claims integer NOT NULL DEFAULT 0,     -- how often it was claimed; a worker that lost its lease knows it by this
    message_id text,
    reply text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    UNIQUE (campaign_id, recipient_id, kind),
    CHECK (NOT is_bulk OR opt_out_link_id IS NOT NULL)
);
-- Mail that somebody waits for goes before survey mail, and a claim reads no more of the queue than it takes.
CREATE INDEX delivery_due ON ops.delivery (is_bulk, not_before) WHERE state = 'queued';
CREATE INDEX delivery_leased ON ops.delivery (lease_until) WHERE state = 'sending';
CREATE INDEX delivery_suppression ON ops.delivery (suppression_key) WHERE state IN ('queued', 'held', 'sending');
CREATE INDEX delivery_campaign ON ops.delivery (campaign_id, id);

CREATE TABLE ops.setting (
    name text PRIMARY KEY,
    value jsonb NOT NULL
);
"""

TENANT_TABLES = {
    # table: roles fenced to the affiliate that the transaction names
    "field.client": "candour_staff, candour_releaser",
    "field.identified_authorisation": "candour_staff",
    "field.location": "candour_staff, candour_releaser",
    "field.panel": "candour_staff",
    "field.questionnaire": "candour_staff",
    "field.questionnaire_version": "candour_staff, candour_releaser",
    "field.study": "candour_staff, candour_releaser",
    "field.entry": "candour_staff",
    "field.response": "candour_staff, candour_releaser",
    "field.verbatim": "candour_staff",
    "identity.account": "candour_staff",
    "identity.recovery_code": "candour_staff",
    "identity.contact_import": "candour_staff",
    "identity.contact": "candour_staff",
    "identity.panelist": "candour_staff",
    "identity.invitation": "candour_staff",
    "identity.response_link": "candour_staff",
    "ops.delivery": "candour_staff",
    "release.release": "candour_staff, candour_releaser",
    "release.node": "candour_releaser",
    "release.question": "candour_releaser",
    "release.cell": "candour_releaser",
}
WORKER_TABLES = (
    "field.client", "field.identified_authorisation", "field.location", "field.panel", "field.questionnaire",
    "field.questionnaire_version", "field.study", "field.entry", "field.response", "field.verbatim",
    "identity.account", "identity.contact_import", "identity.contact", "identity.panelist", "identity.invitation",
    "identity.response_link", "ops.delivery",
)  # fmt: skip
DESK_TABLES = ("field.panel", "field.client", "identity.contact", "identity.panelist", "ops.delivery", "field.study")
GATE_TABLES = ("identity.account", "identity.recovery_code", "ops.delivery")


def _fences() -> str:
    """Row-level security: each tenant table forced, then who sees which rows."""
    lines = []
    for table, roles in TENANT_TABLES.items():
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO {roles}"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
        ]
    for table in WORKER_TABLES:
        fence = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
        lines.append(f"CREATE POLICY worker ON {table} TO candour_worker USING ({fence}) WITH CHECK ({fence});")
    lines += [f"CREATE POLICY desk ON {table} TO candour_desk USING (true) WITH CHECK (true);" for table in DESK_TABLES]
    for table in GATE_TABLES:
        # Signing in begins before a tenant is known; where the transaction names one, the gate keeps to it.
        fence = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
        lines.append(f"CREATE POLICY gate ON {table} TO candour_gate USING ({fence}) WITH CHECK ({fence});")
    return "\n".join(lines)


OTHER_FENCES = f"""
ALTER TABLE field.affiliate ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.affiliate FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON field.affiliate TO candour_staff, candour_releaser
    USING (id = {AFFILIATE}) WITH CHECK (id = {AFFILIATE});
CREATE POLICY platform ON field.affiliate TO candour_gate, candour_worker, candour_desk, candour_provider
    USING (true) WITH CHECK (true);

-- The respondent's session names its door, and sees what lies behind that one.
CREATE POLICY respondent ON field.entry TO candour_respondent USING (id = {LINK}) WITH CHECK (id = {LINK});
CREATE POLICY respondent ON field.response TO candour_respondent
    USING (id = (SELECT e.response_id FROM field.entry e WHERE e.id = {LINK}))
    WITH CHECK (id = (SELECT e.response_id FROM field.entry e WHERE e.id = {LINK}));
CREATE POLICY respondent ON field.verbatim TO candour_respondent
    USING (response_id = (SELECT e.response_id FROM field.entry e WHERE e.id = {LINK}))
    WITH CHECK (response_id = (SELECT e.response_id FROM field.entry e WHERE e.id = {LINK}));
CREATE POLICY respondent ON vault.subject_key TO candour_respondent
    USING (id = (SELECT e.response_id FROM field.entry e WHERE e.id = {LINK}))
    WITH CHECK (id = (SELECT e.response_id FROM field.entry e WHERE e.id = {LINK}));
CREATE POLICY respondent ON field.study TO candour_respondent
    USING (id = (SELECT e.study_id FROM field.entry e WHERE e.id = {LINK}));
CREATE POLICY respondent ON field.questionnaire_version TO candour_respondent
    USING (id = (SELECT s.version_id FROM field.study s JOIN field.entry e ON e.study_id = s.id WHERE e.id = {LINK}));
CREATE POLICY respondent ON field.client TO candour_respondent
    USING (id = (SELECT s.client_id FROM field.study s JOIN field.entry e ON e.study_id = s.id WHERE e.id = {LINK}));
CREATE POLICY respondent ON field.affiliate TO candour_respondent
    USING (id = (SELECT e.affiliate_id FROM field.entry e WHERE e.id = {LINK}));
ALTER TABLE ops.answer_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.answer_session FORCE ROW LEVEL SECURITY;
CREATE POLICY respondent ON ops.answer_session TO candour_respondent
    USING (entry_id = {LINK}) WITH CHECK (entry_id = {LINK});
CREATE POLICY worker ON ops.answer_session TO candour_worker USING (true);

-- A client's viewer sees its own client, and of the tree only what hangs below its node.
CREATE POLICY client ON release.release TO candour_client
    USING (affiliate_id = {AFFILIATE} AND client_id = {CLIENT});
CREATE POLICY client ON release.question TO candour_client
    USING (affiliate_id = {AFFILIATE} AND client_id = {CLIENT});
CREATE POLICY client ON release.node TO candour_client
    USING (affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(path, {NODE}));
CREATE POLICY client ON release.cell TO candour_client
    USING (affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(node_path, {NODE}));
ALTER TABLE ops.portal_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.portal_session FORCE ROW LEVEL SECURITY;
CREATE POLICY client ON ops.portal_session TO candour_client USING (id_hash = {SESSION});
CREATE POLICY gate ON ops.portal_session TO candour_gate USING (true) WITH CHECK (true);
CREATE POLICY worker ON ops.portal_session TO candour_worker USING (true);

-- Signing in begins before a tenant is known; nobody but the gate and the sweeper has a right to a session at all.
ALTER TABLE ops.session ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.session FORCE ROW LEVEL SECURITY;
CREATE POLICY gate ON ops.session TO candour_gate USING (true) WITH CHECK (true);
CREATE POLICY worker ON ops.session TO candour_worker USING (true);
"""

GRANTS = """
GRANT USAGE ON SCHEMA field TO candour_staff, candour_respondent, candour_releaser, candour_worker, candour_desk,
    candour_gate, candour_provider;
GRANT USAGE ON SCHEMA identity TO candour_staff, candour_worker, candour_desk, candour_gate, candour_provider;
GRANT USAGE ON SCHEMA release TO candour_client, candour_releaser, candour_staff;
GRANT USAGE ON SCHEMA ops TO candour_staff, candour_respondent, candour_client, candour_worker, candour_desk,
    candour_gate, candour_provider;

-- staff: the work of one affiliate
GRANT SELECT, UPDATE ON field.affiliate TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON field.client, field.panel, field.questionnaire, field.questionnaire_version,
    field.study TO candour_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON field.location TO candour_staff;
GRANT DELETE ON field.questionnaire_version, field.questionnaire, field.study TO candour_staff;
GRANT SELECT, INSERT ON field.identified_authorisation TO candour_staff;
GRANT SELECT, INSERT, DELETE ON field.entry TO candour_staff;
GRANT SELECT (id, affiliate_id, study_id, version_id, location_id, language, demographics, coded, state, finished_on)
    ON field.response TO candour_staff;
GRANT SELECT ON field.verbatim TO candour_staff;
GRANT SELECT (id, affiliate_id, role, client_id, location_id, email, email_index, name, totp_confirmed_at, status,
    created_at) ON identity.account TO candour_staff;
GRANT INSERT ON identity.account TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON identity.contact_import, identity.contact, identity.panelist TO candour_staff;
GRANT SELECT, INSERT ON identity.invitation, identity.response_link TO candour_staff;
GRANT DELETE ON identity.response_link TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON ops.delivery TO candour_staff;
GRANT SELECT ON release.release TO candour_staff;

-- respondent: one door, the answers behind it
GRANT SELECT ON field.entry, field.response, field.verbatim, field.study, field.questionnaire_version, field.client,
    field.affiliate TO candour_respondent;
GRANT UPDATE (response_id, state) ON field.entry TO candour_respondent;
GRANT INSERT ON field.response, field.verbatim TO candour_respondent;
GRANT UPDATE (coded, section, revision, state, receipt, finished_on) ON field.response TO candour_respondent;
GRANT UPDATE (sealed), DELETE ON field.verbatim TO candour_respondent;
GRANT DELETE ON field.response TO candour_respondent;   -- "delete my draft"
GRANT SELECT, INSERT, DELETE ON ops.answer_session TO candour_respondent;

-- client: the release plane and its own session, nothing else
GRANT SELECT ON release.node, release.question, release.cell TO candour_client;
-- Not the digests: they are of the whole tree, and a store's viewer could try a neighbour's numbers out on them.
GRANT SELECT (id, affiliate_id, client_id, client_name, study_id, title, fielded_from, fielded_until, threshold,
    released_at) ON release.release TO candour_client;
GRANT SELECT ON ops.portal_session TO candour_client;

-- releaser: reads what was said, never who said it
GRANT SELECT ON field.affiliate, field.client, field.location, field.questionnaire_version, field.study, field.response
    TO candour_releaser;
GRANT UPDATE (status) ON field.study TO candour_releaser;
GRANT SELECT, INSERT ON release.release, release.node, release.question, release.cell TO candour_releaser;

-- gate: signing in
GRANT SELECT ON field.affiliate, identity.account TO candour_gate;
GRANT UPDATE (password_hash, password_changed_at, totp_secret, totp_confirmed_at, totp_last_step, status, email,
    email_index, name) ON identity.account TO candour_gate;
-- Changing a role ends sessions in the same transaction, which only the gate may.
GRANT UPDATE (role, client_id, location_id) ON identity.account TO candour_gate;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.recovery_code, ops.session, ops.portal_session, ops.throttle
    TO candour_gate;
GRANT SELECT, INSERT ON ops.delivery TO candour_gate;
GRANT SELECT (id, affiliate_id, client_id, path) ON field.location TO candour_gate;

-- provider: tenants, never their people
GRANT SELECT, INSERT, UPDATE ON field.affiliate TO candour_provider;
GRANT INSERT ON identity.account, ops.delivery TO candour_provider;

-- desk: what a person does about their own data
GRANT SELECT ON field.affiliate, field.panel, field.client, field.study, identity.contact TO candour_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.panelist TO candour_desk;
GRANT UPDATE (status) ON identity.contact TO candour_desk;
GRANT SELECT, INSERT ON ops.delivery TO candour_desk;
GRANT UPDATE (state, reason, lease_until) ON ops.delivery TO candour_desk;
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.throttle TO candour_desk;

-- worker: jobs
GRANT SELECT ON field.affiliate TO candour_worker;
GRANT SELECT ON field.client, field.identified_authorisation, field.location, field.panel, field.questionnaire,
    field.questionnaire_version, field.verbatim, identity.account TO candour_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON field.entry, identity.contact, identity.panelist,
    identity.contact_import, identity.invitation, identity.response_link, ops.delivery TO candour_worker;
GRANT SELECT, UPDATE ON field.study TO candour_worker;
GRANT SELECT, DELETE ON field.response, ops.answer_session TO candour_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.session, ops.portal_session, ops.throttle, ops.setting TO candour_worker;
"""

SPECIAL = f"""
CREATE POLICY gate ON field.location TO candour_gate USING (true);
CREATE POLICY provider ON identity.account TO candour_provider USING (false) WITH CHECK (true);
CREATE POLICY provider ON ops.delivery TO candour_provider USING (false) WITH CHECK (true);
CREATE POLICY closing ON field.study FOR UPDATE TO candour_releaser
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
"""

BACKWARDS = """
DROP POLICY IF EXISTS respondent ON vault.subject_key;
DROP TABLE ops.session, ops.portal_session, ops.answer_session, ops.throttle, ops.delivery, ops.setting;
DROP SCHEMA release CASCADE;
DROP SCHEMA identity CASCADE;
DROP SCHEMA field CASCADE;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Create the four planes; the ops schema already exists, made with the database."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    everything = FIELD + IDENTITY + RELEASE + OPS + _fences() + OTHER_FENCES + GRANTS + SPECIAL
    manager.add_raw(_executing(everything))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
