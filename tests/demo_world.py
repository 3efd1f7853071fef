"""The demo world at a twelfth of its size, built by the services in a database of its own, a module at a time."""

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

SCALE = 1 / 12


@dataclass(frozen=True, slots=True)
class Played:
    """The world, and somebody who may do anything to it, as no process of the product can."""

    settings: Settings
    database: Database
    superuser: asyncpg.Connection
    said: tuple[str, ...]


@pytest.fixture(scope="module")
async def played(
    cluster: Cluster, template: str, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Played]:
    """A small world of this module's own."""
    name = f"played_{uuid4().hex}"
    await create_database(cluster.url("postgres", as_superuser=True), name, template=DATABASE)
    own: Path = tmp_path_factory.mktemp("played")
    here = replace(settings, environment=Environment.DEMO, database_url=cluster.url(name), data_path=own)
    database = Database(EVERY_ROLE)
    await database.start(here)
    await ensure_database(cluster.url(name, as_superuser=True), database)
    superuser = await asyncpg.connect(cluster.url(name, as_superuser=True))
    said: list[str] = []
    await build(Stage(here, database, composers_of(worker.MAIL), said.append, datetime.now(UTC), SCALE))
    yield Played(here, database, superuser, tuple(said))
    await superuser.close()
    await database.stop()
    await drop_database(cluster.url("postgres", as_superuser=True), name)
