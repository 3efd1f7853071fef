"""Background work of invitations: reminders whose day has come."""

from survey.queue import JobContext, Payload, cron

from . import service


@cron("invitations.plan_reminders", "*/10 * * * *")
async def plan_reminders(context: JobContext, payload: Payload) -> None:
    """Ask for the reminders that are due. Nobody gets one twice, and nobody who has answered gets any."""
    await service.plan_reminders(context.now())
