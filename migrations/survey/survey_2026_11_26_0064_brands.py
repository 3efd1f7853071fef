"""How an affiliate looks to people outside: its colour, its logo, its telephone, and a name that no other one has."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T13:00:00:000064"
VERSION = "1.38.0"
DESCRIPTION = "brands of affiliates"

# The same as `affiliates.domain.key_of` for names in plain letters; later ones are reckoned there.
KEY = "translate(regexp_replace(lower(normalize(name, NFKC)), '[^[:alnum:]|]', '', 'g'), 'i1|0', 'lllo')"

FORWARDS = f"""
-- accent, logo: NULL stands for the house's own look. The logo is the name of its file and of its address.
-- name_key: the name as the eye sees it; NULL for a name that was there before, beside one like it.
ALTER TABLE field.affiliate
    ADD COLUMN accent text CHECK (accent ~ '^[0-9a-f]{{6}}$'),
    ADD COLUMN logo text CHECK (logo ~ '^[0-9a-f]{{32}}$'),
    ADD COLUMN contact_phone text NOT NULL DEFAULT '',
    ADD COLUMN name_key text;
ALTER TABLE field.affiliate NO FORCE ROW LEVEL SECURITY;
UPDATE field.affiliate a
   SET name_key = k.name_key
  FROM (SELECT DISTINCT ON (key) id, key AS name_key
          FROM (SELECT id, created_at, {KEY} AS key FROM field.affiliate) AS keyed
         WHERE key <> ''
         ORDER BY key, created_at, id) AS k
 WHERE k.id = a.id;
ALTER TABLE field.affiliate FORCE ROW LEVEL SECURITY;
CREATE UNIQUE INDEX affiliate_name_key ON field.affiliate (name_key);

-- What a page wears, in one column, for whichever statement finds the affiliate anyway.
CREATE FUNCTION field.brand_of(worn field.affiliate) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN worn.id IS NOT NULL THEN jsonb_build_object(
        'name', worn.name, 'accent', worn.accent, 'logo', worn.logo, 'email', worn.contact_email,
        'phone', worn.contact_phone, 'postal_address', worn.postal_address) END
$$;
REVOKE EXECUTE ON FUNCTION field.brand_of(field.affiliate) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION field.brand_of(field.affiliate) TO candour_staff, candour_respondent, candour_gate,
    candour_desk;

-- The portal reaches no affiliate: signing in puts into the session's own row what its pages show. Without the colour:
-- in the portal's charts a colour stands for a number.
ALTER TABLE ops.portal_session ADD COLUMN brand jsonb;

-- Every process keeps what respondents of a study are shown under the study's revision. Whoever changes the brand, and
-- however: no statement can forget them. A draft has shown nobody anything yet, and its editors keep their revision.
CREATE FUNCTION field.follow_brand() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    UPDATE field.study s
       SET revision = s.revision + 1
     WHERE s.affiliate_id = NEW.id
       AND s.status <> 'draft';
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION field.follow_brand() FROM PUBLIC;
CREATE TRIGGER follow_brand AFTER UPDATE OF name, accent, logo, contact_email, contact_phone, postal_address
    ON field.affiliate FOR EACH ROW
    WHEN (field.brand_of(OLD) IS DISTINCT FROM field.brand_of(NEW))
    EXECUTE FUNCTION field.follow_brand();
"""

BACKWARDS = """
DROP TRIGGER follow_brand ON field.affiliate;
DROP FUNCTION field.follow_brand();
DROP FUNCTION field.brand_of(field.affiliate);
ALTER TABLE ops.portal_session DROP COLUMN brand;
DROP INDEX field.affiliate_name_key;
ALTER TABLE field.affiliate
    DROP COLUMN name_key,
    DROP COLUMN contact_phone,
    DROP COLUMN logo,
    DROP COLUMN accent;
"""


async def forwards() -> MigrationManager:
    """Give every affiliate room for a brand, and let what is kept in memory follow it."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
