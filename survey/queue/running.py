"""Running the jobs: pgqueuer fetches, repeats and schedules; we count the starts, cap them and keep what failed."""

import asyncio
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import asyncpg
import structlog
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.applications import PgQueuer
from pgqueuer.core.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.domain.errors import PgqException, RetryRequested
from pgqueuer.domain.models import Context, Schedule
from pgqueuer.domain.models import Job as Row
from pgqueuer.domain.types import Channel

from survey.db import LOST, Database, DatabaseUnavailable, Role
from survey.settings import Settings

from .domain import JobFailed, Poisoned, Unretryable, decoded, wait_after
from .handlers import Clock, Job, JobContext, Site, no_site
from .queries import COUNT_START, UNCOUNT_START
from .storage import NAMES, queries_on

log = structlog.get_logger("candour.jobs")

ASTRAY = (*LOST, asyncpg.PostgresError, PgqException, DatabaseUnavailable)
FETCHED_AT_ONCE = 4
RUNNING_AT_ONCE = 8
FRAMES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the queue is. heartbeat: silence after which a job's worker is taken for dead."""

    heartbeat_seconds: float = 30
    poll_seconds: float = 10
    grace_seconds: float = 20
    reconnect_seconds: float = 2


def utc_now() -> datetime:
    """The clock of a real process."""
    return datetime.now(UTC)


@dataclass
class Worker:
    """One process's share of the jobs."""

    settings: Settings
    database: Database
    jobs: Mapping[str, Job]
    clock: Clock = utc_now
    pace: Pace = Pace()
    site: Site = no_site
    running: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until `stop` is set and what is under way has ended or used up its grace."""
        while not stop.is_set():
            try:
                await self._run_connected(stop)
            except ASTRAY as error:
                log.warning("queue lost its connection", kind=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self.pace.reconnect_seconds)

    async def _run_connected(self, stop: asyncio.Event) -> None:
        connection = await self.database.connect(Role.WORKER)
        try:
            queue = self._queue(queries_on(connection))
            ending = asyncio.create_task(self._end(queue, stop))
            try:
                await queue.run(
                    dequeue_timeout=timedelta(seconds=self.pace.poll_seconds),
                    batch_size=FETCHED_AT_ONCE,
                    max_concurrent_tasks=RUNNING_AT_ONCE,
                    shutdown_on_listener_failure=True,
                    heartbeat_timeout=timedelta(seconds=self.pace.heartbeat_seconds),
                )
            finally:
                ending.cancel()
        finally:
            connection.terminate()

    def _queue(self, queries: Queries) -> PgQueuer:
        queue = PgQueuer(queries.driver, channel=Channel(NAMES.channel), queries=queries)
        for job in self.jobs.values():
            # A failed job is held: it stays in the table until somebody has looked at it.
            parameters = EntrypointExecutorParameters(
                concurrency_limit=job.at_once, func=_never, accepts_context=True, on_failure="hold"
            )
            queue.qm.register_executor(job.name, Counted(parameters, job=job, worker=self, queries=queries))
            if job.schedule:
                queue.schedule(job.name, job.schedule)(partial(_ask, queries, job.name))
        return queue

    async def _end(self, queue: PgQueuer, stop: asyncio.Event) -> None:
        await stop.wait()
        queue.shutdown.set()
        await asyncio.sleep(self.pace.grace_seconds)
        for task in self.running:
            task.cancel()


@dataclass
class Counted(AbstractEntrypointExecutor):
    """Runs one job. The start is counted and committed first, so that a job that kills its worker runs out of tries."""

    job: Job
    worker: Worker
    queries: Queries

    async def execute(self, row: Row, context: Context) -> None:
        """Run the handler once; ask pgqueuer for another try, or fail for good."""
        counted = await self.queries.driver.fetch(COUNT_START, row.id)
        starts = int(str(counted[0]["starts"])) if counted else 1
        if starts > self.job.attempts:
            log.error("job poisoned", job=self.job.name, id=row.id, starts=starts - 1)
            raise Poisoned(self.job.name, starts - 1)
        task = asyncio.current_task()
        assert task is not None
        self.worker.running.add(task)
        try:
            await self._attempt(row, starts, task)
        finally:
            self.worker.running.discard(task)

    async def _attempt(self, row: Row, starts: int, task: "asyncio.Task[None]") -> None:
        worker = self.worker
        try:
            await self.job.handler(
                JobContext(worker.settings, worker.database, worker.clock, starts, worker.site), decoded(row.payload)
            )
        except asyncio.CancelledError:
            # The process is ending. pgqueuer would throw a cancelled job away; it goes back, and this start is free.
            task.uncancel()
            await self.queries.driver.execute(UNCOUNT_START, row.id)
            raise RetryRequested(reason="the worker stopped") from None
        except Exception as error:
            # pgqueuer stores and logs what it is given: the kind of error and where, never its text or its values.
            raise self._judged(row, starts, error) from None

    def _judged(self, row: Row, starts: int, error: Exception) -> Exception:
        kind = type(error).__name__
        log.error("job failed", job=self.job.name, id=row.id, attempt=starts, kind=kind, where=_frames(error))
        if isinstance(error, Unretryable) or starts >= self.job.attempts:
            return JobFailed(self.job.name, kind, starts)
        return RetryRequested(wait_after(starts, self.job.retry_seconds), reason=kind)


async def _never(row: Row, context: Context) -> None:
    """pgqueuer wants a function beside the executor; ours has the handler in `job`."""


async def _ask(queries: Queries, name: str, schedule: Schedule) -> None:
    """What the clock does: ask for the job, so that it has the same tries and the same end as any other."""
    await queries.enqueue(name, b"{}", dedupe_key=f"{name} schedule", on_conflict="skip")


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_SHOWN:]
    return [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames]
