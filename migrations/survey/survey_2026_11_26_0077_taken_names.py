"""Names of before are taken by the code's own rule, and the gate reads clients of a known affiliate alone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.affiliates.domain import key_of
from survey.db.statements import by_statements, migrating

ID = "2026-11-26T18:00:00:000077"
VERSION = "1.38.0"
DESCRIPTION = "taken names"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"

# Names of clients are read for a form alone, which is one affiliate's; whether a client is put away, not at all.
FORWARDS = f"""
DROP POLICY gate ON field.client;
CREATE POLICY gate ON field.client FOR SELECT TO candour_gate USING (affiliate_id = {AFFILIATE});
REVOKE SELECT (status) ON field.client FROM candour_gate;
"""

BACKWARDS = f"""
GRANT SELECT (status) ON field.client TO candour_gate;
DROP POLICY gate ON field.client;
CREATE POLICY gate ON field.client FOR SELECT TO candour_gate USING ({ANYWHERE});
"""

PUT_KEYS = """
UPDATE field.affiliate a
   SET name_key = k.name_key
  FROM unnest($1::uuid[], $2::text[]) AS k (id, name_key)
 WHERE k.id = a.id
"""


async def keep_keys() -> None:
    """Of names that look the same the oldest keeps the key. 0064 reckoned them in SQL, which kept accents and dropped
    signs that pass for letters: a name that exists could have been taken again.
    """
    here = migrating()
    # The owner sees no tenant's rows otherwise.
    await here.execute("ALTER TABLE field.affiliate NO FORCE ROW LEVEL SECURITY")
    rows = await here.fetch("SELECT id, name FROM field.affiliate ORDER BY created_at DESC, id DESC")
    keys = {key: row["id"] for row in rows if (key := key_of(row["name"]))}
    # First none at all: one name may take the key that another had.
    await here.execute("UPDATE field.affiliate SET name_key = NULL")
    await here.execute(PUT_KEYS, list(keys.values()), list(keys))
    await here.execute("ALTER TABLE field.affiliate FORCE ROW LEVEL SECURITY")


async def forwards() -> MigrationManager:
    """Reckon the keys anew, and narrow what the gate reads."""
    manager = by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
    manager.add_raw(keep_keys)
    return manager
