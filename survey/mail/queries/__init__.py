"""Every statement about deliveries. The suppression list is asked inside the statements that send."""

# ruff: noqa: S608  (the statements are made of the constants below; every value is a parameter)

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from ..domain import Claimed, Delivery, Reason, Sent, State
from . import codes as codes
from . import trouble as trouble

# What a launch has to fill; an INSERT … SELECT of another area begins with INSERT_COLUMNS and ends with ON_CONFLICT.
COLUMNS = (
    "affiliate_id, campaign_id, recipient_id, kind, is_bulk, client_id, suppression_key, opt_out_link_id, context,"
    " not_before, not_after"
)
INSERT_COLUMNS = f"INSERT INTO ops.delivery ({COLUMNS})"
ON_CONFLICT = "ON CONFLICT DO NOTHING"

INSERT = f"""
    INSERT INTO ops.delivery ({COLUMNS}, is_asked)
    SELECT {COLUMNS}, is_asked
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::boolean[], $6::uuid[], $7::bytea[], $8::uuid[],
        $9::jsonb[], $10::timestamptz[], $11::timestamptz[], $12::boolean[]) AS given ({COLUMNS}, is_asked)
    {ON_CONFLICT}
"""

# A stop that nobody has lifted, of everything, of this client, of this affiliate or of its offers. Only what somebody
# asked for in that minute goes out all the same. The same rule as in privacy.optouts; a test compares.
STOPPED = """
    NOT delivery.is_asked AND EXISTS (
        SELECT FROM ledger.opt_out AS stop
        WHERE stop.suppression_key = delivery.suppression_key
          AND stop.lifts IS NULL
          AND (stop.scope = 'everything'
               OR stop.client_id = delivery.client_id
               OR (stop.sender_id = delivery.affiliate_id
                   AND (stop.scope = 'affiliate' OR (delivery.is_bulk AND delivery.client_id IS NULL))))
          AND NOT EXISTS (SELECT FROM ledger.opt_out AS undo WHERE undo.lifts = stop.id)
    )
"""

# Right after a launch the planner has no statistics of it, and would sort the whole queue for every claim.
IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"

# One statement: what is due is taken, what must not be sent any more is set aside with its reason. Whoever may not see
# the suppression list asks for mail without a way out; it gets one here, before anybody composes it.
CLAIM = f"""
    WITH due AS (
        SELECT delivery.id, delivery.suppression_key, delivery.affiliate_id, delivery.client_id,
               delivery.opt_out_link_id,
               CASE WHEN delivery.not_after <= $1 THEN '{Reason.OVERDUE}'
                    WHEN {STOPPED} THEN '{Reason.OPTED_OUT}'
               END AS refusal
        FROM ops.delivery AS delivery
        WHERE delivery.state = 'queued' AND delivery.not_before <= $1
        ORDER BY delivery.is_bulk, delivery.not_before
        LIMIT $2
        FOR UPDATE OF delivery SKIP LOCKED
    ), linked AS (
        INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id)
        SELECT due.suppression_key, due.affiliate_id, due.client_id
        FROM due
        WHERE due.refusal IS NULL AND due.opt_out_link_id IS NULL
        ON CONFLICT (suppression_key, affiliate_id, client_id) DO NOTHING
    )
    UPDATE ops.delivery AS taken
    SET state = CASE WHEN due.refusal IS NULL THEN 'sending' ELSE 'skipped' END,
        reason = coalesce(due.refusal, ''),
        phase = 'none',
        lease_until = CASE WHEN due.refusal IS NULL THEN $3::timestamptz END,
        claims = taken.claims + 1,
        message_id = coalesce(taken.message_id, gen_random_uuid() || '@' || $4::text),
        opt_out_link_id = CASE
            WHEN due.refusal IS NOT NULL OR due.opt_out_link_id IS NOT NULL THEN due.opt_out_link_id
            ELSE coalesce(
                (SELECT link.id FROM ledger.opt_out_link AS link
                  WHERE link.suppression_key = due.suppression_key AND link.affiliate_id = due.affiliate_id
                    AND link.client_id IS NOT DISTINCT FROM due.client_id),
                ledger.opt_out_link_id(due.suppression_key, due.affiliate_id, due.client_id))
        END
    FROM due
    WHERE taken.id = due.id
    RETURNING taken.id, taken.affiliate_id, taken.campaign_id, taken.recipient_id, taken.kind, taken.is_bulk,
        taken.client_id, taken.opt_out_link_id, taken.context, taken.message_id, taken.attempts, taken.in_doubt,
        taken.claims, taken.is_asked, due.refusal
"""

