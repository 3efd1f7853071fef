"""Shops of one wave that walk through their lives by the product's own services, and what their client reads of them.

Moves are made as whoever may make them: staff's by the staff's database role, a shopper's by the shopper's own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.appeals import service as appeals
from survey.appeals.domain import AppealEvent, Opening, TooLate
from survey.db import Role, Scope, Transaction, transaction
from survey.media import media_of
from survey.releases import service as releases
from survey.settings import Settings
from survey.shops.scheduling import service as scheduling
from survey.shops.visits import service as visits
from survey.shops.visits.domain import (
    CLIENT_VISIBLE,
    TIMERS,
    Actor,
    Event,
    HoldReason,
    Move,
    State,
    Taking,
)
from tests.attacks.editors import EDITING, Editors
from tests.conftest import NOW, new_affiliate
from tests.shop_world import DAY, Shopper, ShopWorld, shop_world
from tests.survey.releases.shops import GOOD, STORY, VISIT, met, photographed, seal_text, tell

GIVING = frozenset({Event.OFFER, Event.ASSIGN, Event.SELF_ASSIGN, Event.APPROVE_APPLICATION})
TOMBSTONE, REPORT = "release.shop_tombstone", "release.shop_report"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WINDOW = timedelta(days=14)  # of a client, and of a shopper whose report was rejected; clients are told an hour less

# What the client's role may read in the plane of releases, by column: a table that is added is in it by itself.
READABLE = """
SELECT c.oid::regclass::text AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = 'release'
   AND c.relkind IN ('r', 'v', 'm', 'p')
   AND has_column_privilege('candour_client', c.oid, a.attnum, 'SELECT')
 GROUP BY c.oid
 ORDER BY 1
"""
# Versions of a shop's report: what names each of them, and whether a client may have it while the shop is released.
VERSIONS = """
SELECT shop_id, id::text, report_ref::text, NOT is_superseded AND withdrawn_at IS NULL AS stands
  FROM release.shop_report
 WHERE affiliate_id = $1
"""
# All that a move would change of a shop: its row, its timers, who has it, what stands of it, what is on record.
STANDS = """
SELECT to_jsonb(s)::text,
       ARRAY(SELECT t.kind || ' ' || t.due_at FROM field.shop_timer t WHERE t.shop_id = s.id ORDER BY 1),
       ARRAY(SELECT to_jsonb(a)::text FROM identity.assignment a WHERE a.shop_id = s.id ORDER BY 1),
       ARRAY(SELECT to_jsonb(m)::text FROM identity.mark m WHERE m.shop_id = s.id ORDER BY 1),
       ARRAY(SELECT to_jsonb(r)::text FROM release.shop_report r WHERE r.shop_id = s.id ORDER BY 1),
       (SELECT count(*) FROM ledger.event e WHERE e.object_id = s.id)
  FROM field.shop s
 WHERE s.id = $1
