"""Reviews: decisions, edits with their reasons, notes, mentions of employees, what was looked at, with fences."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000017"
VERSION = "1.38.0"
DESCRIPTION = "reviews"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

TABLES = """
-- One row a report from when it is first looked at. Who made the visit is not in it.
CREATE TABLE field.review (
    report_id uuid PRIMARY KEY REFERENCES field.report (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL UNIQUE REFERENCES field.shop (id),
    flags text[] NOT NULL DEFAULT '{}',                -- what a look at the whole report found; codes
    flagged_at timestamptz,
    held_since timestamptz,                            -- since when shop.editor_id has it
    proposed_reason text NOT NULL DEFAULT '',          -- a rejection that needs a second person
    proposed_by uuid,
    proposed_at timestamptz,
    decision text NOT NULL DEFAULT '' CHECK (decision IN ('', 'approved', 'returned', 'rejected', 'excluded')),
    reason text NOT NULL DEFAULT '' CHECK (reason = '' OR reason ~ '^[a-z][a-z0-9_]{0,39}$'),
    decided_by uuid,
    decided_at timestamptz,
    breakdown jsonb NOT NULL DEFAULT '{}',             -- part of the rubric -> points
    coaching bytea,                                    -- to the shopper, sealed with the report's key
    revision integer NOT NULL DEFAULT 0,
    CHECK ((proposed_reason = '') = (proposed_by IS NULL)),
    CHECK (decided_by IS NULL OR proposed_by IS NULL OR decided_by <> proposed_by OR decision <> 'rejected')
);

-- Every change to what a shopper wrote. Rows are added and read, never altered.
CREATE TABLE field.report_edit (
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    question_id text NOT NULL,
    n integer NOT NULL CHECK (n > 0),
    affiliate_id uuid NOT NULL,
    by_id uuid,
    at timestamptz NOT NULL,
    origin text NOT NULL CHECK (origin IN ('shopper', 'editor', 'appeal')),
    old_coded jsonb,
    new_coded jsonb,
    old_sealed bytea,                                  -- words, with what the scan finds blacked out before sealing
    new_sealed bytea,
    reason bytea NOT NULL,                             -- sealed: an editor may quote
    PRIMARY KEY (report_id, question_id, n)
);

CREATE TABLE field.report_note (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    question_id text NOT NULL,                         -- empty: about the report as a whole
    note bytea NOT NULL,
    by_id uuid NOT NULL,
    at timestamptz NOT NULL,
    sent_at timestamptz                                -- with which return it went to the shopper
);
CREATE INDEX report_note_report ON field.report_note (report_id, at, id);

CREATE TABLE field.employee_mention (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    token text NOT NULL CHECK (token ~ '^E[1-9][0-9]?$'),
    role text NOT NULL,
    name bytea,
    description bytea,
    purge_after date NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (report_id, token)
);
CREATE INDEX employee_mention_purge ON field.employee_mention (purge_after)
    WHERE name IS NOT NULL OR description IS NOT NULL;

-- A finding of the scan that an editor has read and left; known by a keyed fingerprint of its words.
CREATE TABLE field.finding_left (
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    question_id text NOT NULL,
    fingerprint bytea NOT NULL,
    affiliate_id uuid NOT NULL,
    by_id uuid NOT NULL,
    left_at timestamptz NOT NULL,
    PRIMARY KEY (report_id, question_id, fingerprint)
);

CREATE TABLE field.picture_review (
    evidence_id uuid PRIMARY KEY REFERENCES field.evidence (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('redacted', 'withheld')),
    by_id uuid NOT NULL,
    reviewed_at timestamptz NOT NULL
);

-- Finds the same story told twice within the affiliate, without holding a word of it.
CREATE TABLE field.text_fingerprint (
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    question_id text NOT NULL,
    affiliate_id uuid NOT NULL,
    fingerprint bytea NOT NULL,
    PRIMARY KEY (report_id, question_id)
);
CREATE INDEX text_fingerprint_same ON field.text_fingerprint (affiliate_id, fingerprint);

-- The queue: what waits, by the clock of the shopper's own submission.
CREATE INDEX report_queue ON field.report (affiliate_id, submitted_at, id);
"""

FENCED = (
    "field.review", "field.report_edit", "field.report_note", "field.employee_mention", "field.finding_left",
    "field.picture_review", "field.text_fingerprint",
)  # fmt: skip
# What a shopper may read of the review of a report that is their own.
OWN = {"field.review": "true", "field.report_edit": "true", "field.report_note": "sent_at IS NOT NULL"}
OF_WORKER = (
    "field.review", "field.employee_mention", "field.text_fingerprint", "field.report_edit", "field.report_note",
)  # fmt: skip


def _fences() -> str:
    """The tenant's own rows for staff and worker; of their own report's review for a shopper."""
    anywhere = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
    lines = []
    for table in FENCED:
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
        ]
    for table, condition in OWN.items():
        # The rows of field.report that a shopper sees are their own: its policy decides.
        lines.append(
            f"CREATE POLICY own ON {table} FOR SELECT TO candour_shopper USING (affiliate_id = {AFFILIATE}"
            f" AND {condition} AND report_id IN (SELECT r.id FROM field.report r));"
        )
    lines.append(
        "CREATE POLICY telling ON field.report_edit FOR INSERT TO candour_shopper"
        f" WITH CHECK (affiliate_id = {AFFILIATE} AND origin = 'shopper'"
        " AND report_id IN (SELECT r.id FROM field.report r));"
    )
    for table in OF_WORKER:
        lines.append(f"CREATE POLICY worker ON {table} TO candour_worker USING ({anywhere}) WITH CHECK ({anywhere});")
    return "\n".join(lines)


GRANTS = """
GRANT SELECT, INSERT, UPDATE ON field.review, field.picture_review TO candour_staff;
GRANT SELECT, INSERT ON field.report_edit, field.finding_left, field.employee_mention TO candour_staff;
GRANT SELECT, INSERT, DELETE, UPDATE (sent_at) ON field.report_note TO candour_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON field.text_fingerprint TO candour_staff, candour_worker;
GRANT DELETE ON field.report_text, field.report_submission TO candour_staff;

GRANT SELECT (report_id, affiliate_id, shop_id, decision, reason, decided_at, breakdown, coaching) ON field.review
    TO candour_shopper;
GRANT SELECT (report_id, question_id, n, affiliate_id, at, origin, old_coded, new_coded, old_sealed, new_sealed,
    reason) ON field.report_edit TO candour_shopper;
GRANT INSERT ON field.report_edit TO candour_shopper;
GRANT SELECT (id, affiliate_id, report_id, question_id, note, at, sent_at) ON field.report_note
    TO candour_shopper;

GRANT SELECT, INSERT, UPDATE (flags, flagged_at) ON field.review TO candour_worker;
GRANT SELECT ON field.check_in, field.report_submission, field.report_edit, field.report_note TO candour_worker;
GRANT SELECT, UPDATE (name, description) ON field.employee_mention TO candour_worker;
"""

BACKWARDS = """
REVOKE SELECT ON field.check_in, field.report_submission FROM candour_worker;
DROP INDEX field.report_queue;
REVOKE DELETE ON field.report_text, field.report_submission FROM candour_staff;
DROP TABLE field.text_fingerprint, field.picture_review, field.finding_left, field.employee_mention,
    field.report_note, field.report_edit, field.review;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of reviews to the field plane."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + _fences() + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
