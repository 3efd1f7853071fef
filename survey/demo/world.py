"""The demo world: built once, by running the product's services on past days, and found again afterwards."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from survey.affiliates import service as affiliates
from survey.db import Database, Keyset, Role, transaction
from survey.mail.composing import Composer
from survey.promises import service as promises
from survey.promises.service import proving
from survey.settings import Settings

from . import asking, brands, cast, people
from .panelists import panel
from .shopping import Clients, shops
from .stage import Say, Stage

# Its presence says that a first run was interrupted: what was made so far is no world.
UNFINISHED = "demo-unfinished"


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
    """Everything, from an empty database."""
    with stage.step("building the demo world"):
        owner = await people.provider(stage)
        ours = await people.affiliate(stage, owner, cast.NORTHLIGHT, cast.NORTHLIGHT_STAFF)
        theirs = await people.affiliate(stage, owner, cast.BEACON, cast.BEACON_STAFF)
        await brands.wear(stage, cast.NORTHLIGHT.slug, ours[cast.ADMINISTRATOR.slug])
        await brands.wear(stage, cast.BEACON.slug, theirs[cast.OTHER.slug])
        manager, other = ours[cast.MANAGER.slug], theirs[cast.OTHER.slug]
        clients = Clients(
            coffee=await asking.coffee(stage, manager),
            outfitters=await asking.outfitters(stage, manager),
            union=await asking.union(stage, other),
        )
        await panel(stage, manager)
        await shops(stage, ours, theirs, clients)
    with stage.step("asking the worker for a search for shoppers with everybody’s eyes"):
        await proving.ask_for_all(stage.now)


async def _verify(stage: Stage) -> None:
    with stage.step("checking every promise"):
        await promises.verify_all(stage.settings, stage.database)


async def _is_there() -> bool:
    async with transaction(Role.PROVIDER):
        return bool((await affiliates.affiliates("", "", Keyset())).rows)


def _mark(settings: Settings) -> Path:
    return settings.data_path / UNFINISHED
