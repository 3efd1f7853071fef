"""What shoppers show of themselves (a photo, documents, free fields), tries at a quiz, and another sign-in address."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000025"
VERSION = "1.38.0"
DESCRIPTION = "what shoppers show of themselves"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"
OWN = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"

TABLES = """
-- The files of these lie in the media store, sealed with the shopper's own key.
CREATE TABLE identity.portrait (
    shopper_id uuid PRIMARY KEY REFERENCES identity.shopper (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    media_key text NOT NULL,
    added_at timestamptz NOT NULL
);

ALTER TABLE field.qualification_kind
    ADD COLUMN takes_documents boolean NOT NULL DEFAULT false,
    ADD COLUMN instructions text NOT NULL DEFAULT '',  -- what to send, as the shopper reads it
    ADD COLUMN valid_months integer CHECK (valid_months BETWEEN 1 AND 120),
    ADD CONSTRAINT qualification_kind_says_what CHECK (NOT takes_documents OR instructions <> '');
ALTER TABLE identity.qualification ADD COLUMN reason bytea;   -- sealed with the shopper's key

CREATE TABLE identity.document (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    kind_id uuid NOT NULL REFERENCES field.qualification_kind (id),
    media_key text,                                    -- NULL once the paper is gone: the decision is kept, not it
    format text NOT NULL CHECK (format IN ('jpeg', 'pdf')),
    valid_until date,                                  -- as the shopper reads it off the paper
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'accepted', 'declined', 'withdrawn', 'lapsed')),
    reason bytea,                                      -- sealed with the shopper's key, who reads it
    sent_at timestamptz NOT NULL,
    decided_at timestamptz,                            -- who decided stands in the record of events
    purge_on date NOT NULL,                            -- the day on which the file goes, whatever became of it
    CHECK (state NOT IN ('accepted', 'declined') OR decided_at IS NOT NULL),
    CHECK (state <> 'declined' OR reason IS NOT NULL),
    CHECK (state NOT IN ('withdrawn', 'lapsed') OR media_key IS NULL)
);
CREATE UNIQUE INDEX document_one ON identity.document (shopper_id, kind_id) WHERE state = 'waiting';
CREATE INDEX document_waiting ON identity.document (affiliate_id, sent_at, id) WHERE state = 'waiting';
CREATE INDEX document_shopper ON identity.document (shopper_id, sent_at DESC, id DESC);
CREATE INDEX document_purge ON identity.document (purge_on) WHERE media_key IS NOT NULL;

-- An affiliate's own fields of a profile. What is told there decides nothing: eligibility does not know them.
CREATE TABLE field.profile_field (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL REFERENCES field.affiliate (id),
    label text NOT NULL CHECK (label <> ''),
    kind text NOT NULL CHECK (kind IN ('text', 'choice', 'yes_no')),
    choices jsonb NOT NULL DEFAULT '[]',
    is_required boolean NOT NULL DEFAULT false,
    reason text NOT NULL CHECK (reason <> ''),
    is_asked boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL
);
CREATE INDEX profile_field_affiliate ON field.profile_field (affiliate_id, created_at, id);

CREATE TABLE identity.profile_answer (
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    field_id uuid NOT NULL REFERENCES field.profile_field (id),
    affiliate_id uuid NOT NULL,
    sealed bytea NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (shopper_id, field_id)
);
CREATE INDEX profile_answer_field ON identity.profile_answer (field_id);

-- How often a version's quiz may be tried. A try is a row: its number keeps one press from counting twice.
ALTER TABLE field.guideline
    ADD COLUMN most_tries integer CHECK (most_tries BETWEEN 1 AND 20),
    ADD COLUMN wait_hours integer NOT NULL DEFAULT 0 CHECK (wait_hours BETWEEN 0 AND 720);
CREATE TABLE identity.quiz_try (
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    guideline_id uuid NOT NULL REFERENCES field.guideline (id),
    number integer NOT NULL CHECK (number > 0),
    affiliate_id uuid NOT NULL,
    percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    tried_at timestamptz NOT NULL,
    PRIMARY KEY (shopper_id, guideline_id, number)
);
CREATE INDEX quiz_try_guideline ON identity.quiz_try (guideline_id, shopper_id);
CREATE TABLE identity.quiz_grant (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    guideline_id uuid NOT NULL REFERENCES field.guideline (id),
    after_try integer NOT NULL CHECK (after_try > 0),  -- one more for each try that was made: pressing twice is once
    granted_by uuid,
    granted_at timestamptz NOT NULL,
    UNIQUE (shopper_id, guideline_id, after_try)
);

