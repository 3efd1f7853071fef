"""Reviews that go on: contested rejections, visits made anew, releases by the clock, appeals that are let go."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000024"
VERSION = "1.38.0"
DESCRIPTION = "contests, reshoots, timed releases, appeals let go"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"

TERMS = """
-- What an affiliate decides for all of its shops; a campaign begins with it and may say otherwise.
ALTER TABLE field.affiliate
    ADD COLUMN review_hours integer NOT NULL DEFAULT 48 CHECK (review_hours BETWEEN 1 AND 336),
    ADD COLUMN return_hours integer NOT NULL DEFAULT 24 CHECK (return_hours BETWEEN 1 AND 336),
    ADD COLUMN appeal_days integer NOT NULL DEFAULT 14 CHECK (appeal_days BETWEEN 0 AND 90),
    ADD COLUMN pay_days integer NOT NULL DEFAULT 30 CHECK (pay_days BETWEEN 1 AND 90);

ALTER TABLE field.campaign
    ADD COLUMN release_hours integer CHECK (release_hours BETWEEN 1 AND 336);   -- after approval; null: only a person

ALTER TABLE field.shop_timer DROP CONSTRAINT shop_timer_kind_check;
ALTER TABLE field.shop_timer ADD CONSTRAINT shop_timer_kind_check CHECK (kind IN
    ('offer_timeout', 'window_ended', 'overdue', 'return_timeout', 'appeal_window_over', 'release'));
"""

CONTESTS = f"""
-- A shopper says why a rejection is wrong; somebody who did not reject it decides. One a rejection.
CREATE TABLE field.rejection_contest (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id),
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    rejected_at timestamptz NOT NULL,                  -- which rejection: a report can be rejected again
    words bytea NOT NULL,                              -- the shopper's, sealed with the report's key
    state text NOT NULL DEFAULT 'RAISED' CHECK (state IN ('RAISED', 'UPHELD', 'DECLINED')),
    answer bytea,                                      -- to the shopper, sealed with the report's key
    raised_at timestamptz NOT NULL,
    decided_by uuid,                                   -- an account; no machine has one
    decided_at timestamptz,
    UNIQUE (report_id, rejected_at),
    CHECK (raised_at <= rejected_at + interval '14 days'),
    CHECK ((state = 'RAISED') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
    CHECK (state <> 'DECLINED' OR answer IS NOT NULL)
);
CREATE INDEX rejection_contest_waiting ON field.rejection_contest (affiliate_id, raised_at, id)
    WHERE state = 'RAISED';

ALTER TABLE field.rejection_contest ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.rejection_contest FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.rejection_contest TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON field.rejection_contest TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
-- The rows of field.report that a shopper sees are their own; a rejection is as the review says, and no other.
CREATE POLICY own ON field.rejection_contest FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND report_id IN (SELECT r.id FROM field.report r));
CREATE POLICY raising ON field.rejection_contest FOR INSERT TO candour_shopper
    WITH CHECK (affiliate_id = {AFFILIATE} AND state = 'RAISED' AND answer IS NULL AND EXISTS (
        SELECT FROM field.report r
          JOIN field.review v ON v.report_id = r.id
          JOIN field.shop s ON s.id = r.shop_id
         WHERE r.id = rejection_contest.report_id AND r.shop_id = rejection_contest.shop_id
           AND v.decision = 'rejected' AND v.decided_at = rejection_contest.rejected_at AND s.state = 'REJECTED'));

GRANT SELECT, UPDATE (state, answer, decided_by, decided_at) ON field.rejection_contest TO candour_staff;
GRANT SELECT, DELETE ON field.rejection_contest TO candour_worker;   -- a sample is opened; what is over goes
GRANT SELECT (id, affiliate_id, shop_id, report_id, rejected_at, words, state, answer, raised_at, decided_at),
    INSERT (id, affiliate_id, shop_id, report_id, rejected_at, words, raised_at) ON field.rejection_contest
    TO candour_shopper;

-- From where an item was voided, so that an overturned rejection puts it back there.
ALTER TABLE identity.pay_item ADD COLUMN voided_from text CHECK (voided_from IN ('PROSPECTIVE', 'PAYABLE'));
GRANT UPDATE (voided_from) ON identity.pay_item TO candour_staff;

