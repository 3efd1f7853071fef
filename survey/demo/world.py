"""The demo world: built once, by running the product's services on past days, and found again afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import uvloop

from survey.affiliates import service as affiliates
from survey.clients import service as clients
from survey.db import Database, Keyset, Role, Scope, transaction
from survey.mail.composing import Composer
from survey.promises import service as promises
from survey.questionnaires.domain import store_visit
from survey.settings import Settings

from . import cast, people
from .customers import ListPlan
from .fieldwork import Ground, Wave, answer, close, launch, opt_outs, questionnaire
from .geography import SHOWN_STORE, book_tree, coffee_tree
from .lists import client, codes_by_location, customers
from .panelists import panel
from .shopping import shops
from .stage import Say, Stage

# Its presence says that a first run was interrupted: what was made so far is no world.
UNFINISHED = "demo-unfinished"
COFFEE_PEOPLE = 1200
BOOK_PEOPLE = 160

COFFEE_WAVES = (
    Wave("Visits, two months ago", "Your visit to Brightwater Coffee", 68, 54, 0, 700),
    Wave("Visits, last month", "Your visit to Brightwater Coffee", 36, 22, 1, 720),
    Wave("Visits, this month", "Your visit to Brightwater Coffee", 3, -11, 2, 180),
)
KESTREL_STAFF = (cast.ADMINISTRATOR, cast.MANAGER, cast.SCHEDULER, cast.EDITOR, cast.PAYROLL)
BOOK_WAVE = Wave("Autumn readers", "Your visit to Lantern Books", 45, 31, 0, 110)


def is_unfinished(settings: Settings) -> bool:
    """Whether an earlier run ended before the world was whole, so that it has to be made anew."""
    return _mark(settings).exists()


def ensure_world(settings: Settings, say: Say, composers: Mapping[str, Composer]) -> None:
    """Build the world unless there is one. Call it outside the event loop, with the database ready."""
    uvloop.run(_ensure(settings, say, composers))


async def _ensure(settings: Settings, say: Say, composers: Mapping[str, Composer]) -> None:
    database = Database()
    await database.start(settings)
    try:
        if await _is_there():
            return
        _mark(settings).touch()
        stage = Stage(settings, database, composers, say, datetime.now(UTC))
        await build(stage)
        await _verify(stage)
        _mark(settings).unlink()
    finally:
        await database.stop()


async def build(stage: Stage) -> None:
    """Everything, from an empty database; `stage.scale` times as many people as the demo has."""
    with stage.step("building the demo world"):
        owner = await people.provider(stage)
        kestrel = await people.affiliate(stage, owner, cast.KESTREL, KESTREL_STAFF)
        coffee = await _coffee(stage, kestrel[cast.MANAGER.slug])
        await panel(stage, kestrel[cast.MANAGER.slug])
        harbour = await people.affiliate(stage, owner, cast.HARBOUR, (cast.OTHER,))
        await _books(stage, harbour[cast.OTHER.slug])
        await shops(stage, kestrel, harbour, coffee)


async def _coffee(stage: Stage, scope: Scope) -> UUID:
    """Brightwater Coffee: two released waves, and one that is being answered; the client's id."""
    ground = await _ground(stage, scope, cast.BRIGHTWATER, "coffee", COFFEE_PEOPLE)
    await _viewers(stage, ground)
    for wave in COFFEE_WAVES:
        study_id = await launch(stage, ground, wave)
        await answer(stage, ground, study_id, wave)
        if wave.number == 0:
            await opt_outs(scope, study_id, stage.scaled(14), stage.day(wave.opens_days_ago - 3))
        if wave.closes_days_ago > 0:
            await close(stage, ground, study_id, wave)
    return ground.client_id


async def _books(stage: Stage, scope: Scope) -> None:
    """Lantern Books, a client of the other company: one small study."""
    ground = await _ground(stage, scope, cast.LANTERN, "books", BOOK_PEOPLE)
    study_id = await launch(stage, ground, BOOK_WAVE)
    await answer(stage, ground, study_id, BOOK_WAVE)
    await close(stage, ground, study_id, BOOK_WAVE)


async def _ground(stage: Stage, scope: Scope, name: str, short: str, many: int) -> Ground:
    tree = coffee_tree() if short == "coffee" else book_tree()
    client_id = await client(scope, name, tree, stage.day(100))
    stores = [draft.code for draft in tree if draft.level == "store"]
    visited = (stage.day(98).date(), stage.day(72).date())
    await customers(stage, scope, client_id, ListPlan(short, stage.scaled(many), stores, visited), stage.day(70))
    version_id = await questionnaire(scope, "After a visit", store_visit(), stage.day(90))
    return Ground(scope, client_id, version_id, await codes_by_location(scope, client_id))


async def _viewers(stage: Stage, ground: Ground) -> None:
    scope = ground.scope
    store_id: UUID = next(place for place, code in ground.codes.items() if code == SHOWN_STORE)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        root = await clients.root_of(scope, ground.client_id)
    await people.viewer(stage, scope, cast.HEADQUARTERS, ground.client_id, root.id)
    await people.viewer(stage, scope, cast.STORE, ground.client_id, store_id)


async def _verify(stage: Stage) -> None:
    with stage.step("checking every promise"):
        await promises.verify_all(stage.settings, stage.database)


async def _is_there() -> bool:
    async with transaction(Role.PROVIDER):
        return bool((await affiliates.affiliates("", "", Keyset())).rows)


def _mark(settings: Settings) -> Path:
    return settings.data_path / UNFINISHED
