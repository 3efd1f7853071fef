"""The audit of contacts: one event for each write, and one for each time somebody looks at a person."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from survey.db import Scope, connection


async def note(scope: Scope, action: str, import_id: UUID, now: datetime, **detail: str | int | bool | None) -> None:
    """Record what was done to an import. Ids, codes and numbers only."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, action, "contact_import", import_id, detail=detail), now)


async def note_list(scope: Scope, action: str, client_id: UUID, now: datetime, *, people: int) -> None:
    """Record what was done with a client's contacts as a whole."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, action, "client", client_id, detail={"people": people}), now)


async def note_person(scope: Scope, action: str, contact_id: UUID, purpose: str | None, now: datetime) -> None:
    """Record what was done with one person, and why."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    event = Event(*actor, action, "contact", contact_id, subject_id=contact_id, purpose=purpose)
    await record(connection(), event, now)
