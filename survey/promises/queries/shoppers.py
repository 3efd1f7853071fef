"""Statements that look whether the promises to mystery shoppers hold. Role.WORKER, but for a trial as the shopper."""

from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

# A value that both companies hold would tell them; ciphertexts and codes are no values of a person, but must differ.
_ALIKE = """
SELECT count(*)
  FROM (
    SELECT email_index FROM identity.shopper GROUP BY email_index HAVING count(DISTINCT affiliate_id) > 1
     UNION ALL
    SELECT household_index FROM identity.shopper GROUP BY household_index HAVING count(DISTINCT affiliate_id) > 1
     UNION ALL
    SELECT index FROM identity.likeness,
           unnest(ARRAY[phone_index, family_index, namesake_index, payout_index]) AS marks (index)
     GROUP BY index HAVING count(DISTINCT affiliate_id) > 1
     UNION ALL
    SELECT email FROM identity.shopper GROUP BY email HAVING count(DISTINCT affiliate_id) > 1
     UNION ALL
    SELECT name FROM identity.shopper GROUP BY name HAVING count(DISTINCT affiliate_id) > 1
  ) AS alike (held)
 WHERE held IS NOT NULL
"""

# People who work for several companies first: of them there is something to be mixed up.
# By turns: who shops for most companies, of whom most is held, and anybody, so that in time each has been looked at.
_SOME = """
WITH held AS (
    SELECT s.id, s.affiliate_id, count(*) OVER (PARTITION BY s.account_id) AS companies, coalesce(a.visits, 0) AS visits
      FROM identity.shopper s
      LEFT JOIN (SELECT shopper_id, count(*) AS visits FROM identity.assignment GROUP BY shopper_id) a
        ON a.shopper_id = s.id
     WHERE s.status = 'active'
), turns AS (
    SELECT id, affiliate_id,
           row_number() OVER (ORDER BY companies DESC, visits DESC, id) AS shared,
           row_number() OVER (ORDER BY visits DESC, id) AS busy,
           row_number() OVER (ORDER BY random()) AS anybody
      FROM held
)
SELECT id, affiliate_id FROM turns ORDER BY least(shared, busy, anybody), id LIMIT $1
"""

_TAX_NUMBERS = """
SELECT id, shopper_id AS who, number
  FROM identity.tax_identity
 WHERE number IS NOT NULL
 ORDER BY id
 LIMIT $1
"""

_SOME_PICTURES = """
(SELECT media_key FROM field.evidence ORDER BY id LIMIT $1)
 UNION
(SELECT client_key FROM field.evidence WHERE client_key IS NOT NULL ORDER BY id LIMIT $1)
 UNION
(SELECT media_key FROM release.shop_picture ORDER BY id LIMIT $1)
"""

_SHOWN = "NOT r.is_superseded AND NOT r.is_on_hold AND r.withdrawn_at IS NULL"

_TOO_EARLY = """
SELECT count(*)
  FROM release.shop_report r
  JOIN field.shop s ON s.id = r.shop_id
 WHERE NOT r.is_superseded
   AND NOT r.is_on_hold
   AND r.withdrawn_at IS NULL
   AND (s.state NOT IN ('RELEASED', 'CLOSED') OR s.is_on_hold)
"""

_BY_NOBODY = """
SELECT count(*)
  FROM release.shop_report r
 WHERE NOT EXISTS (
       SELECT FROM ledger.event e
        WHERE e.object_id = r.shop_id
          AND e.action = 'shop_report.released'
          AND e.actor_kind = 'staff'
          AND e.actor_id IS NOT NULL
          AND e.detail->>'release' = r.id::text)
"""

_LATE_NAMES = """
SELECT (SELECT count(*)
          FROM field.employee_mention m
          JOIN field.report r ON r.id = m.report_id
          JOIN field.shop s ON s.id = r.shop_id
         WHERE m.purge_after < $1 AND (m.name IS NOT NULL OR m.description IS NOT NULL) AND NOT s.is_legal_hold)
     + (SELECT count(*)
          FROM release.shop_employee e
          JOIN release.shop_report r ON r.id = e.report_id
          JOIN field.shop s ON s.id = r.shop_id
         WHERE e.purge_after < $1 AND (e.name IS NOT NULL OR e.description IS NOT NULL) AND NOT s.is_legal_hold)
"""

_IDLE = """
SELECT count(*)
  FROM identity.shopper p
 WHERE p.status IN ('active', 'paused', 'deactivated')
   AND p.created_at < $1
   AND NOT EXISTS (SELECT FROM ledger.event e
                    WHERE e.subject_id = p.id AND e.action IN ('shopper.sign_in', 'shopper.keep') AND e.at >= $1)
   AND NOT EXISTS (SELECT FROM identity.assignment a
                    WHERE a.shopper_id = p.id
                      AND (a.state IN ('offered', 'held') OR coalesce(a.ended_at, a.assigned_at) >= $1))
   AND NOT EXISTS (SELECT FROM identity.pay_item i
                    WHERE i.shopper_id = p.id AND i.state IN ('PROSPECTIVE', 'PAYABLE', 'PENDING'))
"""

