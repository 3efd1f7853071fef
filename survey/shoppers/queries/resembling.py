"""Profiles of one affiliate that look alike, and what people decided about them. Role.STAFF."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.db import Keyset, Paged, Scope, beyond_clients, connection, paged

from ..domain import Half, Pair, Sign, Verdict
from .restricting import stands_for

_COLUMNS: Mapping[Sign, str] = {
    Sign.PHONE: "phone_index",
    Sign.PAYOUT: "payout_index",
    Sign.NAMESAKE: "namesake_index",
}
_SIGNS = " UNION ALL ".join(
    f"SELECT a.shopper_id AS one_id, b.shopper_id AS other_id, '{sign}' AS sign"  # noqa: S608  (constants)
    f"  FROM identity.likeness a JOIN identity.likeness b ON b.affiliate_id = a.affiliate_id"
    f" AND b.{column} = a.{column} AND b.shopper_id > a.shopper_id"
    f" WHERE a.affiliate_id = $1"
    for sign, column in _COLUMNS.items()
)

# What was decided stands until there is something new: another sign, a household that parted, a profile that came back.
_PAIRS = f"""
WITH alike AS (
     SELECT one_id, other_id, array_agg(sign ORDER BY sign) AS signs
       FROM ({_SIGNS}) AS found
      WHERE $2::uuid IS NULL OR one_id = $2 OR other_id = $2
      GROUP BY one_id, other_id
     )
SELECT l.one_id,
       l.other_id,
       l.signs,
       s.display_code AS one_code,
       s.status AS one_status,
       s.created_at AS one_created_at,
       o.display_code AS other_code,
       o.status AS other_status,
       o.created_at AS other_created_at,
       coalesce(s.household_index = o.household_index, false) AS is_one_address,
       v.verdict
  FROM alike l
  JOIN identity.shopper s ON s.id = l.one_id
  JOIN identity.shopper o ON o.id = l.other_id
  LEFT JOIN identity.likeness_verdict v ON v.shopper_id = l.one_id AND v.other_id = l.other_id
 WHERE s.status IN ('active', 'paused', 'deactivated')
   AND o.status IN ('active', 'paused', 'deactivated')
   AND (s.status <> 'deactivated' OR o.status <> 'deactivated')
   AND NOT {stands_for("l.one_id", "$3")}
   AND NOT {stands_for("l.other_id", "$3")}
   AND (v.verdict IS NULL
        OR NOT l.signs <@ v.signs
        OR v.verdict = 'household' AND s.household_index IS DISTINCT FROM o.household_index
        OR v.verdict = 'same' AND s.status <> 'deactivated' AND o.status <> 'deactivated')
"""  # noqa: S608  (made of constants; values are parameters)

_PAGE = _PAIRS + " AND ($4::uuid IS NULL OR (l.one_id, l.other_id) > ($4, $5)) ORDER BY l.one_id, l.other_id LIMIT $6"

_DECIDED = """
SELECT v.shopper_id,
       v.other_id,
       o.display_code AS other_code,
       v.signs,
       v.verdict,
       v.decided_at
  FROM identity.likeness_verdict v
  JOIN identity.shopper o ON o.id = v.other_id
 WHERE v.affiliate_id = $1
   AND v.shopper_id = $2
 ORDER BY v.decided_at DESC, o.display_code
 LIMIT 50
"""

_INSERT = """
INSERT INTO identity.likeness_verdict (shopper_id, other_id, affiliate_id, signs, verdict, decided_by, decided_at)
SELECT half.shopper_id, half.other_id, $1, $4, $5, $6, $7
  FROM (VALUES ($2::uuid, $3::uuid), ($3, $2)) AS half (shopper_id, other_id)
"""

_MEMBERS = """
SELECT p.id, p.email, p.name, p.phone, p.address
  FROM identity.shopper p
 WHERE p.affiliate_id = $1
   AND p.status <> 'erased'
   AND (p.id = ANY($2::uuid[])
        OR p.household_index IN (SELECT h.household_index FROM identity.shopper h
                                  WHERE h.affiliate_id = $1 AND h.id = ANY($2::uuid[])))
 ORDER BY p.created_at, p.id
   FOR UPDATE OF p
