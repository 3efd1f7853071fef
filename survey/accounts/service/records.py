"""What accounts leave behind: audit events, and requests for mail. Ids only, whatever happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from asyncpg import Connection

from privacy.audit import Event, record
from privacy.crypto import random_id
from privacy.optouts import suppression_key
from privacy.vault import KeyRing, Place, data_keys, unseal_text
from survey.db import Scope, connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings

from .. import queries
from ..domain import EMAIL, NAME

FACTOR_OFF = "account.factor_off"
NEW_DEVICE = "account.new_device"

Detail = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who gets a mail of another area, opened for it."""

    email: str = field(repr=False)
    name: str = field(repr=False)


async def addressees(connection: Connection, ring: KeyRing, account_ids: Sequence[UUID]) -> dict[UUID, Addressee]:
    """Address and name by account, for letters; those who are gone are not in it. Role.WORKER."""
    keys = await data_keys(connection, ring, list(account_ids))
    sealed = await queries.sealed_addresses(connection, list(account_ids))
    return {
        each: Addressee(
            unseal_text(keys[each], Place(EMAIL, each, each), email),
            unseal_text(keys[each], Place(NAME, each, each), name),
        )
        for each, (email, name) in sealed.items()
        if each in keys
    }


async def note(scope: Scope, action: str, account_id: UUID, now: datetime, **detail: Detail) -> None:
    """Record what was done to an account in the transaction that did it."""
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "account", account_id,
        subject_id=account_id, detail=detail,
    )  # fmt: skip
    await record(connection(), event, now)


def itself(affiliate_id: UUID, account_id: UUID) -> Scope:
    """The scope of somebody who is just signing in."""
    return Scope(affiliate_id, account_id)


async def ask_for_mail(  # noqa: PLR0913  (a message, each word named)
    settings: Settings,
    *,
    kind: str,
    affiliate_id: UUID,
    account_id: UUID,
    address: str,
    now: datetime,
    life: timedelta | None = None,
    context: dict[str, str | int | None] | None = None,
    is_asked: bool = False,
) -> None:
    """Ask for one message to an account. life: how long the link in it works; later than that it is not sent.

    is_asked: its reader asked for it a moment ago; no opt-out stops that.
    """
    delivery = Delivery(
        affiliate_id=affiliate_id,
        campaign_id=random_id(),
        recipient_id=account_id,
        kind=kind,
        is_bulk=False,
        suppression_key=suppression_key(settings.index_key, address),
        not_before=now,
        not_after=now + life if life else None,
        context=context or {},
        is_asked=is_asked,
    )
    await mail.enqueue(delivery)