"""
Rows = Mapping[str, Sequence[str]]


class Undone(Exception):
    """What was tried is taken back."""


@dataclass
class Visit:
    """One shop of the walk, at a store of its own. shopper: who makes it; other: who has nothing to do with it.

    standing: reference of the report that a client reads; graves: what is left of those that were taken back.
    lost: what holds took so far; left and rejected: when the report left, or was rejected, and what was lost by then.
    """

    there: ShopWorld
    shop_id: UUID
    report_id: UUID
    location_id: UUID
    code: str
    shopper: Shopper
    other: Shopper
    standing: UUID | None = None
    graves: list[dict[str, str]] = field(default_factory=list)
    lost: timedelta = timedelta()
    held_since: datetime | None = None
    left: tuple[datetime, timedelta] = (NOW, timedelta())
    rejected: tuple[datetime, timedelta] = (NOW, timedelta())

    def since(self, mark: tuple[datetime, timedelta], now: datetime) -> timedelta:
        """How long ago that was, without what holds took since. Of a shop that is not on hold."""
        return now - mark[0] - (self.lost - mark[1])

    @property
    def telltales(self) -> tuple[str, ...]:
        """What says that something is about this shop: its store, and by whatever name."""
        return (self.code, self.location_id.hex, str(self.location_id))

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nothing that a client reads ever holds."""
        return tuple(str(each) for each in (self.shop_id, self.report_id, self.shopper.id, self.other.id))

    async def state(self) -> State:
        """Where the shop stands."""
        return State(await self.there.state_of(self.shop_id))

    async def is_on_hold(self) -> bool:
        """Whether nothing may happen to it."""
        return bool((await self.there.row(self.shop_id))["is_on_hold"])

    async def stands(self) -> tuple[object, ...]:
        """All that a move would change."""
        return tuple(await self.there.owner.fetchrow(STANDS, self.shop_id))

    async def timers(self) -> dict[str, datetime]:
        """What is due when."""
        rows = await self.there.owner.fetch(
            "SELECT kind, due_at FROM field.shop_timer WHERE shop_id = $1", self.shop_id
        )
        return {row["kind"]: row["due_at"] for row in rows}

    async def told(self) -> Iterator[tuple[State, Event, State]]:
        """The moves that are on record, in their order: from, event, to."""
        events = [each for each in await self.there.events(self.shop_id) if each["action"].startswith("shop.")]
        moves = [(each["action"].removeprefix("shop."), json.loads(each["detail"])) for each in events]
        return iter([(State(told["from"]), Event(name), State(told["to"])) for name, told in moves if "to" in told])


