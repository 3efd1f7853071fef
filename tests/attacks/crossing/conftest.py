"""Two affiliates in a database of their own, each gone the whole way; one person of ours has a token in every field."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from uuid import UUID, uuid4

import asyncpg
import pytest
import structlog

from survey.app import build
from survey.db import Database, Role, connection, transaction
from survey.db.bootstrap import create_database, ensure_database
from survey.db.database import EVERY_ROLE
from survey.db.embedded import Cluster
from survey.demo.fieldwork import answer, close, launch
from survey.demo.postbox import deliver
from survey.demo.stage import Stage
from survey.mail.composing import composers_of
from survey.promises.service import proving
from survey.settings import Settings
from survey.web.front import Front
from survey.web.logs import configure_logs
from survey.worker import MAIL
from tests.conftest import NOW
from tests.shop_world import Shopper, let_down, shop_world
from tests.web_client import Clock, Site, clock

from .affiliates import (
    CLOSED,
    CROWD,
    OPEN,
    STORE,
    Affiliate,
    Person,
    a_shopper,
    affiliate,
    another_client,
    bring_in,
    campaign,
    draft,
    join,
    know_the_rest,
    place_of,
    provider,
    root_of,
    some_pay,
    viewer,
)
from .board import another_day
from .canary import CANARY, MEMBER, PROFILE, SHOPPER, SPOILT, Visitor, answer_as_canary, visitor_of
from .contesting import contest
from .copying import a_copy
from .reporting import a_draft, a_rejection, a_release, a_report, a_wave
from .scheduling import scheduled
from .showing import shown
from .world import Crossing

__all__ = ["clock"]

RUN = "SELECT id FROM ops.proof_run WHERE affiliate_id = $1"


@pytest.fixture(scope="package")
def name() -> str:
    """A name for the database and the data folder. Where tests share processes, the package may be set up twice."""
    return f"crossing_{uuid4().hex}"


@pytest.fixture(scope="package")
def logged() -> Iterator[BytesIO]:
    """Everything that our log and every library's write, from the first service call to the last request."""
    written = BytesIO()
    configure_logs(written)
    wrapper = TextIOWrapper(written, write_through=True)
    handler = logging.StreamHandler(wrapper)
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    # Or it would close what loggers that were made meanwhile go on writing to.
    wrapper.detach()
    structlog.reset_defaults()


@pytest.fixture(scope="package")
async def database(cluster: Cluster, template: str, settings: Settings, name: str) -> AsyncIterator[Database]:
    """A database of this package's own: what is counted and dumped here nobody else writes to."""
    await create_database(cluster.url("postgres", as_superuser=True), name, template=template)
    started = Database(EVERY_ROLE)
    await started.start(replace(settings, database_url=cluster.url(name)))
    await ensure_database(cluster.url(name, as_superuser=True), started)
    yield started
    await started.stop()


@pytest.fixture(scope="package")
async def superuser(cluster: Cluster, database: Database, name: str) -> AsyncIterator[asyncpg.Connection]:
    """Sees every row. The product has no such thing."""
    connection = await asyncpg.connect(cluster.url(name, as_superuser=True))
    yield connection
    await connection.close()


@pytest.fixture(scope="package")
def own_settings(settings: Settings, name: str) -> Settings:
    """The same keys, and a data folder of its own, so that all of it can be searched."""
    return replace(settings, data_path=settings.data_path / name)


@pytest.fixture(scope="package")
def front(own_settings: Settings, clock: Clock) -> Front:
    """The product's own site on this data folder."""
    return build(own_settings, clock)


@pytest.fixture(scope="package")
async def crossing(
    database: Database,
    front: Front,
    clock: Clock,
    own_settings: Settings,
    superuser: asyncpg.Connection,
    logged: BytesIO,
) -> AsyncIterator[Crossing]:
    """The whole world, and a browser for everybody."""
    stage = Stage(own_settings, database, composers_of(MAIL), lambda _: None, NOW)
    owner, provider_id = await provider(stage)
    async with AsyncExitStack() as stack:
        site = Site(front, own_settings, superuser, stack, clock)
        ours = await _whole_way(site, await affiliate(stage, owner, "kestrel"), is_ours=True)
        theirs = await _whole_way(site, await affiliate(stage, owner, "harbour"), is_ours=False)
        clock.now = NOW
        accounts = {
            "provider": provider_id,
            **{role.replace("_", "-"): account for role, account in ours.people.items()},
            **{f"other-{role.replace('_', '-')}": account for role, account in theirs.people.items()},
            **await _viewers(ours, theirs),
        }
        made = Crossing(site, owner, ours, theirs, accounts, logged)
        await contest(superuser, await made.browser("client-hq"), ours, SHOPPER)
        await contest(superuser, await made.browser("other-affiliate-client"), theirs, visitor_of(theirs.name))
        for one in (ours, theirs):
            await a_copy(one, site.settings)
        await deliver(stage, NOW, _unsent)
        yield made


