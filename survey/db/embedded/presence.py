"""What PostgreSQL says of itself in `postmaster.pid`, and whether that is still so."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..errors import EmbeddedDatabaseError

FOLDER = "postgres"
DATABASE = "candour"
PAUSE_SECONDS = 0.02
LINES_WHEN_COMPLETE = 8


@dataclass(frozen=True, slots=True)
class Presence:
    """A line each of `postmaster.pid`: after a crash it is a lie, so that `is_true` must be asked."""

    process: int
    data: Path
    host: str
    port: int
    status: str

    @property
    def is_true(self) -> bool:
        """Whether the process that wrote the file still runs, and is PostgreSQL on this very folder."""
        try:
            command = Path(f"/proc/{self.process}/cmdline").read_bytes().split(b"\0")
        except FileNotFoundError:
            return not Path("/proc/self").exists() and _is_alive(self.process)
        except PermissionError:
            return True
        return str(self.data).encode() in command

    @property
    def is_ready(self) -> bool:
        """Whether it takes connections."""
        return self.status == "ready"


def presence_in(home: Path) -> Presence | None:
    """What the file of this home says, or None if there is none or it is half written."""
    data = home / "data"
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return None
    if len(lines) < LINES_WHEN_COMPLETE or not lines[0].isdigit():
        return None
    return Presence(int(lines[0]), data, lines[4] or lines[5], int(lines[3]), lines[7].strip())


def url_of(host: str, port: int, database: str = DATABASE, *, credentials: str = "") -> str:
    """A URL for asyncpg. A host that begins with a slash is the folder of a unix socket."""
    return f"postgresql://{credentials}/{quote(database)}?host={quote(host, safe='')}&port={port}"


def wait_until_gone(home: Path, seconds: float) -> None:
    """An owner that was killed leaves a server that is just stopping; starting beside it would fail."""
    deadline = time.monotonic() + seconds
    while (present := presence_in(home)) and present.is_true:
        if time.monotonic() > deadline:
            raise EmbeddedDatabaseError(f"an older PostgreSQL (process {present.process}) still runs in {home}")
        time.sleep(PAUSE_SECONDS)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
