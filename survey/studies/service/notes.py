"""Audit events of studies."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection


async def note(scope: Scope, action: str, study_id: UUID, now: datetime, **detail: str | int | bool | None) -> None:
    """Record what was done to a study."""
    event = Event(scope.affiliate_id, scope.actor_kind, scope.account_id, action, "study", study_id, detail=detail)
    await record(connection(), event, now)
