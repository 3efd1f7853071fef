"""Everything that runs: a database, the site on a port of its own, the worker, and the mailbox where its mail ends."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx

from survey.accounts import service as accounts
from survey.accounts.domain import AccountRole, Invitee, Place
from survey.accounts.service import NewAccount
from survey.affiliates import service as affiliates
from survey.affiliates.domain import Draft
from survey.db import Database, Role, Scope, transaction
from survey.db.bootstrap import create_database, drop_database, ensure_database
from survey.db.database import EVERY_ROLE
from survey.db.embedded import DATABASE, Cluster
from survey.mail.mailbox import Caught, find_source, folder_of, messages, parsed, part_of
from survey.settings import Settings, load
from survey.worker import run_worker
from tests.conftest import TEST_ENVIRONMENT
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
NAME = "journeys"
PASSWORD = "seven quiet otters cross at dusk"
COMPANY = "Kestrel Field Research", "14 Mill Lane, York YO1 9XX"
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Town:
    """The running site, and the scope of whoever speaks: of the platform, or of a research company that works there."""

    settings: Settings
    scope: Scope

    async def with_company(self, slug: str) -> "Town":
        """The same site as a new research company sees it."""
        name, postal_address = COMPANY
        draft = Draft(f"{name} {slug}", slug, postal_address, f"office@{slug}.example")  # no two may look the same
        async with transaction(Role.PROVIDER):
            affiliate_id = await affiliates.create_affiliate(self.scope, draft, datetime.now(UTC))
        return replace(self, scope=Scope(affiliate_id, actor_kind="system"))

    @property
    def origin(self) -> str:
        """Where the site answers."""
        return self.settings.base_url

    async def account(self, role: AccountRole, email: str, place: Place | None = None) -> UUID:
        """Somebody who may sign in with PASSWORD."""
        async with transaction(Role.STAFF, affiliate=self.scope.affiliate_id):
            new = NewAccount(Invitee(email, "Robin Vale", role, place), PASSWORD)
            return await accounts.create_account(self.scope, self.settings, new, datetime.now(UTC))

    def mail(self) -> list[Caught]:
        """What has arrived in the mailbox, the newest first."""
        return messages(folder_of(self.settings))

    def text_to(self, address: str) -> str:
        """The newest message to an address, as text."""
        newest = next(caught for caught in self.mail() if caught.to == address)
        source = find_source(folder_of(self.settings), newest.id)
        assert source
        return part_of(parsed(source), "plain")


@asynccontextmanager
async def opened_town(cluster: Cluster, folder: Path) -> AsyncIterator[Town]:
    """The site and its worker, on a new copy of the migrated database."""
    environment = _environment(cluster, folder)
    settings, database = load(environment), Database(EVERY_ROLE)
    superuser = cluster.url("postgres", as_superuser=True)
    await create_database(superuser, NAME, template=DATABASE)
    await database.start(settings)
    await ensure_database(cluster.url(NAME, as_superuser=True), database)
    try:
        async with _web(environment, settings.base_url), _worker(settings):
            yield Town(settings, await _platform())
    finally:
        await database.stop()
        await drop_database(superuser, NAME)


def _environment(cluster: Cluster, folder: Path) -> dict[str, str]:
    port = str(free_port())
    return TEST_ENVIRONMENT | {
        "CANDOUR_BASE_URL": f"http://127.0.0.1:{port}",
        "CANDOUR_DATA": str(folder),
        "CANDOUR_PLAIN_HTTP_COOKIES": "1",
        "DATABASE_URL": cluster.url(NAME),
        "PORT": port,
    }


async def _platform() -> Scope:
    async with transaction(Role.PROVIDER):
        return await affiliates.create_provider(
            Draft("Candour Platform", "candour", "1 Harbour Walk, Bristol BS1 5XX", "office@candour.example"),
            datetime.now(UTC),
        )


@asynccontextmanager
async def _web(environment: Mapping[str, str], origin: str) -> AsyncIterator[None]:
    command = (sys.executable, "-m", "survey.cli", "serve")
    process = await create_subprocess_exec(
        *command, cwd=ROOT, env=os.environ | environment, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as visitor:
            while not await _answers(visitor, origin):  # noqa: ASYNC110 - a port says nothing when it opens
                await asyncio.sleep(0.1)
        yield
    finally:
        process.terminate()
        await process.wait()


async def _answers(visitor: httpx.AsyncClient, origin: str) -> bool:
    try:
        return (await visitor.get(f"{origin}/sign-in")).status_code == 200
    except httpx.TransportError:
        return False


@asynccontextmanager
async def _worker(settings: Settings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(settings, stop))
    try:
        yield
    finally:
        stop.set()
        await working
