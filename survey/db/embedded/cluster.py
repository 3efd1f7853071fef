"""The embedded development database: started, revived and stopped by the one process that owns it."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import structlog

from ..errors import EmbeddedDatabaseError
from .binaries import find_binaries
from .creation import ensure_data, superuser_password
from .presence import DATABASE, FOLDER, PAUSE_SECONDS, presence_in, url_of, wait_until_gone
from .unprivileged import Footing, footing_for, moved_home

START_SECONDS = 60
STOP_SECONDS = 20
LONGEST_SOCKET_BYTES = 100
LOG_BYTES = 10_000_000
LONGEST_COMPLAINT = 1000

log = structlog.get_logger("survey.db")

# Statements, their details and their parameters would carry into the log what people said.
QUIET = {
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}
TUNING = {"max_connections": "200", "shared_buffers": "128MB", "jit": "off", "timezone": "UTC"}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class Launch:
    """What is needed to start the server, and to start it again the same way."""

    footing: Footing
    host: str
    port: int
    is_durable: bool

    @property
    def log_path(self) -> Path:
        """PostgreSQL's own log."""
        return self.footing.home / "postgresql.log"


class Cluster:
    """A running PostgreSQL that dies with this process. `start_cluster` makes it."""

    def __init__(self, launch: Launch, password: str, lock: IO[str]) -> None:
        self.launch = launch
        self._password = password
        self._lock = lock
        self._process = _run(launch)

    @property
    def process_id(self) -> int:
        """The server's process."""
        return self._process.pid

    def url(self, database: str = DATABASE, *, as_superuser: bool = False) -> str:
        """Where to connect; with the superuser's name and password only for making roles and databases."""
        credentials = f"postgres:{self._password}@" if as_superuser else ""
        return url_of(self.launch.host, self.launch.port, database, credentials=credentials)

    def revive(self) -> bool:
        """Start the server again if it has died, at the same address. Returns whether it had.

        Call it from the thread that started the cluster, every now and then.
        """
        if self._process.poll() is None or self._lock.closed:
            return False
        log.warning("embedded database died and is started again", exit_code=self._process.returncode)
        self._process = _run(self.launch)
        return True

    def stop(self) -> None:
        """Stop without waiting for those who are still connected. Stopping twice does nothing."""
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if self._process.poll() is None:
                self._process.send_signal(how)
                _wait(self._process, STOP_SECONDS)
        self._lock.close()


def start_cluster(data_path: Path, named_binaries: Path | None = None, *, is_durable: bool = True) -> Cluster:
    """Start the database of this data folder; make it first if there is none.

    Call it from a thread that lives as long as the process: PostgreSQL dies with the thread that started it.
    Raises EmbeddedDatabaseError.
    """
    home = data_path.resolve() / FOLDER
    lock = _locked(home)
    try:
        binaries = find_binaries(named_binaries)
        footing = footing_for(binaries.folder, home)
        wait_until_gone(footing.home, STOP_SECONDS)
        password = superuser_password(home)
        ensure_data(footing, binaries, password, is_durable=is_durable)
        cluster = Cluster(Launch(footing, *_address(footing.home), is_durable), password, lock)
    except BaseException:
        lock.close()
        raise
    log.info("embedded development database", binaries=binaries.origin, version=binaries.version, by=footing.means)
    return cluster


def running_address(data_path: Path) -> tuple[str, int] | None:
    """Host (or the folder of its socket) and port of the data folder's database, if it runs."""
    home = data_path.resolve() / FOLDER
    for folder in (home, moved_home(home)):
        present = presence_in(folder)
        if present and present.is_ready and present.is_true:
            return present.host, present.port
    return None


def remove_cluster(data_path: Path) -> None:
    """Delete the data folder's database. Raises EmbeddedDatabaseError while it runs."""
    home = data_path.resolve() / FOLDER
    with _locked(home):
        wait_until_gone(home, STOP_SECONDS)
        shutil.rmtree(home)
    shutil.rmtree(moved_home(home), ignore_errors=True)


def _locked(home: Path) -> IO[str]:
    """Own the folder: a file lock, which the system lets go of when this process ends, however it ends."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("a+")
    except PermissionError as error:
        raise EmbeddedDatabaseError(f"no permission to use {home}: it belongs to another user") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        owner = lock.read().strip()
        lock.close()
        raise EmbeddedDatabaseError(
            f"the embedded database in {home} is run by process {owner}; stop that one, or set CANDOUR_DATA elsewhere"
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _address(home: Path) -> tuple[str, int]:
    """A unix socket in the data folder; a random port of this machine where the folder's path is too long for one."""
    if len(os.fsencode(home / ".s.PGSQL.5432")) <= LONGEST_SOCKET_BYTES:
        return str(home), 5432
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return "127.0.0.1", int(probe.getsockname()[1])


def _run(launch: Launch) -> subprocess.Popen[bytes]:
    """Start the server and wait until it takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        process = _spawn(launch)
        if _becomes_ready(launch, process, deadline):
            return process
        # After a crash the dead server's last children may hold its memory for a moment.
        if "shared memory block" not in _last_words(launch) and "already exists" not in _last_words(launch):
            break
        time.sleep(PAUSE_SECONDS * 10)
    raise EmbeddedDatabaseError(f"PostgreSQL did not start: {_last_words(launch)}")


def _spawn(launch: Launch) -> subprocess.Popen[bytes]:
    is_socket = launch.host.startswith("/")
    settings = QUIET | TUNING | ({} if launch.is_durable else FORGETFUL)
    settings |= {
        "port": str(launch.port),
        "listen_addresses": "" if is_socket else launch.host,
        "unix_socket_directories": launch.host if is_socket else "",
        "unix_socket_permissions": "0700",
    }
    command = [str(launch.footing.binaries / "postgres"), "-D", str(launch.footing.home / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    if launch.log_path.exists() and launch.log_path.stat().st_size > LOG_BYTES:
        launch.log_path.rename(launch.log_path.with_suffix(".log.old"))
    with launch.log_path.open("ab") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, **launch.footing.popen_arguments())


def _becomes_ready(launch: Launch, process: subprocess.Popen[bytes], deadline: float) -> bool:
    while process.poll() is None:
        present = presence_in(launch.footing.home)
        # After a crash the old file still says "ready"; only one with our own process counts.
        if present and present.is_ready and present.process == process.pid:
            return True
        if time.monotonic() > deadline:
            process.kill()
            process.wait()
        time.sleep(PAUSE_SECONDS)
    return False


def _last_words(launch: Launch) -> str:
    return launch.log_path.read_text(errors="replace")[-LONGEST_COMPLAINT:].strip()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return
