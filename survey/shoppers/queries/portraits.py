"""Photos of shoppers, as rows that name their files."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Scope, connection

_PUT = """
INSERT INTO identity.portrait (shopper_id, affiliate_id, media_key, added_at)
VALUES ($2, $1, $3, $4)
ON CONFLICT (shopper_id) DO UPDATE
   SET media_key = excluded.media_key,
       added_at = excluded.added_at
"""


async def media_key_of(scope: Scope, shopper_id: UUID) -> str | None:
    """The name of the file, None where there is no photo. Role.SHOPPER for one's own, or STAFF."""
    found: str | None = await connection().fetchval(
        "SELECT media_key FROM identity.portrait WHERE affiliate_id = $1 AND shopper_id = $2",
        scope.affiliate_id,
        shopper_id,
    )
    return found


async def put(scope: Scope, media_key: str, now: datetime) -> None:
    """Another photo of one's own. Role.SHOPPER."""
    await connection().execute(_PUT, scope.affiliate_id, scope.shopper_id, media_key, now)


async def drop(scope: Scope) -> str | None:
    """Take one's own photo away; the name of its file, None where there was none. Role.SHOPPER."""
    found: str | None = await connection().fetchval(
        "DELETE FROM identity.portrait WHERE affiliate_id = $1 AND shopper_id = $2 RETURNING media_key",
        scope.affiliate_id,
        scope.shopper_id,
    )
    return found


async def drop_of(here: Connection, shopper_ids: Sequence[UUID]) -> list[Record]:
    """Take the photos of people away who are gone: media_key. Role.WORKER."""
    rows: list[Record] = await here.fetch(
        "DELETE FROM identity.portrait WHERE shopper_id = ANY($1::uuid[]) RETURNING media_key", list(shopper_ids)
    )
    return rows