"""

# Where a household stands, beside whom.
_PEOPLE = (("identity.shopper", "id"), ("identity.assignment", "shopper_id"))


async def pairs_of(scope: Scope, now: datetime, keyset: Keyset) -> Paged[Pair]:
    """One page of pairs that a person has to look at. Raises BadCursor."""
    after = keyset.after_as(tuple[UUID, UUID]) or (None, None)
    rows = await connection().fetch(_PAGE, scope.affiliate_id, None, now, *after, keyset.rows_to_fetch)
    page = paged(rows, keyset, lambda row: (row["one_id"], row["other_id"]))
    return Paged([_pair(row) for row in page.rows], page.next_cursor)


async def pairs_with(scope: Scope, shopper_id: UUID, now: datetime) -> list[Pair]:
    """The pairs of one shopper that a person has to look at."""
    rows = await connection().fetch(
        _PAIRS + " ORDER BY o.display_code, s.display_code LIMIT 50", scope.affiliate_id, shopper_id, now
    )
    return [_pair(row) for row in rows]


async def count_pairs(scope: Scope, now: datetime) -> int:
    """How many pairs wait for somebody's decision."""
    count: int = await connection().fetchval(
        f"SELECT count(*) FROM ({_PAIRS}) AS waiting", scope.affiliate_id, None, now  # noqa: S608  (constants)
    )  # fmt: skip
    return count


async def decided_with(scope: Scope, shopper_id: UUID) -> list[Record]:
    """What was decided about a shopper and others: the other's id and code, signs, verdict, and when."""
    rows: list[Record] = await connection().fetch(_DECIDED, scope.affiliate_id, shopper_id)
    return rows


async def take_back(scope: Scope, pair: tuple[UUID, UUID]) -> str | None:
    """Remove what was decided about two; what it was, None where nothing was. The other half goes by itself."""
    verdict: str | None = await connection().fetchval(
        "DELETE FROM identity.likeness_verdict WHERE affiliate_id = $1 AND shopper_id = $2 AND other_id = $3"
        " RETURNING verdict",
        scope.affiliate_id,
        *pair,
    )
    return verdict


async def decide(
    scope: Scope, pair: tuple[UUID, UUID], signs: Sequence[str], verdict: Verdict, now: datetime
) -> None:  # fmt: skip
    """Keep a decision, once for either of the two."""
    await connection().execute(
        _INSERT, scope.affiliate_id, *pair, list(signs), verdict, scope.account_id, now
    )  # fmt: skip


async def households_of(scope: Scope, pair: tuple[UUID, UUID]) -> list[Record]:
    """The households of two, locked: id and household_index, the older profile first."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, household_index FROM identity.shopper"
        " WHERE affiliate_id = $1 AND id = ANY($2::uuid[]) AND status <> 'erased' ORDER BY created_at, id FOR UPDATE",
        scope.affiliate_id,
        list(pair),
    )
    return rows


async def members_with(scope: Scope, pair: tuple[UUID, UUID]) -> list[Record]:
    """Two, and whoever is in a household with either, locked: id, and what they told (sealed), the oldest first."""
    rows: list[Record] = await connection().fetch(_MEMBERS, scope.affiliate_id, list(pair))
    return rows


async def move_household(scope: Scope, shopper_id: UUID, old: bytes | None, new: bytes) -> None:
    """Let a shopper, and whoever is in a household with them, be of another; their visits count for it too."""
    # A household is one for all clients: rotation would else forget the visits that whoever decides does not see.
    async with beyond_clients():
        for table, person in _PEOPLE:
            await connection().execute(
                f"UPDATE {table} SET household_index = $4"  # noqa: S608  (constants)
                f" WHERE affiliate_id = $1 AND ({person} = $2 OR household_index = $3)",
                scope.affiliate_id,
                shopper_id,
                old,
                new,
            )


async def put_homes(scope: Scope, homes: Mapping[UUID, bytes]) -> None:
    """Let shoppers be of the households given; their visits count for these too."""
    async with beyond_clients():
        for table, person in _PEOPLE:
            await connection().execute(
                f"UPDATE {table} t SET household_index = given.home"  # noqa: S608  (constants)
                f"  FROM unnest($2::uuid[], $3::bytea[]) AS given (id, home)"
                f" WHERE t.affiliate_id = $1 AND t.{person} = given.id",
                scope.affiliate_id,
                list(homes),
                list(homes.values()),
            )


def _pair(row: Record) -> Pair:
    halves = [
        Half(row[f"{side}_id"], row[f"{side}_code"], row[f"{side}_status"], row[f"{side}_created_at"])
        for side in ("one", "other")
    ]
    halves.sort(key=lambda half: (half.created_at, half.id))
    return Pair(halves[0], halves[1], tuple(row["signs"]), row["is_one_address"], row["verdict"])
