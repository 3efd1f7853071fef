"""Telling a client's people of new reports: one mail for all that has come, an hour or a day."""

from datetime import datetime

from survey.accounts import service as accounts
from survey.accounts.service import Told
from survey.db import Role, transaction
from survey.releases import queries
from survey.releases.domain import NEWS_KIND
from survey.settings import Settings

BATCH = 500


async def tell_news(settings: Settings, now: datetime) -> int:
    """Ask for the mails that are due; how many. Twice, late or after a crash nobody is told of a report twice."""
    asked = 0
    while True:
        async with transaction(Role.WORKER):
            due = await queries.due_viewers(now, BATCH)
            told = [
                Told(
                    each.affiliate_id, each.account_id, each.occasion,
                    {"since": each.since.isoformat(), "until": each.until.isoformat()},
                )
                for each in due
            ]  # fmt: skip
            asked += await accounts.ask_for_bulk(settings, NEWS_KIND, told, now) if told else 0
            await queries.mark_told(due)
        if len(due) < BATCH:
            return asked
