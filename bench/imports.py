"""What importing a customer list costs, beside a plain COPY of the same finished rows into a table indexed alike.

The import reads, judges, seals and looks up; the COPY sends bytes that are ready. CANDOUR_BENCH_ROWS sets the sizes.
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
from typing import Any
from uuid import UUID, uuid4

import asyncpg

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
        lines = await _import(settings, scope, client_id, path, rows)
        seconds = await _copy(superuser, folder)
        return [*lines, _ratio(lines, seconds, rows)]
    finally:
        await superuser.close()
        await database.stop()


_import_seconds: list[float] = []


async def _import(settings: Settings, scope: Scope, client_id: UUID, path: Path, rows: int) -> list[str]:
    safe = service.safe_of(settings)
    size_bytes = await asyncio.to_thread(os.path.getsize, path)
    lines = [f"{rows:,} rows, {size_bytes / 1e6:.0f} MB of CSV"]
    began = time.perf_counter()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        import_id = await service.receive(scope, safe, client_id, Upload(path, "list.csv"), datetime.now(UTC))
    lines.append(f"upload, judged and sealed: {time.perf_counter() - began:.1f} s")
    for step in ("check", "import", "the same list again"):
        memory = Memory()
        async with memory.watched():
            seconds, cpu, counts = await _step(safe, scope, import_id, step, path)
        lines.append(_told(step, seconds, cpu, rows, memory, counts))
        if step == "import":
            _import_seconds.append(seconds)
    return lines


async def _step(safe: Safe, scope: Scope, import_id: UUID, step: str, path: Path) -> tuple[float, float, Counts]:
    if step == "the same list again":
        import_id = await _again(safe, scope, import_id, path)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        if step == "check":
            await service.attest(scope, import_id, EVIDENCE, datetime.now(UTC))
        else:
            entry = await queries.import_in(scope, import_id)
            await service.begin_import(scope, import_id, entry.version, datetime.now(UTC))
    began, cpu = time.perf_counter(), time.process_time()
    job = service.check_import if step == "check" else service.run_import
    await job(safe, scope, import_id, lambda: datetime.now(UTC))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return seconds, cpu, (await queries.import_in(scope, import_id)).counts


async def _again(safe: Safe, scope: Scope, import_id: UUID, path: Path) -> UUID:
    """Upload and check the list once more, up to where it can be imported."""
    now = datetime.now(UTC)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        client_id = (await queries.import_in(scope, import_id)).client_id
        second = await service.receive(scope, safe, client_id, Upload(path, "list.csv"), now)
        await service.attest(scope, second, EVIDENCE, now)
    await service.check_import(safe, scope, second, lambda: now)
    return second


async def _copy(superuser: asyncpg.Connection, folder: Path) -> float:
    """Seconds that COPY takes for the rows that the import has made."""
    rows = folder / "rows.bin"
    await superuser.copy_from_query("SELECT * FROM identity.contact", output=rows, format="binary")
    await superuser.execute(FLOOR)
    await superuser.execute("VACUUM ANALYZE identity.contact")
    await superuser.execute("CHECKPOINT")
    began = time.perf_counter()
    await superuser.copy_to_table("floor", schema_name="public", source=rows, format="binary")
    return time.perf_counter() - began


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


def _told(step: str, seconds: float, cpu: float, rows: int, memory: Memory, counts: Counts) -> str:
    tenth = memory.samples_mb[len(memory.samples_mb) // 10] if memory.samples_mb else 0
    most = max(memory.samples_mb, default=0)
    return (
        f"{step}: {seconds:.1f} s, {seconds / rows * 1e6:.0f} µs a row ({cpu / rows * 1e6:.0f} of them our processor "
        f"time); resident {tenth} MB after a tenth, {most} MB at most (goal {GOAL_RSS_MB}); "
        f"{counts.new:,} new, {counts.unchanged:,} unchanged, {counts.merged:,} merged, {counts.refused:,} refused"
    )


def _ratio(lines: Sequence[str], copied_seconds: float, rows: int) -> str:
    ratio = copied_seconds / _import_seconds.pop()
    return (
        f"plain COPY of the finished rows: {copied_seconds:.1f} s, {copied_seconds / rows * 1e6:.0f} µs a row; "
        f"the import runs at {ratio:.2f} of it (goal {GOAL_RATIO})"
    )


EVIDENCE = Evidence("benchmark", LegalBasis.CONTRACT)
