"""Roles and the empty database, on the embedded server and on one where we are not the superuser."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.db.bootstrap import ensure_roles
from survey.db.diagnosis import findings, judged
from survey.db.embedded import Cluster, start_cluster
from survey.db.errors import RoleRefused, UnsafeRole
from survey.db.preparation import make_ready, migrate, status
from survey.db.roles import password_of
from survey.db.scram import verifier_of
from survey.settings import Settings, load
from tests.conftest import TEST_ENVIRONMENT

MANAGED_ADMIN = "landlord"
PROGRAMS = [None, *(path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")))]


@pytest.fixture(params=PROGRAMS, ids=lambda path: "embedded" if path is None else path.parent.name)
async def managed(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Cluster, Settings]]:
    """A server that somebody else runs: we are given a database and a user who may create roles, no more."""
    folder = Path(tempfile.mkdtemp(prefix="candour-test-"))
    folder.chmod(0o711)
    cluster = start_cluster(folder, request.param, is_durable=False)
    superuser = await asyncpg.connect(cluster.url("postgres", as_superuser=True))
    await superuser.execute(f"CREATE ROLE {MANAGED_ADMIN} LOGIN CREATEROLE PASSWORD 'rent'")
    await superuser.execute(f"CREATE DATABASE flat OWNER {MANAGED_ADMIN}")
    await superuser.close()
    url = cluster.url("flat").replace("://", f"://{MANAGED_ADMIN}:rent@")
    yield cluster, load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(folder), "DATABASE_URL": url})
    cluster.stop()
    shutil.rmtree(folder)


@pytest.fixture
def own_settings() -> Iterator[Settings]:
    """Settings with an embedded database of their own."""
    folder = Path(tempfile.mkdtemp(prefix="candour-test-"))
    folder.chmod(0o711)
    yield load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(folder)})
    shutil.rmtree(folder)


async def test_without_being_superuser_everything_can_be_made_and_made_again(managed: tuple[Cluster, Settings]) -> None:
    _, settings = managed
    assert len(await make_ready(settings)) >= 2
    assert await make_ready(settings) == []
    database = Database()
    await database.start(settings)
    async with transaction(Role.STAFF) as here:
        assert await here.fetchval("SELECT session_user") == "candour_staff"
    assert await findings(settings) == []
    await database.stop()


async def test_a_role_that_could_step_over_the_fences_stops_the_start(managed: tuple[Cluster, Settings]) -> None:
    cluster, settings = managed
    await make_ready(settings)
    await _as_superuser(cluster, "ALTER ROLE candour_staff BYPASSRLS")
    with pytest.raises(UnsafeRole, match="candour_staff"):
        await ensure_roles(str(settings.database_url), settings.database_secret)


async def test_doctor_names_each_fault(managed: tuple[Cluster, Settings]) -> None:
    cluster, settings = managed
    assert "candour_owner cannot sign in" in (await findings(settings))[0]
    await make_ready(settings)
    await _as_superuser(cluster, "ALTER ROLE candour_staff BYPASSRLS")
    await _as_superuser(cluster, "GRANT CREATE ON SCHEMA public TO PUBLIC", "flat")
    await _as_superuser(cluster, "DELETE FROM ops.migration WHERE app_name = 'survey'", "flat")
    found = " ".join(await findings(settings))
    assert "candour_staff" in found
    assert "schema public" in found
    assert "migrations are pending" in found


def test_doctor_names_an_old_server_a_wrong_clock_and_a_line_in_clear() -> None:
    late = timedelta(seconds=-61)
    assert ["14" in finding for finding in judged(14, timedelta(), is_in_clear=False)] == [True]
    assert ["clocks" in finding for finding in judged(15, late, is_in_clear=False)] == [True]
    assert ["in clear" in finding for finding in judged(18, timedelta(), is_in_clear=True)] == [True]
    assert judged(15, timedelta(seconds=2), is_in_clear=False) == []


async def test_doctor_says_when_there_is_no_database(own_settings: Settings) -> None:
    assert "not running" in (await findings(own_settings))[0]


async def test_a_process_that_serves_people_cannot_become_the_owner(settings: Settings, template: str) -> None:
    database = Database()
    await database.start(settings)
    with pytest.raises(RoleRefused, match="candour_owner"):
        transaction(Role.OWNER)
    with pytest.raises(RoleRefused, match="candour_owner"):
        await database.connect(Role.OWNER)
    await database.stop()


async def test_after_a_new_secret_nobody_signs_in_until_roles_are_mended(
    managed: tuple[Cluster, Settings],
) -> None:
    _, settings = managed
    await make_ready(settings)
    rotated = replace(settings, database_secret=b"another secret, as long as it should be")
    database = Database()
    await database.start(rotated)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await database.connect(Role.STAFF)
    await make_ready(rotated)
    await (await database.connect(Role.STAFF)).close()
    await database.stop()


async def test_roles_have_different_passwords(database: Database, settings: Settings) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            settings.database_url,
            user=Role.CLIENT.login,
            password=password_of(Role.STAFF, settings.database_secret),
        )


async def test_only_imports_and_migrations_may_make_temporary_tables(database: Database) -> None:
    for role in set(Role) - {Role.OWNER, Role.WORKER}:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _temporary_table(role)
    for role in (Role.OWNER, Role.WORKER):
        await _temporary_table(role)


def test_migrate_starts_the_embedded_database_and_status_tells_what_is_there(own_settings: Settings) -> None:
    run = migrate(own_settings)
    assert [step.app for step in run][:1] == ["privacy"]
    assert migrate(own_settings) == []
    assert all(step.is_applied for step in status(own_settings))


def test_a_verifier_is_never_the_same_twice_and_does_not_hold_the_password() -> None:
    first, second = verifier_of("a password"), verifier_of("a password")
    assert first != second
    assert "a password" not in first
    assert first.startswith("SCRAM-SHA-256$4096:")


async def _temporary_table(role: Role) -> None:
    async with transaction(role) as here:
        await here.execute("CREATE TEMPORARY TABLE staging (a int) ON COMMIT DROP")


async def _as_superuser(cluster: Cluster, statement: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(cluster.url(database, as_superuser=True))
    await connection.execute(statement)
    await connection.close()
