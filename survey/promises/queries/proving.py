"""Runs of the proof: asked for, done, told and forgotten."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, paged

from ..domain.proof import Eye, EyeState, Hit, Kind, Run, RunState, Seen, Tally

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
