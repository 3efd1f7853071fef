"""Erasing a shopper. Role.WORKER, but for what the shopper is told beforehand."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection

from ..domain import Kept, Step

# Row-level security shows a shopper nobody else's rows.
_KEPT = """
SELECT (SELECT count(*) FROM identity.assignment a
         WHERE a.affiliate_id = $1 AND a.shopper_id = $2 AND a.state = 'done') AS reports,
       (SELECT count(*) FROM identity.assignment a
          JOIN field.shop s ON s.id = a.shop_id
          JOIN field.report r ON r.shop_id = s.id
         WHERE a.affiliate_id = $1 AND a.shopper_id = $2 AND a.state IN ('held', 'done') AND s.is_legal_hold)
           AS reports_held,
       (SELECT count(*) FROM identity.pay_item i
         WHERE i.affiliate_id = $1 AND i.shopper_id = $2 AND i.state = 'PAID') AS payments,
       (SELECT t.purge_on FROM identity.tax_identity t
         WHERE t.affiliate_id = $1 AND t.shopper_id = $2 AND t.number IS NOT NULL) AS tax_until,
       (SELECT count(*) FROM identity.assignment a
         WHERE a.affiliate_id = $1 AND a.shopper_id = $2 AND a.state IN ('offered', 'held')) AS shops_held
"""

_OWED = """
SELECT currency, sum(fee_cents::bigint + reimbursement_cents + bonus_cents)::bigint AS cents
  FROM identity.pay_item
 WHERE affiliate_id = $1
   AND shopper_id = $2
   AND state IN ('PROSPECTIVE', 'PAYABLE', 'PENDING')
 GROUP BY currency
 ORDER BY currency
"""

_LOCK = """
SELECT id
  FROM identity.shopper
 WHERE affiliate_id = $1
   AND id = $2
   AND status NOT IN ('pending', 'erased')
   FOR UPDATE
"""

_HELD = """
SELECT s.id, s.state
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
 WHERE a.shopper_id = $1
   AND a.state IN ('offered', 'held')
 ORDER BY s.id
"""

# A shop that the law holds keeps its report as it is. Nobody places a hold between this look and what follows from it.
_REPORTS = """
SELECT r.id, s.is_legal_hold
  FROM identity.assignment a
  JOIN field.report r ON r.shop_id = a.shop_id
  JOIN field.shop s ON s.id = a.shop_id
 WHERE a.shopper_id = $1
   AND a.state IN ('held', 'done')
 ORDER BY s.id
   FOR SHARE OF s
"""

_DUE = """
SELECT d.report_id, d.affiliate_id
  FROM field.erasure_due d
  JOIN field.report r ON r.id = d.report_id
  JOIN field.shop s ON s.id = r.shop_id
 WHERE NOT s.is_legal_hold
 ORDER BY d.since, d.report_id
 LIMIT $1
   FOR UPDATE OF d SKIP LOCKED
   FOR SHARE OF s
"""

_DRAFTS = """
SELECT d.report_id
  FROM identity.draft d
  JOIN field.report r ON r.id = d.report_id AND r.shop_id IS NULL
 WHERE d.shopper_id = $1
 ORDER BY d.report_id
"""

_FILES = """
SELECT unnest(array_remove(ARRAY[media_key, client_key], NULL))
  FROM field.evidence
 WHERE report_id = ANY($1::uuid[])
 UNION ALL
SELECT unnest(array_remove(ARRAY[original_key, media_key], NULL))
  FROM field.recording
 WHERE report_id = ANY($1::uuid[])
"""

_IDLE = """
SELECT p.id, p.affiliate_id
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
   AND NOT EXISTS (SELECT FROM identity.restriction x
                    WHERE x.shopper_id = p.id AND coalesce(x.ended_at, x.ends_at, 'infinity') >= $1)
   AND {warned} EXISTS (SELECT FROM ledger.event e
                         WHERE e.subject_id = p.id AND e.action = 'shopper.warn_idle' AND e.at BETWEEN $3 AND $4)
 ORDER BY p.id
 LIMIT $2
"""

_KEPT_BY_LINK = """
SELECT affiliate_id
  FROM identity.shopper
 WHERE id = $1
   AND status IN ('active', 'paused', 'deactivated')
"""

_PART = """
UPDATE identity.shopper s
   SET status = 'erased',
       account_id = NULL,
       {emptied}
  FROM identity.shopper old
 WHERE s.id = $1
   AND old.id = s.id
RETURNING old.account_id
"""

_LONELY = """
DELETE FROM identity.account a
 WHERE a.id = $1
   AND a.role = 'shopper'
   AND NOT EXISTS (SELECT FROM identity.shopper s WHERE s.account_id = a.id)
