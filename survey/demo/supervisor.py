"""`candour demo`: PostgreSQL, web and worker under one parent that ends them all, however it ends itself."""

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from survey.settings import Settings

Say = Callable[[str], None]

PR_SET_PDEATHSIG = 1
START_SECONDS = 180  # a machine that is busy with something else takes long
STOP_SECONDS = 15
BEAT_SECONDS = 0.5
DEMO_ENVIRONMENT = {"CANDOUR_ENV": "demo", "CANDOUR_PLAIN_HTTP_COOKIES": "true"}


class DidNotStart(Exception):
    """A process of the demo ended or never answered; the message says which and where its log is."""


def demo_environment(given: Mapping[str, str]) -> dict[str, str]:
    """What the demo sets for itself and its processes where the caller has not."""
    port = given.get("PORT", "8000")
    return DEMO_ENVIRONMENT | {"PORT": port, "CANDOUR_BASE_URL": f"http://127.0.0.1:{port}"} | dict(given)


@dataclass(slots=True)
class Processes:
    """The children, by name, and whether somebody asked for the end."""

    settings: Settings
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    is_ending: bool = False

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start a child with its output in the data folder; it dies with us."""
        logs = self.settings.data_path / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "survey.cli", *arguments],
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,
                start_new_session=True,
            )

    def await_web(self) -> None:
        """Wait until a page is answered. Raises DidNotStart."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check()
            if self.is_ending or _answers(self.settings.port):
                return
            time.sleep(0.1)
        raise DidNotStart(f"the web process did not answer within {START_SECONDS} seconds: see {self._log('web')}")

    def check(self) -> None:
        """Raises DidNotStart for a child that has ended."""
        for name, process in self.running.items():
            if process.poll() is not None and not self.is_ending:
                raise DidNotStart(f"the {name} process ended by itself: see {self._log(name)}")

    def end(self, *_: int | FrameType | None) -> None:
        """Signal handler: leave the loop."""
        self.is_ending = True

    def stop(self) -> None:
        """Ask every child to finish what it is doing; after a while insist."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def _log(self, name: str) -> str:
        return str(self.settings.data_path / "logs" / f"{name}.log")


@contextmanager
def supervised(settings: Settings) -> Iterator[Processes]:
    """Web and worker, running and answering for as long as the block lasts."""
    processes = Processes(settings)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, processes.end)
    try:
        processes.start("web", ["serve"])
        processes.start("worker", ["worker"])
        processes.await_web()
        yield processes
    finally:
        processes.stop()


def watch(processes: Processes, revive: Callable[[], bool], say: Say) -> None:
    """Stay until somebody asks for the end, and bring the database back if it dies."""
    while not processes.is_ending:
        processes.check()
        if revive():
            say("the database had stopped; it is running again")
        time.sleep(BEAT_SECONDS)


def die_with_parent() -> None:
    """In the child, before it runs: be told to end when the parent is gone, even after kill -9 (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
