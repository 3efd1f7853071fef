"""kill -9 in the middle of 2,000 deliveries: nobody is missing, and doubles are few and the same message."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.db.embedded import Cluster
from survey.mail.service import INSERT_COLUMNS
from tests.conftest import TEST_ENVIRONMENT, new_affiliate
from tests.smtp_sink import Sink, Taken, serving

from .mail_worker import CONNECTIONS, address_of

ROOT = Path(__file__).parents[2]
PEOPLE = 2000
PATIENCE_SECONDS = 90
STEP_SECONDS = 0.1

Start = Callable[[Sink], Awaitable[Process]]


@pytest.fixture
async def start(cluster: Cluster, fresh_database: Database, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a worker process that sends to a sink; what still runs at the end of the test is ended."""
    async with transaction(Role.WORKER) as connection:
        name = await connection.fetchval("SELECT current_database()")
    environment = os.environ | TEST_ENVIRONMENT | {"DATABASE_URL": cluster.url(name), "CANDOUR_DATA": str(tmp_path)}
    begun: list[Process] = []

    async def started(sink: Sink) -> Process:
        begun.append(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.attacks.mail_worker"),
                cwd=ROOT,
                env=environment | {"SMTP_URL": sink.url},
                stdout=DEVNULL,
            )
        )
        return begun[-1]

    yield started
    for process in begun:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("kills", [(1000,), (300, 800, 1500)])
async def test_after_kill_9_nobody_is_missing_and_doubles_are_few(
    kills: tuple[int, ...], start: Start, fresh_database: Database
) -> None:
    campaign_id = await _two_thousand_deliveries()
    sink = Sink(keeps_content=False)
    async with serving(sink):
        for count in kills:
            await _run_until_killed(start, sink, count)
        survivor = await start(sink)
        rows = await _all_sent(campaign_id)
        survivor.terminate()
        assert await asyncio.wait_for(survivor.wait(), 30) == 0
    _check(sink.taken, rows, most_doubles=CONNECTIONS * len(kills))


async def _two_thousand_deliveries() -> UUID:
    scope = await new_affiliate("kestrel")
    campaign_id = uuid4()
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as connection:
        await connection.execute(
            f"{INSERT_COLUMNS} SELECT $1, $2, gen_random_uuid(), 'invitation', true, NULL,"
            " uuid_send(gen_random_uuid()), gen_random_uuid(), '{}', now(), NULL FROM generate_series(1, $3)",
            scope.affiliate_id,
            campaign_id,
            PEOPLE,
        )
    return campaign_id


async def _run_until_killed(start: Start, sink: Sink, count: int) -> None:
    """Kill the worker in the moment in which the sink has accepted so many; its connections are all at work then."""
    process = await start(sink)

    def kill_when_reached(_: Taken) -> None:
        if len(sink.taken) == count:
            os.kill(process.pid, signal.SIGKILL)

    sink.on_taken = kill_when_reached
    assert await asyncio.wait_for(process.wait(), PATIENCE_SECONDS) == -signal.SIGKILL
    sink.on_taken = lambda _: None


async def _all_sent(campaign_id: UUID) -> list[asyncpg.Record]:
    for _ in range(int(PATIENCE_SECONDS / STEP_SECONDS)):
        async with transaction(Role.WORKER) as connection:
            rows = await connection.fetch(
                "SELECT recipient_id, state, message_id, in_doubt FROM ops.delivery WHERE campaign_id = $1", campaign_id
            )
        if all(row["state"] == "sent" for row in rows):
            return list(rows)
        await asyncio.sleep(STEP_SECONDS)
    raise AssertionError(f"not all were sent: {Counter(row['state'] for row in rows)}")


def _check(taken: list[Taken], rows: list[asyncpg.Record], most_doubles: int) -> None:
    copies = Counter(one.recipient for one in taken)
    assert set(copies) == {address_of(row["recipient_id"]) for row in rows}
    assert len(rows) == PEOPLE
    assert len(taken) - PEOPLE <= most_doubles
    assert max(copies.values()) <= 2
    # One Message-ID a person, the one in the outbox: a mailbox may drop the second copy.
    assert {(one.recipient, one.message_id) for one in taken} == {
        (address_of(row["recipient_id"]), f"<{row['message_id']}>") for row in rows
    }
    # Whoever got two copies is one of those of whom it was known that they might.
    doubtful = {address_of(row["recipient_id"]) for row in rows if row["in_doubt"]}
    assert {person for person, count in copies.items() if count > 1} <= doubtful
    assert len(doubtful) <= most_doubles
