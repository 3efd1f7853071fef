"""A few shops walk through their lives by the product's own services, and their client looks after every step.

The moves are drawn: possible ones and impossible ones, by those who may and by those who may not, holds, contests, and
a worker that comes late, twice, with leftovers, and in an order that means nothing.
"""

from collections import deque
from contextlib import AbstractContextManager, nullcontext, suppress

import asyncpg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from survey.db import Conflict, NotFound
from survey.settings import Settings
from survey.shops.reviews.domain import ContestOver
from survey.shops.visits import service as visits
from survey.shops.visits.domain import (
    CLIENT_VISIBLE,
    LINES,
    MACHINE,
    TERMINAL,
    TIMERS,
    Actor,
    Event,
    HoldReason,
    OnHold,
    OutsideWindow,
    State,
    Transition,
)
from tests.attacks.editors import EDITING
from tests.attacks.walking import GIVING, HOUR, WINDOW, Visit, Walk, begun

# What is said a second time where it has happened already: it changes nothing, and is no error.
TWICE_IS_ONCE = {
    (State.RELEASED, Event.RELEASE), (State.APPROVED, Event.RECALL), (State.APPROVED, Event.APPROVE),
    (State.SUBMITTED, Event.DROP), (State.IN_REVIEW, Event.PICK_UP), (State.IN_REVIEW, Event.REOPEN),
}  # fmt: skip
BY_RELEASES = {Event.RELEASE, Event.RECALL, Event.APPEAL_CHANGED}
# One act of an editor stands for two lines of the table, or does more than move a shop: these are tried bare.
BARE = {Event.TAKE_BACK, Event.REJECT, Event.EXCLUDE}
KINDS = ["forward"] * 6 + ["on"] * 5 + ["wrong", "wrong", "stranger", "hold", "contest", "clock", "late", "litter"]
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 10**6))
HOURS = st.sampled_from([None, None, 2])
TABLE = "release.shop_report"
Steps = list[tuple[str, int, int]]


def by_hand(state: State) -> list[Transition]:
    """The lines that lead on from a state, not by the clock."""
    return [line for line in MACHINE if line.source is state and line.actors != {Actor.TIMER}]


def refused(state: State) -> list[tuple[Event, Actor]]:
    """What cannot happen in a state, or not by them."""
    return [
        (event, actor)
        for event in Event
        for actor in (Actor.SHOPPER, Actor.SCHEDULER, Actor.EDITOR)
        if (state, event) not in LINES or actor not in LINES[state, event].actors
    ]


def shortest(target: State, source: State = State.DRAFT) -> list[Transition]:
    """The fewest moves from one state to another; none where no way leads there."""
    before: dict[State, list[Transition]] = {source: []}
    waiting = deque([source])
    while waiting:
        here = waiting.popleft()
        for line in MACHINE:
            if line.source is here and line.target not in before:
                before[line.target] = [*before[here], line]
                waiting.append(line.target)
    return before.get(target, [])


def doer(line: Transition) -> Actor:
    """By whom a line is walked."""
    return sorted(line.actors - {Actor.TIMER})[0]


async def living(walk: Walk, place: int) -> Visit:
    """One of the shops whose life is not over; another one begins where an old one has ended."""
    alive = [each for each in walk.visits if await each.state() not in TERMINAL]
    return alive[place] if place < len(alive) else await walk.begin()


async def forward(walk: Walk, visit: Visit, number: int) -> None:
    """A few moves towards the release, with a look between them: chance alone seldom gets that far."""
    if number % 2 and await visit.is_on_hold():
        await walk.hold(visit)
    for _ in range(1 + number % 3):
        for line in shortest(State.RELEASED, await visit.state())[:1]:
            await onward(walk, visit, line)
            await walk.look()


