"""Background work of appeals: what was raised, written, answered or decided in the last minute."""

from survey.appeals import service
from survey.queue import JobContext, Payload, cron


@cron("appeals.take_in", "* * * * *")
async def take_in(context: JobContext, payload: Payload) -> None:
    """Keep shops open that a client contests, let answered questions come back, record what clients wrote."""
    await service.take_in(context.now())


@cron("appeals.tell", "* * * * *")
async def tell(context: JobContext, payload: Payload) -> None:
    """Tell clients' people that an appeal of theirs was answered or decided."""
    await service.tell(context.settings, context.now())


@cron("appeals.tell_wishes", "* * * * *")
async def tell_wishes(context: JobContext, payload: Payload) -> None:
    """Tell staff that a client asks for another visit, and the client's people what came of it."""
    await service.tell_wishes(context.settings, context.now())


@cron("appeals.tell_raised", "* * * * *")
async def tell_raised(context: JobContext, payload: Payload) -> None:
    """Tell staff that a client contests an answer."""
    await service.tell_raised(context.settings, context.now())


@cron("appeals.tell_plans", "*/10 * * * *")
async def tell_plans(context: JobContext, payload: Payload) -> None:
    """Tell a client's people of action plans that were opened, sent back or closed, and of their days."""
    await service.tell_plans(context.settings, context.now())
