"""Letting one shop's report leave, or taking it back. As staff: whoever releases has read it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from survey.db import NotFound, Scope, connection

from ..domain.shops import Employee, Snapshot, Visited

_VISITED = """
SELECT s.affiliate_id, s.id AS shop_id, r.id AS report_id, s.public_ref, s.client_id, k.name AS client_name,
       l.path AS node_path, l.level AS node_level, l.code AS node_code, l.name AS node_name, l.is_single_staffed,
       l.time_zone, s.campaign_id, c.name AS campaign_name, c.kind = 'competitor' AS is_competitor,
       c.employee_id_mode, c.time_precision, c.picture_mode, c.receipt_mode, c.is_narrative_shown, s.currency,
       c.appeal_days, s.wave_id, w.label AS wave_label, w.starts_on AS wave_starts_on, s.daypart, q.definition,
       c.scoring, r.coded, r.outcome, r.time_in, r.receipt_cents,
       (SELECT jsonb_agg(jsonb_build_array(p.id, p.path, p.name) ORDER BY length(p.path))
          FROM field.location p
         WHERE p.client_id = s.client_id AND starts_with(l.path, p.path)) AS trail,
       (SELECT jsonb_build_object('told_on', n.told_on, 'channel', n.channel, 'attested_by', n.attested_by)
          FROM field.staff_notice n
         WHERE n.id = c.staff_notice_id) AS staff_notice
  FROM field.shop s
  JOIN field.report r ON r.shop_id = s.id
  JOIN field.client k ON k.id = s.client_id
  JOIN field.campaign c ON c.id = s.campaign_id
  JOIN field.wave w ON w.id = s.wave_id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.questionnaire_version q ON q.id = r.version_id
 WHERE s.affiliate_id = $1
   AND s.id = $2
"""

_MAKER = """
SELECT a.id AS assignment_id, p.id, p.display_code, p.name, p.email, p.phone, p.address
  FROM identity.assignment a
  JOIN identity.shopper p ON p.id = a.shopper_id
 WHERE a.affiliate_id = $1
   AND a.shop_id = $2
   AND a.state IN ('held', 'done')
"""

# A picture leaves only as the copy that an editor has made for the client.
_PICTURES = """
SELECT e.id, e.kind, e.client_key, e.media_key, e.width, e.height
  FROM field.evidence e
  JOIN field.picture_review p ON p.evidence_id = e.id AND p.state = 'redacted'
 WHERE e.affiliate_id = $1
   AND e.report_id = $2
   AND e.client_key IS NOT NULL
   AND e.kind = ANY ($3::text[])
 ORDER BY e.created_at, e.id
"""

_INSERT = """
INSERT INTO release.shop_report (id, affiliate_id, client_id, client_name, report_ref, version, shop_id, node_path,
       node_level, node_code, node_name, campaign_id, campaign_name, wave_id, wave_label, wave_starts_on, time_shown,
       score, score_before, is_failed, snapshot, digest, released_on, appeal_until, trail,
       released_at, is_competitor)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
        $25, $26, $27)
"""

_INSERT_PICTURES = """
INSERT INTO release.shop_picture (id, report_id, affiliate_id, position, kind, media_key, width, height)
SELECT given.id, $1, $2, given.position, given.kind, given.media_key, given.width, given.height
  FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::text[], $7::integer[], $8::integer[])
       AS given (id, position, kind, media_key, width, height)
"""

_INSERT_EMPLOYEES = """
INSERT INTO release.shop_employee (report_id, token, affiliate_id, role, name, description, purge_after, salt)
SELECT $1, given.token, $2, given.role, given.name, given.description, given.purge_after, given.salt
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::bytea[])
       AS given (token, role, name, description, purge_after, salt)
"""


class MakerRow(NamedTuple):
    """Who made a shop, sealed."""

    assignment_id: UUID
    id: UUID
    display_code: str
    name: bytes
    email: bytes
    phone: bytes | None
    address: bytes | None


class PictureRow(NamedTuple):
    """A picture's copy for the client."""

    id: UUID
    kind: str
    client_key: str
    media_key: str
    width: int
    height: int


class Leaving(NamedTuple):
    """What is about to be written: ids, and the score of the version before."""

    id: UUID
    report_ref: UUID
    version: int
    score_before: Decimal | None
    digest: bytes
    appeal_until: datetime