ALTER TABLE identity.mark DROP CONSTRAINT mark_kind_check;
ALTER TABLE identity.mark ADD CONSTRAINT mark_kind_check CHECK (kind IN ('no_show', 'late_cancel', 'rejected'));
"""

RESHOOTS = f"""
-- A visit that is made anew, and the one whose place it takes. Staff alone know: nobody is told of another's report.
CREATE TABLE field.reshoot (
    shop_id uuid PRIMARY KEY REFERENCES field.shop (id) ON DELETE CASCADE,
    origin_id uuid NOT NULL UNIQUE REFERENCES field.shop (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    is_by_hand boolean NOT NULL,
    made_at timestamptz NOT NULL
);
ALTER TABLE field.reshoot ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.reshoot FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.reshoot TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
GRANT SELECT, INSERT, DELETE ON field.reshoot TO candour_staff;
"""

OWN = f"affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(node_path, {NODE})"
STANDING = "report_ref IN (SELECT r.report_ref FROM release.shop_report r)"
WAITING = "'NEW', 'APPROVED', 'WAITING_AFFILIATE', 'WAITING_SHOPPER', 'WAITING_CLIENT'"
STATES = f"{WAITING}, 'RESOLVED', 'CHANGED', 'DECLINED', 'WITHDRAWN', 'DECLINED_BY_CLIENT'"

APPEALS = f"""
ALTER TABLE release.appeal DROP CONSTRAINT appeal_state_check;
ALTER TABLE release.appeal ADD CONSTRAINT appeal_state_check CHECK (state IN ({STATES})),
    ADD COLUMN let_go_at timestamptz;                  -- since when the shop may close again: the client let it go
DROP INDEX release.appeal_one;
CREATE UNIQUE INDEX appeal_one ON release.appeal (report_ref, question_id) WHERE state IN ({WAITING});
CREATE INDEX appeal_let_go ON release.appeal (changed_at)
    WHERE let_go_at IS NULL AND state IN ('WITHDRAWN', 'DECLINED_BY_CLIENT');

-- Whoever reads the report may let an appeal go; to back it, or to stop it, is for somebody above the location.
CREATE POLICY letting_go ON release.appeal FOR UPDATE TO candour_client
    USING ({OWN} AND state IN ({WAITING}) AND {STANDING})
    WITH CHECK ({OWN} AND (state = 'WITHDRAWN'
                           OR state IN ('APPROVED', 'DECLINED_BY_CLIENT') AND node_path <> {NODE}));
GRANT UPDATE (let_go_at) ON release.appeal TO candour_worker;

-- What was behind an appeal, as staff see it. A table of the field plane: no client reads it.
CREATE TABLE field.appeal_class (
    appeal_id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('shopper_error', 'editor_error', 'rescore', 'client_error', 'data_quality',
        'other')),
    editor_id uuid,                                    -- who had approved the report, where the error was the editor's
    by_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CHECK (kind <> 'editor_error' OR editor_id IS NOT NULL)
);
CREATE INDEX appeal_class_editor ON field.appeal_class (affiliate_id, editor_id, at) WHERE kind = 'editor_error';
ALTER TABLE field.appeal_class ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.appeal_class FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.appeal_class TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
GRANT SELECT, INSERT, UPDATE (kind, editor_id, by_id, at) ON field.appeal_class TO candour_staff;
"""

BACKWARDS = """
DROP TABLE field.appeal_class;
REVOKE UPDATE (let_go_at) ON release.appeal FROM candour_worker;
DROP POLICY letting_go ON release.appeal;
DROP INDEX release.appeal_let_go;
DROP INDEX release.appeal_one;
UPDATE release.appeal SET state = 'WAITING_AFFILIATE' WHERE state = 'APPROVED';
UPDATE release.appeal SET state = 'DECLINED' WHERE state IN ('WITHDRAWN', 'DECLINED_BY_CLIENT');
ALTER TABLE release.appeal DROP COLUMN let_go_at, DROP CONSTRAINT appeal_state_check;
ALTER TABLE release.appeal ADD CONSTRAINT appeal_state_check CHECK (state IN ('NEW', 'WAITING_AFFILIATE',
    'WAITING_SHOPPER', 'WAITING_CLIENT', 'RESOLVED', 'CHANGED', 'DECLINED'));
CREATE UNIQUE INDEX appeal_one ON release.appeal (report_ref, question_id)
    WHERE state IN ('NEW', 'WAITING_AFFILIATE', 'WAITING_SHOPPER', 'WAITING_CLIENT');

DROP TABLE field.reshoot;

DELETE FROM identity.mark WHERE kind = 'rejected';
ALTER TABLE identity.mark DROP CONSTRAINT mark_kind_check;
ALTER TABLE identity.mark ADD CONSTRAINT mark_kind_check CHECK (kind IN ('no_show', 'late_cancel'));
ALTER TABLE identity.pay_item DROP COLUMN voided_from;
DROP TABLE field.rejection_contest;

DELETE FROM field.shop_timer WHERE kind = 'release';
ALTER TABLE field.shop_timer DROP CONSTRAINT shop_timer_kind_check;
ALTER TABLE field.shop_timer ADD CONSTRAINT shop_timer_kind_check CHECK (kind IN
    ('offer_timeout', 'window_ended', 'overdue', 'return_timeout', 'appeal_window_over'));
ALTER TABLE field.campaign DROP COLUMN release_hours;
ALTER TABLE field.affiliate DROP COLUMN review_hours, DROP COLUMN return_hours, DROP COLUMN appeal_days,
    DROP COLUMN pay_days;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what reviews need to go on after a rejection, an approval or an appeal."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TERMS + CONTESTS + RESHOOTS + APPEALS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
