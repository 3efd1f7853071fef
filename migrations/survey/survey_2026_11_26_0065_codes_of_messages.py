"""What messages are known by: whoever gets one can ask whether it is ours, and whether it was sent to them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T13:00:00:000065"
VERSION = "1.38.0"
DESCRIPTION = "codes of messages"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"

FORWARDS = f"""
CREATE TABLE ops.mail_code (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    code_index bytea NOT NULL UNIQUE CHECK (octet_length(code_index) = 32), -- keyed hash of the code, never the code
    about text NOT NULL,
    sender text NOT NULL,         -- as the message names it, which is not renamed afterwards
    written_on date NOT NULL,
    again_on date,                -- a second copy, where nobody knows whether the first one arrived
    recipient_index bytea CHECK (octet_length(recipient_index) = 32)   -- none: whoever got it was erased
);
CREATE INDEX mail_code_recipient ON ops.mail_code (recipient_index, affiliate_id) WHERE recipient_index IS NOT NULL;
CREATE INDEX mail_code_written ON ops.mail_code (written_on);
ALTER TABLE ops.mail_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE ops.mail_code FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON ops.mail_code TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id)
    WITH CHECK (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
CREATE POLICY desk ON ops.mail_code TO candour_desk USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.mail_code TO candour_worker;
GRANT SELECT (affiliate_id, code_index, about, sender, written_on, again_on, recipient_index), UPDATE (recipient_index)
    ON ops.mail_code TO candour_desk;

-- Messages that were sent before have none: whoever looks for codes that are missing looks from here on.
INSERT INTO ops.setting (name, value) VALUES ('mail.codes_since', to_jsonb(now())) ON CONFLICT (name) DO NOTHING;
"""

BACKWARDS = """
DELETE FROM ops.setting WHERE name = 'mail.codes_since';
DROP TABLE ops.mail_code;
"""


async def forwards() -> MigrationManager:
    """Keep what each message is known by."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
