"""The demo world, built once by the services in a database of its own, for every module that looks at it.

Whoever changes it puts it back: other modules of the same run see the same world.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from survey import worker
from survey.db import Database
from survey.db.bootstrap import create_database, drop_database, ensure_database
from survey.db.database import EVERY_ROLE
from survey.db.embedded import DATABASE, Cluster
from survey.demo.stage import Stage
from survey.demo.world import build
from survey.mail.composing import composers_of
from survey.settings import Environment, Settings


@dataclass(frozen=True, slots=True)
class Played:
    """The world, and somebody who may do anything to it, as no process of the product can."""

    settings: Settings
    database: Database
    superuser: asyncpg.Connection
    said: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Built:
    """A world that nobody is connected to. said: what its building told; now: the present it was counted back from."""

    settings: Settings
    url: str
    said: tuple[str, ...]
    now: datetime


@pytest.fixture(scope="session")
async def built_world(
    cluster: Cluster, template: str, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Built]:
    """The whole world, once in this process."""
    name = f"played_{uuid4().hex}"
    await create_database(cluster.url("postgres", as_superuser=True), name, template=DATABASE)
    own: Path = tmp_path_factory.mktemp("played")
    here = replace(settings, environment=Environment.DEMO, database_url=cluster.url(name), data_path=own)
    database = Database(EVERY_ROLE)
    await database.start(here)
    await ensure_database(cluster.url(name, as_superuser=True), database)
    said: list[str] = []
    stage = Stage(here, database, composers_of(worker.MAIL), said.append, datetime.now(UTC))
    await build(stage)
    await database.stop()
    yield Built(here, cluster.url(name, as_superuser=True), tuple(said), stage.now)
    await drop_database(cluster.url("postgres", as_superuser=True), name)


@pytest.fixture(scope="module")
async def played(built_world: Built) -> AsyncIterator[Played]:
    """The world for one module: while it runs, this is the database that services find."""
    database = Database(EVERY_ROLE)
    await database.start(built_world.settings)
    superuser = await asyncpg.connect(built_world.url)
    yield Played(built_world.settings, database, superuser, built_world.said, built_world.now)
    await superuser.close()
    await database.stop()
