"""How PostgreSQL runs when we are root, which it refuses to be.

Three ways, the first that works: as the user `postgres` or `nobody`; where that one cannot reach the programs or the
data (a virtual environment in root's home), in a user namespace in which our own files belong to `nobody`; and where
namespaces are forbidden, from a copy in a folder that everybody can reach.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.db.errors import EmbeddedDatabaseError

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
COPIES = Path("/var/lib/candour")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Footing:
    """Where the programs and the data are, and as whom they run."""

    binaries: Path
    home: Path
    means: str
    uid: int | None = None
    gid: int | None = None
    in_namespace: bool = False
    _prepare: tuple[Callable[[], None], ...] = field(default=(), repr=False)

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program on this footing. It dies with the thread that started it."""
        arguments: dict[str, Any] = {"cwd": "/", "stdin": subprocess.DEVNULL, "preexec_fn": self._before_exec}
        if self.uid is not None:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def own(self, path: Path) -> None:
        """Let PostgreSQL's user own a file or folder that we made."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid if self.gid is not None else -1)

    def _before_exec(self) -> None:
        # Order matters: a change of identity clears the parent-death signal.
        if self.in_namespace:
            _enter_namespace()
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def footing_for(binaries: Path, home: Path) -> Footing:
    """Choose the way. home: the folder that is to hold PostgreSQL's data; made if it is not there."""
    home.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Footing(binaries, home, "own user")
    user = _lesser_user()
    if _can_enter(home, user) and _can_enter(binaries, user):
        return Footing(binaries, home, f"user {user.pw_name}", user.pw_uid, user.pw_gid)
    if _namespace_works(binaries):
        return Footing(binaries, home, "user namespace", in_namespace=True)
    return _copied(binaries, home, user)


def moved_home(home: Path) -> Path:
    """Where the data is if it had to be put elsewhere. One place for each home."""
    return COPIES / uuid.uuid5(uuid.NAMESPACE_URL, str(home)).hex


def _lesser_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedDatabaseError("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _can_enter(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether each folder above lets the user through, by its mode bits."""
    for folder in path.resolve().parents:
        status = folder.stat()
        shift = 6 if status.st_uid == user.pw_uid else 3 if status.st_gid == user.pw_gid else 0
        if not status.st_mode >> shift & 0o1:
            return False
    return True


def _enter_namespace() -> None:
    outside_uid, outside_gid = os.geteuid(), os.getegid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {outside_uid} 1"),
        ("gid_map", f"{NOBODY} {outside_gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(line)


def _namespace_works(binaries: Path) -> bool:
    try:
        tried = subprocess.run(
            [binaries / "postgres", "--version"],
            preexec_fn=_enter_namespace,
            cwd="/",
            capture_output=True,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _copied(binaries: Path, home: Path, user: pwd.struct_passwd) -> Footing:
    there = moved_home(home)
    there.mkdir(parents=True, exist_ok=True)
    COPIES.chmod(0o711)
    programs = there / "programs"
    if not programs.exists():
        half = there / "programs.half"
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(binaries.parent, half, symlinks=True)
        half.rename(programs)
    (home / "moved-to").write_text(f"{there}\n")
    return Footing(programs / binaries.name, there, f"copy in {there}", user.pw_uid, user.pw_gid)
