"""Asking for mail to a client's people that carries a way out, for the areas that have something to tell them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.optouts import links_for, suppression_key
from survey.db import connection
from survey.mail import service as mail
from survey.mail.domain import Delivery
from survey.settings import Settings

from .records import addressees


@dataclass(frozen=True, slots=True)
class Told:
    """One account and what it is told of. occasion: what makes it one and the same mail."""

    affiliate_id: UUID
    account_id: UUID
    occasion: UUID
    context: Mapping[str, str | int | None] = field(default_factory=dict)


async def ask_for_bulk(settings: Settings, kind: str, told: Sequence[Told], now: datetime) -> int:
    """Ask for mail that an opt-out stops; how many are new. Whoever is gone gets none. Role.WORKER."""
    people = await addressees(connection(), settings.keyring, list({each.account_id for each in told}))
    keys = {own: suppression_key(settings.index_key, person.email) for own, person in people.items()}
    reached = [each for each in told if each.account_id in keys]
    links = await links_for(connection(), [(keys[each.account_id], each.affiliate_id) for each in reached])
    deliveries = [
        Delivery(
            each.affiliate_id, each.occasion, each.account_id, kind, is_bulk=True, suppression_key=key, not_before=now,
            opt_out_link_id=links[(key, each.affiliate_id)], context=each.context,
        )
        for each in reached
        for key in [keys[each.account_id]]
    ]  # fmt: skip
    return await mail.enqueue_many(connection(), deliveries)
