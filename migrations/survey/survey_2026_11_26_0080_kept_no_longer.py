"""What declared times need to be kept to: from which day they count, and finding what is older."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T18:00:00:000080"
VERSION = "1.38.0"
DESCRIPTION = "kept no longer"

# Rows lie in the order in which they were made, or nearly: an index of ranges costs a launch nothing.
FORWARDS = """
CREATE INDEX delivery_age ON ops.delivery USING brin (created_at);
CREATE INDEX invitation_age ON identity.invitation USING brin (created_at);

-- Which lists have named somebody again was not written down. The client's last one may have: nobody goes too early.
ALTER TABLE identity.contact ADD COLUMN named_on date NOT NULL DEFAULT current_date;
ALTER TABLE identity.contact NO FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.contact_import NO FORCE ROW LEVEL SECURITY;
UPDATE identity.contact c
   SET named_on = greatest(c.created_on, (
       SELECT max(coalesce(m.finished_at, m.created_at) AT TIME ZONE 'UTC')::date
         FROM identity.contact_import m
        WHERE m.client_id = c.client_id AND m.rows_done > 0));
ALTER TABLE identity.contact_import FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.contact FORCE ROW LEVEL SECURITY;

-- Since when an account is disabled follows from its state, whoever changes that.
ALTER TABLE identity.account ADD COLUMN disabled_at timestamptz;
ALTER TABLE identity.account NO FORCE ROW LEVEL SECURITY;
UPDATE identity.account a
   SET disabled_at = coalesce((
       SELECT max(e.at)
         FROM ledger.event e
        WHERE e.object_id = a.id AND e.action IN ('account.disable', 'account.invite_revoke')), now())
 WHERE a.status = 'disabled';
ALTER TABLE identity.account FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.account ADD CONSTRAINT account_disabled CHECK ((status = 'disabled') = (disabled_at IS NOT NULL));

CREATE FUNCTION identity.note_disabled() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
    NEW.disabled_at := CASE WHEN NEW.status = 'disabled' THEN coalesce(NEW.disabled_at, now()) END;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION identity.note_disabled FROM PUBLIC;
CREATE TRIGGER disabled BEFORE INSERT OR UPDATE OF status ON identity.account
    FOR EACH ROW EXECUTE FUNCTION identity.note_disabled();

DROP POLICY forgetting ON identity.account;
CREATE POLICY forgetting ON identity.account AS RESTRICTIVE FOR DELETE TO candour_worker
    USING (CASE WHEN role = 'shopper' THEN NOT EXISTS (SELECT FROM identity.shopper s WHERE s.account_id = account.id)
                ELSE status = 'disabled' END);
GRANT SELECT (account_id) ON ops.calendar_feed TO candour_worker;
"""

BACKWARDS = """
REVOKE SELECT (account_id) ON ops.calendar_feed FROM candour_worker;
DROP POLICY forgetting ON identity.account;
CREATE POLICY forgetting ON identity.account AS RESTRICTIVE FOR DELETE TO candour_worker
    USING (role = 'shopper' AND NOT EXISTS (SELECT FROM identity.shopper s WHERE s.account_id = account.id));
DROP TRIGGER disabled ON identity.account;
DROP FUNCTION identity.note_disabled;
ALTER TABLE identity.account DROP COLUMN disabled_at;
ALTER TABLE identity.contact DROP COLUMN named_on;
DROP INDEX identity.invitation_age;
DROP INDEX ops.delivery_age;
"""


async def forwards() -> MigrationManager:
    """Add the indexes and the days."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
