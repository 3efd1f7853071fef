"""A shop walks through its life by the product's own services, and a client looks after every step.

The moves are drawn: possible ones and impossible ones, holds, and a clock that comes late, twice, or not at all.
"""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from survey.db import Conflict, Role, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.settings import Settings
from survey.shops.visits import service as visits
from survey.shops.visits.domain import (
    CLIENT_VISIBLE,
    LINES,
    MACHINE,
    TERMINAL,
    Actor,
    Event,
    HoldReason,
    Move,
    State,
    Taking,
    Transition,
)
from tests.conftest import NOW, new_affiliate
from tests.shop_world import Shopper, ShopWorld, shop_world
from tests.survey.releases.shops import GOOD, STORY, VISIT, seal_text, tell

GIVING = {Event.OFFER, Event.ASSIGN, Event.SELF_ASSIGN, Event.APPROVE_APPLICATION}
# What the client's role may read in the plane of releases; a table that is added is in it by itself.
READABLE = """
SELECT c.oid::regclass::text
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'release'
   AND c.relkind IN ('r', 'v', 'm', 'p')
   AND has_any_column_privilege('candour_client', c.oid, 'SELECT')
 ORDER BY 1
"""
TOMBSTONE, REPORT = "release.shop_tombstone", "release.shop_report"
STEPS = st.lists(
    st.tuples(st.sampled_from(["on", "on", "on", "on", "wrong", "clock", "again", "hold"]), st.integers(0, 10**6)),
    min_size=25,
    max_size=45,
)


@dataclass
class Walk:
    """One shop, from its draft on. now: the clock of the walk; is_out: whether a client has had it before."""

    there: ShopWorld
    shop_id: object
    shopper: Shopper
    node: str
    now: datetime = NOW
    is_out: bool = False
    reached: set[State] = field(default_factory=set)

    async def state(self) -> State:
        """Where the shop stands."""
        return State(await self.there.state_of(self.shop_id))  # type: ignore[arg-type]

    async def take(self, event: Event, actor: Actor) -> None:
        """One move, by the service that the product makes it with. Raises Conflict."""
        there, shop_id = self.there, self.shop_id
        async with there.transaction():
            if event in GIVING:
                taking = Taking(self.shopper.id, planned_on=self.now.date())
                await visits.assign(there.scope, shop_id, taking, actor, event, self.now)  # type: ignore[arg-type]
            elif event is Event.ACCEPT:
                await visits.accept(there.scope, shop_id, self.now)  # type: ignore[arg-type]
            elif event is Event.RELEASE:
                await releases.release_shop(
                    there.scope, there.settings, media_of(there.settings), shop_id, self.now  # type: ignore[arg-type]
                )  # fmt: skip
                self.is_out = True
            elif event is Event.APPEAL_CHANGED:
                await releases.release_again(
                    there.scope, there.settings, media_of(there.settings), shop_id, self.now  # type: ignore[arg-type]
                )  # fmt: skip
            else:
                await visits.fire(there.scope, shop_id, Move(event, actor, self.now))  # type: ignore[arg-type]

    async def tick(self, days: int) -> None:
        """So many days go by, and the worker looks at its timers."""
        self.now += timedelta(days=days)
        await visits.fire_timers(self.now)

    async def stands(self) -> tuple[object, ...]:
        """All that a move would change: the row, its timers, and what is on record."""
        owner = self.there.owner
        row = dict(await self.there.row(self.shop_id))  # type: ignore[arg-type]
        timers = await owner.fetch(
            "SELECT kind, due_at FROM field.shop_timer WHERE shop_id = $1 ORDER BY 1", self.shop_id
        )
        return row, [tuple(each) for each in timers], len(await self.there.events(self.shop_id))  # type: ignore[arg-type]

    async def seen(self) -> dict[str, int]:
        """How many rows of each table of released things the client reads, at the head of its tree."""
        tables = [row[0] for row in await self.there.owner.fetch(READABLE)]
        reading = transaction(
            Role.CLIENT, affiliate=self.there.affiliate_id, client=self.there.client_id, node=self.node
        )
        async with reading as here:
            return {table: await here.fetchval(f"SELECT count(*) FROM {table}") for table in tables}

    async def look(self) -> None:
        """What a client must not read is not there; what it may read is."""
        state, seen = await self.state(), await self.seen()
        self.reached.add(state)
        is_held = (await self.there.row(self.shop_id))["is_on_hold"]  # type: ignore[arg-type]
        graves = seen.pop(TOMBSTONE)
        assert graves == 0 or self.is_out
        assert REPORT in seen
        if state in CLIENT_VISIBLE and not is_held:
            assert seen[REPORT] == 1, state
        else:
            assert {table: count for table, count in seen.items() if count} == {}, state


