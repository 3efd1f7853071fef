"""From settings to a database that is ready: started if it is the embedded one, roles made, migrated."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from survey.settings import Settings

from .bootstrap import create_database, ensure_database, ensure_roles
from .database import EVERY_ROLE, Database
from .embedded import DATABASE, Cluster, running_address, start_cluster
from .errors import EmbeddedDatabaseError
from .migrations import Step, migrate_forwards, steps


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database that is ready: the migrations run for it, and the embedded cluster if this process runs it."""

    steps: list[Step]
    cluster: Cluster | None

    def revive(self) -> bool:
        """Start the embedded database again if it has died; returns whether it had. To be called every few seconds."""
        return self.cluster is not None and self.cluster.revive()


@contextmanager
def prepared(settings: Settings) -> Iterator[Prepared]:
    """A database that is there and migrated for as long as the block lasts.

    Call it from the main thread and outside the event loop: the embedded database dies with the thread that starts it.
    """
    with _served(settings) as cluster:
        yield Prepared(asyncio.run(make_ready(settings, cluster)), cluster)


def migrate(settings: Settings) -> list[Step]:
    """For the command line: run what is pending, and say what that was."""
    with prepared(settings) as ready:
        return ready.steps


def status(settings: Settings) -> list[Step]:
    """For the command line: every migration, and whether the database has it."""
    with _served(settings):
        return asyncio.run(_steps(settings))


async def make_ready(settings: Settings, cluster: Cluster | None = None) -> list[Step]:
    """Make the roles and the empty database where we may, then migrate."""
    if cluster:
        await create_database(cluster.url("postgres", as_superuser=True), DATABASE)
    admin_url = cluster.url(DATABASE, as_superuser=True) if cluster else settings.database_url
    database = Database(EVERY_ROLE)
    await database.start(settings)
    try:
        if admin_url:
            await ensure_roles(admin_url, settings.database_secret)
            await ensure_database(admin_url, database)
        return await migrate_forwards(database)
    finally:
        await database.stop()


@contextmanager
def _served(settings: Settings) -> Iterator[Cluster | None]:
    """The embedded cluster if this process has to run it; None where another one serves."""
    if not settings.is_embedded or running_address(settings.data_path):
        yield None
        return
    if settings.is_production:
        raise EmbeddedDatabaseError("the embedded database is refused in production: set DATABASE_URL")
    cluster = start_cluster(settings.data_path, settings.postgres_bin)
    try:
        yield cluster
    finally:
        cluster.stop()


async def _steps(settings: Settings) -> list[Step]:
    database = Database(EVERY_ROLE)
    await database.start(settings)
    try:
        return await steps()
    finally:
        await database.stop()