-- Another address to sign in with, and the one before it, to which it can be put back for a week.
CREATE TABLE identity.sign_in_change (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),     -- both links name it
    affiliate_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
    email bytea NOT NULL,
    email_index bytea NOT NULL,
    old_email bytea NOT NULL,
    old_email_index bytea NOT NULL,
    asked_at timestamptz NOT NULL,
    taken_at timestamptz,
    stopped_at timestamptz
);
CREATE INDEX sign_in_change_account ON identity.sign_in_change (account_id, asked_at DESC, id);
CREATE INDEX sign_in_change_old ON identity.sign_in_change (affiliate_id, old_email_index);
CREATE INDEX sign_in_change_asked ON identity.sign_in_change (asked_at);
"""

OF_THE_AFFILIATE = ("field.profile_field",)
OF_THE_SHOPPER = ("identity.portrait", "identity.profile_answer")
SEEN_BY_THE_SHOPPER = ("identity.document", "identity.quiz_try", "identity.quiz_grant")


def _fences() -> str:
    """The tenant's own rows for staff and worker; for a shopper their own; changes of a sign-in for the gate alone."""
    lines = []
    for table in (*OF_THE_AFFILIATE, *OF_THE_SHOPPER, *SEEN_BY_THE_SHOPPER, "identity.sign_in_change"):
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY worker ON {table} TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});",
        ]
    for table in (*OF_THE_AFFILIATE, *OF_THE_SHOPPER, *SEEN_BY_THE_SHOPPER):
        fence = f"affiliate_id = {AFFILIATE}"
        lines.append(f"CREATE POLICY tenant ON {table} TO candour_staff USING ({fence}) WITH CHECK ({fence});")
    lines += [
        f"CREATE POLICY shopper ON {table} FOR SELECT TO candour_shopper USING (affiliate_id = {AFFILIATE});"
        for table in OF_THE_AFFILIATE
    ]
    lines += [
        f"CREATE POLICY own ON {table} TO candour_shopper USING ({OWN}) WITH CHECK ({OWN});" for table in OF_THE_SHOPPER
    ]
    lines += [
        f"CREATE POLICY own ON {table} FOR SELECT TO candour_shopper USING ({OWN});" for table in SEEN_BY_THE_SHOPPER
    ]
    return "\n".join(lines)


OTHER_FENCES = f"""
-- A shopper sends a document and takes it back before it was looked at; what comes of it is for others to say.
CREATE POLICY sending ON identity.document FOR INSERT TO candour_shopper WITH CHECK ({OWN} AND state = 'waiting');
CREATE POLICY withdrawing ON identity.document FOR UPDATE TO candour_shopper
    USING ({OWN} AND state = 'waiting') WITH CHECK ({OWN} AND state = 'withdrawn');
CREATE POLICY trying ON identity.quiz_try FOR INSERT TO candour_shopper WITH CHECK ({OWN});
CREATE POLICY gate ON identity.sign_in_change TO candour_gate USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
"""

GRANTS = """
GRANT SELECT, INSERT, DELETE, UPDATE (media_key, added_at) ON identity.portrait TO candour_shopper;
GRANT SELECT, INSERT, UPDATE (state, media_key) ON identity.document TO candour_shopper;
GRANT SELECT ON field.profile_field, identity.quiz_grant TO candour_shopper;
GRANT SELECT, INSERT, DELETE, UPDATE (sealed, updated_at) ON identity.profile_answer TO candour_shopper;
GRANT SELECT, INSERT ON identity.quiz_try TO candour_shopper;

GRANT SELECT ON identity.portrait, identity.quiz_try TO candour_staff;
GRANT SELECT, UPDATE (state, reason, decided_at, purge_on) ON identity.document TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON field.profile_field TO candour_staff;
GRANT SELECT, DELETE ON identity.profile_answer TO candour_staff;   -- a field that is asked no more keeps no answers
GRANT SELECT, INSERT ON identity.quiz_grant TO candour_staff;

GRANT SELECT, DELETE ON identity.portrait, identity.profile_answer, identity.document, identity.quiz_try,
    identity.quiz_grant, identity.sign_in_change TO candour_worker;
GRANT UPDATE (media_key, state) ON identity.document TO candour_worker;
GRANT SELECT ON field.profile_field TO candour_worker;

GRANT SELECT, INSERT, UPDATE (taken_at, stopped_at) ON identity.sign_in_change TO candour_gate;
"""

BACKWARDS = """
DROP TABLE identity.sign_in_change, identity.quiz_grant, identity.quiz_try, identity.profile_answer,
    field.profile_field, identity.document, identity.portrait;
ALTER TABLE field.guideline DROP COLUMN most_tries, DROP COLUMN wait_hours;
ALTER TABLE identity.qualification DROP COLUMN reason;
ALTER TABLE field.qualification_kind DROP CONSTRAINT qualification_kind_says_what, DROP COLUMN takes_documents,
    DROP COLUMN instructions, DROP COLUMN valid_months;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what shoppers show, how often a quiz is tried, and changes of a sign-in's address."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + _fences() + OTHER_FENCES + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
