"""Fixtures for everybody: a PostgreSQL of the tests' own, databases copied from a migrated template, two tenants."""

import base64
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from survey.db import Database, Role, Scope, transaction
from survey.db.bootstrap import create_database, ensure_database
from survey.db.embedded import Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.settings import Settings, load

TEMPLATE = "candour"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def _key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Test keys, a data folder of its own, and no database: `database` and `fresh_database` bring theirs."""
    return load(
        {
            "CANDOUR_ENV": "test",
            "CANDOUR_BASE_URL": "https://testserver.local",
            "CANDOUR_DATA": str(tmp_path_factory.mktemp("data")),
            "CANDOUR_MAIL_DOMAIN": "candour.test",
            "CANDOUR_DATABASE_SECRET": _key(1),
            "CANDOUR_KEKS": f"1:{_key(2)}",
            "CANDOUR_TOKEN_KEYS": _key(3),
            "CANDOUR_INDEX_KEY": _key(4),
        }
    )


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this test process, forgetful for speed."""
    folder = Path(tempfile.mkdtemp(prefix="candour-test-"))
    folder.chmod(0o711)
    started = start_cluster(folder, is_durable=False)
    yield started
    started.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def template(cluster: Cluster, settings: Settings) -> str:
    """The name of a migrated database that nobody writes to."""
    await make_ready(replace(settings, database_url=cluster.url(TEMPLATE)), cluster)
    return TEMPLATE


@pytest.fixture(scope="session")
async def database(cluster: Cluster, template: str, settings: Settings) -> AsyncIterator[Database]:
    """A started database for the whole run. Tests share it: make your own affiliate with `world`."""
    started = await _copy(cluster, settings, "shared")
    yield started
    await started.stop()


@pytest.fixture
async def fresh_database(cluster: Cluster, template: str, settings: Settings) -> AsyncIterator[Database]:
    """A started database that holds nothing, for one test."""
    started = await _copy(cluster, settings, f"fresh_{uuid4().hex}")
    yield started
    await started.stop()


async def _copy(cluster: Cluster, settings: Settings, name: str) -> Database:
    await create_database(cluster.url("postgres", as_superuser=True), name, template=TEMPLATE)
    copied = Database()
    await copied.start(replace(settings, database_url=cluster.url(name)))
    await ensure_database(cluster.url(name, as_superuser=True), copied)
    return copied


@dataclass(frozen=True, slots=True)
class World:
    """Two affiliates that must never see one another."""

    alices: Scope
    charlies: Scope


@pytest.fixture
async def world(database: Database) -> World:
    """Two new affiliates, alice's and charlie's, each with its scope."""
    return World(await affiliate_scope("alice's"), await affiliate_scope("charlie's"))


async def affiliate_scope(name: str) -> Scope:
    """A new affiliate in the database that is started, and the scope of its manager."""
    affiliate_id: UUID = uuid4()
    async with transaction(Role.PROVIDER) as connection:
        await connection.execute(
            "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
            " VALUES ($1, 'affiliate', $2, $3, '1 High Street, Testford', 'office@affiliate.test', $4)",
            affiliate_id,
            name,
            f"{name.strip(chr(39) + 's')}-{affiliate_id.hex[:12]}",
            NOW,
        )
    return Scope(affiliate_id=affiliate_id, account_id=uuid4(), role="manager")
