"""What a run of the proof looks for, and with whose eyes it could. Role.WORKER."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection, Record

SHOPS_OF_A_CLIENT = 10

# Shops that stand where one of the eyes may read come first, then those in which an editor has redacted something.
SAMPLE = """
WITH ranked AS (
    SELECT r.shop_id, r.report_ref, r.client_id, r.node_path, n.id AS report_id,
           row_number() OVER (
               PARTITION BY r.client_id
               ORDER BY (r.node_path = ANY ($2::text[])) DESC,
                        EXISTS (SELECT FROM field.report_edit e WHERE e.report_id = n.id AND e.old_sealed IS NOT NULL)
                        DESC, r.released_at DESC, r.shop_id
           ) AS place
      FROM release.shop_report r
      JOIN field.report n ON n.shop_id = r.shop_id
     WHERE r.affiliate_id = $1
       AND NOT r.is_superseded
       AND NOT r.is_on_hold
       AND r.withdrawn_at IS NULL
)
SELECT k.shop_id, k.report_ref, k.client_id, k.node_path, k.report_id, s.public_ref, s.campaign_id, s.wave_id,
       s.location_id, l.time_zone, l.is_single_staffed, n.time_in, n.time_out, c.employee_id_mode, c.time_precision,
       c.is_narrative_shown, a.id AS assignment_id, a.shopper_id
  FROM ranked k
  JOIN field.shop s ON s.id = k.shop_id
  JOIN field.report n ON n.id = k.report_id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.campaign c ON c.id = s.campaign_id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
 WHERE k.place <= $3
 ORDER BY k.place, k.client_id, k.shop_id
 LIMIT $4
"""

# Reports that are with the editors: nobody has released a word of them.
WAITING = """
SELECT s.id AS shop_id, n.id AS report_id, s.public_ref, l.time_zone, l.is_single_staffed, n.time_in, n.time_out,
       c.employee_id_mode, c.time_precision, a.id AS assignment_id, a.shopper_id
  FROM field.shop s
  JOIN field.report n ON n.shop_id = s.id
  JOIN field.location l ON l.id = s.location_id
  JOIN field.campaign c ON c.id = s.campaign_id
  LEFT JOIN identity.assignment a ON a.shop_id = s.id AND a.state IN ('held', 'done')
 WHERE s.affiliate_id = $1
   AND s.state IN ('SUBMITTED', 'IN_REVIEW', 'RETURNED', 'APPROVED')
   AND n.submitted_at IS NOT NULL
 ORDER BY n.submitted_at DESC, s.id
 LIMIT $2
"""

# What clients of every company read: somebody else may well have said the same sentence.
TOLD = """
SELECT said.words
  FROM (SELECT r.snapshot
          FROM release.shop_report r
         WHERE NOT r.is_superseded
           AND NOT r.is_on_hold
           AND r.withdrawn_at IS NULL
         ORDER BY r.released_at DESC, r.id
         LIMIT $1) AS shown
 CROSS JOIN LATERAL jsonb_array_elements(shown.snapshot->'answers') AS each (answer)
 CROSS JOIN LATERAL (SELECT jsonb_array_elements_text(each.answer->'lines')
                      UNION ALL
                     SELECT each.answer->>'comment') AS said (words)
 WHERE said.words <> ''
"""

SHOPPERS = """
SELECT p.id, p.display_code, p.name, p.email, p.phone, p.address, coalesce(o.last4, '') AS payout,
       coalesce(t.last4, '') AS tax
  FROM identity.shopper p
  LEFT JOIN identity.payout o ON o.shopper_id = p.id
  LEFT JOIN LATERAL (
      SELECT last4 FROM identity.tax_identity t WHERE t.shopper_id = p.id ORDER BY t.asked_at DESC LIMIT 1
  ) t ON true
 WHERE p.affiliate_id = $1
   AND p.id = ANY ($2::uuid[])
"""

EDITS = """
SELECT report_id, question_id, n, at, origin, old_coded, new_coded, old_sealed, new_sealed, reason
  FROM field.report_edit
 WHERE affiliate_id = $1
   AND report_id = ANY ($2::uuid[])
   AND old_sealed IS NOT NULL
 ORDER BY report_id, at, question_id, n
