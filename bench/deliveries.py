"""Deliveries (claim, render, send, mark) beside aiosmtplib sending one fixed message over as many connections."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import aiosmtplib
import uvloop

from survey.db import Database, Role, transaction
from survey.db.embedded import start_cluster
from survey.db.preparation import make_ready
from survey.mail.composing import Audience, Composer, Composing
from survey.mail.dispatch import Tuning, utc_now
from survey.mail.domain import Act, Bulk, Claimed, Facts, Heading, Letter, Outgoing, Paragraph, Sender, slot
from survey.mail.envelope import letterhead_of
from survey.mail.relay import Relay
from survey.mail.sending import send_mail
from survey.mail.service import INSERT_COLUMNS
from survey.mail.skeleton import message_of
from survey.settings import Settings, load

MESSAGES = 4000
CONNECTIONS = 5
ROUNDS = 5
FLOOR = 0.6
STEP_SECONDS = 0.02

LETTER = Letter(
    "How was your visit?",
    (
        Heading("How was your visit?"),
        Paragraph(f"Hello {slot('first_name')}, thank you for coming. We would like to know how it went."),
        Act("Answer 9 questions", slot("survey_url")),
        Facts((("Closes on", "1 December"), ("Takes", "3 minutes"))),
    ),
)
FRAME = Bulk(
    Sender("Kestrel Field Research", "Kestrel House, 1 High Street, Testford", "office@kestrel.test"),
    source="Brightwater Coffee gave us your address because you are its customer.",
    from_name="Brightwater Coffee via Kestrel",
    list_name="Brightwater Coffee surveys",
    list_id=UUID(int=1),
)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a round took."""

    seconds: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        """Messages a second."""
        return MESSAGES / self.seconds


async def compose(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing]:
    """An invitation to everybody."""
    return [_invitation(row) for row in rows]


def _invitation(row: Claimed) -> Outgoing:
    values = {"first_name": "Zoë", "survey_url": f"https://survey.example/s/{row.id.hex}"}
    return Outgoing(row, f"r{row.recipient_id.hex}@example.test", LETTER, FRAME, values)


def run() -> Iterator[str]:
    """The lines of the report."""
    with _sink() as port, _folder() as folder:
        cluster = start_cluster(folder)
        try:
            settings = load(
                {"CANDOUR_ENV": "test", "CANDOUR_DATA": str(folder), "DATABASE_URL": cluster.url("candour")}
            )
            asyncio.run(make_ready(settings, cluster))
            floor, ours = uvloop.run(_measure(settings, Relay("127.0.0.1", port)))
        finally:
            cluster.stop()
    yield f"{MESSAGES} messages, {CONNECTIONS} connections, medians of {ROUNDS} interleaved rounds"
    yield f"aiosmtplib, one fixed message: {_told(floor)}"
    yield f"deliveries:                    {_told(ours)}"
    ratio = median(one.per_second for one in ours) / median(one.per_second for one in floor)
    each = ", ".join(f"{one.per_second / other.per_second:.2f}" for one, other in zip(ours, floor, strict=True))
    yield f"ratio {ratio:.2f} of the floor (wanted: {FLOOR}); round by round: {each}"


def _told(rounds: list[Spent]) -> str:
    cpu = median(one.cpu_seconds for one in rounds) / MESSAGES * 1e6
    return f"{median(one.per_second for one in rounds):.0f}/s, {cpu:.0f} µs of CPU each in this process"


async def _measure(settings: Settings, relay: Relay) -> tuple[list[Spent], list[Spent]]:
    database = Database()
    await database.start(settings)
    floor, ours = [], []
    for _ in range(ROUNDS):
        floor.append(await _timed(lambda: _send_fixed(settings, relay)))
        await _fill()
        ours.append(await _timed(lambda: _deliver(settings, database, relay)))
    await database.stop()
    return floor, ours


async def _timed(work: Callable[[], Awaitable[None]]) -> Spent:
    begun, cpu = time.perf_counter(), time.process_time()
    await work()
    return Spent(time.perf_counter() - begun, time.process_time() - cpu)


async def _send_fixed(settings: Settings, relay: Relay) -> None:
    row = Claimed(uuid4(), uuid4(), uuid4(), uuid4(), "invitation", True, None, uuid4(), {}, "1@x.example", 0, 0, 1)
    made = message_of(_invitation(row), letterhead_of(settings), utc_now(), is_to_people=True)
    left = iter(range(MESSAGES))

    async def lane() -> None:
        async with aiosmtplib.SMTP(hostname=relay.host, port=relay.port, local_hostname="bench.example") as client:
            for _ in left:
                await client.sendmail(made.sender.decode(), made.recipient.decode(), made.content)

    await asyncio.gather(*(lane() for _ in range(CONNECTIONS)))


async def _fill() -> None:
    async with transaction(Role.WORKER) as connection:
        await connection.execute("DELETE FROM ops.delivery")
        await connection.execute(
            f"{INSERT_COLUMNS} SELECT $1, $1, gen_random_uuid(), 'invitation', true, NULL,"
            " uuid_send(gen_random_uuid()), gen_random_uuid(), '{}', now(), NULL FROM generate_series(1, $2)",
            uuid4(),
            MESSAGES,
        )


async def _deliver(settings: Settings, database: Database, relay: Relay) -> None:
    stop = asyncio.Event()
    composers = {"invitation": Composer("invitation", Audience.PEOPLE, "a test", compose)}
    tuning = Tuning(connections=CONNECTIONS)
    sending = asyncio.create_task(send_mail(settings, database, composers, relay, stop, tuning=tuning))
    while await _is_something_left():  # noqa: ASYNC110 - another process's table is what changes
        await asyncio.sleep(STEP_SECONDS)
    stop.set()
    await sending


async def _is_something_left() -> bool:
    async with transaction(Role.WORKER) as connection:
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM ops.delivery WHERE state <> 'sent')"))


@contextmanager
def _sink() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="candour-bench-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
