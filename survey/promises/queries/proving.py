"""Every statement of the proof: what is looked for, with whose eyes, and what a run has come to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, paged

from ..domain.proof import Eye, EyeState, Hit, Kind, Run, RunState, Seen, Tally

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

# Of every company: somebody else may well have said the same sentence, and a client of theirs reads it.
TOLD = """
SELECT t.report_id, t.question_id, t.sealed
  FROM (
    SELECT n.id
      FROM field.report n
      JOIN field.shop s ON s.id = n.shop_id
      JOIN field.campaign c ON c.id = s.campaign_id
     WHERE s.state IN ('RELEASED', 'CLOSED')
       AND c.is_narrative_shown
     ORDER BY n.submitted_at DESC, n.id
     LIMIT $1
  ) AS shown
  JOIN field.report_text t ON t.report_id = shown.id
 ORDER BY t.report_id, t.question_id
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

# The control must be able to read; whoever may most comes last, so that an editor looks where there is one.
PEOPLE = """
SELECT a.id, a.affiliate_id, a.role, a.client_id, l.level, l.path
  FROM identity.account a
  JOIN field.affiliate f ON f.id = a.affiliate_id AND f.status = 'active'
  LEFT JOIN field.location l ON l.id = a.location_id
 WHERE a.status = 'active'
   AND (a.role = 'client_viewer' AND l.path IS NOT NULL
        OR a.affiliate_id = $1 AND a.role IN ('editor', 'manager', 'affiliate_admin'))
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

RUN = """
SELECT r.id, r.affiliate_id, r.state, r.asked_role, r.asked_at, r.started_at, r.beat_at, r.finished_at, r.shops,
       r.shoppers, r.tokens,
       (SELECT coalesce(sum(e.searched), 0) FROM ops.proof_eye e WHERE e.run_id = r.id)::integer AS searched,
       (SELECT coalesce(sum(h.answers), 0) FROM ops.proof_hit h WHERE h.run_id = r.id AND h.eye <> 'control')::integer
           AS hits
  FROM ops.proof_run r
"""

CUT_OFF_LOST = """
UPDATE ops.proof_run
   SET state = 'CUT_OFF', finished_at = $2
 WHERE affiliate_id = $1
   AND (state = 'RUNNING' AND beat_at < $3 OR state = 'WAITING' AND asked_at < $4)
RETURNING id
"""

# The last run of each company that says something: one that was cut off or had nothing to look for says nothing.
LAST_SAID = """
SELECT DISTINCT ON (affiliate_id) affiliate_id, state, finished_at
  FROM ops.proof_run
 WHERE state IN ('CLEAN', 'BREACH', 'BROKEN')
 ORDER BY affiliate_id, finished_at DESC
