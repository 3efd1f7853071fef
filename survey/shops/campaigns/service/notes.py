"""The audit events of campaigns: ids and codes only."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection


async def note(scope: Scope, action: str, campaign_id: UUID, now: datetime, **detail: str | int | bool | None) -> None:
    """Record what was done to a campaign."""
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "campaign", campaign_id, detail=dict(detail)
    )
    await record(connection(), event, now)
