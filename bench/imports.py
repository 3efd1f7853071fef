"""What importing a customer list costs, beside a plain COPY of the same finished rows into a table indexed alike.

The import reads, judges, seals and looks up; the COPY sends bytes that are ready. Both are given in seconds on the wall
and in processor time, ours and PostgreSQL's together: on a shared machine the wall says more about the neighbours.
CANDOUR_BENCH_ROWS sets the sizes.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from bench.answering import _cpu, _family
from survey.contacts import queries, service
from survey.contacts.domain import Counts, Evidence, LegalBasis
from survey.contacts.service import Safe, Upload
from survey.db import Database, Role, Scope, transaction
from survey.db.embedded import DATABASE, Cluster, start_cluster
from survey.db.preparation import make_ready
from survey.settings import Settings, load
from tests.conftest import TEST_ENVIRONMENT, new_affiliate

SIZES = "100000,1000000"
STORES = 400
GOAL_RATIO = 0.2
GOAL_RSS_MB = 400
FIRST = ["Søren", "Zoë", "João", "Élodie", "Inês", "Dmitri", "Chiara", "Vikram", "María", "Xavier", "Ada", "Bruno"]
LAST = ["Pérez-Reyes", "Aldous", "Lindqvist", "Rådberg", "Nyström", "Eriksen", "Kowalczyk", "O'Connell", "Quist"]
CITIES = ["Łódź", "New Haven", "Århus", "Málaga", "Springfield", "São Paulo"]
FLOOR = "CREATE TABLE public.floor (LIKE identity.contact INCLUDING ALL)"


@dataclass
class Memory:
    """The resident size of this process, sampled while something runs."""

    samples_mb: list[int] = field(default_factory=list)

    @asynccontextmanager
    async def watched(self) -> Any:
        """Sample until the block ends."""
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _watch(self) -> None:
        while True:
            self.samples_mb.append(_resident_mb())
            await asyncio.sleep(0.2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step has taken, in seconds."""

    wall: float
    ours: float
    postgres: float

    def told(self, rows: int) -> str:
        """In words, by row."""
        each = [f"{seconds / rows * 1e6:.0f}" for seconds in (self.wall, self.ours, self.postgres)]
        return f"{self.wall:.1f} s; a row {each[0]} µs (processor: ours {each[1]}, PostgreSQL {each[2]})"


@dataclass(frozen=True, slots=True)
class Meter:
    """Reads the clocks: the wall's, this process's, and that of PostgreSQL with all its children."""

    postmaster: int

    def now(self) -> Cost:
        """The readings at this moment."""
        ours = time.process_time() + sum(getrusage(RUSAGE_CHILDREN)[:2])
        return Cost(time.perf_counter(), ours, sum(map(_cpu, _family(self.postmaster))))

    def since(self, before: Cost) -> Cost:
        """What has been used since."""
        now = self.now()
        return Cost(now.wall - before.wall, now.ours - before.ours, now.postgres - before.postgres)


def _resident_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def run() -> Iterator[str]:
    """The report, line by line."""
    for rows in map(int, os.environ.get("CANDOUR_BENCH_ROWS", SIZES).split(",")):
        with tempfile.TemporaryDirectory(prefix="candour-bench-") as folder:
            Path(folder).chmod(0o711)
            cluster = start_cluster(Path(folder))
            try:
                yield from asyncio.run(_measured(cluster, Path(folder), rows))
            finally:
                cluster.stop()


async def _measured(cluster: Cluster, folder: Path, rows: int) -> list[str]:
    settings = load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(folder), "DATABASE_URL": cluster.url(DATABASE)})
    await make_ready(settings, cluster)
    database = Database()
    await database.start(settings)
    superuser = await asyncpg.connect(cluster.url(DATABASE, as_superuser=True))
    try:
        scope = await new_affiliate("bench")
        client_id = await _client(superuser, scope)
        path = folder / "list.csv"
        await asyncio.to_thread(_write_list, path, rows)
        meter = Meter(cluster.process_id)
        lines, imported = await _import(settings, scope, client_id, path, meter, rows)
        copied = await _copy(superuser, folder, meter)
        return [*lines, f"plain COPY of the finished rows: {copied.told(rows)}", _ratio(copied, imported)]
    finally:
        await superuser.close()
        await database.stop()


async def _import(
    settings: Settings, scope: Scope, client_id: UUID, path: Path, meter: Meter, rows: int
) -> tuple[list[str], Cost]:
    safe = service.safe_of(settings)
    size_bytes = await asyncio.to_thread(os.path.getsize, path)
    lines, imported = [f"{rows:,} rows, {size_bytes / 1e6:.0f} MB of CSV"], Cost(0, 0, 0)
    before = meter.now()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        import_id = await service.receive(scope, safe, client_id, Upload(path, "list.csv"), datetime.now(UTC))
    lines.append(f"upload, judged and sealed: {meter.since(before).told(rows)}")
    for step in ("check", "import", "the same list again"):
        memory = Memory()
        if step == "the same list again":
            import_id = await _again(safe, scope, import_id, path)
        async with memory.watched():
            cost, counts = await _step(safe, scope, import_id, step, meter)
        lines.append(f"{step}: {cost.told(rows)}; {_told(memory, counts)}")
        imported = cost if step == "import" else imported
    return lines, imported


