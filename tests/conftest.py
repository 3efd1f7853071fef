"""Fixtures for everybody: a PostgreSQL of the tests' own, databases copied from a migrated template, two tenants."""

import asyncio
import base64
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from survey.db import Database, Role, Scope, transaction
from survey.db.bootstrap import create_database, drop_database, ensure_database
from survey.db.database import EVERY_ROLE
from survey.db.embedded import DATABASE, Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.settings import Settings, load

# How long one example takes says how busy the machine is, not whether the answer is right. The examples are the same in
# every run, so that a red one is the fault of what was changed; CANDOUR_HYPOTHESIS=explore draws new ones.
BUSY = [HealthCheck.too_slow]
hypothesis_settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=BUSY)
hypothesis_settings.register_profile("explore", deadline=None, suppress_health_check=BUSY)
hypothesis_settings.load_profile(os.environ.get("CANDOUR_HYPOTHESIS", "house"))

SHARED = "shared"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def key_text(number: int) -> str:
    """A test key, as the environment carries it."""
    return base64.b64encode(bytes([number]) * 32).decode()


TEST_ENVIRONMENT = {
    "CANDOUR_ENV": "test",
    "CANDOUR_BASE_URL": "https://testserver.local",
    "CANDOUR_MAIL_DOMAIN": "candour.test",
    "CANDOUR_DATABASE_SECRET": key_text(1),
    "CANDOUR_KEKS": f"1:{key_text(2)}",
    "CANDOUR_TOKEN_KEYS": key_text(3),
    "CANDOUR_INDEX_KEY": key_text(4),
}


@pytest.fixture(scope="session")
def reachable_folder() -> Iterator[Path]:
    """A folder that another user may pass through; pytest's own are closed, and root's PostgreSQL is another user."""
    folder = Path(tempfile.mkdtemp(prefix="candour-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(reachable_folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL server of this test process, forgetful for speed."""
    started = start_cluster(reachable_folder, is_durable=False)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def settings(cluster: Cluster, reachable_folder: Path) -> Settings:
    """Test keys, a data folder of its own, and the database that `database` brings to life."""
    return load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(reachable_folder), "DATABASE_URL": cluster.url(SHARED)})


@pytest.fixture(scope="session")
async def template(cluster: Cluster, settings: Settings) -> str:
    """The name of a migrated database that nobody writes to."""
    await make_ready(replace(settings, database_url=cluster.url(DATABASE)), cluster)
    return DATABASE


@pytest.fixture(scope="session")
async def database(cluster: Cluster, template: str, settings: Settings) -> AsyncIterator[Database]:
    """A started database for the whole run. Tests share it: make your own affiliate with `world`."""
    async with _copy(cluster, settings, SHARED) as started:
        yield started


@pytest.fixture
async def fresh_database(cluster: Cluster, template: str, settings: Settings) -> AsyncIterator[Database]:
    """A started database that holds nothing, for one test."""
    name = f"fresh_{uuid4().hex}"
    async with _copy(cluster, settings, name) as started:
        yield started
    await drop_database(cluster.url("postgres", as_superuser=True), name)


@pytest.fixture
async def superuser(cluster: Cluster, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Sees every row of the shared database, to check what the product has written. The product has no such thing."""
    connection = await asyncpg.connect(cluster.url(SHARED, as_superuser=True))
    yield connection
    await connection.close()


@asynccontextmanager
async def _copy(cluster: Cluster, settings: Settings, name: str) -> AsyncIterator[Database]:
    await create_database(cluster.url("postgres", as_superuser=True), name, template=DATABASE)
    copied = Database(EVERY_ROLE)
    await copied.start(replace(settings, database_url=cluster.url(name)))
    await ensure_database(cluster.url(name, as_superuser=True), copied)
    yield copied
    await copied.stop()


@dataclass(frozen=True, slots=True)
class World:
    """Two affiliates that must never see one another."""

    alices: Scope
    charlies: Scope


@pytest.fixture
async def world(database: Database) -> World:
    """Two new affiliates, alice's and charlie's, each with its manager's scope."""
    return World(await new_affiliate("alice's"), await new_affiliate("charlie's"))


async def new_affiliate(name: str) -> Scope:
    """A new affiliate in the database that was started last, and the scope of its manager."""
    affiliate_id = uuid4()
    async with transaction(Role.PROVIDER) as connection:
        await connection.execute(
            "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
            " VALUES ($1, 'affiliate', $2, $3, '1 High Street, Testford', 'office@affiliate.test', $4)",
            affiliate_id,
            name,
            f"tenant-{affiliate_id.hex}",
            NOW,
        )
    return Scope(affiliate_id=affiliate_id, account_id=uuid4(), role="manager")


# Modules that look at the demo world. They go to one worker, so that it is built once in a run.
AT_THE_DEMO = {
    f"tests/survey/{name}.py"
    for name in (
        *("demo/test_counts", "demo/test_shops", "demo/test_two_minutes", "demo/test_world"),
        *("promises/test_checks", "promises/test_copies", "promises/test_proving", "promises/test_shoppers"),
        "promises/test_twin",
    )
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what changes the demo world behind all that looks at it, in the order in which it is written."""
    changing = [item for item in items if item.get_closest_marker("changes_the_demo")]
    others = [item for item in items if item not in changing]
    looking = [place for place, item in enumerate(others) if item.nodeid.partition("::")[0] in AT_THE_DEMO]
    end = max(looking, default=len(others) - 1) + 1
    items[:] = [*others[:end], *sorted(changing, key=_line), *others[end:]]


def _line(item: pytest.Item) -> tuple[str, int]:
    path, line, _ = item.location
    return path, line or 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """File by file, but for those that share a world."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # noqa: PLC0415

    class Together(LoadFileScheduling):  # type: ignore[misc]
        """One scope for the modules that share a world."""

        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return "the demo world" if file in AT_THE_DEMO else file

    return Together(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of a run: how many browser journeys were not made. Asked for late, to stand below pytest's own."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    skipped = sum("browser" in report.keywords for report in reporter.stats.get("skipped", ()))
    reporter.write_line(f"browser journeys skipped because there is no Chromium: {skipped}")


def unheard_of() -> str:
    """A word that nobody has used before, without digits: sixteen of them might by chance be a card's number."""
    return uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))


async def until_somebody_waits(owner: asyncpg.Connection, role: Role = Role.STAFF) -> None:
    """Return when a session of a role waits for what another one holds. Raises TimeoutError."""
    waiting = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = $1"
        " AND datname = current_database())"
    )
    async with asyncio.timeout(60):
        while not await owner.fetchval(waiting, f"candour_{role}"):  # noqa: ASYNC110 - another session tells
            await asyncio.sleep(0.02)
