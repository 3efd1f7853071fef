"""Background work of scheduling: late cancellations, offers that go on, mail that is due."""

from survey.queue import JobContext, Payload, cron, job

from . import service


@job("scheduling.carry_out")
async def carry_out(context: JobContext, payload: Payload) -> None:
    """A cancellation was asked for half a minute ago."""
    await service.carry_out_waiting(context.settings.keyring, context.now())


@cron("scheduling.carry_out_late", "* * * * *")
async def carry_out_late(context: JobContext, payload: Payload) -> None:
    """The same for what was missed."""
    await service.carry_out_waiting(context.settings.keyring, context.now())


@cron("scheduling.go_on_offering", "* * * * *")
async def go_on_offering(context: JobContext, payload: Payload) -> None:
    """The next shopper is asked where the last one declined or said nothing."""
    await service.go_on_offering(context.now())


@cron("scheduling.offer_again", "* * * * *")
async def offer_again(context: JobContext, payload: Payload) -> None:
    """What somebody let go is offered to the next, where the campaign says so."""
    await service.offer_again(context.now())


@cron("scheduling.tell", "* * * * *")
async def tell(context: JobContext, payload: Payload) -> None:
    """Shoppers hear of offers, assignments, shops taken back, answers and messages."""
    await service.tell(context.settings, context.now())


@cron("scheduling.remind", "*/15 * * * *")
async def remind(context: JobContext, payload: Payload) -> None:
    """Three days and one day before the visit, when the report is due, and before the shop goes back by itself."""
    await service.remind(context.settings, context.now())
