"""Restrictions of processing (GDPR Art. 18) with their answers; up to where a shopper has read each thread."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T13:00:00:000069"
VERSION = "1.38.0"
DESCRIPTION = "restrictions of processing, threads read"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

# It stands from the moment it is asked for. ends_at: announced by the affiliate, never before its notice is over.
FORWARDS = f"""
CREATE TABLE identity.restriction (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    ground text NOT NULL CHECK (ground IN ('accuracy', 'unlawful', 'claims', 'objection')),
    words bytea,
    asked_at timestamptz NOT NULL,
    verdict text CHECK (verdict IN ('stands', 'ends')),
    answer bytea,
    decided_by uuid,
    decided_at timestamptz,
    ends_at timestamptz,
    ended_at timestamptz,
    CHECK ((verdict IS NULL) = (decided_at IS NULL)),
    CHECK ((coalesce(verdict, '') = 'ends') = (ends_at IS NOT NULL)),
    CHECK (ends_at >= decided_at + interval '14 days')
);
CREATE UNIQUE INDEX restriction_one ON identity.restriction (shopper_id) WHERE ended_at IS NULL;
CREATE INDEX restriction_queue ON identity.restriction (affiliate_id, asked_at, id) WHERE ended_at IS NULL;

ALTER TABLE identity.restriction ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.restriction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identity.restriction TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY own ON identity.restriction TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER})
    WITH CHECK (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER});
CREATE POLICY worker ON identity.restriction TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id)
    WITH CHECK (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);

-- The person begins and ends it; staff answer. Who of them answered is no business of the person's.
GRANT SELECT (id, affiliate_id, shopper_id, ground, words, asked_at, verdict, answer, decided_at, ends_at, ended_at),
    INSERT (id, affiliate_id, shopper_id, ground, words, asked_at), UPDATE (ended_at)
    ON identity.restriction TO candour_shopper;
GRANT SELECT, UPDATE (verdict, answer, decided_by, decided_at, ends_at) ON identity.restriction TO candour_staff;
GRANT SELECT, DELETE ON identity.restriction TO candour_worker;

-- When the last message that somebody has read was there to be read: not when they read it. Who had none unread so far
-- begins with none.
ALTER TABLE identity.thread ADD COLUMN read_to timestamptz;
ALTER TABLE identity.thread NO FORCE ROW LEVEL SECURITY;
UPDATE identity.thread SET read_to = last_at;
ALTER TABLE identity.thread FORCE ROW LEVEL SECURITY;
GRANT UPDATE (read_to) ON identity.thread TO candour_shopper;
"""

BACKWARDS = """
ALTER TABLE identity.thread DROP COLUMN read_to;
DROP TABLE identity.restriction;
"""


async def forwards() -> MigrationManager:
    """Let shoppers restrict what is done with their data, and see which answers they have not read."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