# Just before the final dot. Whoever opted out, was paused or lost the lease since the claim gets no row back. In the
# same statement the message that each connection sent before is marked: after a crash one row a connection is in doubt.
MARK = f"""
    WITH sent AS (
        UPDATE ops.delivery AS done
        SET state = 'sent', phase = 'done', reason = '', reply = given.reply, sent_at = $5, lease_until = NULL,
            attempts = done.attempts + 1
        FROM unnest($1::uuid[], $2::text[]) AS given (id, reply)
        WHERE done.id = given.id AND done.state <> 'sent'
    )
    UPDATE ops.delivery AS delivery
    SET phase = 'dot'
    FROM unnest($3::uuid[], $4::integer[]) AS next (id, claims)
    WHERE delivery.id = next.id
      AND delivery.claims = next.claims
      AND delivery.state = 'sending'
      AND NOT ({STOPPED})
    RETURNING delivery.id
"""

HELD_BY_US = "id = $1 AND claims = $2 AND state = 'sending'"
SETTLE = f"""
    UPDATE ops.delivery
    SET state = $3, phase = 'none', reason = $4, reply = $5, lease_until = NULL, attempts = attempts + $6,
        in_doubt = in_doubt + $7, not_before = coalesce($8, not_before)
    WHERE {HELD_BY_US}
"""
SKIP_STOPPED = f"""
    UPDATE ops.delivery AS delivery
    SET state = 'skipped', phase = 'none', reason = '{Reason.OPTED_OUT}', lease_until = NULL
    WHERE delivery.id = $1 AND delivery.claims = $2 AND delivery.state = 'sending' AND ({STOPPED})
"""
RELEASE = """
    UPDATE ops.delivery AS delivery
    SET state = 'queued', phase = 'none', lease_until = NULL
    FROM unnest($1::uuid[], $2::integer[]) AS ours (id, claims)
    WHERE delivery.id = ours.id AND delivery.claims = ours.claims AND delivery.state = 'sending'
"""
RENEW = """
    UPDATE ops.delivery AS delivery
    SET lease_until = $3
    FROM unnest($1::uuid[], $2::integer[]) AS ours (id, claims)
    WHERE delivery.id = ours.id AND delivery.claims = ours.claims AND delivery.state = 'sending'
"""

# A lease has ended without a word: its worker is dead. Before the dot nothing was sent; at the dot nobody knows.
SWEEP = f"""
    UPDATE ops.delivery
    SET state = CASE WHEN phase = 'none' OR ($2 AND in_doubt = 0) THEN 'queued' ELSE 'held' END,
        reason = CASE WHEN phase = 'none' THEN '' ELSE '{Reason.IN_DOUBT}' END,
        not_before = CASE WHEN phase = 'none' THEN not_before ELSE $3 END,
        in_doubt = in_doubt + CASE WHEN phase = 'none' THEN 0 ELSE 1 END,
        phase = 'none',
        lease_until = NULL
    WHERE state = 'sending' AND lease_until < $1
    RETURNING id, state, reason
"""

# Not yet at the dot: a row that a worker holds is taken from it, and the worker finds that out before it sends.
STOPPABLE = "(state IN ('queued', 'held') OR (state = 'sending' AND phase = 'none'))"
HOLD = """
    UPDATE ops.delivery
    SET state = 'held', reason = $2, lease_until = NULL
    WHERE campaign_id = $1 AND (state = 'queued' OR (state = 'sending' AND phase = 'none'))
"""
RESUME = f"""
    UPDATE ops.delivery
    SET state = 'queued', reason = ''
    WHERE campaign_id = $1 AND state = 'held' AND reason <> '{Reason.IN_DOUBT}'
"""
CANCEL = f"""
    UPDATE ops.delivery
    SET state = 'skipped', reason = $2, lease_until = NULL
    WHERE campaign_id = $1 AND {STOPPABLE}
"""
DROP_STOPPED = f"""
    UPDATE ops.delivery AS delivery
    SET state = 'skipped', reason = '{Reason.OPTED_OUT}', lease_until = NULL
    WHERE suppression_key = $1 AND {STOPPABLE} AND ({STOPPED})
"""

