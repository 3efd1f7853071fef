"""What accounts leave behind: audit events, and requests for mail. Ids only, whatever happened."""

from datetime import datetime, timedelta
from uuid import UUID

from privacy.audit import Event, record
from privacy.crypto import random_id
from privacy.optouts import suppression_key
from survey.db import Scope, connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings

FACTOR_OFF = "account.factor_off"
NEW_DEVICE = "account.new_device"

Detail = str | int | bool | None


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
) -> None:
    """Ask for one message to an account. life: how long the link in it works; later than that it is not sent."""
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
    )
    await mail.enqueue(delivery)
