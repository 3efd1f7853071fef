"""Campaigns as rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import (
    Campaign,
    Draft,
    Listed,
    ListFilter,
    Requirements,
    Rotation,
    Scoring,
)

AT_FIRST = Scoring(has_shares=True)  # how a campaign scores until somebody says otherwise

_CAMPAIGN = """
SELECT c.id, c.client_id, k.name AS client_name, c.name, c.kind,
       c.version_id, v.questionnaire_id, q.name AS questionnaire_name, v.number AS version_number,
       c.scoring, c.guideline_id, g.number AS guideline_number, c.is_certified, c.rotation, c.requirements,
       c.is_self_assign, c.offers_again, c.employee_id_mode, c.staff_notice_id, c.time_precision, c.demographics_mode,
       c.recording_mode, c.picture_mode, c.receipt_mode, c.is_narrative_shown, c.currency, c.fee_cents,
       c.reimbursement_cap_cents, c.attempt_fee_cents, c.bonus_ladder, c.report_due_hours, c.grace_hours,
       c.offer_hours, c.return_hours, c.appeal_days, c.pay_days, c.status, c.revision, c.created_at, c.release_hours,
       c.is_attempt_repaid
  FROM field.campaign c
  JOIN field.client k ON k.id = c.client_id
  LEFT JOIN field.questionnaire_version v ON v.id = c.version_id
  LEFT JOIN field.questionnaire q ON q.id = v.questionnaire_id
  LEFT JOIN field.guideline g ON g.id = c.guideline_id
 WHERE c.affiliate_id = $1
   AND c.id = $2
"""

_LISTED = """
SELECT c.id, k.name AS client_name, c.name, c.kind, c.status, c.created_at,
       (SELECT count(*) FROM field.wave w WHERE w.campaign_id = c.id) AS waves,
       (SELECT count(*) FROM field.shop s WHERE s.campaign_id = c.id) AS shops
  FROM field.campaign c
  JOIN field.client k ON k.id = c.client_id
 WHERE c.affiliate_id = $1
   AND ($2 = '' OR strpos(lower(c.name), lower($2)) > 0 OR strpos(lower(k.name), lower($2)) > 0)
   AND ($3 = '' OR c.status = $3)
   AND ($4::uuid IS NULL OR c.client_id = $4)
   AND ($5::timestamptz IS NULL OR (c.created_at, c.id) < ($5, $6::uuid))
 ORDER BY c.created_at DESC, c.id DESC
 LIMIT $7
"""

# What the pages of a campaign may change, and as what.
CHANGES: Mapping[str, str] = {
    "name": "text", "kind": "text", "version_id": "uuid", "scoring": "jsonb", "guideline_id": "uuid",
    "is_certified": "boolean", "rotation": "jsonb", "requirements": "jsonb", "is_self_assign": "boolean",
    "offers_again": "boolean",
    "employee_id_mode": "text", "staff_notice_id": "uuid", "time_precision": "text", "demographics_mode": "text",
    "recording_mode": "text", "picture_mode": "text", "receipt_mode": "text", "is_narrative_shown": "boolean",
    "currency": "text",
    "fee_cents": "integer", "reimbursement_cap_cents": "integer", "attempt_fee_cents": "integer",
    "bonus_ladder": "jsonb", "report_due_hours": "integer", "grace_hours": "integer", "offer_hours": "integer",
    "return_hours": "integer", "appeal_days": "integer", "pay_days": "integer", "status": "text",
    "release_hours": "integer", "is_attempt_repaid": "boolean",
}  # fmt: skip


async def insert_campaign(scope: Scope, draft: Draft, now: datetime, wanted_id: UUID | None = None) -> UUID | None:
    """A new campaign with the affiliate's own terms; its id, or None where the client has one of this name.

    wanted_id: the id it gets, unless something else has it.
    """
    created: UUID | None = await connection().fetchval(
        "INSERT INTO field.campaign (id, affiliate_id, client_id, name, kind, created_at, return_hours, appeal_days,"
        " pay_days, scoring)"
        " SELECT CASE WHEN EXISTS (SELECT FROM field.campaign c WHERE c.id = $7) THEN gen_random_uuid()"
        "        ELSE coalesce($7::uuid, gen_random_uuid()) END,"
        "        a.id, $2, $3, $4, $5, a.return_hours, a.appeal_days, a.pay_days, $6 FROM field.affiliate a"
        "  WHERE a.id = $1 ON CONFLICT DO NOTHING RETURNING id",
        scope.affiliate_id,
        draft.client_id,
        draft.name,
        draft.kind,
        now,
        AT_FIRST,
        wanted_id,
    )
    return created


async def campaigns_of(scope: Scope, wanted: ListFilter, keyset: Keyset) -> Paged[Listed]:
    """One page of the campaigns, the newest first. Raises BadCursor."""
    after = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(
        _LISTED, scope.affiliate_id, wanted.words, wanted.status, wanted.client_id, *after, keyset.rows_to_fetch
    )
    return paged([Listed(**row) for row in rows], keyset, lambda row: (row.created_at, row.id))


async def campaign_in(scope: Scope, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """A campaign; with `lock` nobody else changes it until this transaction ends. Raises NotFound."""
    row = await connection().fetchrow(
        _CAMPAIGN + (" FOR NO KEY UPDATE OF c" if lock else ""), scope.affiliate_id, campaign_id
    )
    if row is None:
        raise NotFound("campaign")
    typed = {
        "scoring": msgspec.convert(row["scoring"], Scoring),
        "rotation": msgspec.convert(row["rotation"], Rotation),
        "requirements": msgspec.convert(row["requirements"], Requirements),
        "bonus_ladder": tuple((days, cents) for days, cents in row["bonus_ladder"]),
    }
    return Campaign(**(dict(row) | typed))


async def write_campaign(scope: Scope, campaign_id: UUID, changes: Mapping[str, Any]) -> None:
    """Write columns of CHANGES and count the change."""
    sets = "".join(f", {name} = ${place}::{CHANGES[name]}" for place, name in enumerate(changes, start=3))
    await connection().execute(
        f"UPDATE field.campaign SET revision = revision + 1{sets}"  # noqa: S608  (names of the table above)
        " WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        campaign_id,
        *(_stored(value) for value in changes.values()),
    )


async def campaign_names(scope: Scope, client_id: UUID) -> set[str]:
    """What the client's campaigns are called."""
    rows = await connection().fetch(
        "SELECT name FROM field.campaign WHERE affiliate_id = $1 AND client_id = $2", scope.affiliate_id, client_id
    )
    return {row["name"] for row in rows}


async def name_is_taken(scope: Scope, campaign: Campaign, name: str) -> bool:
    """Whether another campaign of the client has this name."""
    taken: bool = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM field.campaign WHERE affiliate_id = $1 AND client_id = $2 AND name = $3"
        " AND id <> $4)",
        scope.affiliate_id,
        campaign.client_id,
        name,
        campaign.id,
    )
    return taken


def _stored(value: object) -> object:
    """JSON columns take values as they are; the codec writes msgspec's own types."""
    return list(value) if isinstance(value, tuple) else value
