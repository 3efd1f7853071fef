"""The data folder of the embedded database: made once, with a generated password."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from ..errors import EmbeddedDatabaseError
from .binaries import Binaries
from .unprivileged import Footing

FIRST_WITH_BUILTIN_LOCALE = 17
LONGEST_COMPLAINT = 1000


def superuser_password(home: Path) -> str:
    """The password of `postgres`, generated on first use and kept beside the data, for our eyes only."""
    path = home / "superuser.secret"
    if not path.exists():
        _write_privately(path, secrets.token_urlsafe(24))
    return path.read_text()


def ensure_data(footing: Footing, binaries: Binaries, password: str, *, is_durable: bool) -> None:
    """Make the data folder, or check that these programs can read the one that is there."""
    data = footing.home / "data"
    if data.exists():
        _refuse_other_version(data, binaries)
        footing.adopt(data)
        return
    half = footing.home / "data.half"
    shutil.rmtree(half, ignore_errors=True)
    password_file = footing.home / "initdb.secret"
    _write_privately(password_file, password)
    footing.own(password_file)
    try:
        _initdb(footing, binaries, half, password_file, is_durable=is_durable)
    finally:
        password_file.unlink()
    # Only a folder that is complete gets the name; an interrupted start begins again.
    half.rename(data)


def _refuse_other_version(data: Path, binaries: Binaries) -> None:
    made_by = int((data / "PG_VERSION").read_text())
    if made_by != binaries.version:
        raise EmbeddedDatabaseError(
            f"the data in {data} was made by PostgreSQL {made_by}, but {binaries.folder} holds {binaries.version}: "
            "point PG_BIN to the older programs, dump the data, and restore it into a new data folder"
        )


def _initdb(footing: Footing, binaries: Binaries, data: Path, password_file: Path, *, is_durable: bool) -> None:
    has_builtin = binaries.version >= FIRST_WITH_BUILTIN_LOCALE
    builtin_locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [
        str(footing.binaries / "initdb"),
        f"--pgdata={data}",
        "--username=postgres",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        *(builtin_locale if has_builtin else ["--locale=C.UTF-8"]),
        *([] if is_durable else ["--no-sync"]),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **footing.popen_arguments())
    if done.returncode != 0:
        raise EmbeddedDatabaseError(f"initdb failed: {done.stderr.strip()[-LONGEST_COMPLAINT:]}")


def _write_privately(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
