"""A client's window goes with the shop's timer: what a hold took from the one it gives back to the other."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000039"
VERSION = "1.38.0"
DESCRIPTION = "windows of clients follow timers"

# With the rights of whoever moves the timer, in the same transaction; the hour that clients are told less stays.
# A timer that is left over, and a shop that is closed, change nothing.
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
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION release.follow_timer() FROM PUBLIC;
CREATE TRIGGER follow_timer AFTER UPDATE OF due_at ON field.shop_timer FOR EACH ROW
    WHEN (NEW.kind = 'appeal_window_over' AND NEW.due_at <> OLD.due_at)
    EXECUTE FUNCTION release.follow_timer();
GRANT UPDATE (appeal_until) ON release.shop_report TO candour_staff;
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

BACKWARDS = """
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
    """Let windows follow timers, and give back what holds have taken so far."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FOLLOWING + MENDING))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
