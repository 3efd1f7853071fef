"""The audit of reviews: ids and codes, never words of a report."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record, record_look
from survey.db import Scope, connection

from .. import queries

REVIEW = "decide whether a report may go to the client"
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
    told = detail | scope.seen_as if purpose else detail
    event = Event(*actor, action, "shopper", shopper_id, subject_id=shopper_id, purpose=purpose, detail=told)
    await record(connection(), event, now)


async def note_reading(scope: Scope, shop_id: UUID, purpose: str, now: datetime) -> None:
    """Record that somebody reads what a shopper reported, and why; the shopper sees it. Raises NotFound."""
    report_id, _ = await queries.whose(scope, shop_id)
    await _note_look(scope, shop_id, ("report", report_id), purpose, now)


async def note_picture(scope: Scope, shop_id: UUID, picture_id: UUID, purpose: str, now: datetime) -> None:
    """Record that somebody looks at one picture, and why; the shopper sees it. Raises NotFound."""
    await _note_look(scope, shop_id, ("picture", picture_id), purpose, now)


async def note_recording(scope: Scope, shop_id: UUID, recording_id: UUID, purpose: str, now: datetime) -> None:
    """Record that somebody hears a recording, and why; the shopper sees it. Raises NotFound."""
    await _note_look(scope, shop_id, ("recording", recording_id), purpose, now)


async def _note_look(scope: Scope, shop_id: UUID, seen: tuple[str, UUID], purpose: str, now: datetime) -> None:
    _, shopper_id = await queries.whose(scope, shop_id)
    kind, object_id = seen
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    if shopper_id is None:
        # What nobody's visit shows is still shown to somebody.
        await record(connection(), Event(*actor, f"{kind}.look", kind, object_id), now)
    else:
        look = Event(
            *actor, f"{kind}.read", kind, object_id, subject_id=shopper_id, purpose=purpose, detail=scope.seen_as
        )
        await record_look(connection(), look, now)
