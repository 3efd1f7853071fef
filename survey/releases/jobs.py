"""Background work of releases: studies whose time is over, drafts nobody sent, the release itself, names to forget."""

from uuid import UUID

from privacy.anonymity.proof import Unsafe
from survey.media import media_of
from survey.queue import JobContext, Payload, Unretryable, cron, job
from survey.releases import service
from survey.releases.domain import Unreleasable


@job("releases.build")
async def build_release(context: JobContext, payload: Payload) -> None:
    """Build the release of a study that has closed. Asking twice gives one release."""
    try:
        await service.build_release(context.settings, *_study(payload), context.now())
    except (Unreleasable, Unsafe) as error:
        # The same answers would give the same refusal.
        raise Unretryable(str(error)) from error


@job("releases.discard_drafts")
async def discard_drafts(context: JobContext, payload: Payload) -> None:
    """Remove the answers of a closed study that nobody sent."""
    await service.discard_drafts(*_study(payload), context.now())


@cron("releases.close_due", "*/5 * * * *")
async def close_due(context: JobContext, payload: Payload) -> None:
    """Close every study whose last day is over: then the link between people and answers goes, as they were told."""
    await service.close_due_studies(context.now())


@cron("releases.tell_news", "*/10 * * * *")
async def tell_news(context: JobContext, payload: Payload) -> None:
    """Tell clients' people of new reports of visits, as often as each of them wants."""
    await service.tell_news(context.settings, context.now())


@cron("releases.release_due", "* * * * *")
async def release_due(context: JobContext, payload: Payload) -> None:
    """Let reports leave whose campaign says that they do so by themselves, some hours after their approval."""
    await service.release_due(context.settings, media_of(context.settings), context.now())


@cron("releases.purge_employees", "25 3 * * *")
async def purge_employees(context: JobContext, payload: Payload) -> None:
    """Let names and descriptions of clients' employees go when their time is over."""
    await service.purge_employees(context.now())


@cron("releases.tell_makeups", "45 3 * * *")
async def tell_makeups(context: JobContext, payload: Payload) -> None:
    """Count who made the visits of the waves that are settled, where their campaigns let that be told."""
    await service.tell_makeups(context.settings, context.now())


def _study(payload: Payload) -> tuple[UUID, UUID]:
    affiliate_id, study_id = payload["affiliate_id"], payload["study_id"]
    if not isinstance(affiliate_id, UUID) or not isinstance(study_id, UUID):
        raise Unretryable("the job does not name a study")
    return affiliate_id, study_id
