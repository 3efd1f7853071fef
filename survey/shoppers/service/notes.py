"""What shoppers and staff leave behind: audit events, and requests for mail. Ids and codes only."""

from datetime import datetime, timedelta
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from privacy.optouts import suppression_key
from privacy.vault import data_key
from survey.db import Scope, connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings

from .. import queries
from ..domain import EMAIL
from .sealing import opened_text

CONFIRM_KIND = "shopper.confirm"
ADDRESS_KIND = "shopper.address"
DEACTIVATED_KIND = "shopper.deactivated"
REACTIVATED_KIND = "shopper.reactivated"
UPHELD_KIND = "shopper.upheld"
DOCUMENT_KIND = "shopper.document"
IDLE_KIND = "shopper.idle"
COPY_KIND = "shopper.copy"
RESTRICTION_KIND = "shopper.restriction"
# What the shopper has asked for; an opt-out does not stop it. Before a restriction is lifted they have to be told,
# GDPR Art. 18(3).
ASKED_FOR = frozenset({CONFIRM_KIND, ADDRESS_KIND, COPY_KIND, RESTRICTION_KIND})

Detail = str | int | bool | None


def as_shopper(affiliate_id: UUID, shopper_id: UUID) -> Scope:
    """The scope of a shopper who is not signed in at the affiliate yet."""
    return Scope(affiliate_id, None, "shopper", "shopper", shopper_id=shopper_id)


def own_id(scope: Scope) -> UUID:
    """The shopper whose own pages these are. The guard has seen to it that there is one."""
    if scope.shopper_id is None:
        raise ValueError("not a shopper's scope")
    return scope.shopper_id


async def note(scope: Scope, action: str, shopper_id: UUID, now: datetime, **detail: Detail) -> None:
    """Record what was done with a profile in the transaction that did it."""
    await record(connection(), event_of(scope, action, shopper_id, **detail), now)


async def note_look(scope: Scope, action: str, shopper_id: UUID, purpose: str, now: datetime) -> None:
    """Record that somebody looked at who a shopper is, and why; the shopper reads it."""
    event = Event(
        scope.affiliate_id, scope.actor_kind, _actor(scope), action, "shopper", shopper_id, shopper_id, purpose,
        scope.seen_as,
    )  # fmt: skip
    await record(connection(), event, now)


def event_of(scope: Scope, action: str, shopper_id: UUID, **detail: Detail) -> Event:
    """The event, for `record_many`."""
    return Event(
        scope.affiliate_id, scope.actor_kind, _actor(scope), action, "shopper", shopper_id,
        subject_id=shopper_id, detail=detail,
    )  # fmt: skip


async def ask_for_mail(
    settings: Settings, kind: str, ids: tuple[UUID, UUID], address: str, now: datetime, days: int | None = None
) -> None:
    """Ask for one message to a shopper. ids: affiliate's and shopper's; days: how long the link in it works."""
    affiliate_id, shopper_id = ids
    delivery = Delivery(
        affiliate_id=affiliate_id,
        campaign_id=random_id(),
        recipient_id=shopper_id,
        kind=kind,
        is_bulk=False,
        suppression_key=suppression_key(settings.index_key, address),
        not_before=now,
        not_after=now + timedelta(days=days) if days else None,
        is_asked=kind in ASKED_FOR,
    )
    await mail.enqueue(delivery)


async def tell(scope: Scope, settings: Settings, shopper_id: UUID, kind: str, now: datetime) -> None:
    """Write to the shopper. The address is opened to find whether it may be written to; nobody sees it. Role.STAFF."""
    (row,) = await queries.staff.sealed_shoppers(scope, [shopper_id])
    key = await data_key(connection(), settings.keyring, shopper_id)
    await ask_for_mail(settings, kind, (scope.affiliate_id, shopper_id), opened_text(key, EMAIL, row["email"]), now)


async def tell_oneself(scope: Scope, settings: Settings, kind: str, now: datetime) -> None:
    """Write to the shopper of this scope about what they have asked for. Role.SHOPPER. Raises KeyShredded."""
    key = await data_key(connection(), settings.keyring, own_id(scope))
    address = opened_text(key, EMAIL, (await queries.own.own_row(scope))["email"])
    await ask_for_mail(settings, kind, (scope.affiliate_id, own_id(scope)), address, now)


def _actor(scope: Scope) -> UUID | None:
    # A shopper's sign-in is nobody's business at the affiliate: the profile's id says who it was.
    return scope.shopper_id if scope.actor_kind == "shopper" else scope.account_id
