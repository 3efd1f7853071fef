"""The audit of scheduling: ids, codes and numbers only."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection


async def note(
    scope: Scope, action: str, kind: str, object_id: UUID, now: datetime, **detail: str | int | bool | None
) -> None:
    """Record what was done."""
    event = Event(scope.affiliate_id, scope.actor_kind, scope.account_id, action, kind, object_id, detail=detail)
    await record(connection(), event, now)
