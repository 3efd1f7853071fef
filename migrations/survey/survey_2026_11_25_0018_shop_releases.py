"""Reports of mystery shops in the release plane; appeals and action plans of clients; questions to shoppers."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000018"
VERSION = "1.38.0"
DESCRIPTION = "releases of mystery shops"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"

TABLES = """
ALTER TABLE field.campaign
    ADD COLUMN is_narrative_shown boolean NOT NULL DEFAULT true;   -- whether the client reads the approved words

-- One version of one report as its client may see it. What the client sees of `shop_id` is nothing: it has no grant.
CREATE TABLE release.shop_report (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    client_name text NOT NULL,
    report_ref uuid NOT NULL,                          -- random; the same for the versions of one release
    version integer NOT NULL CHECK (version > 0),
    shop_id uuid NOT NULL,
    node_path text NOT NULL,
    node_level text NOT NULL,
    node_code text NOT NULL,
    node_name text NOT NULL,
    trail jsonb NOT NULL,                              -- the places above and itself: [[id, path, name], …]
    campaign_id uuid NOT NULL,
    campaign_name text NOT NULL,
    wave_id uuid NOT NULL,
    wave_label text NOT NULL,
    wave_starts_on date NOT NULL,
    time_shown text NOT NULL,                          -- as finely as the campaign lets it be told
    score numeric(5, 2),
    score_before numeric(5, 2),                        -- of the version before, where an appeal changed it
    is_failed boolean NOT NULL,
    snapshot jsonb NOT NULL,                           -- sections, answers, receipt
    digest bytea NOT NULL,
    released_on date NOT NULL,
    appeal_until timestamptz NOT NULL,
    is_on_hold boolean NOT NULL DEFAULT false,
    is_superseded boolean NOT NULL DEFAULT false,
    withdrawn_at timestamptz,
    UNIQUE (report_ref, version)
);
CREATE UNIQUE INDEX shop_report_one ON release.shop_report (shop_id)
    WHERE NOT is_superseded AND withdrawn_at IS NULL;
CREATE INDEX shop_report_list ON release.shop_report (client_id, wave_starts_on DESC, wave_id DESC, id DESC);
CREATE INDEX shop_report_shop ON release.shop_report (shop_id);

-- What is left of a report that was taken back: that there was one, and since when there is none.
CREATE TABLE release.shop_tombstone (
    report_ref uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_path text NOT NULL,
    node_name text NOT NULL,
    campaign_name text NOT NULL,
    wave_label text NOT NULL,
    withdrawn_on date NOT NULL
);

-- A picture as it was redacted for the client, in a file of its own.
CREATE TABLE release.shop_picture (
    id uuid PRIMARY KEY,
    report_id uuid NOT NULL REFERENCES release.shop_report (id),
    affiliate_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('receipt', 'photo', 'card')),
    media_key text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL
);
CREATE INDEX shop_picture_report ON release.shop_picture (report_id, position);

-- Somebody who works there: a token that means nothing outside its report, and what the campaign may tell.
CREATE TABLE release.shop_employee (
    report_id uuid NOT NULL REFERENCES release.shop_report (id),
    token text NOT NULL CHECK (token ~ '^E[1-9][0-9]?$'),
    affiliate_id uuid NOT NULL,
    role text NOT NULL,
    name text,
    description text,
    purge_after date NOT NULL,
    PRIMARY KEY (report_id, token)
);
CREATE INDEX shop_employee_purge ON release.shop_employee (purge_after)
    WHERE name IS NOT NULL OR description IS NOT NULL;

-- What a client contests: one question of one report. Client and shopper never write to one another.
CREATE TABLE release.appeal (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_path text NOT NULL,
    report_ref uuid NOT NULL,
    question_id text NOT NULL,
    issue text NOT NULL CHECK (issue ~ '^[a-z][a-z_]{0,39}$'),
    state text NOT NULL DEFAULT 'NEW' CHECK (state IN ('NEW', 'WAITING_AFFILIATE', 'WAITING_SHOPPER',
        'WAITING_CLIENT', 'RESOLVED', 'CHANGED', 'DECLINED')),
    raised_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    taken_in_at timestamptz,                           -- since when the shop cannot close over it
    decided_on date,
    outcome text NOT NULL DEFAULT '',                  -- to the client, in the affiliate's words
    score_before numeric(5, 2),
    score_after numeric(5, 2)
);
CREATE UNIQUE INDEX appeal_one ON release.appeal (report_ref, question_id)
    WHERE state IN ('NEW', 'WAITING_AFFILIATE', 'WAITING_SHOPPER', 'WAITING_CLIENT');
CREATE INDEX appeal_queue ON release.appeal (affiliate_id, raised_at, id);
CREATE INDEX appeal_new ON release.appeal (raised_at) WHERE taken_in_at IS NULL;

CREATE TABLE release.appeal_message (
    id uuid PRIMARY KEY,
    appeal_id uuid NOT NULL REFERENCES release.appeal (id),
    affiliate_id uuid NOT NULL,
    author text NOT NULL CHECK (author IN ('client', 'affiliate')),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    at timestamptz NOT NULL
);
CREATE INDEX appeal_message_thread ON release.appeal_message (appeal_id, at, id);

