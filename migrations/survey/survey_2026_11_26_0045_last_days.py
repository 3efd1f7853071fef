"""The last day of a shop's window at its place, and windows that are longer for one shopper alone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000045"
VERSION = "1.38.0"
DESCRIPTION = "last days of windows"

LAST_DAY = "((s.window_end - interval '1 microsecond') AT TIME ZONE l.time_zone)::date"

FORWARDS = f"""
-- last_day: of the window, by the place's calendar; a window ends at midnight and has not got the day that begins then.
-- stretched_from: the campaign's end, while a later one was granted to whoever has the shop.
ALTER TABLE field.shop ADD COLUMN last_day date, ADD COLUMN stretched_from timestamptz;
ALTER TABLE field.shop NO FORCE ROW LEVEL SECURITY;
ALTER TABLE field.location NO FORCE ROW LEVEL SECURITY;
UPDATE field.shop s
   SET last_day = {LAST_DAY}
  FROM field.location l
 WHERE l.id = s.location_id;
ALTER TABLE field.shop ALTER COLUMN last_day SET NOT NULL;
ALTER TABLE field.shop FORCE ROW LEVEL SECURITY;
ALTER TABLE field.location FORCE ROW LEVEL SECURITY;

DROP INDEX field.shop_agenda;
CREATE INDEX shop_agenda ON field.shop (affiliate_id, (coalesce(planned_on, last_day)), id);

-- Both follow from the row itself, whoever writes it and how: no statement can forget them.
CREATE FUNCTION field.keep_window() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.stretched_from IS NOT NULL AND NEW.state IN ('OPEN', 'CANCELLED', 'EXPIRED') THEN
        NEW.window_end := NEW.stretched_from;
        NEW.stretched_from := NULL;
    END IF;
    SELECT ((NEW.window_end - interval '1 microsecond') AT TIME ZONE l.time_zone)::date
      INTO NEW.last_day
      FROM field.location l
     WHERE l.id = NEW.location_id;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION field.keep_window() FROM PUBLIC;
CREATE TRIGGER keep_window BEFORE INSERT ON field.shop FOR EACH ROW EXECUTE FUNCTION field.keep_window();
CREATE TRIGGER keep_window_on BEFORE UPDATE ON field.shop FOR EACH ROW
    WHEN (OLD.window_end <> NEW.window_end OR OLD.location_id <> NEW.location_id OR NEW.stretched_from IS NOT NULL
          OR OLD.last_day <> NEW.last_day)
    EXECUTE FUNCTION field.keep_window();

-- A place whose clock is put right has other days, and its shops with it.
CREATE FUNCTION field.follow_clock() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    UPDATE field.shop s
       SET last_day = ((s.window_end - interval '1 microsecond') AT TIME ZONE NEW.time_zone)::date
     WHERE s.location_id = NEW.id;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION field.follow_clock() FROM PUBLIC;
CREATE TRIGGER follow_clock AFTER UPDATE OF time_zone ON field.location FOR EACH ROW
    WHEN (OLD.time_zone <> NEW.time_zone)
    EXECUTE FUNCTION field.follow_clock();
"""

BACKWARDS = """
DROP TRIGGER follow_clock ON field.location;
DROP FUNCTION field.follow_clock();
DROP TRIGGER keep_window_on ON field.shop;
DROP TRIGGER keep_window ON field.shop;
DROP FUNCTION field.keep_window();
DROP INDEX field.shop_agenda;
CREATE INDEX shop_agenda ON field.shop
    (affiliate_id, (coalesce(planned_on, (window_end AT TIME ZONE 'UTC')::date)), id);
ALTER TABLE field.shop DROP COLUMN stretched_from, DROP COLUMN last_day;
"""


async def forwards() -> MigrationManager:
    """Write down the last day of every window, and let a longer one belong to whoever was granted it."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
