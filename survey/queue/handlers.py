"""How an area declares its background jobs: `@job` and `@cron` in its jobs.py, gathered by the worker."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType, ModuleType

from survey.db import Database
from survey.settings import Settings

from .domain import ATTEMPTS, RETRY_SECONDS, BadJob, Payload, Unretryable, require_name

Clock = Callable[[], datetime]
Site = Callable[[], object]


class NoSite(Unretryable):
    """A job asks the site, and this process was given none."""


def no_site() -> object:
    """What a process without a site has in its place. Raises NoSite."""
    raise NoSite


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler is given. It opens its own transactions, as the role and for the affiliate it needs.

    attempt: from 1. A job may run twice (a worker can die after the work and before saying so): make it repeatable.
    site: makes the site as visitors meet it, from the composition root, which alone knows every area.
    """

    settings: Settings
    database: Database
    clock: Clock
    attempt: int = 1
    site: Site = no_site

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self.clock()


Handler = Callable[[JobContext, Payload], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """A declared job. schedule: a cron expression (UTC), or empty. at_once: how many of it may run; 0: any number."""

    name: str
    handler: Handler
    attempts: int = ATTEMPTS
    retry_seconds: float = RETRY_SECONDS
    at_once: int = 0
    schedule: str = ""

    def __post_init__(self) -> None:
        require_name(self.name)
        if self.attempts < 1:
            raise BadJob(f"{self.name} is never tried")

    async def __call__(self, context: JobContext, payload: Payload) -> None:
        """Run the handler here and now."""
        await self.handler(context, payload)


def job(
    name: str, *, attempts: int = ATTEMPTS, retry_seconds: float = RETRY_SECONDS, at_once: int = 0
) -> Callable[[Handler], Job]:
    """Declare `async def handler(context, payload)` as the job `name`.

    It is tried `attempts` times, `retry_seconds` after the first failure and four times later each time; then it stays
    as failed for somebody to see. An attempt that ends the whole worker counts.
    """

    def declared(handler: Handler) -> Job:
        return Job(name, handler, attempts, retry_seconds, at_once)

    return declared


def cron(
    name: str, schedule: str, *, attempts: int = ATTEMPTS, retry_seconds: float = RETRY_SECONDS
) -> Callable[[Handler], Job]:
    """Declare a job that the clock asks for. It runs with an empty payload, and never twice at the same time."""

    def declared(handler: Handler) -> Job:
        return Job(name, handler, attempts, retry_seconds, at_once=1, schedule=schedule)

    return declared


def jobs_of(modules: Iterable[ModuleType]) -> Mapping[str, Job]:
    """Every job that the modules declare, by name. Raises BadJob where two have the same name."""
    found: dict[str, Job] = {}
    for module in modules:
        for declared in vars(module).values():
            if isinstance(declared, Job) and found.setdefault(declared.name, declared) is not declared:
                raise BadJob(f"{declared.name} is declared twice")
    return MappingProxyType(found)