async def _unsent() -> int:
    """How much mail should be out by now. Role.WORKER."""
    statement = "SELECT count(*) FROM ops.delivery WHERE state IN ('queued', 'sending') AND not_before <= $1"
    return int(await connection().fetchval(statement, NOW))


async def _whole_way(site: Site, one: Affiliate, *, is_ours: bool) -> Affiliate:
    """List, panel, a closed and released study, one that is open, a draft, and a shopper."""
    tag = one.name
    rows = [Person(f"{tag}{number}@{tag}.example").row(STORE if number % 2 else "S2") for number in range(CROWD)]
    import_id = await bring_in(one.stage, one.ground, rows + ([CANARY.row(), SPOILT.row()] if is_ours else []))
    panel_id, member_id = await join(one, MEMBER if is_ours else Person(f"member@{tag}.example"), PROFILE)
    closed = await launch(one.stage, one.ground, CLOSED)
    if is_ours:
        site.clock.now = one.stage.day(CLOSED.opens_days_ago - 2)
        await answer_as_canary(site, one.stage)
    await answer(one.stage, one.ground, closed, CLOSED)
    await close(one.stage, one.ground, closed, CLOSED)
    opened = await launch(one.stage, one.ground, OPEN)
    one.ids.update(import_id=import_id, panel_id=panel_id, member_id=member_id, closed=closed, opened=opened)
    one.ids["draft"] = await draft(one)
    await campaign(one)
    await _shopped(site, one, SHOPPER if is_ours else visitor_of(tag))
    return one


async def _shopped(site: Site, one: Affiliate, who: Visitor) -> None:
    """A shopper with a shop under way, one read, one contested, one that pays, and what goes with asking for one."""
    await a_shopper(one, site.superuser, who.typed)
    first, second, third, last = await a_wave(one, site.superuser)
    await a_draft(one, first, who)
    await a_report(one, second, who)
    await a_rejection(one, third, who)
    await a_release(one, site.superuser, last, who)
    await some_pay(one, site.superuser, who.payout, who.tax_number)
    one.ids.update(await shown(one, site.superuser, who))
    await know_the_rest(one, site.superuser)
    there = await shop_world(site.superuser, site.settings, one.ids["affiliate_id"])
    me = Shopper(one.ids["shopper_id"], one.ids["affiliate_id"], one.people["shopper"])
    one.ids["mark_id"] = await let_down(there, me)
    one.ids["extension_id"] = await another_day(there, me, who.wish)
    # Somebody else who works for the same company.
    one.ids["neighbour_id"] = (await there.shopper("Somebody Else")).id
    one.ids.update(await scheduled(there, me, who))
    async with transaction(Role.STAFF, affiliate=one.ids["affiliate_id"]):
        await proving.ask_for(one.scope, one.ids["affiliate_id"], NOW)
    one.ids["run_id"] = await site.superuser.fetchval(RUN, one.ids["affiliate_id"])


async def _viewers(ours: Affiliate, theirs: Affiliate) -> dict[str, UUID]:
    """Viewers of our client at its head and at a store, and at the heads of two other clients, each with a release."""
    second = await another_client(ours, "Lantern Books")
    await bring_in(ours.stage, second, [Person(f"reader{number}@lantern.example").row() for number in range(CROWD)])
    study_id = await launch(ours.stage, second, CLOSED)
    await answer(ours.stage, second, study_id, CLOSED)
    await close(ours.stage, second, study_id, CLOSED)
    return {
        "client-hq": await viewer(ours, ours.ground, await root_of(ours.ground)),
        "client-store": await viewer(ours, ours.ground, place_of(ours.ground, STORE)),
        "other-client": await viewer(ours, second, await root_of(second)),
        "other-affiliate-client": await viewer(theirs, theirs.ground, await root_of(theirs.ground)),
    }
