"""Planning reminders."""

from datetime import datetime

from privacy.audit import Event, record
from survey.db import Role, Scope, connection, transaction
from survey.studies.domain import REMINDERS

from .. import queries


async def plan_reminders(now: datetime) -> int:
    """Ask for every reminder that is due, each study's in a transaction of its own; returns how many are new.

    Asking again asks nobody twice. A study that is paused waits; one that has closed has no doors left.
    """
    async with transaction(Role.WORKER):
        due = await queries.due_reminders(now)
    planned = 0
    for affiliate_id, study_id, place in due:
        scope, message = Scope(affiliate_id, actor_kind="system"), REMINDERS[place - 1]
        async with transaction(Role.WORKER, affiliate=affiliate_id):
            new, passed_over = await queries.remind(scope, study_id, message, now)
            if new or passed_over:
                detail = {"reminder": place, "people": new, "passed_over": passed_over}
                event = Event(affiliate_id, "system", None, "study.remind", "study", study_id, detail=detail)
                await record(connection(), event, now)
        planned += new
    return planned
