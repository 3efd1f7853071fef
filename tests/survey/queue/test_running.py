"""Jobs run, are tried again a counted number of times, and are never lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
from structlog.testing import capture_logs

from survey.db import Database, Role, transaction
from survey.db.embedded import Cluster, url_of
from survey.queue import JobContext, Payload, Unretryable, cron, enqueue, failed_jobs, job, requeue
from survey.queue.domain import Scalar
from survey.queue.running import Worker
from survey.queue.storage import queries_on
from survey.settings import Settings

from .conftest import QUICK, Working, failed, gone, row_of

SECRET = "ann.canary@example.test"

_REASON = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0"
LAST_WORD = b"E" + (len(_REASON) + 4).to_bytes(4, "big") + _REASON  # an ErrorResponse (PostgreSQL, message formats)


async def _ask(name: str, payload: dict[str, Scalar] | None = None, run_after: timedelta | None = None) -> None:
    async with transaction(Role.STAFF) as connection:
        await enqueue(connection, name, payload or {}, run_after=run_after)


async def test_a_job_gets_its_ids_and_leaves_the_queue(working: Working, fresh_database: Database) -> None:
    seen: list[Payload] = []

    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        seen.append(payload)

    study = uuid4()
    async with working(work):
        await _ask("area.work", {"study_id": study})
        await gone(fresh_database, "area.work")
    assert seen == [{"study_id": study}]
    assert isinstance(seen[0]["study_id"], UUID)


async def test_a_job_waits_until_it_may_begin(working: Working, fresh_database: Database) -> None:
    begun: list[float] = []

    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        begun.append(asyncio.get_running_loop().time())

    async with working(work):
        asked = asyncio.get_running_loop().time()
        await _ask("area.work", run_after=timedelta(seconds=0.7))
        await gone(fresh_database, "area.work")
    assert begun[0] - asked >= 0.7


async def test_a_job_that_fails_is_tried_again_and_says_which_try_it_is(
    working: Working, fresh_database: Database
) -> None:
    attempts: list[int] = []

    @job("area.work", attempts=5, retry_seconds=0.01)
    async def work(context: JobContext, payload: Payload) -> None:
        attempts.append(context.attempt)
        if context.attempt < 3:
            raise OSError

    async with working(work):
        await _ask("area.work")
        await gone(fresh_database, "area.work")
    assert attempts == [1, 2, 3]


async def test_a_job_that_always_fails_stays_to_be_seen(working: Working, fresh_database: Database) -> None:
    @job("area.work", attempts=2, retry_seconds=0.01)
    async def work(context: JobContext, payload: Payload) -> None:
        raise KeyError

    async with working(work):
        await _ask("area.work")
        await failed(fresh_database, "area.work")
    async with transaction(Role.WORKER) as connection:
        seen = await failed_jobs(connection)
    assert [(found.reason, found.starts) for found in seen] == [("area.work failed with KeyError, attempt 2", 2)]


async def test_what_no_second_try_can_mend_fails_at_once(working: Working, fresh_database: Database) -> None:
    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        raise Unretryable

    async with working(work):
        await _ask("area.work")
        assert (await failed(fresh_database, "area.work"))["starts"] == 1


async def test_a_failed_job_can_be_given_all_its_tries_again(working: Working, fresh_database: Database) -> None:
    outcomes = [Unretryable(), None]

    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        if outcome := outcomes.pop(0):
            raise outcome

    async with working(work):
        await _ask("area.work")
        row = await failed(fresh_database, "area.work")
        async with transaction(Role.WORKER) as connection:
            assert await requeue(connection, row["id"])
        await gone(fresh_database, "area.work")
    assert outcomes == []


async def test_the_words_of_an_error_reach_neither_the_log_nor_the_database(
    working: Working, fresh_database: Database
) -> None:
    @job("area.work", attempts=2, retry_seconds=0.01)
    async def work(context: JobContext, payload: Payload) -> None:
        raise ValueError(SECRET)

    with capture_logs() as lines:
        async with working(work):
            await _ask("area.work")
            await failed(fresh_database, "area.work")
    async with transaction(Role.WORKER) as connection:
        stored = await connection.fetchval("SELECT string_agg(to_jsonb(l)::text, ' ') FROM ops.job_log AS l")
    assert "ValueError" in str(lines)
    assert SECRET not in str(lines) + stored


async def test_the_clock_asks_and_the_job_runs(working: Working, fresh_database: Database) -> None:
    ran = asyncio.Event()

    @cron("area.clean", "* * * * * *")
    async def clean(context: JobContext, payload: Payload) -> None:
        ran.set()

    async with working(clean):
        await asyncio.wait_for(ran.wait(), 60)


async def test_stopping_waits_for_what_is_under_way(working: Working, fresh_database: Database) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        ended.set()

    async with working(work):
        await _ask("area.work")
        await asyncio.wait_for(begun.wait(), 60)
    assert ended.is_set()
    assert await row_of(fresh_database, "area.work") is None


async def test_what_outlasts_the_grace_goes_back_and_keeps_its_tries(
    working: Working, fresh_database: Database
) -> None:
    begun = asyncio.Event()

    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        begun.set()
        await asyncio.sleep(60)

    async with working(work):
        await _ask("area.work")
        await asyncio.wait_for(begun.wait(), 60)
    row = await row_of(fresh_database, "area.work")
    assert row is not None
    assert (row["status"], row["starts"]) == ("queued", 0)


async def test_a_worker_that_loses_the_database_comes_back(working: Working, fresh_database: Database) -> None:
    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        """Nothing to do."""

    async with working(work):
        await _ask("area.work")
        await gone(fresh_database, "area.work")
        async with transaction(Role.WORKER) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
            )
        await _ask("area.work")
        await gone(fresh_database, "area.work")


@asynccontextmanager
async def wire(cluster: Cluster) -> AsyncIterator[tuple[int, list[asyncio.StreamWriter]]]:
    """A wire to the server: its port, and the ends at the clients, into which a test can say a word of its own."""
    host, port, ends = cluster.launch.host, cluster.launch.port, list[asyncio.StreamWriter]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if host.startswith("/"):
            back, forth = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            back, forth = await asyncio.open_connection(host, port)
        ends.append(writer)
        with suppress(OSError):
            await asyncio.gather(carry(reader, forth), carry(back, writer))

    server = await asyncio.start_server(joined, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1], ends
    server.close()


async def test_a_worker_comes_back_when_the_servers_last_word_is_all_that_came(
    settings: Settings, fresh_database: Database, cluster: Cluster
) -> None:
    @job("area.work")
    async def work(context: JobContext, payload: Payload) -> None:
        """Nothing to do."""

    async with transaction(Role.WORKER) as connection:
        name = await connection.fetchval("SELECT current_database()")
    async with wire(cluster) as (port, ends):
        through = Database()
        await through.start(replace(settings, database_url=url_of("127.0.0.1", port, name)))
        stop = asyncio.Event()
        running = asyncio.create_task(Worker(settings, through, {work.name: work}, pace=QUICK).run(stop))
        await _ask("area.work")
        await gone(fresh_database, "area.work")
        assert ends
        for end in ends:
            end.write(LAST_WORD)  # and the wire stays open, as for a moment it does
        await _ask("area.work")
        await gone(fresh_database, "area.work")
        stop.set()
        await asyncio.wait_for(running, 20)
        await through.stop()


async def test_the_tables_are_what_the_library_declares(fresh_database: Database) -> None:
    connection: asyncpg.Connection = await fresh_database.connect(Role.WORKER)
    plan = await queries_on(connection).plan_upgrade()
    await connection.close()
    assert list(plan.statements) == []
