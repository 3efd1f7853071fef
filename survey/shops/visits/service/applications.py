"""Applications: a shopper asks for a shop; staff answer; the shop's own fate answers the rest."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from privacy.audit import Event as AuditEvent
from privacy.audit import record, record_many
from privacy.vault import Place, data_key, seal
from survey.db import NotFound, Scope, connection
from survey.queue import enqueue
from survey.settings import Settings

from .. import queries
from ..domain import (
    Application,
    ApplicationEvent,
    DeclineReason,
    Event,
    OnHold,
    State,
    WrongState,
    application_after,
    check_day,
)

NOTE = "identity.application.note"
WORDS = {"APPROVED": "approve", "SUPERSEDED": "supersede", "EXPIRED": "expire"}


async def apply(scope: Scope, settings: Settings, shop_id: UUID, terms: tuple[date | None, str], now: datetime) -> UUID:
    """The shopper asks for an open shop; terms: a day, and words for the scheduler. Role.SHOPPER.

    Raises NotFound, OnHold, WrongState, OutsideWindow, AlreadyApplied. Whether rules allow it is asked before.
    """
    if scope.shopper_id is None:
        raise NotFound("shopper")
    shop = await queries.shop_in(scope, shop_id)
    if shop.is_on_hold:
        raise OnHold
    if shop.state is not State.OPEN:
        raise WrongState(shop.state, Event.APPROVE_APPLICATION)
    proposed_on, words = terms
    check_day(shop, proposed_on, now)
    application_id = uuid4()
    sealed = None
    if words.strip():
        key = await data_key(connection(), settings.keyring, scope.shopper_id)
        sealed = seal(key, Place(NOTE, application_id, scope.shopper_id), words.strip())
    await queries.insert_application(scope, application_id, shop_id, (proposed_on, sealed), now)
    await _record(scope, application_id, "submit", now)
    return application_id


async def withdraw(scope: Scope, application_id: UUID, now: datetime) -> None:
    """The shopper thinks better of it. Raises NotFound, Decided."""
    await _decide(scope, application_id, ApplicationEvent.WITHDRAW, now)


async def turn_down(scope: Scope, application_id: UUID, reason: DeclineReason, now: datetime) -> Application:
    """Staff say no, with a reason that the shopper reads. Raises NotFound, Decided."""
    return await _decide(scope, application_id, ApplicationEvent.DECLINE, now, reason)


async def application_in(scope: Scope, application_id: UUID) -> Application:
    """An application, locked. Raises NotFound."""
    return await queries.application_in(scope, application_id)


async def settle(scope: Scope, shop_ids: Sequence[UUID], now: datetime) -> None:
    """End the applications for shops that somebody has, or that nobody makes any more.

    A shopper's role sees only its own application: the others' are settled by a job that begins after the commit.
    """
    if not shop_ids:
        return
    rows = await queries.settle_applications(shop_ids, now)
    events = [
        AuditEvent(
            row["affiliate_id"], scope.actor_kind, scope.account_id, f"application.{WORDS[row['state']]}",
            "application", row["id"], subject_id=row["shopper_id"], detail={"shop": str(row["shop_id"])},
        )
        for row in rows
    ]  # fmt: skip
    await record_many(connection(), events, now)
    if scope.shopper_id is not None:
        (shop_id,) = shop_ids
        payload = {"affiliate_id": scope.affiliate_id, "shop_id": shop_id}
        await enqueue(connection(), "visits.settle_applications", payload, unique=str(shop_id))


async def _decide(
    scope: Scope, application_id: UUID, event: ApplicationEvent, now: datetime, reason: str = ""
) -> Application:
    found = await queries.application_in(scope, application_id)
    state = application_after(found.state, event)
    await queries.decide_application(scope, application_id, state, now, reason)
    await _record(scope, application_id, event, now, reason)
    return found


async def _record(scope: Scope, application_id: UUID, action: str, now: datetime, reason: str = "") -> None:
    detail = {"reason": reason} if reason else {}
    event = AuditEvent(
        scope.affiliate_id, scope.actor_kind, scope.account_id, f"application.{action}", "application",
        application_id, subject_id=scope.shopper_id, detail=detail,
    )  # fmt: skip
    await record(connection(), event, now)
