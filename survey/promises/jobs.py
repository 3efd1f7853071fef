"""The daily look at every promise, and the proof: a search for people with everybody's eyes."""

import asyncio
from uuid import UUID

import structlog

from survey.queue import JobContext, Payload, Unretryable, cron, job
from survey.web.front import Front

from . import service
from .service import proving

log = structlog.get_logger("candour.promises")


@cron("promises.verify", "17 3 * * *")
async def verify(context: JobContext, payload: Payload) -> None:
    """Check every promise while nobody waits for anything else."""
    for each in await service.verify_all(context.settings, context.database):
        if not each.is_held:
            log.error("promise broken", promise=each.promise, finding=each.finding)


# Early enough that the look at the promises sees what came of it.
@cron("promises.prove_all", "37 2 * * *")
async def prove_all(context: JobContext, payload: Payload) -> None:
    """Ask for a run of the proof at every company."""
    await proving.ask_for_all(context.now())


# Never twice at a time: it keeps a processor busy. The second attempt finds a run that lost its worker, and says so.
@job("promises.prove", attempts=2, at_once=1)
async def prove(context: JobContext, payload: Payload) -> None:
    """Do a run of the proof. Raises NoSite in a process that was not given the site."""
    # Making the site takes seconds, and mail goes out meanwhile.
    run_id, site = payload["run_id"], await asyncio.to_thread(context.site)
    if not isinstance(run_id, UUID) or not isinstance(site, Front):
        raise Unretryable("the job names no run, or the process has no site")
    state = await proving.run(context.settings, site, run_id, context.now)
    log.info("proof ended", run=str(run_id), outcome=state.value)


@cron("promises.forget_runs", "52 2 * * *")
async def forget_runs(context: JobContext, payload: Payload) -> None:
    """Let go of runs that are older than a year."""
    await proving.forget(context.now())