@dataclass
class Walk:
    """Shops of one wave, and the clock that they share. tables: of the release plane, with what a client may read."""

    there: ShopWorld
    tables: Mapping[str, str]
    people: Sequence[Shopper]
    path: str
    editors: Editors
    visits: list[Visit] = field(default_factory=list)
    now: datetime = NOW

    async def begin(self) -> Visit:
        """Another shop, a draft, with the report that somebody will have written."""
        one, other = self.people if len(self.visits) % 2 else reversed(self.people)
        self.visits.append(await _visit(self.there, one, other, self.now))
        return self.visits[-1]

    def as_(self, visit: Visit, actor: Actor, *, is_stranger: bool = False) -> tuple[Scope, Transaction]:
        """On whose behalf a move is made, and the transaction that their pages open."""
        if actor is not Actor.SHOPPER:
            return self.there.scope, self.there.transaction()
        me = visit.other if is_stranger else visit.shopper
        return me.scope, me.transaction()

    def reading(self) -> Transaction:
        """A transaction as the client's pages open it, at the head of the tree."""
        there = self.there
        return transaction(Role.CLIENT, affiliate=there.affiliate_id, client=there.client_id, node=self.path)

    async def take(self, visit: Visit, event: Event, actor: Actor) -> None:
        """One move by the service that the product makes it with. Raises Conflict, NotFound."""
        shop_id, now = visit.shop_id, self.now
        if event in EDITING:
            await self._edit(visit, event)
            return
        if event is Event.APPROVE_APPLICATION:
            await self._apply(visit)
        scope, opened = self.as_(visit, actor)
        leaving = (self.there.settings, media_of(self.there.settings), shop_id, now)
        async with opened:
            match event:
                case Event.APPROVE_APPLICATION:
                    await scheduling.approve(scope, await self._application(visit), "nobody else", now)
                case Event.ACCEPT:
                    await visits.accept(scope, shop_id, now, self.today(visit))
                case Event.DECLINE:
                    await visits.decline(scope, shop_id, now)
                case Event.SHOPPER_CANCEL | Event.UNASSIGN:
                    await visits.give_back(scope, shop_id, event, actor, now)
                case Event.RELEASE:
                    await releases.release_shop(scope, *leaving)
                case Event.APPEAL_CHANGED:
                    await releases.release_again(
                        scope, self.there.settings, media_of(self.there.settings), shop_id, now
                    )
                    visit.left = (now, visit.lost)
                case Event.RECALL:
                    await releases.recall_shop(scope, shop_id, "our_mistake", now)
                case _:
                    await self._push(scope, visit, event, actor)

    async def force(self, visit: Visit, event: Event, actor: Actor, *, is_stranger: bool = False) -> None:
        """The bare move, as nobody's page would ask for it. Raises Conflict, NotFound."""
        scope, opened = self.as_(visit, actor, is_stranger=is_stranger)
        async with opened:
            await self._push(scope, visit, event, actor)

    async def hold(self, visit: Visit) -> None:
        """Put the shop on hold, or let it go on."""
        is_held = await visit.is_on_hold()
        async with self.there.transaction():
            if is_held:
                await visits.lift_hold(self.there.scope, visit.shop_id, self.now)
                assert visit.held_since is not None
                visit.lost += self.now - visit.held_since
            else:
                await visits.hold(self.there.scope, visit.shop_id, HoldReason.SAFETY, self.now)
                visit.held_since = self.now

    def viewer(self) -> Scope:
        """Somebody at the client's headquarters."""
        there = self.there
        return Scope(there.affiliate_id, uuid4(), "viewer", "viewer", client_id=there.client_id, node_path=self.path)

    async def contest(self, visit: Visit) -> None:
        """The client contests an answer of a report that it reads, or lets its appeal go, and opens a plan.

        Once its window is over it is told so, and nothing has changed.
        """
        assert visit.standing is not None
        opening = Opening("clean", "other", f"At {visit.code}.")
        count = "SELECT count(*) FROM release.appeal WHERE report_ref = $1"
        waiting = "SELECT id FROM release.appeal WHERE report_ref = $1 AND state = 'NEW'"
        async with self.reading() as here:
            before = await here.fetchval(count, visit.standing)
            if appeal_id := await here.fetchval(waiting, visit.standing):
                await appeals.move_own(self.viewer(), appeal_id, AppealEvent.WITHDRAW, self.now)
            elif self.is_late(visit):
                with pytest.raises(TooLate):
                    await appeals.raise_appeal(self.viewer(), visit.standing, opening, self.now)
                assert await here.fetchval(count, visit.standing) == before
            else:
                await appeals.raise_appeal(self.viewer(), visit.standing, opening, self.now)
                assert await here.fetchval(count, visit.standing) == before + 1
            await appeals.open_plan(self.viewer(), visit.standing, None, self.now)

    def is_late(self, visit: Visit) -> bool:
        """Whether a client may contest a report no more, as the walk counts it."""
        return visit.since(visit.left, self.now) >= WINDOW - HOUR

    async def can_contest(self, visit: Visit) -> bool:
        """Whether the product lets the client contest a report now; the attempt is taken back."""
        assert visit.standing is not None
        opening = Opening("greeted", "other", f"At {visit.code}.")
        try:
            async with self.reading():
                await appeals.raise_appeal(self.viewer(), visit.standing, opening, self.now)
                raise Undone
        except TooLate:
            return False
        except Undone:
            return True

    async def windows(self) -> None:
        """A report can be contested while its window is open by the walk's own count, and never once it is closed."""
        for visit in self.visits:
            if visit.standing is None or await visit.is_on_hold():
                continue
            can, state = await self.can_contest(visit), await visit.state()
            assert can is not self.is_late(visit)
            due_at = (await visit.timers()).get(Event.APPEAL_WINDOW_OVER)
            if state is State.CLOSED:
                assert not can
            else:
                assert due_at is not None
                assert can or due_at <= self.now + HOUR, "the shop stands released, and its client is refused"

    async def work(self, number: int = 0) -> None:
        """The worker's jobs of this minute, in one order or the other."""
        await appeals.take_in(self.now)
        for job in ("timers", "releases") if number % 2 else ("releases", "timers"):
            if job == "timers":
                await visits.fire_timers(self.now)
            else:
                await releases.release_due(self.there.settings, media_of(self.there.settings), self.now)

    async def litter(self, number: int) -> None:
        """Leftover timers of every kind, and those that are due in an order that means nothing."""
        kinds = sorted({event for events in TIMERS.values() for event in events})
        for place, visit in enumerate(self.visits):
            for kind in [] if await visit.is_on_hold() else kinds:
                await self.there.owner.execute(
                    "INSERT INTO field.shop_timer (shop_id, affiliate_id, kind, due_at) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT DO NOTHING",
                    visit.shop_id, self.there.affiliate_id, kind, self.now - (number * (place + 3) % 97) * HOUR,
                )  # fmt: skip
        await self.there.owner.execute(
            "UPDATE field.shop_timer SET due_at = $2::timestamptz - interval '1 minute' * (ascii(shop_id::text) + $3)"
            " WHERE affiliate_id = $1 AND due_at <= $2"
            " AND shop_id IN (SELECT s.id FROM field.shop s WHERE NOT s.is_on_hold)",
            self.there.affiliate_id, self.now, number % 61,
        )  # fmt: skip

    async def look(self) -> None:
        """A client reads what stands released, of what was taken back that it was, and of the rest nothing at all."""
        for visit in self.visits:
            await self._follow(visit)
        async with self.reading() as here:
            rows = await self.rows(here)
        await self.judge(rows)

    async def rows(self, here: asyncpg.Connection) -> Rows:
        """Every row that the client's role reads, in every column that it may read, as text."""
        return {
            name: [
                row[0] for row in await here.fetch(f"SELECT to_jsonb(r)::text FROM (SELECT {columns} FROM {name}) AS r")
            ]
            for name, columns in self.tables.items()
        }

    async def judge(self, rows: Rows) -> None:
        """Raises AssertionError where a client reads what it must not, or does not read what it may."""
        living = "\n".join(row for name, each in rows.items() if name != TOMBSTONE for row in each)
        versions = await self.there.owner.fetch(VERSIONS, self.there.affiliate_id)
        signs = {visit.code: {*visit.telltales, *_names(versions, visit.shop_id)} for visit in self.visits}
        found = {code for code, each in signs.items() if any(sign in living for sign in each)}
        allowed = {
            visit.code
            for visit in self.visits
            if await visit.state() in CLIENT_VISIBLE and not await visit.is_on_hold()
        }
        assert found == allowed, "what a client reads of shops is not what stands released"
        assert len(rows[REPORT]) == len(allowed), "of each shop one report stands"
        assert not any(row["id"] in living for row in versions if not row["stands"]), "an old version is read"
        for row in (row for each in rows.values() for row in each):
            assert not any(secret in row for visit in self.visits for secret in visit.secrets), "an id left"
        scores = {json.loads(row)["report_ref"]: json.loads(row)["score"] for row in rows[REPORT]}
        for visit in self.visits:
            if str(visit.standing) in scores:
                assert scores[str(visit.standing)] == float(self.editors.scores[visit.shop_id])
        graves = [grave for visit in self.visits for grave in visit.graves]
        assert sorted(map(json.dumps, graves)) == sorted(
            json.dumps(dict(sorted(json.loads(row).items()))) for row in rows[TOMBSTONE]
        ), "of what was taken back a client reads that it was, and no more"

    def today(self, visit: Visit) -> date:
        """The day of the walk's clock, at the store."""
        return self.now.date()

    async def _edit(self, visit: Visit, event: Event) -> None:
        if event is Event.REJECT:
            self.now += MINUTE  # which of two rejections a contest is against, its moment says
        await self.editors.move(visit.shop_id, visit.shopper, event, self.now)
        if event is Event.REJECT:
            visit.rejected = (self.now, visit.lost)

    async def _push(self, scope: Scope, visit: Visit, event: Event, actor: Actor) -> None:
        if event in GIVING:
            taking = Taking(scope.shopper_id or visit.shopper.id, planned_on=self.today(visit))
            await visits.assign(scope, visit.shop_id, taking, actor, event, self.now)
        else:
            await visits.fire(scope, visit.shop_id, Move(event, actor, self.now))

    async def _application(self, visit: Visit) -> UUID:
        found = await self._find_application(visit)
        assert found is not None
        return found

    async def _find_application(self, visit: Visit) -> UUID | None:
        found: UUID | None = await self.there.owner.fetchval(
            "SELECT id FROM identity.application WHERE shop_id = $1 AND shopper_id = $2 AND state = 'SUBMITTED'",
            visit.shop_id, visit.shopper.id,
        )  # fmt: skip
        return found

    async def _apply(self, visit: Visit) -> None:
        if await self._find_application(visit) is not None:
            return
        async with visit.shopper.transaction():
            terms = (None, "I live around the corner.")
            await visits.apply(visit.shopper.scope, self.there.settings, visit.shop_id, terms, self.now)

    async def _follow(self, visit: Visit) -> None:
        """Remember what stands; once it does not, what must be left of it, word for word."""
        if visit.standing is None and await visit.state() in CLIENT_VISIBLE:
            visit.left = (self.now, visit.lost)
            visit.standing = await self.there.owner.fetchval(
                f"SELECT report_ref FROM {REPORT} WHERE shop_id = $1 AND withdrawn_at IS NULL AND NOT is_superseded",
                visit.shop_id,
            )
            assert visit.standing is not None
        elif visit.standing is not None and await visit.state() not in CLIENT_VISIBLE:
            there = self.there
            grave = {
                "report_ref": str(visit.standing), "affiliate_id": str(there.affiliate_id),
                "client_id": str(there.client_id),
                "node_path": f"{self.path}{there.region_id.hex}/{visit.location_id.hex}/",
                "node_name": f"Store {visit.code}", "campaign_name": "Barista Welcome", "wave_label": "November",
                "withdrawn_on": self.now.date().isoformat(),
            }  # fmt: skip
            visit.graves.append(dict(sorted(grave.items())))
            visit.standing = None


