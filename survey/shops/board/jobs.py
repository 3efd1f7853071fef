"""Background work of the shopper's side: news of shops, once a day."""

from survey.queue import JobContext, Payload, cron

from . import service


@cron("board.send_news", "30 14 * * *")
async def send_news(context: JobContext, payload: Payload) -> None:
    """Whoever has asked for it hears of new shops near by."""
    await service.news.send_news(context.settings, context.now())