RETURNING a.id, a.affiliate_id
"""


async def kept_of(scope: Scope) -> Kept:
    """What stays of a shopper, and what is owed to them. Role.SHOPPER."""
    row = await connection().fetchrow(_KEPT, scope.affiliate_id, scope.shopper_id)
    owed = await connection().fetch(_OWED, scope.affiliate_id, scope.shopper_id)
    return Kept(**dict(row), owed=[(each["currency"], each["cents"]) for each in owed if each["cents"]])


async def idle_shoppers(now: datetime, days: tuple[int, int], limit: int) -> list[Record]:
    """Profiles that are to go: id, affiliate_id. Nothing is owed to them. days: of silence, and since the warning.

    A warning from before the silence does not count.
    """
    silent, warned = (now - timedelta(days=each) for each in days)
    rows: list[Record] = await connection().fetch(_IDLE.format(warned=""), silent, limit, silent, warned)
    return rows


async def unwarned_shoppers(now: datetime, days: tuple[int, int], limit: int) -> list[Record]:
    """Profiles to be warned: id, affiliate_id. days: of silence now, and of silence at which they go."""
    silent, gone = (now - timedelta(days=each) for each in days)
    rows: list[Record] = await connection().fetch(_IDLE.format(warned="NOT"), silent, limit, gone, now)
    return rows


async def affiliate_of_kept(shopper_id: UUID) -> UUID | None:
    """Where a profile is that can still be kept. Role.GATE."""
    found: UUID | None = await connection().fetchval(_KEPT_BY_LINK, shopper_id)
    return found


async def lock_shopper(affiliate_id: UUID, shopper_id: UUID) -> bool:
    """Lock a profile; False where there is none any more."""
    return await connection().fetchval(_LOCK, affiliate_id, shopper_id) is not None


async def shops_held_by(shopper_id: UUID) -> list[tuple[UUID, str]]:
    """The shops that somebody has, with their states."""
    return [(row["id"], row["state"]) for row in await connection().fetch(_HELD, shopper_id)]


async def reports_of(shopper_id: UUID) -> list[tuple[UUID, bool]]:
    """The reports that somebody has handed in, each with whether the law holds it."""
    return [(row["id"], row["is_legal_hold"]) for row in await connection().fetch(_REPORTS, shopper_id)]


async def put_off(affiliate_id: UUID, report_ids: Sequence[UUID], now: datetime) -> None:
    """Note reports of somebody who is erased, of which the rest goes when the law lets it."""
    await connection().executemany(
        "INSERT INTO field.erasure_due (report_id, affiliate_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [(report_id, affiliate_id, now) for report_id in report_ids],
    )


async def reports_let_go(limit: int) -> list[Record]:
    """Reports whose author was erased and that the law holds no more, locked: report_id, affiliate_id."""
    rows: list[Record] = await connection().fetch(_DUE, limit)
    return rows


async def settle_erasures(report_ids: Sequence[UUID]) -> None:
    """Nothing is put off any more for these reports."""
    await connection().execute("DELETE FROM field.erasure_due WHERE report_id = ANY($1::uuid[])", list(report_ids))


async def drafts_of(shopper_id: UUID) -> list[UUID]:
    """The reports that somebody has begun and not handed in."""
    return [row["report_id"] for row in await connection().fetch(_DRAFTS, shopper_id)]


async def files_of(report_ids: Sequence[UUID]) -> list[str]:
    """The files of reports' pictures and recordings."""
    return [row[0] for row in await connection().fetch(_FILES, list(report_ids))]


async def delete_drafts(report_ids: Sequence[UUID]) -> None:
    """Remove drafts with all that belongs to them."""
    await connection().execute(
        "DELETE FROM field.report WHERE id = ANY($1::uuid[]) AND shop_id IS NULL", list(report_ids)
    )


async def follow(plan: Iterable[Step], shopper_id: UUID | None, report_ids: Sequence[UUID]) -> None:
    """Do what the declarations say, table by table; their number is that of the house's tables.

    Without a shopper only what hangs on the reports goes.
    """
    for step in plan:
        column = "id" if step.link == "report" else step.link
        act = f"UPDATE {step.table} SET {_emptied(step)}" if step.emptied else f"DELETE FROM {step.table}"  # noqa: S608
        is_by_report = step.link in ("report", "report_id")
        if not is_by_report and shopper_id is None:
            continue
        wanted: list[UUID | None] = [*report_ids] if is_by_report else [shopper_id]
        await connection().execute(f"{act} WHERE {column} = ANY($1::uuid[])", wanted)


async def forget_mentions(report_ids: Sequence[UUID]) -> None:
    """Forget who works for a client and is named in reports: it is sealed with the same key, which goes."""
    await connection().execute(
        "UPDATE field.employee_mention SET name = NULL, description = NULL WHERE report_id = ANY($1::uuid[])",
        list(report_ids),
    )


async def part_from_account(profile: Step, shopper_id: UUID) -> UUID | None:
    """Empty a profile, and forget its sign-in, whose id is returned; browsers leave the profile."""
    await connection().execute("UPDATE ops.session SET shopper_id = NULL WHERE shopper_id = $1", shopper_id)
    found: UUID | None = await connection().fetchval(_PART.format(emptied=_emptied(profile)), shopper_id)
    return found


async def delete_lonely_account(account_id: UUID) -> Record | None:
    """Remove a sign-in that leads to no profile, with its sessions; its id and tenant."""
    return await connection().fetchrow(_LONELY, account_id)


def _emptied(step: Step) -> str:
    return ", ".join(f"{name} = DEFAULT" for name in step.emptied)
