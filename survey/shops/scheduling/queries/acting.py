"""What acts on many shops write that the machine does not: pay, holds, and the record of the act itself."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from survey.accounts import service as accounts
from survey.db import NotFound, Scope, connection

from ..domain import Action, Before, Kind, Outcome, Skipped, Waiting

_PAY = """
UPDATE field.shop s
   SET fee_cents = m.fee_cents, bonus_cents = m.bonus_cents, revision = s.revision + 1
  FROM unnest($2::uuid[], $3::integer[], $4::integer[]) AS m (id, fee_cents, bonus_cents)
 WHERE s.affiliate_id = $1
   AND s.id = m.id
"""

_HOLD = """
UPDATE field.shop
   SET is_on_hold = true, hold_reason = $3, hold_since = $4, revision = revision + 1
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
"""

_UNHOLD = """
UPDATE field.shop
   SET is_on_hold = false, hold_reason = '', hold_since = NULL, revision = revision + 1
 WHERE affiliate_id = $1
   AND id = ANY($2::uuid[])
"""

# What was never really given has not come back either.
_FORGET_RETURNS = """
UPDATE field.shop s
   SET unassign_count = m.unassign_count
  FROM unnest($2::uuid[], $3::integer[]) AS m (id, unassign_count)
 WHERE s.affiliate_id = $1
   AND s.id = m.id
"""

# Applications that ended with the act wait again.
_REOPEN = """
UPDATE identity.application
   SET state = 'SUBMITTED', decided_at = NULL
 WHERE affiliate_id = $1
   AND shop_id = ANY($2::uuid[])
   AND decided_at = $3
   AND state IN ('APPROVED', 'SUPERSEDED')
"""

_BEGIN = """
INSERT INTO ops.bulk_action (id, affiliate_id, account_id, kind, done_at)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
RETURNING id
"""

_FINISH = """
UPDATE ops.bulk_action
   SET before = $3::jsonb, skipped = $4::jsonb, wanted = $5::jsonb
 WHERE affiliate_id = $1
   AND id = $2
"""

_COLUMNS = """id, account_id, kind, before::text, skipped::text, wanted::text, done_at, carried_out_at, undone_at,
       undone_count"""

_ONE = f"SELECT {_COLUMNS} FROM ops.bulk_action WHERE affiliate_id = $1 AND id = $2"  # noqa: S608

_UNDONE = "UPDATE ops.bulk_action SET undone_at = $3, undone_count = $4 WHERE affiliate_id = $1 AND id = $2"

_WAITING = f"""
SELECT affiliate_id, {_COLUMNS}
  FROM ops.bulk_action
 WHERE kind IN ('open', 'cancel', 'take_back')
   AND carried_out_at IS NULL
   AND undone_at IS NULL
   AND done_at < $1
 ORDER BY done_at, id
 LIMIT 1
   FOR UPDATE SKIP LOCKED
"""  # noqa: S608

_WAITING_FOR = """
SELECT w.shop_id::uuid AS shop_id, b.id, b.kind, b.done_at, jsonb_array_length(b.wanted) AS shops
  FROM ops.bulk_action b
 CROSS JOIN LATERAL jsonb_array_elements_text(b.wanted) AS w (shop_id)
 WHERE b.affiliate_id = $1
   AND b.kind IN ('open', 'cancel', 'take_back')
   AND b.carried_out_at IS NULL
   AND b.undone_at IS NULL
   AND w.shop_id::uuid = ANY($2::uuid[])
 ORDER BY b.done_at
"""

_REACHED = """
SELECT count(*) FILTER (WHERE id = ANY($2::uuid[])) AS wanted,
       count(*) FILTER (WHERE public_ref = ANY($3::text[])) AS skipped
  FROM field.shop
 WHERE affiliate_id = $1
   AND (id = ANY($2::uuid[]) OR public_ref = ANY($3::text[]))
"""

_STILL_REACHED = f"""
SELECT s.id
  FROM field.shop s
 WHERE s.affiliate_id = $1
   AND s.id = ANY($3::uuid[])
   AND NOT EXISTS (SELECT FROM identity.account a WHERE a.id = $2 AND NOT {accounts.works_for("a", "s.client_id")})
"""  # noqa: S608  (made of constants)

_LAST = """
SELECT id, kind, done_at, jsonb_array_length(wanted) AS shops
  FROM ops.bulk_action
 WHERE affiliate_id = $1
   AND done_at > $3
   AND account_id = $2
   AND undone_at IS NULL
   AND carried_out_at IS NULL
   AND jsonb_array_length(wanted) > 0
 ORDER BY done_at DESC, id DESC
 LIMIT 1