async def onward(walk: Walk, visit: Visit, line: Transition) -> None:
    """A move that the table allows: it happens, unless the shop is on hold or its window is over."""
    row, before = await walk.there.row(visit.shop_id), await visit.stands()
    refusals: list[type[Exception]] = [OnHold] if row["is_on_hold"] else []
    if line.event in GIVING | {Event.ACCEPT} and walk.now >= row["window_end"]:
        refusals.append(OutsideWindow)
    if line.event is Event.CONTEST_UPHELD and visit.since(visit.rejected, walk.now) > WINDOW:
        refusals.append(ContestOver)
    expected: AbstractContextManager[object] = pytest.raises(tuple(refusals)) if refusals else nullcontext()
    with expected:
        await walk.take(visit, line.event, doer(line))
    if refusals:
        assert await visit.stands() == before
    else:
        assert await visit.state() is line.target


async def wrongly(walk: Walk, visit: Visit, number: int) -> None:
    """A move that the table does not allow is refused, and nothing of it remains."""
    state, before = await visit.state(), await visit.stands()
    event, actor = refused(state)[number % len(refused(state))]
    by_service = BY_RELEASES | EDITING - BARE if (state, event) != (State.RETURNED, Event.PICK_UP) else BY_RELEASES
    if event in by_service and (state, event) not in LINES:
        is_said_twice = (state, event) in TWICE_IS_ONCE
        with suppress(Conflict) if is_said_twice else pytest.raises((Conflict, NotFound)):
            await walk.take(visit, event, Actor.EDITOR)
    else:
        with pytest.raises((Conflict, NotFound)):
            await walk.force(visit, event, actor)
    assert await visit.stands() == before


async def as_a_stranger(walk: Walk, visit: Visit, number: int) -> None:
    """Whoever has nothing to do with a shop cannot move it, but take one that is open to all."""
    lines = [line for line in MACHINE if line.source is await visit.state() and line.actors == {Actor.SHOPPER}]
    lines = [line for line in lines if line.event is not Event.SELF_ASSIGN]
    if not lines:
        return
    before = await visit.stands()
    with pytest.raises((Conflict, NotFound)):
        await walk.force(visit, lines[number % len(lines)].event, Actor.SHOPPER, is_stranger=True)
    assert await visit.stands() == before


async def clocked(walk: Walk, hours: int, number: int) -> None:
    """Time goes by and the worker does what is due. Straight after that it has nothing left to do."""
    walk.now += hours * HOUR
    await walk.work(number)
    if not number % 2:
        await walk.work(1)  # in this order what leaves by itself may find its window over at once
    before = [await visit.stands() for visit in walk.visits]
    await walk.work(number)
    assert [await visit.stands() for visit in walk.visits] == before
    for visit in walk.visits:
        due = [kind for kind, moment in (await visit.timers()).items() if moment <= walk.now]
        row = await walk.there.row(visit.shop_id)
        assert not due or row["is_on_hold"] or (row["is_appeal_open"] and due == [Event.APPEAL_WINDOW_OVER])


async def step(walk: Walk, kind: str, place: int, number: int) -> None:
    """One step of a drawn walk."""
    visit = walk.visits[place % len(walk.visits)]
    match kind:
        case "forward":
            await forward(walk, await living(walk, place), number)
        case "on":
            visit = await living(walk, place)
            # What ends a shop's life by hand is rare, lest the walks be short.
            lines = [line for line in by_hand(await visit.state()) if number % 4 == 0 or line.target not in TERMINAL]
            await onward(walk, visit, lines[number % len(lines)])
        case "wrong":
            await wrongly(walk, visit, number)
        case "stranger":
            await as_a_stranger(walk, visit, number)
        case "hold" if await visit.state() not in TERMINAL or await visit.is_on_hold():
            await walk.hold(visit)
        case "contest" if visit.standing and not await visit.is_on_hold() and await visit.state() is State.RELEASED:
            await walk.contest(visit)
        case "clock":
            await clocked(walk, number % 72, number)
        case "late":
            await clocked(walk, 24 * (2 + number % 9), number)
        case "litter":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("survey.shops.visits.service.timers.BATCH", 1)
                walk.now += number % 72 * HOUR
                await walk.litter(number)
                await clocked(walk, 0, number)