LAST_REASON = """
    SELECT CASE WHEN state = 'skipped' THEN reason END
    FROM ops.delivery
    WHERE affiliate_id = $1 AND recipient_id = $2 AND kind = $3 AND NOT is_bulk
    ORDER BY not_before DESC
    LIMIT 1
"""


async def insert(connection: Connection, deliveries: Sequence[Delivery]) -> int:
    """Add what is not there yet; returns how many were."""
    rows = [
        (d.affiliate_id, d.campaign_id, d.recipient_id, d.kind, d.is_bulk, d.client_id, d.suppression_key,
         d.opt_out_link_id, dict(d.context), d.not_before, d.not_after, d.is_asked)
        for d in deliveries
    ]  # fmt: skip
    return _count(await connection.execute(INSERT, *zip(*rows, strict=True))) if rows else 0


async def claim(
    connection: Connection, now: datetime, limit: int, lease_until: datetime, mail_domain: str
) -> tuple[list[Claimed], int]:
    """Take what is due. Returns what may be sent, and how many rows were set aside instead."""
    await connection.execute(IN_ORDER)
    taken = await connection.fetch(CLAIM, now, limit, lease_until, mail_domain)
    ours = [_claimed(row) for row in taken if row["refusal"] is None]
    return ours, len(taken) - len(ours)


def _claimed(row: Record) -> Claimed:
    values = tuple(row)
    return Claimed(*values[:-1])


async def mark(connection: Connection, sent: Sequence[Sent], next_rows: Sequence[Claimed], now: datetime) -> set[UUID]:
    """Note what was sent and what comes next. Returns those of the next that may be sent."""
    granted = await connection.fetch(
        MARK,
        [one.row.id for one in sent],
        [one.reply for one in sent],
        [row.id for row in next_rows],
        [row.claims for row in next_rows],
        now,
    )
    return {row[0] for row in granted}


async def settle(  # noqa: PLR0913  (one row, each word named)
    connection: Connection,
    row: Claimed,
    state: State,
    reason: str,
    *,
    reply: str = "",
    counts: bool = False,
    is_in_doubt: bool = False,
    not_before: datetime | None = None,
) -> bool:
    """What became of a row that was not sent; whether we still held it. counts: whether it used up an attempt."""
    values = (state, reason, reply, int(counts), int(is_in_doubt), not_before)
    return _count(await connection.execute(SETTLE, row.id, row.claims, *values)) == 1


async def skip_stopped(connection: Connection, row: Claimed) -> None:
    """Set aside a row that was refused at the dot because its person has opted out since the claim."""
    await connection.execute(SKIP_STOPPED, row.id, row.claims)


async def release(connection: Connection, rows: Iterable[Claimed]) -> None:
    """Give rows back as they were."""
    held = list(rows)
    await connection.execute(RELEASE, [row.id for row in held], [row.claims for row in held])


async def renew(connection: Connection, rows: Iterable[Claimed], lease_until: datetime) -> None:
    """Hold rows for longer."""
    held = list(rows)
    await connection.execute(RENEW, [row.id for row in held], [row.claims for row in held], lease_until)


async def sweep(connection: Connection, now: datetime, resend: bool, resend_at: datetime) -> list[Record]:
    """Take back what dead workers held: id, state and reason of each."""
    found: list[Record] = await connection.fetch(SWEEP, now, resend, resend_at)
    return found


async def hold(connection: Connection, campaign_id: UUID, reason: str) -> int:
    """Hold what of a campaign has not gone out."""
    return _count(await connection.execute(HOLD, campaign_id, reason))


async def resume(connection: Connection, campaign_id: UUID) -> int:
    """Queue again what is held of a campaign, except what is in doubt."""
    return _count(await connection.execute(RESUME, campaign_id))


async def cancel(connection: Connection, campaign_id: UUID, reason: str) -> int:
    """Set aside for good what of a campaign has not gone out."""
    return _count(await connection.execute(CANCEL, campaign_id, reason))


async def drop_stopped(connection: Connection, suppression_key: bytes) -> int:
    """Set aside what the suppression list stops by now of the mail to an address."""
    return _count(await connection.execute(DROP_STOPPED, suppression_key))


async def last_reason(connection: Connection, affiliate_id: UUID, recipient_id: UUID, kind: str) -> str | None:
    """Why the newest single message of a kind to somebody was set aside; None where it was not."""
    reason: str | None = await connection.fetchval(LAST_REASON, affiliate_id, recipient_id, kind)
    return reason


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
