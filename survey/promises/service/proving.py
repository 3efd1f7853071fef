"""A run of the proof: asked for, done by the worker with everybody's eyes, and told. It changes nothing but itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from uuid import UUID

from asyncpg import Connection

from privacy.audit import Event, record
from privacy.crypto import random_id
from survey.db import Keyset, Paged, Role, Scope, connection, transaction
from survey.queue import enqueue
from survey.settings import Settings
from survey.web.cookies import cookie_name
from survey.web.sessions import end_lent, lend_session

from ..domain.proof import PATIENCE, RUNS_KEPT, SILENCE, EyeState, Hit, Run, RunState, Seen, Tally, outcome
from ..domain.spelling import Needles, counted
from ..queries import proving as queries
from .eyes import Looker, lookers
from .looking_for import Target, target, told
from .walking import Site, Walk, walk

MOST_SECONDS = 240
SYSTEM = "system"
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Search:
    """A run under way. clock: the present moment, for what is written down."""

    settings: Settings
    site: Site
    run_id: UUID
    affiliate_id: UUID
    clock: Clock


async def ask_for(scope: Scope, affiliate_id: UUID, now: datetime) -> bool:
    """Ask for a run over an affiliate's released visits; False where one is under way. Role.STAFF or PROVIDER."""
    here, run_id = connection(), random_id()
    await queries.cut_off_lost(here, affiliate_id, now, (now - SILENCE, now - PATIENCE))
    role = scope.role or SYSTEM
    if not await queries.insert_run(here, (run_id, affiliate_id), role, now):
        return False
    await enqueue(here, "promises.prove", {"run_id": run_id})
    asked = Event(affiliate_id, scope.actor_kind, scope.account_id, "proof.ask", "proof_run", run_id)
    await record(here, asked, now)
    return True


async def ask_for_all(now: datetime) -> int:
    """Ask for a run at every company that works here; how many."""
    async with transaction(Role.WORKER) as here:
        affiliates = await queries.affiliates_at_work(here)
        return sum([await ask_for(Scope(each, actor_kind=SYSTEM), each, now) for each in affiliates])


async def run(settings: Settings, site: Site, run_id: UUID, clock: Clock) -> RunState:
    """Do a run that waits. One that is under way already has lost its worker: it is marked, and its sessions end."""
    async with transaction(Role.WORKER) as here:
        affiliate_id = await queries.take_up(here, run_id, clock())
    if affiliate_id is None:
        await _cut_off(run_id, clock())
        return RunState.CUT_OFF
    search = Search(settings, site, run_id, affiliate_id, clock)
    is_done = False
    try:
        state = await _search(search)
        is_done = True
    finally:
        if not is_done:
            await _cut_off(run_id, clock())
    return state


async def run_in(affiliate_id: UUID, run_id: UUID) -> tuple[Run, list[Seen], list[Hit]]:
    """One run with all it found. Raises NotFound. Role.STAFF or PROVIDER."""
    here = connection()
    found = await queries.run_in(here, affiliate_id, run_id)
    return found, await queries.seen_in(here, run_id), await queries.hits_of(here, run_id)


async def runs_of(affiliate_id: UUID, keyset: Keyset) -> Paged[Run]:
    """The runs of an affiliate, the newest first. Role.STAFF or PROVIDER."""
    return await queries.runs_of(connection(), affiliate_id, keyset)


async def newest_of(affiliate_id: UUID) -> UUID | None:
    """The last run that was asked for at an affiliate. Role.STAFF or PROVIDER."""
    return await queries.newest_of(connection(), affiliate_id)


async def forget(now: datetime) -> int:
    """Let go of runs that are older than a year; how many."""
    async with transaction(Role.WORKER) as here:
        return await queries.forget_runs(here, now - RUNS_KEPT)


async def _search(search: Search) -> RunState:
    async with transaction(Role.WORKER) as here:
        eyes = await lookers(here, search.affiliate_id)
        known = await told(here)
    paths = [each.path for each in eyes.values() if each is not None and each.path]
    async with transaction(Role.WORKER, affiliate=search.affiliate_id) as here:
        sought = await target(here, search.settings, (search.affiliate_id, paths), known, search.clock())
        tokens = counted(sought.tokens)
        await queries.note_target(here, search.run_id, len(sought.shops), sought.shoppers, tokens)
        states = {eye: EyeState.WAITING if who else EyeState.LEFT_OUT for eye, who in eyes.items()}
        await queries.put_eyes(here, (search.run_id, search.affiliate_id), states if sought.shops else {})
    if sought.shops:
        needles, until = Needles(sought.tokens), monotonic() + MOST_SECONDS
        for looker in filter(None, eyes.values()):
            await _look(search, looker, (sought, needles), until)
    async with transaction(Role.WORKER, affiliate=search.affiliate_id) as here:
        seen, hits = await queries.seen_in(here, search.run_id), await queries.hits_of(here, search.run_id)
        state = outcome(seen, hits, tokens) if sought.shops else RunState.EMPTY
        await _end(here, search.run_id, state, search.clock())
    return state


async def _look(search: Search, looker: Looker, what: tuple[Target, Needles], until: float) -> None:
    """Look with one pair of eyes, in a session that ends with it, and keep what was found."""
    settings, (sought, needles) = search.settings, what
    ids = (search.run_id, search.affiliate_id)

    async def note(tally: Tally, state: EyeState = EyeState.LOOKING, hits: Sequence[Hit] = ()) -> None:
        async with transaction(Role.WORKER, affiliate=search.affiliate_id) as here:
            await queries.put_tally(here, search.run_id, Seen(looker.eye, state, tally), search.clock())
            await queries.put_hits(here, ids, hits)

    await note(Tally())
    cookie = ""
    if looker.account_id is not None:
        async with transaction(Role.GATE):
            token = await lend_session(looker.account_id, search.run_id, search.clock())
        cookie = f"{cookie_name(settings.plain_http_cookies)}={token}"
    try:
        how = Walk(search.site, settings.base_url, cookie, needles, until)
        tally, hits = await walk(how, looker, sought, note)
    finally:
        async with transaction(Role.GATE):
            await end_lent(search.run_id)
    await note(tally, EyeState.DONE, hits)


async def _end(here: Connection, run_id: UUID, state: RunState, now: datetime) -> None:
    affiliate_id = await queries.end(here, run_id, state, now)
    if affiliate_id is not None:
        ended = Event(affiliate_id, SYSTEM, None, "proof.end", "proof_run", run_id, detail={"outcome": state.value})
        await record(here, ended, now)


async def _cut_off(run_id: UUID, now: datetime) -> None:
    async with transaction(Role.GATE):
        await end_lent(run_id)
    async with transaction(Role.WORKER) as here:
        await _end(here, run_id, RunState.CUT_OFF, now)