async def stands_right(walk: Walk) -> None:
    """The record is a path of the table to where the shop stands, and what will happen by itself fits its state."""
    for visit in walk.visits:
        here = State.DRAFT
        for source, event, target in await visit.told():
            assert source is here
            assert LINES[source, event].target is target
            here = target
        assert here is await visit.state()
        if not await visit.is_on_hold():
            assert set(await visit.timers()) - {Event.RELEASE} == set(TIMERS.get(here, ()))


async def walked(owner: asyncpg.Connection, settings: Settings, steps: Steps, hours: int | None) -> None:
    """A whole walk, with a look and a check after every step."""
    walk = await begun(owner, settings, 3, hours)
    await walk.look()
    for kind, place, number in steps:
        await step(walk, kind, place, number)
        await walk.look()
        await walk.windows()
        await stands_right(walk)


@limits(max_examples=8, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=25, max_size=45), hours=HOURS)
async def test_no_walk_shows_a_client_anything_but_what_stands_released(
    superuser: asyncpg.Connection, settings: Settings, steps: Steps, hours: int | None
) -> None:
    await walked(superuser, settings, steps, hours)


@pytest.mark.slow
@pytest.mark.timeout(600)
@limits(max_examples=60, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=40, max_size=90), hours=HOURS)
async def test_no_long_walk_shows_a_client_anything_but_what_stands_released(
    superuser: asyncpg.Connection, settings: Settings, steps: Steps, hours: int | None
) -> None:
    await walked(superuser, settings, steps, hours)


async def follow(walk: Walk, visit: Visit, lines: list[Transition]) -> None:
    """Walk these lines, and look after each of them."""
    for line in lines:
        if line.actors == {Actor.TIMER}:
            await clocked(walk, 60 * 24, 1)
        else:
            await walk.take(visit, line.event, doer(line))
        await walk.look()
        await walk.windows()
        await stands_right(walk)


@pytest.mark.parametrize("line", MACHINE, ids=lambda line: f"{line.source}-{line.event}")
async def test_the_services_walk_every_line_and_reach_every_state(
    superuser: asyncpg.Connection, settings: Settings, line: Transition
) -> None:
    walk = await begun(superuser, settings, 1)
    (visit,) = walk.visits
    await follow(walk, visit, [*shortest(line.source), line])
    # Late as the clock is here, a shop that comes back finds its window over.
    is_late = line.actors == {Actor.TIMER} and line.target is State.OPEN
    assert await visit.state() is (State.EXPIRED if is_late else line.target)
    moves = [(event, target) for _, event, target in await visit.told()]
    assert (line.event, line.target) in moves


async def read_after(walk: Walk, breach: str) -> dict[str, list[str]]:
    """What the client's role reads once something has been done to the database, which is then undone."""
    owner, there = walk.there.owner, walk.there
    undone = owner.transaction()
    await undone.start()
    try:
        await owner.execute(breach)
        await owner.execute("SET LOCAL ROLE candour_client")
        given = {"affiliate": there.affiliate_id, "client": there.client_id, "node": walk.path}
        for name, value in given.items():
            await owner.execute("SELECT set_config($1, $2, true)", f"app.{name}", str(value))
        return {name: list(rows) for name, rows in (await walk.rows(owner)).items()}
    finally:
        await undone.rollback()


async def without(owner: asyncpg.Connection, condition: str) -> str:
    """The statement that takes one condition out of the fence before released reports."""
    fence: str = await owner.fetchval(
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = $1::regclass AND polname = 'client'",
        TABLE,
    )
    assert condition in fence
    return f"ALTER POLICY client ON {TABLE} USING ({fence.replace(condition, 'true')})"


async def caught(walk: Walk, breach: str) -> None:
    """The look finds nothing amiss as things are, and fails once the breach is made."""
    await walk.judge(await read_after(walk, "SELECT"))
    with pytest.raises(AssertionError):
        await walk.judge(await read_after(walk, breach))
    await walk.look()


