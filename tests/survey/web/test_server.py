"""The server process itself: it answers, it keeps its mouth shut, and it stops without dropping anybody."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from privacy.tokens import Purpose, sign
from survey.settings import Settings
from tests.conftest import TEST_ENVIRONMENT
from tests.ports import free_port

ROOT = Path(__file__).parents[3]
START = "import os; from survey.settings import load; from survey.web.server import serve; serve(load(os.environ){})"
START_SECONDS = 60


@dataclass
class Server:
    """A server process and what it writes."""

    process: subprocess.Popen[bytes]
    output: Path
    port: int

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process.poll() is None, self.output.read_text()
            try:
                httpx.get(f"{self.url}/static/favicon.svg")
                return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail("the server did not start")


def started(folder: Path, options: str = "") -> Iterator[Server]:
    """A server on a free port; no database is needed to be refused by it."""
    port = free_port()
    environment = os.environ | TEST_ENVIRONMENT | {
        "PORT": str(port), "CANDOUR_DATA": str(folder), "DATABASE_URL": "postgresql://127.0.0.1:1/nowhere",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    output = folder / "output"
    with output.open("wb") as file:
        command = [sys.executable, "-c", START.format(options)]
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file, cwd=folder)
        server = Server(process, output, port)
        try:
            server.wait()
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The whole site."""
    yield from started(tmp_path)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Server]:
    """The portal alone."""
    yield from started(tmp_path, ", portal_only=True")


def test_the_servers_log_holds_no_address_of_a_request(server: Server) -> None:
    for url in ("/s/planted7secret", "/?q=planted7secret", "/static/planted7secret", "/%00planted7secret"):
        httpx.get(server.url + url, headers={"user-agent": "planted7secret", "cookie": "candour=planted7secret"})
    written = server.output.read_text()
    assert "/s/{token}" in written
    assert "planted7secret" not in written


def test_a_body_that_is_too_large_is_refused_before_it_has_been_sent(server: Server, settings: Settings) -> None:
    token = sign(settings.token_keys, Purpose.SURVEY, uuid4())
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as visitor:
        visitor.sendall(head(f"/s/{token}", 500_000_000))
        assert visitor.recv(100).startswith(b"HTTP/1.1 413")


def test_a_request_in_flight_is_answered_before_the_server_stops(server: Server, settings: Settings) -> None:
    token = sign(settings.token_keys, Purpose.SURVEY, uuid4())
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as visitor:
        visitor.sendall(head(f"/s/{token}", 10) + b"a=1&b")
        # What came before this answer has been read.
        httpx.get(f"{server.url}/static/favicon.svg", timeout=30)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        visitor.sendall(b"=2&c=")
        # There is no database in this test: the answer that has to arrive is the page that says so.
        assert visitor.recv(100).startswith(b"HTTP/1.1 503")
    assert server.process.wait(30) == 0


def test_the_portal_can_be_served_alone(portal: Server) -> None:
    assert httpx.get(portal.url).headers["location"] == "/portal"
    assert httpx.get(f"{portal.url}/studies").status_code == 404


def head(path: str, length: int) -> bytes:
    """The head of a form's request."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()