async def begun(owner: asyncpg.Connection, settings: Settings) -> Walk:
    """A draft of an affiliate of its own, with the report that somebody will have written, and nobody who has it."""
    there = await shop_world(owner, settings, (await new_affiliate("walks")).affiliate_id, VISIT)
    await tell(there, is_self_assign=True)
    shopper = await there.shopper()
    shop_id = await there.shop("DRAFT")
    report_id = await there.report(shop_id, dict(GOOD), time_in=NOW)
    await seal_text(there, report_id, "story", STORY)
    node = await owner.fetchval(
        "SELECT path FROM field.location WHERE client_id = $1 AND parent_id IS NULL", there.client_id
    )
    return Walk(there, shop_id, shopper, node)


def ways(state: State) -> list[Transition]:
    """The lines that lead on from a state by somebody's hand."""
    return [line for line in MACHINE if line.source is state and line.actors != {Actor.TIMER}]


def impossible(state: State) -> list[Event]:
    """What cannot happen in a state."""
    return [event for event in Event if (state, event) not in LINES]


async def step(walk: Walk, kind: str, number: int) -> None:
    """One step of a drawn walk."""
    state = await walk.state()
    if kind == "on" and ways(state):
        line = ways(state)[number % len(ways(state))]
        actor = sorted(line.actors - {Actor.TIMER})[0]
        before = await walk.stands()
        try:
            await walk.take(line.event, actor)
        except Conflict:
            assert await walk.stands() == before
    elif kind == "wrong":
        event, before = impossible(state)[number % len(impossible(state))], await walk.stands()
        with pytest.raises(Conflict):
            await walk.take(event, list(Actor)[number % len(Actor)])
        assert await walk.stands() == before
    elif kind == "clock":
        await walk.tick(number % 9)
    elif kind == "again":
        await walk.tick(number % 4)
        before = await walk.stands()
        await visits.fire_timers(walk.now)
        assert await walk.stands() == before
    elif kind == "hold" and state not in TERMINAL:
        await turn_hold(walk)


async def turn_hold(walk: Walk) -> None:
    """On, or off again."""
    there, shop_id = walk.there, walk.shop_id
    is_held = (await there.row(shop_id))["is_on_hold"]  # type: ignore[arg-type]
    async with there.transaction():
        if is_held:
            await visits.lift_hold(there.scope, shop_id, walk.now)  # type: ignore[arg-type]
        else:
            await visits.hold(there.scope, shop_id, HoldReason.SAFETY, walk.now)  # type: ignore[arg-type]


async def told(walk: Walk) -> Iterator[tuple[State, Event, State]]:
    """The moves that are on record, in their order."""
    here, found = State.DRAFT, []
    for event in await walk.there.events(walk.shop_id):  # type: ignore[arg-type]
        name = event["action"].removeprefix("shop.")
        if name in set(Event):
            target = State(json.loads(event["detail"])["to"])
            found.append((here, Event(name), target))
            here = target
    return iter(found)


@limits(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
async def test_no_walk_shows_a_client_anything_but_what_stands_released(
    superuser: asyncpg.Connection, settings: Settings, steps: list[tuple[str, int]]
) -> None:
    walk = await begun(superuser, settings)
    await walk.look()
    for kind, number in steps:
        await step(walk, kind, number)
        await walk.look()
    moves = list(await told(walk))
    assert all(LINES[source, event].target is target for source, event, target in moves)
    assert (moves[-1][2] if moves else State.DRAFT) is await walk.state()


def shortest(target: State) -> list[Transition]:
    """The fewest moves from a draft to a state."""
    before: dict[State, list[Transition]] = {State.DRAFT: []}
    waiting = deque([State.DRAFT])
    while waiting:
        here = waiting.popleft()
        for line in MACHINE:
            if line.source is here and line.target not in before:
                before[line.target] = [*before[here], line]
                waiting.append(line.target)
    return before[target]


@pytest.mark.parametrize("target", list(State))
async def test_the_services_reach_every_state_and_a_client_reads_it_only_where_it_may(
    superuser: asyncpg.Connection, settings: Settings, target: State
) -> None:
    walk = await begun(superuser, settings)
    for line in shortest(target):
        if line.actors == {Actor.TIMER}:
            await walk.tick(60)
        else:
            await walk.take(line.event, sorted(line.actors - {Actor.TIMER})[0])
        await walk.look()
    assert await walk.state() is target


async def test_without_the_fence_of_the_clients_role_the_walk_is_seen(
    superuser: asyncpg.Connection, settings: Settings
) -> None:
    walk = await begun(superuser, settings)
    for line in shortest(State.RELEASED):
        await walk.take(line.event, sorted(line.actors - {Actor.TIMER})[0])
    await turn_hold(walk)
    await walk.look()
    fence = await superuser.fetchrow(
        "SELECT pg_get_expr(polqual, polrelid) AS words FROM pg_policy"
        " WHERE polrelid = 'release.shop_report'::regclass AND polname = 'client'"
    )
    await superuser.execute("ALTER POLICY client ON release.shop_report USING (true)")
    try:
        with pytest.raises(AssertionError):
            await walk.look()
    finally:
        await superuser.execute(f"ALTER POLICY client ON release.shop_report USING ({fence['words']})")
    await walk.look()