"""

_CARRIED_OUT = "UPDATE ops.bulk_action SET carried_out_at = $2 WHERE id = $1"


async def write_pay(scope: Scope, pay: Mapping[UUID, tuple[int, int]]) -> None:
    """Give shops other fees and bonuses, in cents."""
    fees, bonuses = [fee for fee, _ in pay.values()], [bonus for _, bonus in pay.values()]
    await connection().execute(_PAY, scope.affiliate_id, list(pay), fees, bonuses)


async def write_holds(scope: Scope, shop_ids: Sequence[UUID], reason: str, now: datetime) -> None:
    """Put shops on hold."""
    await connection().execute(_HOLD, scope.affiliate_id, list(shop_ids), reason, now)


async def lift_holds(scope: Scope, shop_ids: Sequence[UUID]) -> None:
    """Take back holds that were put on a moment ago."""
    await connection().execute(_UNHOLD, scope.affiliate_id, list(shop_ids))


async def forget_returns(scope: Scope, counts: Mapping[UUID, int]) -> None:
    """Let shops have come back as often as before."""
    await connection().execute(_FORGET_RETURNS, scope.affiliate_id, list(counts), list(counts.values()))


async def reopen_applications(scope: Scope, shop_ids: Sequence[UUID], decided_at: datetime) -> None:
    """Let applications wait again that ended at that moment."""
    await connection().execute(_REOPEN, scope.affiliate_id, list(shop_ids), decided_at)


async def begin_action(scope: Scope, action_id: UUID, kind: Kind, now: datetime) -> bool:
    """Take the act's id; False where the form was sent before."""
    taken = await connection().fetchval(_BEGIN, action_id, scope.affiliate_id, scope.account_id, kind.value, now)
    return taken is not None


async def finish_action(scope: Scope, action_id: UUID, outcome: Outcome, wanted: Iterable[UUID] = ()) -> None:
    """Keep what came of an act, and what was there before."""
    skipped = json.dumps([[each.why, list(each.refs), list(each.told)] for each in outcome.skipped])
    ids = json.dumps([str(each) for each in wanted])
    await connection().execute(_FINISH, scope.affiliate_id, action_id, json.dumps(dict(outcome.before)), skipped, ids)


async def still_reached(scope: Scope, shop_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the shops whose clients the account of the scope works for at this moment. Role.WORKER."""
    rows = await connection().fetch(_STILL_REACHED, scope.affiliate_id, scope.account_id, list(shop_ids))
    return [row["id"] for row in rows]


async def reaches_all(scope: Scope, action: Action) -> bool:
    """Whether whoever asks works for the client of every shop of an act, of those it left out too."""
    # Lines that were left out are told as lines, not by the references of shops.
    is_by_lines = action.kind is Kind.LINES
    refs = [] if is_by_lines else [ref for each in action.skipped for ref in each.refs]
    row = await connection().fetchrow(_REACHED, scope.affiliate_id, list(action.wanted), refs)
    return (row["wanted"], row["skipped"]) == (len(set(action.wanted)), len(set(refs)))


async def action_in(scope: Scope, action_id: UUID, *, lock: bool = False) -> Action:
    """An act. Raises NotFound."""
    row = await connection().fetchrow(_ONE + (" FOR UPDATE" if lock else ""), scope.affiliate_id, action_id)
    if row is None:
        raise NotFound("act")
    action = _action(row)
    if scope.clients is not None and not await reaches_all(scope, action):
        raise NotFound("act")
    return action


async def mark_undone(scope: Scope, action_id: UUID, count: int, now: datetime) -> None:
    """Write that an act was undone, and for how many shops."""
    await connection().execute(_UNDONE, scope.affiliate_id, action_id, now, count)


async def next_waiting(before: datetime) -> tuple[UUID, Action] | None:
    """An act that waits and nobody undid in time, with its affiliate; no two workers get the same."""
    row = await connection().fetchrow(_WAITING, before)
    return None if row is None else (row["affiliate_id"], _action(row))


async def waiting_for(scope: Scope, shop_ids: Sequence[UUID]) -> dict[UUID, Waiting]:
    """What is going to happen to each of the shops, and can still be undone or is just about to take effect."""
    rows = await connection().fetch(_WAITING_FOR, scope.affiliate_id, list(shop_ids))
    return {row["shop_id"]: Waiting(row["id"], Kind(row["kind"]), row["done_at"], row["shops"]) for row in rows}


async def find_last_act(scope: Scope, since: datetime) -> Waiting | None:
    """The account's latest act that reached something and has not been undone, if it came after a moment."""
    row = await connection().fetchrow(_LAST, scope.affiliate_id, scope.account_id, since)
    return Waiting(row["id"], Kind(row["kind"]), row["done_at"], row["shops"]) if row else None


async def mark_carried_out(action_id: UUID, now: datetime) -> None:
    """Write that an act that waited took effect."""
    await connection().execute(_CARRIED_OUT, action_id, now)


def _skipped(why: str, refs: list[str], told: Sequence[str] = ()) -> Skipped:
    """As it is kept; older acts say nothing of each."""
    return Skipped(why, tuple(refs), tuple(told))


def _action(row: Record) -> Action:
    before: dict[str, Before] = json.loads(row["before"])
    return Action(
        id=row["id"],
        account_id=row["account_id"],
        kind=Kind(row["kind"]),
        before=before,
        skipped=tuple(_skipped(*each) for each in json.loads(row["skipped"])),
        wanted=tuple(UUID(each) for each in json.loads(row["wanted"])),
        done_at=row["done_at"],
        carried_out_at=row["carried_out_at"],
        undone_at=row["undone_at"],
        undone_count=row["undone_count"],
    )
