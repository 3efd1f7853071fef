"""The audit of pay: each item that moves, each batch that changes, each person whose account is opened."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record, record_many
from survey.db import Scope, connection

from ..domain import Item

PAY_PURPOSE = "pay what is owed"
Detail = str | int | bool | None


async def note_item(scope: Scope, action: str, item: Item, now: datetime, **detail: Detail) -> None:
    """Record what happened to an item."""
    await record(connection(), _about_item(scope, action, item.id, item.shopper_id, detail), now)


async def note_items(scope: Scope, action: str, item_ids: Iterable[UUID], now: datetime, **detail: Detail) -> None:
    """Record what happened to many items, in one round trip."""
    events = [_about_item(scope, action, item_id, None, detail) for item_id in item_ids]
    if events:
        await record_many(connection(), events, now)


async def note_batch(scope: Scope, action: str, batch_id: UUID, now: datetime, **detail: Detail) -> None:
    """Record what happened to a batch."""
    event = AuditEvent(*_actor(scope), action, "pay_batch", batch_id, detail=detail)
    await record(connection(), event, now)


async def note_named(
    scope: Scope, shopper_ids: Iterable[UUID], purpose: str, now: datetime, **detail: Detail
) -> None:  # fmt: skip
    """Record for each person that the name was opened, for what, and why."""
    events = [
        AuditEvent(
            *_actor(scope), "shopper.read", "shopper", shopper_id, subject_id=shopper_id, purpose=purpose,
            detail=detail | scope.seen_as,
        )
        for shopper_id in shopper_ids
    ]  # fmt: skip
    if events:
        await record_many(connection(), events, now)


async def note_year(scope: Scope, now: datetime, **detail: Detail) -> None:
    """Record that a year's totals were taken as a file."""
    event = AuditEvent(*_actor(scope), "pay.year_export", "affiliate", scope.affiliate_id, detail=detail)
    await record(connection(), event, now)


async def note_payer(scope: Scope, now: datetime, **detail: Detail) -> None:
    """Record that the affiliate's own side changed; never the account itself."""
    event = AuditEvent(*_actor(scope), "pay.settings", "affiliate", scope.affiliate_id, detail=detail)
    await record(connection(), event, now)


def _actor(scope: Scope) -> tuple[UUID, str, UUID | None]:
    return scope.affiliate_id, scope.actor_kind, scope.account_id


def _about_item(
    scope: Scope, action: str, item_id: UUID, subject_id: UUID | None, detail: dict[str, Detail]
) -> AuditEvent:  # fmt: skip
    return AuditEvent(*_actor(scope), action, "pay_item", item_id, subject_id=subject_id, detail=detail)
