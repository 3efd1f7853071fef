"""What shoppers are found and compared by, decisions about likeness, and qualifications that are retired."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000052"
VERSION = "1.38.0"
DESCRIPTION = "likeness of shoppers, retired qualifications"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"
OF_THE_WORKER = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
PENDING = "EXISTS (SELECT FROM identity.shopper s WHERE s.id = shopper_id AND s.status = 'pending')"

TABLES = """
CREATE TABLE identity.likeness (
    shopper_id uuid PRIMARY KEY REFERENCES identity.shopper (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    phone_index bytea,
    family_index bytea,                                -- null until it was reckoned
    namesake_index bytea,                              -- family name and postal code together
    payout_index bytea
);
CREATE INDEX likeness_phone ON identity.likeness (affiliate_id, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX likeness_family ON identity.likeness (affiliate_id, family_index);
CREATE INDEX likeness_namesake ON identity.likeness (affiliate_id, namesake_index) WHERE namesake_index IS NOT NULL;
CREATE INDEX likeness_payout ON identity.likeness (affiliate_id, payout_index) WHERE payout_index IS NOT NULL;

-- Each decision stands twice, once for either of the two: whoever of them is erased takes both along.
CREATE TABLE identity.likeness_verdict (
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    other_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    signs text[] NOT NULL CHECK (signs <@ '{namesake,payout,phone}'),
    verdict text NOT NULL CHECK (verdict IN ('same', 'household', 'unrelated')),
    decided_by uuid,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (shopper_id, other_id),
    CHECK (shopper_id <> other_id)
);
CREATE INDEX likeness_verdict_other ON identity.likeness_verdict (other_id);
CREATE FUNCTION identity.forget_other_half() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    DELETE FROM identity.likeness_verdict v WHERE v.shopper_id = OLD.other_id AND v.other_id = OLD.shopper_id;
    RETURN NULL;
END $$;
CREATE TRIGGER both_halves AFTER DELETE ON identity.likeness_verdict
    FOR EACH ROW EXECUTE FUNCTION identity.forget_other_half();

ALTER TABLE identity.deactivation DROP CONSTRAINT deactivation_code_check,
    ADD CONSTRAINT deactivation_code_check
    CHECK (code IN ('no_shows', 'quality', 'fraud', 'conduct', 'double', 'other'));
ALTER TABLE field.qualification_kind ADD COLUMN retired_at timestamptz;
"""


def _fences() -> str:
    lines = []
    for table in ("identity.likeness", "identity.likeness_verdict"):
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
            f"CREATE POLICY worker ON {table} TO candour_worker USING ({OF_THE_WORKER}) WITH CHECK ({OF_THE_WORKER});",
        ]
    own = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
    lines += [
        f"CREATE POLICY own ON identity.likeness TO candour_shopper USING ({own}) WITH CHECK ({own});",
        f"CREATE POLICY registering ON identity.likeness TO candour_gate USING ({PENDING}) WITH CHECK ({PENDING});",
    ]
    return "\n".join(lines)


GRANTS = """
-- What somebody is like is written by whoever tells it and compared by staff; nobody else reads a fingerprint.
GRANT SELECT ON identity.likeness TO candour_staff;
GRANT SELECT (shopper_id, affiliate_id), INSERT (shopper_id, affiliate_id),
    UPDATE (phone_index, family_index, namesake_index) ON identity.likeness TO candour_gate, candour_shopper;
GRANT UPDATE (payout_index) ON identity.likeness TO candour_shopper;
GRANT SELECT, INSERT (shopper_id, affiliate_id),
    UPDATE (phone_index, family_index, namesake_index, payout_index), DELETE ON identity.likeness TO candour_worker;
GRANT SELECT, INSERT, DELETE ON identity.likeness_verdict TO candour_staff;
GRANT SELECT, DELETE ON identity.likeness_verdict TO candour_worker;
-- A household that people of the affiliate have recognised counts like one that the address tells.
GRANT UPDATE (household_index) ON identity.shopper TO candour_staff;
"""

BACKWARDS = """
REVOKE UPDATE (household_index) ON identity.shopper FROM candour_staff;
DROP TABLE identity.likeness_verdict, identity.likeness;
DROP FUNCTION identity.forget_other_half();
-- The owner sees no tenant's rows while row security is forced on it.
ALTER TABLE identity.deactivation NO FORCE ROW LEVEL SECURITY;
UPDATE identity.deactivation SET code = 'other' WHERE code = 'double';
ALTER TABLE identity.deactivation FORCE ROW LEVEL SECURITY;
ALTER TABLE identity.deactivation DROP CONSTRAINT deactivation_code_check,
    ADD CONSTRAINT deactivation_code_check CHECK (code IN ('no_shows', 'quality', 'fraud', 'conduct', 'other'));
ALTER TABLE field.qualification_kind DROP COLUMN retired_at;
"""


async def forwards() -> MigrationManager:
    """Find and compare shoppers by fingerprints, and let qualifications be retired."""
    return by_statements(ID, DESCRIPTION, TABLES + _fences() + GRANTS, BACKWARDS)