def _names(versions: Sequence[asyncpg.Record], shop_id: UUID) -> set[str]:
    return {name for row in versions if row["shop_id"] == shop_id for name in (row["id"], row["report_ref"])}


async def begun(owner: asyncpg.Connection, settings: Settings, count: int, release_hours: int | None = None) -> Walk:
    """So many drafts at an affiliate of its own. release_hours: after an approval a report leaves by itself."""
    # What other tests left would be due in these walks, too.
    await owner.execute("DELETE FROM field.shop_timer")
    there = await shop_world(owner, settings, (await new_affiliate("walks")).affiliate_id, VISIT)
    await tell(there, is_self_assign=True, picture_mode="redacted", release_hours=release_hours)
    people = [await there.shopper("Quillfeather Ashgrove"), await there.shopper("Tindra Holloway")]
    tables = {row["name"]: row["columns"] for row in await owner.fetch(READABLE)}
    walk = Walk(there, tables, people, f"/{there.root_id.hex}/", Editors(there))
    for _ in range(count):
        await walk.begin()
    return walk


async def _visit(there: ShopWorld, shopper: Shopper, other: Shopper, now: datetime) -> Visit:
    code = f"W{uuid4().hex[:10]}"
    location_id = await there.location(code)
    shop_id = await there.shop("DRAFT", location_id=location_id, window_end=now + 14 * DAY)
    report_id = await there.report(shop_id, dict(GOOD), time_in=NOW)
    await seal_text(there, report_id, "story", STORY)
    await met(there, report_id)
    await photographed(there, report_id)
    return Visit(there, shop_id, report_id, location_id, code, shopper, other)
