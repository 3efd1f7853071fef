"""The audit of contacts: one event for each write, and one for each time somebody looks at a person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record, record_many
from survey.db import Scope, connection

BRING_IN = "bring a client's list in"


async def note(scope: Scope, action: str, import_id: UUID, now: datetime, **detail: str | int | bool | None) -> None:
    """Record what was done to an import. Ids, codes and numbers only."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    await record(connection(), Event(*actor, action, "contact_import", import_id, detail=detail), now)


async def note_look(scope: Scope, action: str, import_id: UUID, now: datetime, *, rows: int | None = None) -> None:
    """Record a look at rows of a file, whose people have no ids yet, or none any more; the purpose is the import's."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    detail = {} if rows is None else {"rows": rows}
    await record(connection(), Event(*actor, action, "contact_import", import_id, None, BRING_IN, detail), now)


async def note_list(scope: Scope, action: str, client_id: UUID, purpose: str, now: datetime, *, people: int) -> None:
    """Record what was done with a client's contacts as a whole, and why."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    event = Event(*actor, action, "client", client_id, purpose=purpose, detail={"people": people})
    await record(connection(), event, now)


async def note_people(scope: Scope, action: str, contact_ids: Sequence[UUID], purpose: str, now: datetime) -> None:
    """Record what was done with many people, one event each: every one of them may ask who looked."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    events = [Event(*actor, action, "contact", one, subject_id=one, purpose=purpose) for one in contact_ids]
    await record_many(connection(), events, now)


async def note_person(scope: Scope, action: str, contact_id: UUID, purpose: str | None, now: datetime) -> None:
    """Record what was done with one person, and why."""
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    event = Event(*actor, action, "contact", contact_id, subject_id=contact_id, purpose=purpose)
    await record(connection(), event, now)
