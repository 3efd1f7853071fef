"""What answering costs: processor time of the web process and of PostgreSQL together, beside a bare handler's.

Wall time on a shared machine says more about the neighbours; processor time is read from the kernel's own accounts.
Floor of GET: a bare Litestar handler that renders the same bytes. Floor of POST: one that reads the same form and
commits one row in the same kind of transaction.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from msgspec.structs import replace

from bench.wire import Wire
from survey.db.embedded import Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.questionnaires.domain import TEXT_KINDS, Definition, Kind, Section, store_visit
from survey.settings import load
from tests.conftest import TEST_ENVIRONMENT
from tests.field_study import Field, encoded, fill, make_study

TICKS = os.sysconf("SC_CLK_TCK")
REQUESTS = 700
RESPONSES = 120
ROUNDS = 7
GOAL_RATIO = 0.6
GOAL_MS = 12.0


@dataclass(frozen=True, slots=True)
class Site:
    """A running web process and the PostgreSQL behind it."""

    port: int
    pid: int
    postmaster: int

    def cpu_seconds(self) -> float:
        """User and system time so far of the web process and of PostgreSQL, with the children that have ended."""
        return sum(_cpu(pid) for pid in (*_family(self.pid), *_family(self.postmaster)))


def run() -> list[str]:
    """The report, line by line."""
    with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
        Path(folder).chmod(0o711)
        environment = TEST_ENVIRONMENT | {"CANDOUR_DATA": folder}
        cluster = start_cluster(Path(folder))
        try:
            asyncio.run(make_ready(load(environment), cluster))
            return asyncio.run(_measure(environment, Path(folder), cluster))
        finally:
            cluster.stop()


async def _measure(environment: dict[str, str], folder: Path, cluster: Cluster) -> list[str]:
    settings = load(environment)
    owner = await asyncpg.connect(cluster.url(as_superuser=True))
    scope = (await _affiliate(owner), datetime.now(UTC))
    study = await make_study(owner, settings, scope, store_visit())
    page = await make_study(owner, settings, scope, one_page(), name="One page")
    start = partial(_site, environment, folder, cluster.process_id)
    lines = []
    with (
        start("survey.app:create") as ours,
        start("bench.floor:create") as bare,
    ):
        lines += await _pages(ours, bare, page)
        lines += await _whole(ours, study)
    await owner.close()
    return lines


def one_page() -> Definition:
    """Twenty questions on one page, each shown to everybody."""
    items = [replace(item, show_if=None) for item in store_visit().items()]
    return Definition("One page", sections=(Section("all", "Your visit", items=tuple(items)),))


async def _pages(ours: Site, bare: Site, study: Field) -> list[str]:
    door = study.path(await study.door())
    forms = cycle(_differing(study.definition))
    async with Wire(ours.port) as mine, Wire(bare.port) as theirs:
        await mine.post(door, b"")
        gets = await _ratio((ours, lambda: mine.get(f"{door}/1")), (bare, lambda: theirs.get("/page")))
        posts = await _ratio(
            (ours, lambda: mine.post(f"{door}/1", next(forms))), (bare, lambda: theirs.post("/row", next(forms)))
        )
        kept = await _ratio((ours, lambda: mine.get(f"{door}/1")), (bare, lambda: theirs.get("/answered")))
    return [
        _verdict("GET of a page of 20 questions, nothing answered yet", gets),
        _verdict("GET of the same page with answers in it", kept),
        _verdict("POST of a page of 20 answers", posts),
    ]


def _differing(definition: Definition) -> list[bytes]:
    """The same page as two people fill it in: each time it is sent, there is something new to keep."""
    plain = fill(definition, 0)
    texts = {item.id: [f"Other words about {item.id}"] for item in definition.items() if item.kind in TEXT_KINDS}
    scales = {item.id: ["3"] for item in definition.items() if item.kind is Kind.SCALE}
    return [encoded(plain), encoded(plain | texts | scales)]


async def _whole(ours: Site, study: Field) -> list[str]:
    forms = [encoded(fill(study.definition, number)) for number in range(len(study.definition.sections))]
    figures = []
    async with Wire(ours.port) as wire:
        for _ in range(ROUNDS):
            doors = [study.path(await study.door()) for _ in range(RESPONSES)]
            before = ours.cpu_seconds()
            for door in doors:
                await _respond(wire, door, forms)
            figures.append((ours.cpu_seconds() - before) / RESPONSES * 1000)
    middle = sorted(figures)[len(figures) // 2]
    return [
        f"a whole response, 13 requests: {middle:.1f} ms of CPU with PostgreSQL"
        f" (from {min(figures):.1f} to {max(figures):.1f}; goal {GOAL_MS:g}) {_mark(middle <= GOAL_MS)}"
    ]


async def _respond(wire: Wire, door: str, forms: Sequence[bytes]) -> None:
    await wire.get(door)
    place = (await wire.post(door, b"")).location
    while not place.endswith("/check"):
        await wire.get(place)
        place = (await wire.post(place, forms[int(place.rpartition("/")[2]) - 1])).location
    await wire.get(place)
    await wire.get((await wire.post(place, b"")).location)


async def _ratio(
    mine: tuple[Site, Callable[[], object]], floor: tuple[Site, Callable[[], object]]
) -> tuple[float, float, float]:
    """Milliseconds of CPU a request here and there, and floor/ours, the median of interleaved rounds."""
    rounds = []
    for _ in range(ROUNDS):
        ours = await _cost(*mine)
        bare = await _cost(*floor)
        rounds.append((bare / ours, ours, bare))
    ratio, ours, bare = sorted(rounds)[len(rounds) // 2]
    return ratio, ours, bare


async def _cost(site: Site, ask: Callable[[], object]) -> float:
    for _ in range(50):
        await ask()  # type: ignore[misc]
    before = site.cpu_seconds()
    for _ in range(REQUESTS):
        await ask()  # type: ignore[misc]
    return (site.cpu_seconds() - before) / REQUESTS * 1000


def _verdict(what: str, figures: tuple[float, float, float]) -> str:
    ratio, ours, bare = figures
    return f"{what}: {ours:.2f} ms of CPU, bare handler {bare:.2f} ms, ratio {ratio:.2f} (goal {GOAL_RATIO}) " + _mark(
        ratio >= GOAL_RATIO
    )


def _mark(is_reached: bool) -> str:
    return "reached" if is_reached else "NOT REACHED"


@contextmanager
def _site(environment: dict[str, str], folder: Path, postmaster: int, target: str) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.site", target, str(port)],
            env=os.environ | environment | {"PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        _await_port(port, process)
        yield Site(port, process.pid, postmaster)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _await_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"the site on port {port} did not start")


async def _affiliate(owner: asyncpg.Connection) -> UUID:
    affiliate_id = uuid4()
    await owner.execute(
        "INSERT INTO field.affiliate (id, kind, name, slug, postal_address, contact_email, created_at)"
        " VALUES ($1, 'affiliate', 'Bench', 'bench', '1 High Street', 'office@bench.test', now())",
        affiliate_id,
    )
    return affiliate_id


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            children = task / "children"
            found += [int(child) for child in children.read_text().split()] if children.exists() else []
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS
