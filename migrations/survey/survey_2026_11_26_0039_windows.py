"""What a hold took is given back: to a client's window and plan, to a shopper who contests, to an editor's hours."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000039"
VERSION = "1.38.0"
DESCRIPTION = "time that holds took"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"

# With the rights of whoever moves the timer, in the same transaction; the hour that clients are told less stays.
# A timer that is left over, and a shop that is closed, change nothing. A plan's day moves by whole days.
FOLLOWING = """
CREATE FUNCTION release.follow_timer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    UPDATE release.shop_report r
       SET appeal_until = r.appeal_until + (NEW.due_at - OLD.due_at)
      FROM field.shop s
     WHERE s.id = NEW.shop_id
       AND s.state = 'RELEASED'
       AND r.shop_id = s.id
       AND NOT r.is_superseded
       AND r.withdrawn_at IS NULL;
    UPDATE release.action_plan p
       SET due_on = p.due_on + ceil(extract(epoch FROM NEW.due_at - OLD.due_at) / 86400)::integer
      FROM release.shop_report r
      JOIN field.shop s ON s.id = r.shop_id
     WHERE s.id = NEW.shop_id
       AND s.state = 'RELEASED'
       AND NOT r.is_superseded
       AND r.withdrawn_at IS NULL
       AND p.report_ref = r.report_ref
       AND p.state <> 'RESOLVED';
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION release.follow_timer() FROM PUBLIC;
CREATE TRIGGER follow_timer AFTER UPDATE OF due_at ON field.shop_timer FOR EACH ROW
    WHEN (NEW.kind = 'appeal_window_over' AND NEW.due_at <> OLD.due_at)
    EXECUTE FUNCTION release.follow_timer();
GRANT UPDATE (appeal_until) ON release.shop_report TO candour_staff;
GRANT SELECT (affiliate_id, report_ref, state, due_on), UPDATE (due_on) ON release.action_plan TO candour_staff;
"""

# Holds that are over. What counts from a moment of the shop counts without them.
SPELLS = f"""
CREATE TABLE field.hold_spell (
    shop_id uuid NOT NULL REFERENCES field.shop (id) ON DELETE CASCADE,
    began_at timestamptz NOT NULL,
    affiliate_id uuid NOT NULL,
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (shop_id, began_at),
    CHECK (ended_at >= began_at)
);
ALTER TABLE field.hold_spell ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.hold_spell FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.hold_spell TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
-- The rows of field.report that a shopper sees are their own.
CREATE POLICY own ON field.hold_spell FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shop_id IN (SELECT r.shop_id FROM field.report r));
CREATE POLICY worker ON field.hold_spell FOR SELECT TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
GRANT SELECT, INSERT ON field.hold_spell TO candour_staff;
GRANT SELECT ON field.hold_spell TO candour_shopper, candour_worker;

-- A plain statement with the caller's rights, so that PostgreSQL can write it into the query that asks.
CREATE FUNCTION field.time_held(shop uuid, since timestamptz) RETURNS interval LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(h.ended_at - greatest(h.began_at, since)), '0'::interval)
      FROM field.hold_spell h
     WHERE h.shop_id = shop
       AND h.ended_at > since
$$;
GRANT EXECUTE ON FUNCTION field.time_held TO candour_staff, candour_shopper, candour_worker;

-- How much longer than fourteen days: what the shop's holds took since the rejection, and no more.
ALTER TABLE field.rejection_contest
    ADD COLUMN on_hold_for interval NOT NULL DEFAULT '0' CHECK (on_hold_for >= '0'),
    DROP CONSTRAINT rejection_contest_check,
    ADD CONSTRAINT rejection_contest_in_time CHECK (raised_at <= rejected_at + interval '14 days' + on_hold_for);
GRANT SELECT (on_hold_for), INSERT (on_hold_for) ON field.rejection_contest TO candour_shopper;
ALTER POLICY raising ON field.rejection_contest
    WITH CHECK (affiliate_id = {AFFILIATE} AND state = 'RAISED' AND answer IS NULL
        AND on_hold_for <= field.time_held(shop_id, rejected_at) AND EXISTS (
        SELECT FROM field.report r
          JOIN field.review v ON v.report_id = r.id
          JOIN field.shop s ON s.id = r.shop_id
         WHERE r.id = rejection_contest.report_id AND r.shop_id = rejection_contest.shop_id
           AND v.decision = 'rejected' AND v.decided_at = rejection_contest.rejected_at AND s.state = 'REJECTED'));
"""

# Holds that were lifted before. The owner sees no tenant's rows: here and now it does, and in no other transaction.
MENDING = """
CREATE POLICY mending ON release.shop_report TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY mending ON field.shop_timer FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY mending ON field.shop FOR SELECT TO CURRENT_USER USING (true);
UPDATE release.shop_report r
   SET appeal_until = t.due_at - interval '1 hour'
  FROM field.shop_timer t
  JOIN field.shop s ON s.id = t.shop_id
 WHERE t.kind = 'appeal_window_over'
   AND s.state = 'RELEASED'
   AND r.shop_id = s.id
   AND NOT r.is_superseded
   AND r.withdrawn_at IS NULL
   AND r.appeal_until < t.due_at - interval '1 hour';
DROP POLICY mending ON release.shop_report;
DROP POLICY mending ON field.shop_timer;
DROP POLICY mending ON field.shop;
"""

BACKWARDS = f"""
ALTER POLICY raising ON field.rejection_contest
    WITH CHECK (affiliate_id = {AFFILIATE} AND state = 'RAISED' AND answer IS NULL AND EXISTS (
        SELECT FROM field.report r
          JOIN field.review v ON v.report_id = r.id
          JOIN field.shop s ON s.id = r.shop_id
         WHERE r.id = rejection_contest.report_id AND r.shop_id = rejection_contest.shop_id
           AND v.decision = 'rejected' AND v.decided_at = rejection_contest.rejected_at AND s.state = 'REJECTED'));
-- What was contested after a hold stays: the check is for what comes.
ALTER TABLE field.rejection_contest
    DROP CONSTRAINT rejection_contest_in_time,
    DROP COLUMN on_hold_for,
    ADD CONSTRAINT rejection_contest_check CHECK (raised_at <= rejected_at + interval '14 days') NOT VALID;
DROP FUNCTION field.time_held(uuid, timestamptz);
DROP TABLE field.hold_spell;

REVOKE SELECT (affiliate_id, report_ref, state, due_on), UPDATE (due_on) ON release.action_plan FROM candour_staff;
REVOKE UPDATE (appeal_until) ON release.shop_report FROM candour_staff;
DROP TRIGGER follow_timer ON field.shop_timer;
DROP FUNCTION release.follow_timer();
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Let windows follow timers and count without holds; give clients back what holds have taken so far."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FOLLOWING + MENDING + SPELLS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
