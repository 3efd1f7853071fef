"""Background work of contacts: lists on their way in, and what has to go again."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from survey.contacts import service
from survey.contacts.service import Safe
from survey.db import Scope
from survey.queue import JobContext, Payload, cron, job

ATTEMPTS = 5
GAVE_UP = "Something went wrong on our side, several times. Nothing is lost: upload the list again, or ask us to look."

Work = Callable[[Safe, Scope, UUID, Callable[[], datetime]], Awaitable[None]]


@job("contacts.check_import", attempts=ATTEMPTS)
async def check_import(context: JobContext, payload: Payload) -> None:
    """Look through a list."""
    await _go_through(context, payload, service.check_import)


@job("contacts.run_import", attempts=ATTEMPTS)
async def run_import(context: JobContext, payload: Payload) -> None:
    """Bring the people of a list in. A second attempt goes on after the last batch that was stored."""
    await _go_through(context, payload, service.run_import)


@job("contacts.clear_import")
async def clear_import(context: JobContext, payload: Payload) -> None:
    """Remove the file of an import that was stopped."""
    await service.clear_import(service.safe_of(context.settings), _scope(payload), _id(payload, "import_id"))


@job("contacts.erase_contact")
async def erase_contact(context: JobContext, payload: Payload) -> None:
    """Erase one person, as the account that asked for it."""
    scope = Scope(_id(payload, "affiliate_id"), _id(payload, "account_id"))
    await service.erase_contact(scope, _id(payload, "contact_id"), context.now())


@cron("contacts.sweep_imports", "40 2 * * *")
async def sweep_imports(context: JobContext, payload: Payload) -> None:
    """Give up lists that nobody imports; remove files and reports whose time is over."""
    await service.sweep_imports(service.safe_of(context.settings), context.now())


async def _go_through(context: JobContext, payload: Payload, work: Work) -> None:
    safe, scope, import_id = service.safe_of(context.settings), _scope(payload), _id(payload, "import_id")
    try:
        await work(safe, scope, import_id, context.now)
    except Exception:
        # Staff wait on the page for this job: after the last attempt it has to say that nothing more will come.
        if context.attempt >= ATTEMPTS:
            await service.fail_import(safe, scope, import_id, GAVE_UP, context.now())
        raise


def _scope(payload: Payload) -> Scope:
    return Scope(_id(payload, "affiliate_id"), actor_kind="system")


def _id(payload: Payload, name: str) -> UUID:
    found = payload[name]
    if not isinstance(found, UUID):
        raise TypeError(f"{name} is no id")
    return found