_LEFT = """
SELECT count(*)
  FROM identity.shopper p
 WHERE p.status = 'erased'
   AND (p.account_id IS NOT NULL OR p.name IS NOT NULL OR p.email IS NOT NULL OR p.email_index IS NOT NULL
        OR p.phone IS NOT NULL OR p.address IS NOT NULL OR p.household_index IS NOT NULL OR p.latitude IS NOT NULL
        OR p.bands <> '{}' OR EXISTS (SELECT FROM vault.subject_key k WHERE k.id = p.id)
        OR EXISTS (SELECT FROM identity.likeness l WHERE l.shopper_id = p.id)
        OR EXISTS (SELECT FROM identity.likeness_verdict v WHERE p.id IN (v.shopper_id, v.other_id))
        OR EXISTS (SELECT FROM identity.payout o WHERE o.shopper_id = p.id)
        OR EXISTS (SELECT FROM identity.message m WHERE m.shopper_id = p.id))
"""


async def profiles_alike(here: Connection) -> int:
    """How many values profiles at different companies share."""
    found: int = await here.fetchval(_ALIKE)
    return found


async def rows_of_others(here: Connection, relation: str) -> int:
    """How many rows of a table hang on a shopper of another company. relation: a constant of the checks."""
    found: int = await here.fetchval(
        f"SELECT count(*) FROM {relation} t JOIN identity.shopper s ON s.id = t.shopper_id"  # noqa: S608
        " WHERE s.affiliate_id <> t.affiliate_id"
    )
    return found


async def may_read(here: Connection, role: str, relation: str, column: str) -> bool:
    """Whether a role may read a column."""
    found: bool = await here.fetchval("SELECT has_column_privilege($1, $2, $3, 'SELECT')", role, relation, column)
    return found


async def may_read_any(here: Connection, role: str, relation: str) -> bool:
    """Whether a role may read anything of a table."""
    found: bool = await here.fetchval("SELECT has_any_column_privilege($1, $2, 'SELECT')", role, relation)
    return found


async def some_shoppers(here: Connection, limit: int) -> list[tuple[UUID, UUID]]:
    """Active profiles and their companies: the shared, the busy and any others, by turns."""
    return [(row["id"], row["affiliate_id"]) for row in await here.fetch(_SOME, limit)]


async def tax_numbers(here: Connection, limit: int) -> list[Record]:
    """Some tax numbers, sealed: id, who, number."""
    rows: list[Record] = await here.fetch(_TAX_NUMBERS, limit)
    return rows


async def late_tax_numbers(here: Connection, before: date) -> int:
    """How many tax numbers should have gone before a day."""
    found: int = await here.fetchval("SELECT count(*) FROM identity.tax_identity WHERE purge_on < $1", before)
    return found


async def some_pictures(here: Connection, limit: int) -> list[str]:
    """Some files of each kind: as they came, blacked out, and as clients read them."""
    return [row[0] for row in await here.fetch(_SOME_PICTURES, limit)]


async def shown_too_early(here: Connection) -> int:
    """How many reports a client can read whose visit is not, or no longer, released."""
    found: int = await here.fetchval(_TOO_EARLY)
    return found


async def released_by_nobody(here: Connection) -> int:
    """How many reports have left without a person who let them."""
    found: int = await here.fetchval(_BY_NOBODY)
    return found


async def count_shown(here: Connection) -> int:
    """How many reports clients can read."""
    found: int = await here.fetchval(f"SELECT count(*) FROM release.shop_report r WHERE {_SHOWN}")  # noqa: S608
    return found


async def late_names(here: Connection, before: date) -> int:
    """How many people who work for clients are still named after their day."""
    found: int = await here.fetchval(_LATE_NAMES, before)
    return found


async def idle_profiles(here: Connection, before: datetime) -> int:
    """How many profiles are there of whom nothing was heard since, and to whom nothing is owed."""
    found: int = await here.fetchval(_IDLE, before)
    return found


async def left_of_erased(here: Connection) -> int:
    """How many profiles were erased and still say something."""
    found: int = await here.fetchval(_LEFT)
    return found


async def choose_news(here: Connection, shopper_id: UUID, *, wants_news: bool) -> None:
    """Choose about mail as a shopper does; for a trial that is undone. Role.SHOPPER."""
    await here.execute("UPDATE identity.shopper SET wants_news = $2 WHERE id = $1", shopper_id, wants_news)
