"""`candour demo` as a person runs it: from an empty folder to a site that answers, and no process left afterwards."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import async_playwright

from tests.chromium import CHROMIUM, QUIET
from tests.ports import free_port

ROOT = Path(__file__).parents[3]
PICTURE = ROOT / "static" / "readme" / "portal.png"
READY_SECONDS = 900
ENDED_SECONDS = 120
FIRST_PAGES = {
    "provider": "/provider",
    "affiliate-admin": "/studies",
    "manager": "/studies",
    "scheduler": "/shops",
    "editor": "/reviews",
    "payroll": "/pay",
    "shopper": "/shopper",
    "other-affiliate": "/studies",
    "client-hq": "/portal",
    "client-store": "/portal",
}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def folder(reachable_folder: Path) -> Path:
    """A data folder for all runs of this module."""
    place = reachable_folder / "demo"
    place.mkdir(mode=0o711)
    return place


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The command from its start until it says `ready`; yields the process and the address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CANDOUR_", "DATABASE"))}
    port = free_port()
    command = [sys.executable, "-m", "survey.cli", "demo", *arguments]
    with (folder / "terminal").open("w") as terminal:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment | {"CANDOUR_DATA": str(folder), "PORT": str(port)},
            stdout=terminal, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
    try:
        yield process, _address(process, folder)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _address(process: "subprocess.Popen[str]", folder: Path) -> str:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"^ready (\S+)$", (folder / "terminal").read_text(), re.MULTILINE):
            return found[1]
        time.sleep(0.2)
    raise AssertionError((folder / "terminal").read_text())


def left_over(folder: Path) -> list[str]:
    """Processes that still have this data folder in their environment or their command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words and process.name != str(os.getpid()):
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def none_left(folder: Path) -> bool:
    """Whether all of them end within a while."""
    deadline = time.monotonic() + ENDED_SECONDS
    while left_over(folder) and time.monotonic() < deadline:
        time.sleep(0.2)
    return not left_over(folder)


async def test_an_empty_folder_becomes_a_site_that_answers(folder: Path) -> None:
    with running(folder) as (process, address):
        async with httpx.AsyncClient(base_url=address, timeout=60) as visitor:
            for slug, first in FIRST_PAGES.items():
                answer = await visitor.post(f"/demo/as/{slug}")
                assert (answer.status_code, answer.headers["location"]) == (303, first), slug
                assert (await visitor.get(first)).status_code == 200
            assert len((await visitor.get("/dev/mailbox.json")).json()) > 1500
            assert "Not looked at yet" not in (await visitor.get("/promises")).text
        if CHROMIUM:
            await _take_picture(address, folder / "portal.png")
            # The picture in the README is this one; it is replaced on demand alone, so that a test run changes no file.
            assert _size_of(folder / "portal.png") == _size_of(PICTURE)
            if os.environ.get("CANDOUR_SCREENSHOT") == "1":
                shutil.copy(folder / "portal.png", PICTURE)
        process.send_signal(signal.SIGTERM)
        assert process.wait(ENDED_SECONDS) == 0
    assert none_left(folder)


async def test_a_second_run_finds_its_world_again_and_even_a_kill_leaves_nothing_behind(folder: Path) -> None:
    with running(folder) as (process, address):
        assert "importing" not in (folder / "terminal").read_text()
        assert httpx.post(f"{address}/demo/as/manager", timeout=60).status_code == 303
        verified = subprocess.run(
            [sys.executable, "-m", "survey.cli", "verify"], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | {"CANDOUR_DATA": str(folder)}, check=False,
        )  # fmt: skip
        assert verified.returncode == 0, verified.stdout + verified.stderr
        process.kill()
        process.wait()
    assert none_left(folder)


def test_an_interrupt_while_the_world_is_built_ends_everything(reachable_folder: Path) -> None:
    folder = reachable_folder / "interrupted"
    folder.mkdir(mode=0o711)
    with (folder / "terminal").open("w") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "survey.cli", "demo"], cwd=ROOT, stdout=terminal, stderr=subprocess.STDOUT,
            env=os.environ | {"CANDOUR_DATA": str(folder)}, preexec_fn=_deaf_to_interrupts,
        )  # fmt: skip
    deadline = time.monotonic() + READY_SECONDS
    while "importing" not in (folder / "terminal").read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(ENDED_SECONDS) != 0
    assert none_left(folder)


def _deaf_to_interrupts() -> None:
    """As a shell starts what it puts into the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _size_of(picture: Path) -> tuple[int, int]:
    """Width and height, from the head of a PNG."""
    head = picture.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


async def _take_picture(address: str, picture: Path) -> None:
    """The README's picture: what the client's headquarters sees."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        room = await browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
        await room.request.post(f"{address}/demo/as/client-hq", max_redirects=0)
        page = await room.new_page()
        await page.goto(f"{address}/portal", wait_until="networkidle")
        await page.screenshot(path=picture)
        await browser.close()
