"""Saved views as rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from survey.db import NotFound, Scope, connection

MOST = 100


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view by name. is_own: whether the account may change it."""

    id: UUID
    name: str
    query: str
    is_shared: bool
    is_own: bool


# A view that a colleague shares for another client is called after it, so that its name alone would say too much.
_LIST = """
SELECT v.id, v.name, v.query, v.is_shared, v.account_id = $2 AS is_own
  FROM ops.saved_view v
 WHERE v.affiliate_id = $1
   AND (v.account_id = $2
        OR v.is_shared AND ($4 OR NOT EXISTS (
            SELECT FROM regexp_matches(v.query, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'g')
                   AS named (ids)
             WHERE NOT EXISTS (SELECT FROM field.client x WHERE x.id = named.ids[1]::uuid)
               AND NOT EXISTS (SELECT FROM field.campaign x WHERE x.id = named.ids[1]::uuid)
               AND NOT EXISTS (SELECT FROM field.wave x WHERE x.id = named.ids[1]::uuid)
               AND NOT EXISTS (SELECT FROM field.location x WHERE x.id = named.ids[1]::uuid))))
 ORDER BY v.name, v.id
 LIMIT $3
"""

_NAMED = """
SELECT id, name, query, is_shared, true AS is_own
  FROM ops.saved_view
 WHERE affiliate_id = $1
   AND account_id = $2
   AND name = $3
"""

_PUT = """
INSERT INTO ops.saved_view (affiliate_id, account_id, name, query, is_shared, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (account_id, name) DO UPDATE SET query = excluded.query, is_shared = excluded.is_shared
RETURNING id
"""

_DELETE = "DELETE FROM ops.saved_view WHERE affiliate_id = $1 AND account_id = $2 AND id = $3 RETURNING id"


async def views_of(scope: Scope) -> list[SavedView]:
    """The account's own views and what colleagues share."""
    rows = await connection().fetch(_LIST, scope.affiliate_id, scope.account_id, MOST, scope.clients is None)
    return [SavedView(**dict(row)) for row in rows]


async def find_view(scope: Scope, name: str) -> SavedView | None:
    """The account's own view of that name."""
    row = await connection().fetchrow(_NAMED, scope.affiliate_id, scope.account_id, name)
    return None if row is None else SavedView(**dict(row))


async def put_view(scope: Scope, name: str, query: str, now: datetime, *, is_shared: bool) -> UUID:
    """Save a view under a name; an own one of this name is replaced. Returns its id."""
    view_id: UUID = await connection().fetchval(_PUT, scope.affiliate_id, scope.account_id, name, query, is_shared, now)
    return view_id


async def delete_view(scope: Scope, view_id: UUID) -> None:
    """Forget an own view. Raises NotFound."""
    if await connection().fetchval(_DELETE, scope.affiliate_id, scope.account_id, view_id) is None:
        raise NotFound("view")