async def _step(safe: Safe, scope: Scope, import_id: UUID, step: str, meter: Meter) -> tuple[Cost, Counts]:
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        if step == "check":
            await service.attest(scope, import_id, EVIDENCE, datetime.now(UTC))
        else:
            entry = await queries.import_in(scope, import_id)
            await service.begin_import(scope, import_id, entry.version, datetime.now(UTC))
    job = service.check_import if step == "check" else service.run_import
    before = meter.now()
    await job(safe, scope, import_id, lambda: datetime.now(UTC))
    cost = meter.since(before)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return cost, (await queries.import_in(scope, import_id)).counts


async def _again(safe: Safe, scope: Scope, import_id: UUID, path: Path) -> UUID:
    """Upload and check the list once more, up to where it can be imported."""
    now = datetime.now(UTC)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = (await queries.import_in(scope, import_id)).client_id
        second = await service.receive(scope, safe, client_id, Upload(path, "list.csv"), now)
        await service.attest(scope, second, EVIDENCE, now)
    await service.check_import(safe, scope, second, lambda: now)
    return second


async def _copy(superuser: asyncpg.Connection, folder: Path, meter: Meter) -> Cost:
    """What COPY takes for the rows that the import has made, from a file in PostgreSQL's own binary form."""
    rows = folder / "rows.bin"
    await superuser.copy_from_query("SELECT * FROM identity.contact", output=rows, format="binary")
    await superuser.execute(FLOOR)
    # So that nothing is still being tidied up after the import while the floor is measured.
    await superuser.execute("VACUUM ANALYZE identity.contact")
    await superuser.execute("CHECKPOINT")
    before = meter.now()
    await superuser.copy_to_table("floor", schema_name="public", source=rows, format="binary")
    return meter.since(before)


async def _client(superuser: asyncpg.Connection, scope: Scope) -> UUID:
    client_id, root = uuid4(), uuid4()
    now = datetime.now(UTC)
    await superuser.execute(
        "INSERT INTO field.client (id, affiliate_id, name, created_at) VALUES ($1, $2, 'Bench', $3)",
        client_id, scope.affiliate_id, now,
    )  # fmt: skip
    places: list[Sequence[object]] = [(root, None, "hq", "HQ", f"/{root.hex}/")]
    for number in range(STORES):
        store = uuid4()
        places.append((store, root, "store", f"S-{number:03}", f"/{root.hex}/{store.hex}/"))
    await superuser.executemany(
        "INSERT INTO field.location (id, parent_id, level, code, name, path, affiliate_id, client_id, created_at)"
        " VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8)",
        [(*place, scope.affiliate_id, client_id, now) for place in places],
    )
    return client_id


def _write_list(path: Path, rows: int) -> None:
    """People nobody knows; one row in a hundred repeats an earlier address, one in five hundred has none."""
    chance = random.Random(rows)
    start = date(2026, 8, 1)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("first_name,last_name,email,company,city,store,visit_date,language\r\n")
        for number in range(rows):
            first, last = chance.choice(FIRST), chance.choice(LAST)
            whose = chance.randrange(number) if number % 100 == 99 else number
            address = "" if number % 500 == 250 else f"customer.{whose}@mail{whose % 97}.example.com"
            day = start + timedelta(days=chance.randrange(90))
            store, city = chance.randrange(STORES), chance.choice(CITIES)
            out.write(
                f'{first},{last},{address},"Kite, Inc.",{city},S-{store:03},{day},{chance.choice(("de", "en"))}\r\n'
            )


def _told(memory: Memory, counts: Counts) -> str:
    tenth = memory.samples_mb[len(memory.samples_mb) // 10] if memory.samples_mb else 0
    return (
        f"resident {tenth} MB after a tenth, {max(memory.samples_mb, default=0)} MB at most (goal {GOAL_RSS_MB}); "
        f"{counts.new:,} new, {counts.unchanged:,} unchanged, {counts.merged:,} merged, {counts.refused:,} refused"
    )


def _ratio(copied: Cost, imported: Cost) -> str:
    processor = (copied.ours + copied.postgres) / (imported.ours + imported.postgres)
    return (
        f"the import runs at {copied.wall / imported.wall:.2f} of the COPY on the wall (goal {GOAL_RATIO}), "
        f"{processor:.2f} in processor time"
    )


EVIDENCE = Evidence("benchmark", LegalBasis.CONTRACT)
