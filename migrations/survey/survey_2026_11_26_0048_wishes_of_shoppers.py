"""What shoppers ask for: how many wait for a shop, what news they want, how far and in which units, and conflicts of
interest in their own words; attempts are no visits.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000048"
VERSION = "1.38.0"
DESCRIPTION = "interest in shops, news by wishes, units, attempts, conflicts in words"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
OF_US = "left(time_zone, 8) = 'America/' AND time_zone <> ALL (ARRAY['America/Toronto', 'America/Halifax',"\
        " 'America/St_Johns', 'America/Winnipeg', 'America/Edmonton', 'America/Vancouver', 'America/Mexico_City',"\
        " 'America/Cancun', 'America/Tijuana']) OR time_zone = 'Pacific/Honolulu'"  # fmt: skip

INTEREST = f"""
-- How many applications wait for a shop. Row policies show a shopper nobody else's: the number has a row of its own.
CREATE TABLE field.shop_interest (
    shop_id uuid PRIMARY KEY REFERENCES field.shop (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    waiting integer NOT NULL DEFAULT 0 CHECK (waiting >= 0)
);
ALTER TABLE identity.application NO FORCE ROW LEVEL SECURITY;
INSERT INTO field.shop_interest (shop_id, affiliate_id, waiting)
SELECT shop_id, affiliate_id, count(*)
  FROM identity.application
 WHERE state = 'SUBMITTED'
 GROUP BY shop_id, affiliate_id;
ALTER TABLE identity.application FORCE ROW LEVEL SECURITY;
ALTER TABLE field.shop_interest ENABLE ROW LEVEL SECURITY;
ALTER TABLE field.shop_interest FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON field.shop_interest TO candour_staff, candour_shopper
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON field.shop_interest TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
GRANT SELECT, INSERT, UPDATE ON field.shop_interest TO candour_staff, candour_shopper, candour_worker;

-- With the caller's rights. Of a shop that goes itself nothing is left to count.
CREATE FUNCTION field.follow_application() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'SUBMITTED' AND (TG_OP = 'DELETE' OR NEW.state <> 'SUBMITTED') THEN
        UPDATE field.shop_interest SET waiting = greatest(waiting - 1, 0) WHERE shop_id = OLD.shop_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'SUBMITTED' AND (TG_OP = 'INSERT' OR OLD.state <> 'SUBMITTED') THEN
        INSERT INTO field.shop_interest AS i (shop_id, affiliate_id, waiting) VALUES (NEW.shop_id, NEW.affiliate_id, 1)
        ON CONFLICT (shop_id) DO UPDATE SET waiting = i.waiting + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_application AFTER INSERT OR DELETE OR UPDATE OF state ON identity.application
    FOR EACH ROW EXECUTE FUNCTION field.follow_application();
"""

NEWS = f"""
ALTER TABLE identity.shopper
    ADD COLUMN news_within_km integer CHECK (news_within_km BETWEEN 1 AND 500),
    ADD COLUMN news_least_cents integer CHECK (news_least_cents > 0),
    ADD COLUMN news_every text CHECK (news_every IN ('day', 'week')),
    ADD COLUMN units text CHECK (units IN ('km', 'mi'));
ALTER TABLE identity.shopper NO FORCE ROW LEVEL SECURITY;
UPDATE identity.shopper SET units = 'mi' WHERE {OF_US};
ALTER TABLE identity.shopper FORCE ROW LEVEL SECURITY;
GRANT UPDATE (news_within_km, news_least_cents, news_every, units) ON identity.shopper TO candour_shopper;
GRANT UPDATE (news_within_km, news_least_cents, news_every, units) ON identity.shopper TO candour_worker;
GRANT INSERT (units), UPDATE (units) ON identity.shopper TO candour_gate;
GRANT SELECT (units) ON identity.shopper TO candour_staff;

-- Of which shops a shopper was told, so that none is told twice.
CREATE TABLE identity.shop_told (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    shop_id uuid NOT NULL REFERENCES field.shop (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    occasion uuid NOT NULL,
    told_at timestamptz NOT NULL,
    UNIQUE (shopper_id, shop_id)
);
CREATE INDEX shop_told_occasion ON identity.shop_told (occasion);
CREATE INDEX shop_told_shop ON identity.shop_told (shop_id);
CREATE INDEX shop_told_at ON identity.shop_told (told_at);
ALTER TABLE identity.shop_told ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.shop_told FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON identity.shop_told FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER});
CREATE POLICY worker ON identity.shop_told TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
GRANT SELECT ON identity.shop_told TO candour_shopper;
GRANT SELECT, INSERT, DELETE ON identity.shop_told TO candour_worker;
-- News go by the day on which a shop came to the board, not by the day on which it was made.
DROP INDEX field.shop_created;
CREATE INDEX shop_opened ON field.shop (affiliate_id, state_since) WHERE state = 'OPEN';
"""

REST = """
-- Going there in vain is no visit: rotation does not count it. Whether what it cost is paid back, a campaign says.
ALTER TABLE field.shop ADD COLUMN is_attempt boolean NOT NULL DEFAULT false;
ALTER TABLE field.campaign ADD COLUMN is_attempt_repaid boolean NOT NULL DEFAULT false;
ALTER TABLE field.shop NO FORCE ROW LEVEL SECURITY;
ALTER TABLE field.report NO FORCE ROW LEVEL SECURITY;
UPDATE field.shop s SET is_attempt = true
  FROM field.report r
 WHERE r.shop_id = s.id AND r.outcome <> 'done' AND s.state IN ('APPROVED', 'RELEASED', 'CLOSED', 'EXCLUDED');
ALTER TABLE field.shop FORCE ROW LEVEL SECURITY;
ALTER TABLE field.report FORCE ROW LEVEL SECURITY;

-- A conflict of interest as it was typed, under the shopper's key; whose client that is, a match or staff says.
ALTER TABLE identity.conflict
    DROP CONSTRAINT conflict_shopper_id_client_id_key,
    ALTER COLUMN client_id DROP NOT NULL,
    ADD COLUMN company bytea,
    ADD COLUMN checked_at timestamptz,
    ADD CONSTRAINT conflict_named CHECK (client_id IS NOT NULL OR company IS NOT NULL);
CREATE UNIQUE INDEX conflict_one ON identity.conflict (shopper_id, client_id) WHERE company IS NULL;
CREATE INDEX conflict_shopper ON identity.conflict (shopper_id);
CREATE INDEX conflict_untied ON identity.conflict (affiliate_id, created_at, id)
    WHERE client_id IS NULL AND checked_at IS NULL;
GRANT UPDATE (client_id, checked_at) ON identity.conflict TO candour_staff;
"""

BACKWARDS = """
REVOKE UPDATE (client_id, checked_at) ON identity.conflict FROM candour_staff;
DROP INDEX identity.conflict_untied, identity.conflict_shopper, identity.conflict_one;
ALTER TABLE identity.conflict NO FORCE ROW LEVEL SECURITY;
DELETE FROM identity.conflict c
 WHERE c.client_id IS NULL
    OR EXISTS (SELECT FROM identity.conflict o
                WHERE o.shopper_id = c.shopper_id AND o.client_id = c.client_id AND o.id < c.id);
ALTER TABLE identity.conflict FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.conflict
    DROP CONSTRAINT conflict_named, DROP COLUMN company, DROP COLUMN checked_at, ALTER COLUMN client_id SET NOT NULL,
    ADD CONSTRAINT conflict_shopper_id_client_id_key UNIQUE (shopper_id, client_id);
ALTER TABLE field.campaign DROP COLUMN is_attempt_repaid;
ALTER TABLE field.shop DROP COLUMN is_attempt;
DROP INDEX field.shop_opened;
CREATE INDEX shop_created ON field.shop (created_at) WHERE state = 'OPEN';
DROP TABLE identity.shop_told;
ALTER TABLE identity.shopper
    DROP COLUMN news_within_km, DROP COLUMN news_least_cents, DROP COLUMN news_every, DROP COLUMN units;
DROP TRIGGER follow_application ON identity.application;
DROP FUNCTION field.follow_application();
DROP TABLE field.shop_interest;
"""


async def forwards() -> MigrationManager:
    """Let shoppers' wishes be rows."""
    return by_statements(ID, DESCRIPTION, INTEREST + NEWS + REST, BACKWARDS)