-- The affiliate's own question to whoever made the visit, and the answer; sealed with the report's key.
CREATE TABLE field.appeal_question (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    appeal_id uuid NOT NULL,
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    question_id text NOT NULL,
    asked bytea NOT NULL,
    answer bytea,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    answered_at timestamptz,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE UNIQUE INDEX appeal_question_open ON field.appeal_question (appeal_id) WHERE answered_at IS NULL;
CREATE INDEX appeal_question_report ON field.appeal_question (report_id, asked_at, id);

CREATE TABLE release.action_plan (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_path text NOT NULL,
    report_ref uuid NOT NULL UNIQUE,
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'SUBMITTED', 'UNDER_REVIEW', 'RETURNED', 'RESOLVED')),
    due_on date NOT NULL,
    cause text NOT NULL DEFAULT '' CHECK (length(cause) <= 2000),
    action text NOT NULL DEFAULT '' CHECK (length(action) <= 2000),
    remark text NOT NULL DEFAULT '' CHECK (length(remark) <= 2000),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX action_plan_list ON release.action_plan (client_id, due_on, id);
"""

# What stands follows from the shop's own row, in the transaction that changes it, whoever changes it and how.
FOLLOWING = """
CREATE FUNCTION release.follow_shop() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.state NOT IN ('RELEASED', 'CLOSED') THEN
        INSERT INTO release.shop_tombstone
            (report_ref, affiliate_id, client_id, node_path, node_name, campaign_name, wave_label, withdrawn_on)
        SELECT r.report_ref, r.affiliate_id, r.client_id, r.node_path, r.node_name, r.campaign_name, r.wave_label,
               (NEW.state_since AT TIME ZONE 'UTC')::date
          FROM release.shop_report r
         WHERE r.shop_id = NEW.id AND NOT r.is_superseded AND r.withdrawn_at IS NULL;
        UPDATE release.shop_report SET withdrawn_at = NEW.state_since
         WHERE shop_id = NEW.id AND withdrawn_at IS NULL;
    END IF;
    IF NEW.is_on_hold IS DISTINCT FROM OLD.is_on_hold THEN
        UPDATE release.shop_report SET is_on_hold = NEW.is_on_hold WHERE shop_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION release.follow_shop() FROM PUBLIC;
CREATE TRIGGER follow_shop AFTER UPDATE OF state, is_on_hold ON field.shop FOR EACH ROW
    WHEN (OLD.state IN ('RELEASED', 'CLOSED')
          AND (NEW.state NOT IN ('RELEASED', 'CLOSED') OR NEW.is_on_hold IS DISTINCT FROM OLD.is_on_hold))
    EXECUTE FUNCTION release.follow_shop();
"""

RELEASED = (
    "release.shop_report", "release.shop_tombstone", "release.shop_picture", "release.shop_employee",
    "release.appeal", "release.appeal_message", "release.action_plan",
)  # fmt: skip
OF_STAFF = (*RELEASED, "field.appeal_question")
OF_WORKER = ("release.shop_report", "release.shop_employee", "release.appeal", "field.appeal_question")
OWN = f"affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(node_path, {NODE})"
# Rows of release.shop_report that a client sees are those that stand: its own policy decides for all that hangs on it.
STANDING = "report_ref IN (SELECT r.report_ref FROM release.shop_report r)"
OF_STANDING = "report_id IN (SELECT r.id FROM release.shop_report r)"
OF_APPEAL = "appeal_id IN (SELECT a.id FROM release.appeal a)"
TRUE_PLACE = """EXISTS (SELECT FROM release.shop_report r
    WHERE r.report_ref = {table}.report_ref AND r.node_path = {table}.node_path{more})"""
WINDOW = " AND release.appeal.raised_at < r.appeal_until"


def _fences() -> str:
    lines = []
    for table in OF_STAFF:
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
        ]
    anywhere = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
    lines += [
        f"CREATE POLICY worker ON {table} TO candour_worker USING ({anywhere}) WITH CHECK ({anywhere});"
        for table in OF_WORKER
    ]
    return "\n".join(lines)


CLIENTS = f"""
CREATE POLICY client ON release.shop_report FOR SELECT TO candour_client
    USING ({OWN} AND withdrawn_at IS NULL AND NOT is_on_hold AND NOT is_superseded);
CREATE POLICY client ON release.shop_tombstone FOR SELECT TO candour_client USING ({OWN});
CREATE POLICY client ON release.shop_picture FOR SELECT TO candour_client
    USING (affiliate_id = {AFFILIATE} AND {OF_STANDING});
CREATE POLICY client ON release.shop_employee FOR SELECT TO candour_client
    USING (affiliate_id = {AFFILIATE} AND {OF_STANDING});