"""


async def insert_run(here: Connection, ids: tuple[UUID, UUID], role: str, now: datetime) -> bool:
    """Ask for a run; False where one is under way already. ids: of the run, of the affiliate."""
    made = await here.execute(
        "INSERT INTO ops.proof_run (id, affiliate_id, asked_role, asked_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (affiliate_id) WHERE state IN ('WAITING', 'RUNNING') DO NOTHING",
        *ids, role, now,
    )  # fmt: skip
    return bool(made == "INSERT 0 1")


async def cut_off_lost(here: Connection, affiliate_id: UUID, now: datetime, since: tuple[datetime, datetime]) -> None:
    """Mark what lost its worker. since: the last sign of life, and the asking, that are too long ago."""
    await here.execute(CUT_OFF_LOST, affiliate_id, now, *since)


async def take_up(here: Connection, run_id: UUID, now: datetime) -> UUID | None:
    """Begin a run that waits, and whose it is; None where it does not wait."""
    found: UUID | None = await here.fetchval(
        "UPDATE ops.proof_run SET state = 'RUNNING', started_at = $2, beat_at = $2 WHERE id = $1 AND state = 'WAITING'"
        " RETURNING affiliate_id",
        run_id,
        now,
    )
    return found


async def end(here: Connection, run_id: UUID, state: RunState, now: datetime) -> UUID | None:
    """End a run that is under way, and whose it is; None where it has ended already."""
    found: UUID | None = await here.fetchval(
        "UPDATE ops.proof_run SET state = $2, finished_at = $3 WHERE id = $1 AND state IN ('WAITING', 'RUNNING')"
        " RETURNING affiliate_id",
        run_id,
        state,
        now,
    )
    return found


async def note_target(here: Connection, run_id: UUID, shops: int, shoppers: int, tokens: Mapping[str, int]) -> None:
    """How much is looked for."""
    await here.execute(
        "UPDATE ops.proof_run SET shops = $2, shoppers = $3, tokens = $4 WHERE id = $1",
        run_id, shops, shoppers, dict(tokens),
    )  # fmt: skip


async def put_eyes(here: Connection, ids: tuple[UUID, UUID], eyes: Mapping[Eye, EyeState]) -> None:
    """With whose eyes a run will look, and whose it has to leave out. ids: of the run, of the affiliate."""
    await here.executemany(
        "INSERT INTO ops.proof_eye (run_id, affiliate_id, eye, state) VALUES ($1, $2, $3, $4)",
        [(*ids, eye, state) for eye, state in eyes.items()],
    )


async def put_tally(here: Connection, run_id: UUID, seen: Seen, now: datetime) -> None:
    """How far a run has come with one pair of eyes; a sign of life."""
    tally = seen.tally
    await here.execute(
        "UPDATE ops.proof_eye SET state = $3, searched = $4, shown = $5, files = $6, pictures = $7, failed = $8"
        " WHERE run_id = $1 AND eye = $2",
        run_id, seen.eye, seen.state, tally.searched, tally.shown, tally.files, tally.pictures, tally.failed,
    )  # fmt: skip
    await here.execute("UPDATE ops.proof_run SET beat_at = $2 WHERE id = $1", run_id, now)


async def put_hits(here: Connection, ids: tuple[UUID, UUID], hits: Sequence[Hit]) -> None:
    """What was found with one pair of eyes. ids: of the run, of the affiliate."""
    await here.executemany(
        "INSERT INTO ops.proof_hit (run_id, affiliate_id, eye, kind, route, answers) VALUES ($1, $2, $3, $4, $5, $6)",
        [(*ids, hit.eye, hit.kind, hit.route, hit.answers) for hit in hits],
    )


async def run_in(here: Connection, affiliate_id: UUID, run_id: UUID) -> Run:
    """A run of an affiliate. Raises NotFound."""
    row = await here.fetchrow(f"{RUN} WHERE r.affiliate_id = $1 AND r.id = $2", affiliate_id, run_id)
    if row is None:
        raise NotFound("run")
    return _run(row)


async def newest_of(here: Connection, affiliate_id: UUID) -> UUID | None:
    """The last run that was asked for at an affiliate."""
    found: UUID | None = await here.fetchval(
        "SELECT id FROM ops.proof_run WHERE affiliate_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1", affiliate_id
    )
    return found


async def runs_of(here: Connection, affiliate_id: UUID, keyset: Keyset) -> Paged[Run]:
    """The runs of an affiliate, the newest first."""
    asked_at, run_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await here.fetch(
        f"{RUN} WHERE r.affiliate_id = $1 AND ($2::timestamptz IS NULL OR (r.asked_at, r.id) < ($2, $3::uuid))"
        " ORDER BY r.asked_at DESC, r.id DESC LIMIT $4",
        affiliate_id, asked_at, run_id, keyset.rows_to_fetch,
    )  # fmt: skip
    return paged([_run(row) for row in rows], keyset, lambda run: (run.asked_at, run.id))


async def seen_in(here: Connection, run_id: UUID) -> list[Seen]:
    """With whose eyes a run looked, in the order of the table."""
    rows = await here.fetch(
        "SELECT eye, state, searched, shown, files, pictures, failed FROM ops.proof_eye WHERE run_id = $1", run_id
    )
    found = {eye: Seen(Eye(eye), EyeState(state), Tally(*numbers)) for eye, state, *numbers in rows}
    return [found[eye] for eye in Eye if eye in found]


async def hits_of(here: Connection, run_id: UUID) -> list[Hit]:
    """What a run found and where."""
    rows = await here.fetch(
        "SELECT eye, kind, route, answers FROM ops.proof_hit WHERE run_id = $1 ORDER BY eye, route, kind", run_id
    )
    return [Hit(Eye(row["eye"]), Kind(row["kind"]), row["route"], row["answers"]) for row in rows]


async def sample(here: Connection, affiliate_id: UUID, paths: Sequence[str], limit: int) -> list[Record]:
    """Some released shops of an affiliate with what leads to them. Role.WORKER."""
    rows: list[Record] = await here.fetch(SAMPLE, affiliate_id, list(paths), SHOPS_OF_A_CLIENT, limit)
    return rows


async def waiting(here: Connection, affiliate_id: UUID, limit: int) -> list[Record]:
    """Reports that no client has, the newest first."""
    rows: list[Record] = await here.fetch(WAITING, affiliate_id, limit)
    return rows


async def told(here: Connection, limit: int) -> list[Record]:
    """The words of the newest released reports whose stories clients read, sealed; of how many reports at most."""
    rows: list[Record] = await here.fetch(TOLD, limit)
    return rows


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


async def last_said(here: Connection) -> list[Record]:
    """What the last run of each company said that said anything. Role.WORKER."""
    rows: list[Record] = await here.fetch(LAST_SAID)
    return rows


async def affiliates_at_work(here: Connection) -> list[UUID]:
    """The companies whose people work here now. Role.WORKER."""
    rows = await here.fetch("SELECT id FROM field.affiliate WHERE status = 'active' AND kind <> 'provider' ORDER BY id")
    return [row["id"] for row in rows]


async def forget_runs(here: Connection, before: datetime) -> int:
    """Remove old runs with all they found; how many. Role.WORKER."""
    return len(await here.fetch("DELETE FROM ops.proof_run WHERE asked_at < $1 RETURNING id", before))


def _run(row: Record) -> Run:
    return Run(**(dict(row) | {"state": RunState(row["state"])}))
