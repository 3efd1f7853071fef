"""Every decision about a report stays readable: which grade it gave, in what words. Grades can be contested."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000049"
VERSION = "1.38.0"
DESCRIPTION = "decisions with their words, contested grades"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"

DECISIONS = f"""
-- What was decided about a report, each time. Rows are added and read, never altered.
CREATE TABLE field.review_decision (
    report_id uuid NOT NULL REFERENCES field.report (id) ON DELETE CASCADE,
    n integer NOT NULL CHECK (n > 0),
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id),
    kind text NOT NULL CHECK (kind IN ('approved', 'returned', 'rejected', 'excluded', 'overturned', 'regraded')),
    reason text NOT NULL DEFAULT '' CHECK (reason = '' OR reason ~ '^[a-z][a-z0-9_]{{0,39}}$'),
    old_grade integer CHECK (old_grade BETWEEN 1 AND 10),
    new_grade integer CHECK (new_grade BETWEEN 1 AND 10),
    words bytea,                                       -- to the shopper, sealed with the report's key
    by_id uuid,
    at timestamptz NOT NULL,
    PRIMARY KEY (report_id, n),
    -- Nothing changes a grade silently: one that stood goes, or becomes another, for a reason in words.
    CHECK (old_grade IS NULL OR old_grade IS NOT DISTINCT FROM new_grade OR words IS NOT NULL)
);
CREATE INDEX review_decision_shop ON field.review_decision (shop_id, at);

ALTER TABLE field.review_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.review_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.review_decision TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON field.review_decision TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
-- The rows of field.report that a shopper sees are their own.
CREATE POLICY own ON field.review_decision FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND report_id IN (SELECT r.id FROM field.report r));
GRANT SELECT, INSERT ON field.review_decision TO candour_staff;
GRANT SELECT, DELETE ON field.review_decision TO candour_worker;   -- a sample is opened; what is over goes
GRANT SELECT (report_id, n, affiliate_id, shop_id, kind, reason, old_grade, new_grade, words, at)
    ON field.review_decision TO candour_shopper;

-- A rejection that waits for its second person waits with the words that go to the shopper.
ALTER TABLE field.review ADD COLUMN proposed_words bytea;
GRANT UPDATE (proposed_words) ON field.review TO candour_worker;
"""

_HELD = "on_hold_for <= field.time_held(shop_id, rejected_at)"
_RAISED = f"""affiliate_id = {AFFILIATE} AND state = 'RAISED' AND answer IS NULL AND {_HELD} AND EXISTS (
        SELECT FROM field.report r
          JOIN field.review v ON v.report_id = r.id
          JOIN field.shop s ON s.id = r.shop_id
         WHERE r.id = rejection_contest.report_id AND r.shop_id = rejection_contest.shop_id
           AND v.decided_at = rejection_contest.rejected_at"""

CONTESTS = f"""
-- rejected_at: when what is contested was decided, the rejection or the grade.
ALTER TABLE field.rejection_contest
    ADD COLUMN kind text NOT NULL DEFAULT 'rejection' CHECK (kind IN ('rejection', 'grade'));
GRANT SELECT (kind), INSERT (kind) ON field.rejection_contest TO candour_shopper;
ALTER POLICY raising ON field.rejection_contest WITH CHECK ({_RAISED}
           AND (kind = 'rejection' AND v.decision = 'rejected' AND s.state = 'REJECTED'
                OR kind = 'grade' AND v.decision = 'approved' AND s.grade IS NOT NULL
                   AND s.state IN ('APPROVED', 'RELEASED', 'CLOSED'))));
"""

# Whose plan it is, and until when: a mail says that there is something to do, and nothing of it.
PLANS = """
GRANT SELECT (client_id, node_path, state, due_on, created_at, changed_at) ON release.action_plan TO candour_worker;
"""

BACKWARDS = f"""
REVOKE SELECT (client_id, node_path, state, due_on, created_at, changed_at) ON release.action_plan
    FROM candour_worker;
-- The owner sees no tenant's rows: here and now it does, and in no other transaction.
CREATE POLICY mending ON field.rejection_contest TO CURRENT_USER USING (true);
DELETE FROM field.rejection_contest WHERE kind = 'grade';
DROP POLICY mending ON field.rejection_contest;
ALTER POLICY raising ON field.rejection_contest WITH CHECK ({_RAISED}
           AND v.decision = 'rejected' AND s.state = 'REJECTED'));
ALTER TABLE field.rejection_contest DROP COLUMN kind;
ALTER TABLE field.review DROP COLUMN proposed_words;
DROP TABLE field.review_decision;
"""


async def forwards() -> MigrationManager:
    """Keep each decision with its words, let grades be contested, let the worker see whose plans are due."""
    return by_statements(ID, DESCRIPTION, DECISIONS + CONTESTS + PLANS, BACKWARDS)