async def visited_in(scope: Scope, shop_id: UUID) -> Visited:
    """A shop with its report. Raises NotFound."""
    row = await connection().fetchrow(_VISITED, scope.affiliate_id, shop_id)
    if row is None:
        raise NotFound("report")
    return Visited(**dict(row))


async def find_maker(scope: Scope, shop_id: UUID) -> MakerRow | None:
    """Who made the shop, sealed; None once the person is gone."""
    row = await connection().fetchrow(_MAKER, scope.affiliate_id, shop_id)
    return MakerRow(*row) if row else None


async def find_report_id(scope: Scope, shop_id: UUID) -> UUID | None:
    """The report of a shop, if there is one."""
    found: UUID | None = await connection().fetchval(
        "SELECT id FROM field.report WHERE affiliate_id = $1 AND shop_id = $2", scope.affiliate_id, shop_id
    )
    return found


async def sealed_texts(scope: Scope, report_id: UUID) -> dict[str, bytes]:
    """The sealed words of a report by field."""
    rows = await connection().fetch(
        "SELECT question_id, sealed FROM field.report_text WHERE affiliate_id = $1 AND report_id = $2",
        scope.affiliate_id,
        report_id,
    )
    return {row["question_id"]: row["sealed"] for row in rows}


async def mentions_of(scope: Scope, report_id: UUID) -> list[Record]:
    """The people of a report, sealed."""
    rows: list[Record] = await connection().fetch(
        "SELECT id, token, role, name, description, purge_after FROM field.employee_mention"
        " WHERE affiliate_id = $1 AND report_id = $2 ORDER BY length(token), token",
        scope.affiliate_id,
        report_id,
    )
    return rows


async def pictures_of(scope: Scope, report_id: UUID, kinds: Sequence[str]) -> list[PictureRow]:
    """The pictures of these kinds that may go to the client."""
    rows = await connection().fetch(_PICTURES, scope.affiliate_id, report_id, list(kinds))
    return [PictureRow(*row) for row in rows]


async def insert_report(visited: Visited, snapshot: Snapshot, leaving: Leaving, now: datetime) -> None:
    """Write one version of a report."""
    await connection().execute(
        _INSERT, leaving.id, visited.affiliate_id, visited.client_id, visited.client_name, leaving.report_ref,
        leaving.version, visited.shop_id, visited.node_path, visited.node_level, visited.node_code, visited.node_name,
        visited.campaign_id, visited.campaign_name, visited.wave_id, visited.wave_label, visited.wave_starts_on,
        snapshot.time_shown, snapshot.score, leaving.score_before, snapshot.is_failed, snapshot.content,
        leaving.digest, now.date(), leaving.appeal_until, visited.trail, now,
        visited.is_competitor,
    )  # fmt: skip


async def insert_pictures(report_id: UUID, affiliate_id: UUID, rows: Sequence[tuple[UUID, str, PictureRow]]) -> None:
    """Write the pictures of a version. rows: random id, key of the copy's own file, what it was made from."""
    columns = [
        [picture_id for picture_id, _, _ in rows],
        list(range(len(rows))),
        [row.kind for _, _, row in rows],
        [key for _, key, _ in rows],
        [row.width for _, _, row in rows],
        [row.height for _, _, row in rows],
    ]
    await connection().execute(_INSERT_PICTURES, report_id, affiliate_id, *columns)


async def insert_employees(
    report_id: UUID, affiliate_id: UUID, employees: Sequence[Employee], salts: Sequence[bytes]
) -> None:  # fmt: skip
    """Write who is in a version. salts: one for each."""
    columns = [
        [getattr(one, name) for one in employees] for name in ("token", "role", "name", "description", "purge_after")
    ]
    await connection().execute(_INSERT_EMPLOYEES, report_id, affiliate_id, *columns, list(salts))


async def write_report_score(scope: Scope, report_id: UUID, percent: Decimal | None) -> None:
    """The report's own copy of its score, as its answers stand now."""
    await connection().execute(
        "UPDATE field.report SET score_percent = $3 WHERE affiliate_id = $1 AND id = $2",
        scope.affiliate_id,
        report_id,
        percent,
    )