async def released(superuser: asyncpg.Connection, settings: Settings) -> tuple[Walk, Visit, Visit]:
    """One shop that a client reads of, and another that is approved only."""
    walk = await begun(superuser, settings, 2)
    one, other = walk.visits
    await follow(walk, one, shortest(State.RELEASED))
    await follow(walk, other, shortest(State.APPROVED))
    return walk, one, other


async def test_the_look_would_see_a_report_on_hold(superuser: asyncpg.Connection, settings: Settings) -> None:
    walk, one, _ = await released(superuser, settings)
    await walk.hold(one)
    await walk.look()
    await caught(walk, await without(superuser, "(NOT is_on_hold)"))


async def test_the_look_would_see_a_report_that_was_taken_back(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk, one, _ = await released(superuser, settings)
    await walk.take(one, Event.RECALL, Actor.EDITOR)
    await walk.look()
    await caught(walk, await without(superuser, "(withdrawn_at IS NULL)"))


async def test_the_look_would_see_a_version_that_was_replaced(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk, one, _ = await released(superuser, settings)
    await walk.take(one, Event.APPEAL_CHANGED, Actor.EDITOR)
    await walk.look()
    await caught(walk, await without(superuser, "(NOT is_superseded)"))


async def test_the_look_would_see_a_snapshot_that_is_written_too_early(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk, _, other = await released(superuser, settings)
    assert await other.state() is State.APPROVED
    place = f"'node_code', '{other.code}', 'shop_id', '{other.shop_id}'"
    early = (
        f"INSERT INTO {TABLE} SELECT (jsonb_populate_record(NULL::{TABLE}, to_jsonb(r) || jsonb_build_object("
        f"'id', gen_random_uuid(), 'report_ref', gen_random_uuid(), {place}))).*"
        f" FROM {TABLE} r WHERE r.affiliate_id = '{walk.there.affiliate_id}'"
    )
    await caught(walk, early)


async def test_the_look_would_see_that_snapshots_do_not_follow_their_shop(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk, one, _ = await released(superuser, settings)
    moved = f"UPDATE field.shop SET state = 'APPROVED' WHERE id = '{one.shop_id}'"
    await walk.judge(await read_after(walk, "SELECT"))
    asleep = await read_after(walk, f"ALTER TABLE field.shop DISABLE TRIGGER follow_shop; {moved}")
    await walk.take(one, Event.RECALL, Actor.EDITOR)
    with pytest.raises(AssertionError):
        await walk.judge(asleep)
    await walk.look()


async def test_a_hold_that_the_client_could_see_through_is_no_hold(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk, one, _ = await released(superuser, settings)
    await walk.contest(one)
    await walk.look()
    async with walk.there.transaction():
        await visits.hold(walk.there.scope, one.shop_id, HoldReason.SAFETY, walk.now)
    async with walk.reading() as here:
        rows = await walk.rows(here)
    assert {name for name, each in rows.items() if each} == set()
    assert await one.state() in CLIENT_VISIBLE


@pytest.mark.parametrize("days", [-5, 400])
async def test_the_walk_would_see_that_a_window_is_not_what_the_hold_left_of_it(
    superuser: asyncpg.Connection, settings: Settings, days: int
) -> None:
    walk, one, _ = await released(superuser, settings)
    await walk.hold(one)
    await clocked(walk, 24 * 12, 1)
    await walk.hold(one)
    await clocked(walk, 24 * (10 if days < 0 else 14), 1)
    await walk.windows()
    shift = "UPDATE release.shop_report SET appeal_until = appeal_until + $2::integer * interval '1 day'"
    await superuser.execute(f"{shift} WHERE affiliate_id = $1", walk.there.affiliate_id, days)
    with pytest.raises(AssertionError):
        await walk.windows()


async def test_a_rejection_can_be_contested_for_the_days_that_a_hold_took(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk = await begun(superuser, settings, 1)
    (visit,) = walk.visits
    await follow(walk, visit, shortest(State.REJECTED))
    await walk.hold(visit)
    walk.now += 40 * 24 * HOUR
    await walk.hold(visit)
    await follow(walk, visit, [LINES[State.REJECTED, Event.CONTEST_UPHELD]])
    assert await visit.state() is State.IN_REVIEW
