"""The worker process: deliveries of mail, and the background jobs of every area."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache, partial
from types import ModuleType

import structlog

from survey.accounts import emails as accounts_mail
from survey.accounts import jobs as accounts_jobs
from survey.affiliates import jobs as affiliates_jobs
from survey.appeals import emails as appeals_mail
from survey.appeals import jobs as appeals_jobs
from survey.contacts import jobs as contacts_jobs
from survey.db import Database
from survey.invitations import emails as invitations_mail
from survey.invitations import jobs as invitations_jobs
from survey.mail.catcher import catching
from survey.mail.composing import composers_of
from survey.mail.dispatch import Tuning, utc_now
from survey.mail.mailbox import folder_of
from survey.mail.relay import Relay, relay_of
from survey.mail.sending import send_mail
from survey.panels import emails as panels_mail
from survey.panels import jobs as panels_jobs
from survey.promises import inventory
from survey.promises import jobs as promises_jobs
from survey.queue import jobs as queue_jobs
from survey.queue import jobs_of
from survey.queue.handlers import no_site
from survey.queue.running import Worker
from survey.releases import emails as releases_mail
from survey.releases import jobs as releases_jobs
from survey.rights import jobs as rights_jobs
from survey.settings import Settings
from survey.shoppers import emails as shoppers_mail
from survey.shoppers import jobs as shoppers_jobs
from survey.shops.board import emails as board_mail
from survey.shops.board import jobs as board_jobs
from survey.shops.fieldwork import jobs as fieldwork_jobs
from survey.shops.payments import emails as payments_mail
from survey.shops.payments import jobs as payments_jobs
from survey.shops.reviews import emails as reviews_mail
from survey.shops.reviews import jobs as reviews_jobs
from survey.shops.scheduling import emails as scheduling_mail
from survey.shops.scheduling import jobs as scheduling_jobs
from survey.shops.visits import jobs as visits_jobs
from survey.studies import emails as studies_mail
from survey.sweeps import jobs as sweeps_jobs
from survey.web import jobs as web_jobs

log = structlog.get_logger("candour.worker")

# One line for each area that brings background work, and for each that writes to people.
JOBS: Sequence[ModuleType] = (
    accounts_jobs,
    affiliates_jobs,
    appeals_jobs,
    board_jobs,
    contacts_jobs,
    fieldwork_jobs,
    invitations_jobs,
    queue_jobs,
    panels_jobs,
    payments_jobs,
    promises_jobs,
    releases_jobs,
    reviews_jobs,
    rights_jobs,
    scheduling_jobs,
    shoppers_jobs,
    sweeps_jobs,
    visits_jobs,
    web_jobs,
)
MAIL: Sequence[ModuleType] = (
    accounts_mail,
    appeals_mail,
    board_mail,
    invitations_mail,
    panels_mail,
    payments_mail,
    releases_mail,
    reviews_mail,
    scheduling_mail,
    shoppers_mail,
    studies_mail,
)


async def run_worker(
    settings: Settings,
    stop: asyncio.Event | None = None,
    tuning: Tuning | None = None,
    mail: Sequence[ModuleType] = MAIL,
    site: Callable[[Settings], object] | None = None,
) -> None:
    """Work until SIGTERM or SIGINT, or until `stop` is set; what is under way is finished or given back.

    site: makes the site that the proof asks; who starts the worker hands it in, for the worker stands below the site.
    """
    inventory.stop_at_unclassified()
    ending = stop or asyncio.Event()
    if stop is None:
        _stop_on_signals(ending)
    jobs, composers = jobs_of(JOBS), composers_of(mail)
    # Made when the first job wants it, and once.
    made = cache(partial(site, settings)) if site is not None else no_site
    database = Database()
    await database.start(settings)
    log.info("worker started", jobs=len(jobs), mails=len(composers))
    try:
        async with _relay(settings) as relay, asyncio.TaskGroup() as group:
            group.create_task(Worker(settings, database, jobs, site=made).run(ending))
            group.create_task(send_mail(settings, database, composers, relay, ending, tuning=tuning))
    finally:
        await database.stop()
        log.info("worker stopped")


@asynccontextmanager
async def _relay(settings: Settings) -> AsyncIterator[Relay]:
    """The relay of the settings, or the catcher where there is none; production does not start without one."""
    if settings.smtp_url is not None:
        yield relay_of(settings.smtp_url)
        return
    async with catching(folder_of(settings), utc_now) as relay:
        yield relay


def _stop_on_signals(ending: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
