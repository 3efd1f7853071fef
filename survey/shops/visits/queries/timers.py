"""What will happen to shops by itself, and what is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from survey.db import connection

from ..domain import Event, Shop
from .shops import LOCK, SHOP, shop_of

_SET = """
WITH gone AS (
    DELETE FROM field.shop_timer t
     WHERE t.shop_id = ANY($1::uuid[])
       AND NOT EXISTS (
           SELECT FROM unnest($2::uuid[], $4::text[]) AS kept (shop_id, kind)
            WHERE kept.shop_id = t.shop_id AND kept.kind = t.kind)
)
INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at)
SELECT given.shop_id, given.affiliate_id, given.kind, given.due_at
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) AS given (shop_id, affiliate_id, kind, due_at)
ON CONFLICT (shop_id, kind) DO UPDATE SET due_at = excluded.due_at
"""

# A shop on hold sleeps, and a report that the client contests stays open. Releases are carried out elsewhere.
_DUE = """
SELECT t.shop_id, t.kind, t.due_at
  FROM field.shop_timer t
 WHERE t.due_at <= $1
   AND t.kind <> 'release'
   AND EXISTS (
       SELECT FROM field.shop h
        WHERE h.id = t.shop_id
          AND NOT h.is_on_hold
          AND NOT (h.is_appeal_open AND t.kind = 'appeal_window_over'))
 ORDER BY t.due_at, t.shop_id
 LIMIT $2
   FOR UPDATE OF t SKIP LOCKED
"""

# A shop that somebody else is moving is left for the next minute: this job waits for nobody.
_THEIR_SHOPS = f"""{SHOP}
 WHERE s.id = ANY($1::uuid[])
   AND NOT s.is_on_hold
 ORDER BY s.id {LOCK} SKIP LOCKED
"""

# Nobody can accept an offer once the window is over, however long it was held.
_SHIFT = """
UPDATE field.shop_timer t
   SET due_at = CASE WHEN t.kind = 'offer_timeout' THEN least(t.due_at + $2, s.window_end) ELSE t.due_at + $2 END
  FROM field.shop s
 WHERE s.id = $1
   AND t.shop_id = s.id
   AND t.kind <> 'window_ended'
"""

_THEIRS = "SELECT shop_id, kind, due_at FROM field.shop_timer WHERE shop_id = ANY($1::uuid[])"

_DROP = """
DELETE FROM field.shop_timer t
 USING unnest($1::uuid[], $2::text[]) AS gone (shop_id, kind)
 WHERE t.shop_id = gone.shop_id
   AND t.kind = gone.kind
"""


async def set_timers(shops: Sequence[Shop], timers: Sequence[Mapping[Event, datetime]]) -> None:
    """Replace what will happen to each of the shops by itself; timers: in the order of the shops."""
    given = [
        (shop.id, shop.affiliate_id, kind.value, due_at)
        for shop, each in zip(shops, timers, strict=True)
        for kind, due_at in each.items()
    ]
    columns = [list(column) for column in zip(*given, strict=True)] if given else [[], [], [], []]
    await connection().execute(_SET, [shop.id for shop in shops], *columns)


async def timers_of(shop_ids: Sequence[UUID]) -> dict[UUID, dict[Event, datetime]]:
    """What will happen to each of the shops by itself, as it is written."""
    rows = await connection().fetch(_THEIRS, list(shop_ids))
    timers: dict[UUID, dict[Event, datetime]] = {}
    for row in rows:
        timers.setdefault(row["shop_id"], {})[Event(row["kind"])] = row["due_at"]
    return timers


async def due_timers(now: datetime, limit: int) -> list[tuple[Shop, Event, datetime]]:
    """Timers whose moment has come, with their shops, both locked: shop, event, the moment that was written."""
    due = await connection().fetch(_DUE, now, limit)
    rows = await connection().fetch(_THEIR_SHOPS, [row["shop_id"] for row in due])
    shops = {row["id"]: shop_of(row) for row in rows}
    return [(shops[row["shop_id"]], Event(row["kind"]), row["due_at"]) for row in due if row["shop_id"] in shops]


async def drop_timers(timers: Sequence[tuple[UUID, Event]]) -> None:
    """Remove timers that have nothing left to do."""
    await connection().execute(_DROP, [shop_id for shop_id, _ in timers], [event.value for _, event in timers])


async def shift_timers(shop_id: UUID, by: timedelta) -> None:
    """Let everything but the end of the window come later; an offer ends with the window at the latest."""
    await connection().execute(_SHIFT, shop_id, by)
