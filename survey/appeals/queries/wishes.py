"""Wishes for another visit: as the client, as staff, and as the worker who records and tells what others did."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import Connection, Record, UniqueViolationError

from survey.accounts import service as accounts
from survey.db import Keyset, NotFound, Paged, Scope, connection, paged, savepoint

from ..domain import Wish, Wishing, WishState
from .client import Contested

WISH = """
SELECT id, report_ref, node_path, reason, words, state, raised_at, changed_at, decided_on, answer, payer
  FROM release.reshoot_wish
"""

_ASK = """
INSERT INTO release.reshoot_wish (id, affiliate_id, client_id, node_path, report_ref, reason, words, raised_at,
       changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
"""

_LINE = """
SELECT w.id, w.report_ref, w.node_path, w.reason, w.words, w.state, w.raised_at, w.changed_at, w.decided_on, w.answer,
       w.payer, r.shop_id, r.node_name, r.node_code, r.client_name, r.campaign_name, r.wave_label, r.score,
       s.public_ref, s.is_legal_hold, s.fee_cents, s.currency, n.id AS new_id, n.public_ref AS new_ref,
       n.fee_cents AS new_fee_cents, (n.window_start AT TIME ZONE l.time_zone)::date AS new_start,
       n.last_day AS new_end
  FROM release.reshoot_wish w
  JOIN release.shop_report r ON r.report_ref = w.report_ref AND NOT r.is_superseded
  JOIN field.shop s ON s.id = r.shop_id
  LEFT JOIN field.reshoot a ON a.origin_id = s.id
  LEFT JOIN field.shop n ON n.id = a.shop_id
  LEFT JOIN field.location l ON l.id = n.location_id
"""

# What is recorded is what the client's people did: the ledger is not theirs to write.
_FRESH = """
WITH fresh AS (
    SELECT w.id, w.affiliate_id, w.report_ref
      FROM release.reshoot_wish w
     WHERE w.taken_in_at IS NULL
     ORDER BY w.raised_at, w.id
     LIMIT $2
       FOR UPDATE SKIP LOCKED
), seen AS (
    UPDATE release.reshoot_wish w SET taken_in_at = $1 FROM fresh WHERE w.id = fresh.id
)
SELECT f.affiliate_id, 'wish.raised' AS action, f.id AS object_id, r.shop_id
  FROM fresh f
  LEFT JOIN release.shop_report r ON r.report_ref = f.report_ref AND NOT r.is_superseded
"""

_WITHDRAWN = """
WITH gone AS (
    SELECT w.id, w.affiliate_id, w.report_ref
      FROM release.reshoot_wish w
     WHERE w.state = 'WITHDRAWN'
       AND w.let_go_at IS NULL
     ORDER BY w.changed_at, w.id
     LIMIT $2
       FOR UPDATE SKIP LOCKED
), seen AS (
    UPDATE release.reshoot_wish w SET let_go_at = $1 FROM gone WHERE w.id = gone.id
)
SELECT g.affiliate_id, 'wish.withdrawn' AS action, g.id AS object_id, r.shop_id
  FROM gone g
  LEFT JOIN release.shop_report r ON r.report_ref = g.report_ref AND NOT r.is_superseded
"""

# Whoever can answer hears of a wish; whoever reads the place, of the answer. Once, whatever happens in between.
_UNTOLD = f"""
WITH moved AS (
    SELECT w.id, w.affiliate_id, w.client_id, w.node_path, w.state, md5(w.id::text || w.state)::uuid AS occasion
      FROM release.reshoot_wish w
     WHERE w.changed_at > $1
       AND w.state IN ('ASKED', 'GRANTED', 'DECLINED')
       AND EXISTS (
           SELECT FROM release.shop_report r
            WHERE r.report_ref = w.report_ref AND NOT r.is_superseded AND r.withdrawn_at IS NULL AND NOT r.is_on_hold)
), told AS (
    SELECT m.affiliate_id, v.id AS account_id, m.occasion, m.id AS wish_id, m.state
      FROM moved m
      JOIN identity.account v ON v.affiliate_id = m.affiliate_id AND v.role IN ('affiliate_admin', 'manager')
       AND v.status = 'active'
     WHERE m.state = 'ASKED'
       AND {accounts.works_for("v", "m.client_id")}
    UNION ALL
    SELECT m.affiliate_id, v.id, m.occasion, m.id, m.state
      FROM moved m
      JOIN identity.account v ON v.affiliate_id = m.affiliate_id AND v.client_id = m.client_id
       AND v.role = 'client_viewer' AND v.status = 'active' AND v.report_mail <> 'never'
      JOIN field.location l ON l.id = v.location_id AND starts_with(m.node_path, l.path)
     WHERE m.state <> 'ASKED'
)
SELECT t.affiliate_id, t.account_id, t.occasion, t.wish_id, t.state
  FROM told t
 WHERE NOT EXISTS (SELECT FROM ops.delivery d WHERE d.campaign_id = t.occasion AND d.recipient_id = t.account_id)
 ORDER BY t.affiliate_id, t.occasion, t.account_id
 LIMIT $2
"""  # noqa: S608  (made of constants)

_STATES = """
SELECT w.id, w.state
  FROM release.reshoot_wish w
 WHERE w.id = ANY($1::uuid[])
   AND EXISTS (
       SELECT FROM release.shop_report r
        WHERE r.report_ref = w.report_ref AND NOT r.is_superseded AND r.withdrawn_at IS NULL AND NOT r.is_on_hold)
"""


class WishLine(NamedTuple):
    """A wish with the shop that it is about, and the one that came of it. Staff alone know either."""

    wish: Wish
    shop_id: UUID
    node_name: str
    node_code: str
    client_name: str
    campaign_name: str
    wave_label: str
    score: Any
    public_ref: str
    is_legal_hold: bool
    fee_cents: int
    currency: str
    new_id: UUID | None
    new_ref: str | None
    new_fee_cents: int | None
    new_start: date | None
    new_end: date | None


class UntoldWish(NamedTuple):
    """Somebody who is to hear that a wish came, or that it was answered."""

    affiliate_id: UUID
    account_id: UUID
    occasion: UUID
    wish_id: UUID
    state: str


async def wishes_of(scope: Scope, report_ref: UUID) -> list[Wish]:
    """The wishes about a report, the oldest first. Role.CLIENT."""
    rows = await connection().fetch(
        f"{WISH} WHERE client_id = $1 AND report_ref = $2 ORDER BY raised_at, id", scope.client_id, report_ref
    )
    return [wish_of(row) for row in rows]


async def wish_in(scope: Scope, wish_id: UUID) -> Wish:
    """A wish of the viewer's client. Role.CLIENT. Raises NotFound."""
    row = await connection().fetchrow(f"{WISH} WHERE client_id = $1 AND id = $2", scope.client_id, wish_id)
    if row is None:
        raise NotFound("wish")
    return wish_of(row)


async def insert_wish(scope: Scope, wish_id: UUID, report: Contested, wishing: Wishing, now: datetime) -> bool:
    """Ask for another visit; False where that was asked, or granted, already. Role.CLIENT."""
    try:
        async with savepoint():
            await connection().execute(
                _ASK, wish_id, scope.affiliate_id, scope.client_id, report.node_path, report.report_ref,
                wishing.reason, wishing.words, now,
            )  # fmt: skip
    except UniqueViolationError:
        return False
    return True


async def withdraw_wish(scope: Scope, wish_id: UUID, now: datetime) -> bool:
    """Take a wish back; False where it was answered meanwhile. Role.CLIENT."""
    done: str = await connection().execute(
        "UPDATE release.reshoot_wish SET state = 'WITHDRAWN', changed_at = $3"
        " WHERE client_id = $1 AND id = $2 AND state = 'ASKED'",
        scope.client_id,
        wish_id,
        now,
    )
    return done == "UPDATE 1"


async def wish_queue(scope: Scope, states: Sequence[str], keyset: Keyset) -> Paged[WishLine]:
    """Wishes in these states, the longest waiting first. Role.STAFF."""
    at, last_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        f"{_LINE} WHERE w.affiliate_id = $1 AND w.state = ANY ($2::text[]) AND r.withdrawn_at IS NULL"
        " AND ($3::timestamptz IS NULL OR (w.raised_at, w.id) > ($3, $4::uuid)) ORDER BY w.raised_at, w.id LIMIT $5",
        scope.affiliate_id,
        list(states),
        at,
        last_id,
        keyset.rows_to_fetch,
    )
    return paged([_line(row) for row in rows], keyset, lambda line: (line.wish.raised_at, line.wish.id))