CREATE POLICY client ON release.appeal FOR SELECT TO candour_client USING ({OWN} AND {STANDING});
CREATE POLICY raising ON release.appeal FOR INSERT TO candour_client
    WITH CHECK ({OWN} AND state = 'NEW' AND outcome = '' AND decided_on IS NULL AND taken_in_at IS NULL
                AND {TRUE_PLACE.format(table="release.appeal", more=WINDOW)});
CREATE POLICY replying ON release.appeal FOR UPDATE TO candour_client
    USING ({OWN} AND state = 'WAITING_CLIENT' AND {STANDING}) WITH CHECK ({OWN} AND state = 'WAITING_AFFILIATE');
CREATE POLICY client ON release.appeal_message FOR SELECT TO candour_client
    USING (affiliate_id = {AFFILIATE} AND {OF_APPEAL});
CREATE POLICY writing ON release.appeal_message FOR INSERT TO candour_client
    WITH CHECK (affiliate_id = {AFFILIATE} AND author = 'client' AND appeal_id IN (
        SELECT a.id FROM release.appeal a WHERE a.state IN ('NEW', 'WAITING_CLIENT')));

CREATE POLICY client ON release.action_plan FOR SELECT TO candour_client USING ({OWN} AND {STANDING});
CREATE POLICY opening ON release.action_plan FOR INSERT TO candour_client
    WITH CHECK ({OWN} AND state = 'OPEN' AND {TRUE_PLACE.format(table="release.action_plan", more="")});
CREATE POLICY writing ON release.action_plan FOR UPDATE TO candour_client
    USING ({OWN} AND {STANDING}) WITH CHECK ({OWN} AND {STANDING});

-- A shopper reads what was asked about an own report, and answers it once.
CREATE POLICY own ON field.appeal_question FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND report_id IN (SELECT r.id FROM field.report r));
CREATE POLICY answering ON field.appeal_question FOR UPDATE TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND answered_at IS NULL AND report_id IN (SELECT r.id FROM field.report r))
    WITH CHECK (affiliate_id = {AFFILIATE} AND answered_at IS NOT NULL);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE (is_on_hold, is_superseded, withdrawn_at) ON release.shop_report TO candour_staff;
GRANT SELECT, INSERT ON release.shop_tombstone, release.shop_picture, release.shop_employee TO candour_staff;
GRANT SELECT, UPDATE (state, changed_at, decided_on, outcome, score_before, score_after) ON release.appeal
    TO candour_staff;
GRANT SELECT, INSERT ON release.appeal_message TO candour_staff;
GRANT SELECT, INSERT ON field.appeal_question TO candour_staff;
GRANT SELECT, INSERT ON ledger.disclosure TO candour_staff;

GRANT SELECT (id, affiliate_id, client_id, client_name, report_ref, version, node_path, node_level, node_code,
    node_name, trail, campaign_id, campaign_name, wave_id, wave_label, wave_starts_on, time_shown, score, score_before,
    is_failed, snapshot, released_on, appeal_until, is_on_hold, is_superseded, withdrawn_at) ON release.shop_report
    TO candour_client;
GRANT SELECT ON release.shop_tombstone, release.shop_picture TO candour_client;
GRANT SELECT (report_id, token, affiliate_id, role, name, description) ON release.shop_employee TO candour_client;
GRANT SELECT, INSERT (id, affiliate_id, client_id, node_path, report_ref, question_id, issue, raised_at, changed_at),
    UPDATE (state, changed_at) ON release.appeal TO candour_client;
GRANT SELECT, INSERT ON release.appeal_message TO candour_client;
GRANT SELECT, INSERT, UPDATE (state, due_on, cause, action, remark, changed_at) ON release.action_plan
    TO candour_client;

GRANT SELECT (id, affiliate_id, appeal_id, report_id, question_id, asked, answer, asked_at, answered_at),
    UPDATE (answer, answered_at) ON field.appeal_question TO candour_shopper;

GRANT USAGE ON SCHEMA release TO candour_worker;
GRANT SELECT (id, affiliate_id, report_ref, shop_id, is_superseded) ON release.shop_report TO candour_worker;
GRANT SELECT, UPDATE (state, changed_at, taken_in_at) ON release.appeal TO candour_worker;
GRANT SELECT (report_id, token, affiliate_id, name, description, purge_after), UPDATE (name, description)
    ON release.shop_employee TO candour_worker;
GRANT SELECT (id, affiliate_id, appeal_id, report_id, asked, answer, answered_at) ON field.appeal_question
    TO candour_worker;
"""

BACKWARDS = """
DROP TRIGGER follow_shop ON field.shop;
DROP FUNCTION release.follow_shop();
DROP TABLE release.action_plan, field.appeal_question, release.appeal_message, release.appeal, release.shop_employee,
    release.shop_picture, release.shop_tombstone, release.shop_report;
REVOKE USAGE ON SCHEMA release FROM candour_worker;
REVOKE INSERT ON ledger.disclosure FROM candour_staff;
ALTER TABLE field.campaign DROP COLUMN is_narrative_shown;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables to the release plane, and the questions to shoppers to the field plane."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + FOLLOWING + _fences() + CLIENTS + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