"""

# The control must be able to read, so that nobody stands for it who works for certain clients alone; whoever may most
# comes last, so that an editor looks where there is one.
PEOPLE = """
SELECT a.id, a.affiliate_id, a.role, a.client_id, l.level, l.path
  FROM identity.account a
  JOIN field.affiliate f ON f.id = a.affiliate_id AND f.status = 'active'
  LEFT JOIN field.location l ON l.id = a.location_id
 WHERE a.status = 'active'
   AND (a.role = 'client_viewer' AND l.path IS NOT NULL
        OR a.affiliate_id = $1 AND a.role IN ('editor', 'manager', 'affiliate_admin') AND NOT a.is_limited)
 ORDER BY array_position(ARRAY['editor', 'manager', 'affiliate_admin'], a.role), a.created_at, a.id
"""

READABLE = """
SELECT client_id, node_path, count(*) AS shops
  FROM release.shop_report
 WHERE affiliate_id = $1
   AND NOT is_superseded
   AND NOT is_on_hold
   AND withdrawn_at IS NULL
 GROUP BY client_id, node_path
"""


async def sample(here: Connection, affiliate_id: UUID, paths: Sequence[str], limit: int) -> list[Record]:
    """Some released shops of an affiliate with what leads to them. Role.WORKER."""
    rows: list[Record] = await here.fetch(SAMPLE, affiliate_id, list(paths), SHOPS_OF_A_CLIENT, limit)
    return rows


async def waiting(here: Connection, affiliate_id: UUID, limit: int) -> list[Record]:
    """Reports that no client has, the newest first."""
    rows: list[Record] = await here.fetch(WAITING, affiliate_id, limit)
    return rows


async def told(here: Connection, limit: int) -> list[str]:
    """The words of the newest reports that clients read; of how many reports at most."""
    return [row["words"] for row in await here.fetch(TOLD, limit)]


async def shoppers(here: Connection, affiliate_id: UUID, ids: Sequence[UUID]) -> list[Record]:
    """Who made them, sealed, with the ends of numbers that pages show."""
    rows: list[Record] = await here.fetch(SHOPPERS, affiliate_id, list(ids))
    return rows


async def texts(here: Connection, affiliate_id: UUID, reports: Sequence[UUID]) -> list[Record]:
    """The words of reports as they were approved, sealed."""
    rows: list[Record] = await here.fetch(
        "SELECT report_id, question_id, sealed FROM field.report_text"
        " WHERE affiliate_id = $1 AND report_id = ANY ($2::uuid[]) ORDER BY report_id, question_id",
        affiliate_id, list(reports),
    )  # fmt: skip
    return rows


async def edits(here: Connection, affiliate_id: UUID, reports: Sequence[UUID]) -> list[Record]:
    """What the words were before somebody changed them, sealed."""
    rows: list[Record] = await here.fetch(EDITS, affiliate_id, list(reports))
    return rows


async def mentions(here: Connection, affiliate_id: UUID, reports: Sequence[UUID]) -> list[Record]:
    """Employees who are named in reports, sealed."""
    rows: list[Record] = await here.fetch(
        "SELECT id, report_id, token, role, name, description, purge_after FROM field.employee_mention"
        " WHERE affiliate_id = $1 AND report_id = ANY ($2::uuid[]) ORDER BY report_id, token",
        affiliate_id, list(reports),
    )  # fmt: skip
    return rows


async def evidence(here: Connection, affiliate_id: UUID, reports: Sequence[UUID]) -> list[Record]:
    """The original pictures of reports: ids and names of files."""
    rows: list[Record] = await here.fetch(
        "SELECT id, report_id, media_key FROM field.evidence"
        " WHERE affiliate_id = $1 AND report_id = ANY ($2::uuid[]) ORDER BY report_id, created_at, id",
        affiliate_id, list(reports),
    )  # fmt: skip
    return rows


async def names_told(here: Connection) -> frozenset[str]:
    """Names of employees that campaigns let out, in small letters: they say nothing where they are found."""
    rows = await here.fetch("SELECT DISTINCT lower(name) AS name FROM release.shop_employee WHERE name IS NOT NULL")
    return frozenset(row["name"] for row in rows)


async def people(here: Connection, affiliate_id: UUID) -> list[Record]:
    """Whose eyes could be taken: every client's viewers, and who reads reports at the affiliate. Role.WORKER."""
    rows: list[Record] = await here.fetch(PEOPLE, affiliate_id)
    return rows


async def readable(here: Connection, affiliate_id: UUID) -> list[Record]:
    """How many reports stand at which place of which client."""
    rows: list[Record] = await here.fetch(READABLE, affiliate_id)
    return rows
