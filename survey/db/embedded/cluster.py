"""The embedded development database: made, started, watched and stopped by the process that owns it."""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

from survey.db.errors import EmbeddedDatabaseError

from .binaries import Binaries, find_binaries
from .unprivileged import Footing, footing_for, moved_home

FOLDER = "postgres"
DATABASE = "candour"
START_SECONDS = 60
STOP_SECONDS = 20
LONGEST_SOCKET_PATH = 100
LOG_BYTES = 10_000_000
PAUSE_SECONDS = 0.02

log = structlog.get_logger("survey.db")

# Statements and details would carry what people said into the log; parameters too.
QUIET = {
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}
TUNING = {"max_connections": "100", "shared_buffers": "128MB", "jit": "off", "timezone": "UTC"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(slots=True)
class Cluster:
    """A running PostgreSQL that dies with this process."""

    footing: Footing
    host: str
    port: int
    superuser_password: str
    process: subprocess.Popen[bytes]
    lock: IO[str]
    _is_stopped: bool = field(default=False)

    @property
    def log_path(self) -> Path:
        """PostgreSQL's own log."""
        return self.footing.home / "postgresql.log"

    def url(self, database: str = DATABASE, *, as_superuser: bool = False) -> str:
        """Where to connect; with the superuser's name and password only for making roles and databases."""
        user = f"postgres:{self.superuser_password}@" if as_superuser else ""
        return f"postgresql://{user}/{database}?host={self.host}&port={self.port}"

    def stop(self) -> None:
        """Stop, without waiting for those who are still connected. Stopping twice does nothing."""
        if self._is_stopped:
            return
        self._is_stopped = True
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(how)
                _waited(self.process, STOP_SECONDS)
        self.lock.close()


def start_cluster(data_path: Path, named_binaries: Path | None = None, *, is_durable: bool = True) -> Cluster:
    """Start the database of this data folder; make it first if there is none.

    Call it from a thread that lives as long as the process: PostgreSQL dies with the thread that started it.
    """
    home = data_path.resolve() / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    lock = _locked(home)
    try:
        binaries = find_binaries(named_binaries)
        footing = footing_for(binaries.folder, home)
        footing.own(footing.home)
        _wait_for_predecessor(footing)
        password = _superuser_password(home)
        _make(footing, binaries, password, is_durable=is_durable)
        host, port = _address(footing)
        process = _launch(footing, host, port, is_durable=is_durable)
        _wait_until_ready(footing, process)
    except BaseException:
        lock.close()
        raise
    log.info("embedded development database", port=port, binaries=binaries.origin, runs_as=footing.means)
    return Cluster(footing, host, port, password, process, lock)


def running_address(data_path: Path) -> tuple[str, int] | None:
    """Host (or socket folder) and port of the embedded database, from the file that PostgreSQL keeps of itself."""
    home = data_path.resolve() / FOLDER
    for folder in (home, moved_home(home)):
        lines = _status_lines(folder)
        if len(lines) >= 8 and lines[7].strip() == "ready" and _is_alive(int(lines[0])):
            return lines[4] or lines[5], int(lines[3])
    return None


def remove_cluster(data_path: Path) -> None:
    """Delete the embedded database of a data folder. Raises EmbeddedDatabaseError while it runs."""
    home = data_path.resolve() / FOLDER
    if home.exists():
        with _locked(home):
            shutil.rmtree(home)
    shutil.rmtree(moved_home(home), ignore_errors=True)


def _locked(home: Path) -> IO[str]:
    lock = (home / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        owner = lock.read().strip() or "another process"
        lock.close()
        raise EmbeddedDatabaseError(
            f"the embedded database in {home} is run by process {owner}; stop that one, or set CANDOUR_DATA elsewhere"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _superuser_password(home: Path) -> str:
    path = home / "superuser.secret"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text()


def _make(footing: Footing, binaries: Binaries, password: str, *, is_durable: bool) -> None:
    data = footing.home / "data"
    if data.exists():
        made_by = int((data / "PG_VERSION").read_text())
        if made_by != binaries.version:
            raise EmbeddedDatabaseError(
                f"the data in {data} was made by PostgreSQL {made_by}, but {binaries.folder} is {binaries.version}: "
                "point PG_BIN to the older programs, dump, and restore into a new data folder"
            )
        return
    half = footing.home / "data.half"
    shutil.rmtree(half, ignore_errors=True)
    password_file = footing.home / "initdb.secret"
    with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password)
    footing.own(password_file)
    try:
        _initdb(footing, binaries, half, password_file, is_durable=is_durable)
    finally:
        password_file.unlink()
    half.rename(data)


def _initdb(footing: Footing, binaries: Binaries, data: Path, password_file: Path, *, is_durable: bool) -> None:
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.version >= 17 else []
    arguments = [
        str(footing.binaries / "initdb"),
        f"--pgdata={data}",
        "--username=postgres",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        *locale,
        *([] if is_durable else ["--no-sync"]),
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, **footing.popen_arguments())
    if done.returncode != 0:
        raise EmbeddedDatabaseError(f"initdb failed: {done.stderr.strip()[-1000:]}")


def _address(footing: Footing) -> tuple[str, int]:
    """A unix socket in the data folder; a random port of this machine where the folder's path is too long for one."""
    socket_folder = footing.home
    if len(str(socket_folder / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET_PATH:
        return str(socket_folder), 5432
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return "127.0.0.1", int(probe.getsockname()[1])


def _launch(footing: Footing, host: str, port: int, *, is_durable: bool) -> subprocess.Popen[bytes]:
    is_socket = host.startswith("/")
    settings = QUIET | TUNING | ({} if is_durable else FORGETFUL)
    settings |= {
        "port": str(port),
        "listen_addresses": "" if is_socket else host,
        "unix_socket_directories": host if is_socket else "",
        "unix_socket_permissions": "0700",
    }
    command = [str(footing.binaries / "postgres"), "-D", str(footing.home / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with _log_file(footing).open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, **footing.popen_arguments())


def _log_file(footing: Footing) -> Path:
    path = footing.home / "postgresql.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.rename(path.with_suffix(".log.1"))
    path.touch(mode=0o600)
    return path


def _wait_until_ready(footing: Footing, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        lines = _status_lines(footing.home)
        # After a crash the old file still says "ready"; only the line with our own process counts.
        if len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(process.pid):
            return
        if process.poll() is not None:
            break
        time.sleep(PAUSE_SECONDS)
    process.kill()
    process.wait()
    said = (footing.home / "postgresql.log").read_text(errors="replace")[-800:]
    raise EmbeddedDatabaseError(f"PostgreSQL did not start: {said}")


def _wait_for_predecessor(footing: Footing) -> None:
    """A parent that was killed leaves a server that is just stopping; starting beside it would fail."""
    deadline = time.monotonic() + STOP_SECONDS
    while (lines := _status_lines(footing.home)) and _is_postgres(int(lines[0])):
        if time.monotonic() > deadline:
            raise EmbeddedDatabaseError(f"an older PostgreSQL (process {lines[0]}) still runs in {footing.home}")
        time.sleep(PAUSE_SECONDS)


def _status_lines(home: Path) -> list[str]:
    try:
        return (home / "data" / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return []


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _waited(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