async def count_wishes(scope: Scope) -> int:
    """How many wishes wait for an answer. Role.STAFF."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM release.reshoot_wish w"
        " JOIN release.shop_report r ON r.report_ref = w.report_ref AND NOT r.is_superseded"
        " WHERE w.affiliate_id = $1 AND w.state = 'ASKED' AND r.withdrawn_at IS NULL",
        scope.affiliate_id,
    )
    return found


async def wish_line_in(scope: Scope, wish_id: UUID, *, lock: bool = False) -> WishLine:
    """One wish; locked, nobody else answers it meanwhile. Role.STAFF. Raises NotFound."""
    end = " FOR UPDATE OF w" if lock else ""
    row = await connection().fetchrow(
        f"{_LINE} WHERE w.affiliate_id = $1 AND w.id = $2 AND r.withdrawn_at IS NULL{end}", scope.affiliate_id, wish_id
    )
    if row is None:
        raise NotFound("wish")
    return _line(row)


async def answer_wish(
    scope: Scope, wish: Wish, state: WishState, words: tuple[str, str | None], now: datetime
) -> None:  # fmt: skip
    """Write how a wish ended. words: what the client reads, and who pays where it was granted. Role.STAFF."""
    answer, payer = words
    await connection().execute(
        "UPDATE release.reshoot_wish SET state = $3, changed_at = $4, decided_on = $5, answer = $6, payer = $7"
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        wish.id,
        state,
        now,
        now.date(),
        answer,
        payer,
    )


async def unrecorded_wishes(now: datetime, limit: int) -> list[Record]:
    """What clients asked for or took back since: affiliate_id, action, object_id, shop_id. Role.WORKER."""
    here = connection()
    return [*await here.fetch(_FRESH, now, limit), *await here.fetch(_WITHDRAWN, now, limit)]


async def untold_wishes(since: datetime, limit: int) -> list[UntoldWish]:
    """Who is to hear of a wish or of its answer, and has not. Role.WORKER."""
    return [UntoldWish(**dict(row)) for row in await connection().fetch(_UNTOLD, since, limit)]


async def wish_states(here: Connection, wish_ids: Sequence[UUID]) -> dict[UUID, WishState]:
    """Where wishes stand whose reports still do. Role.WORKER."""
    rows = await here.fetch(_STATES, list(wish_ids))
    return {row["id"]: WishState(row["state"]) for row in rows}


def wish_of(row: Record) -> Wish:
    """The wish of a row of WISH."""
    columns = {name: row[name] for name in Wish.__slots__}
    return Wish(**(columns | {"state": WishState(row["state"])}))


def _line(row: Record) -> WishLine:
    return WishLine(wish=wish_of(row), **{name: row[name] for name in WishLine._fields[1:]})
