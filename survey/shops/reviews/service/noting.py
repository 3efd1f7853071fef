"""The audit of reviews: ids and codes, never words of a report."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection

OWN_NAME = "keep the shopper’s own name out of the report"
Detail = str | int | bool | None


async def note(scope: Scope, action: str, report_id: UUID, now: datetime, **detail: Detail) -> None:
    """Record what was done to a report."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, f"review.{action}", "report", report_id, detail=detail), now)


async def note_shopper(
    scope: Scope, action: str, shopper_id: UUID, now: datetime, purpose: str | None = None, **detail: Detail
) -> None:
    """Record what was done with the person behind a report, and why."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    event = Event(
        *actor, action, "shopper", shopper_id, subject_id=shopper_id, purpose=purpose, detail=detail
    )  # fmt: skip
    await record(connection(), event, now)


async def note_reading(scope: Scope, report_id: UUID, now: datetime) -> None:
    """Record that somebody of the affiliate has opened a report and read its words: a report names no shopper."""
    await note(scope, "look", report_id, now)
