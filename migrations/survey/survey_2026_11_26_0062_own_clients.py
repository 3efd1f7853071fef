"""Which clients an account works for, where it does not work for all of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T13:00:00:000062"
VERSION = "1.38.0"
DESCRIPTION = "accounts limited to clients"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"

FORWARDS = f"""
-- A mark of its own: no row means no client, and never all of them.
ALTER TABLE identity.account ADD COLUMN is_limited boolean NOT NULL DEFAULT false;
ALTER TABLE identity.account ADD CONSTRAINT account_is_limited_by_role
    CHECK (NOT is_limited OR role IN ('manager', 'scheduler', 'editor'));
CREATE TABLE identity.account_client (
    account_id uuid NOT NULL REFERENCES identity.account (id) ON DELETE CASCADE,
    client_id uuid NOT NULL REFERENCES field.client (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    PRIMARY KEY (account_id, client_id)
);
CREATE INDEX account_client_client ON identity.account_client (client_id);
ALTER TABLE identity.account_client ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.account_client FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identity.account_client TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
-- The gate reads it before a tenant is known; where the transaction names one, it keeps to it.
CREATE POLICY gate ON identity.account_client TO candour_gate USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
CREATE POLICY worker ON identity.account_client FOR SELECT TO candour_worker USING ({ANYWHERE});
CREATE POLICY gate ON field.client FOR SELECT TO candour_gate USING ({ANYWHERE});
GRANT SELECT (is_limited) ON identity.account TO candour_staff;
GRANT UPDATE (is_limited) ON identity.account TO candour_gate;
GRANT SELECT ON identity.account_client TO candour_staff, candour_worker;
GRANT SELECT, INSERT, DELETE ON identity.account_client TO candour_gate;
GRANT SELECT (id, affiliate_id, name, status) ON field.client TO candour_gate;
"""

BACKWARDS = """
REVOKE SELECT (id, affiliate_id, name, status) ON field.client FROM candour_gate;
DROP POLICY gate ON field.client;
DROP TABLE identity.account_client;
ALTER TABLE identity.account DROP COLUMN is_limited;
"""


async def forwards() -> MigrationManager:
    """Keep for which clients somebody works, and that it is not all of them."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
