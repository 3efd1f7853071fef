"""What closing a study should have taken along, and keys that open nothing any more."""

from datetime import date, datetime

from asyncpg import Connection

_STILL_OPEN = "SELECT count(*) FROM field.study WHERE status IN ('live', 'paused') AND closes_at < $1"

_STILL_BEGUN = """
SELECT count(*)
  FROM field.response r
  JOIN field.study s ON s.id = r.study_id
 WHERE s.status IN ('closed', 'released')
   AND s.closed_at < $1
   AND r.state = 'open'
"""

# Every kind of record that has a key of its own. One that is not listed here would be counted as gone, and be noticed.
OWN_KEYS = (
    "identity.contact", "identity.contact_import", "identity.panelist", "identity.account", "identity.shopper",
    "identity.tax_identity", "field.response", "field.report",
)  # fmt: skip
_ORPHANED = " ".join(
    ("SELECT count(*) FROM vault.subject_key k WHERE k.created_on < $1",
     *(f"AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = k.id)" for table in OWN_KEYS))
)  # fmt: skip


async def still_open(here: Connection, before: datetime) -> int:
    """Studies whose last day was before that, and that are open."""
    found: int = await here.fetchval(_STILL_OPEN, before)
    return found


async def still_begun(here: Connection, before: datetime) -> int:
    """Answers that nobody sent, of studies that closed before that."""
    found: int = await here.fetchval(_STILL_BEGUN, before)
    return found


async def orphaned_keys(here: Connection, before: date) -> int:
    """Keys made before that day whose record is gone: what was sealed with them can be opened in old copies."""
    found: int = await here.fetchval(_ORPHANED, before)
    return found
