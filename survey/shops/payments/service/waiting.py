"""Asking shoppers where their pay is to go: by ourselves twice, and by payroll not more than once a week."""

from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from privacy.audit import Event, record_many
from survey.db import Role, Scope, connection, transaction
from survey.settings import Settings
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import ASK_EVERY, WHERE_AGAIN_KIND, WHERE_ASKED_KIND, WHERE_KIND, Asking

BATCH = 500
KINDS = {"first": WHERE_KIND, "again": WHERE_AGAIN_KIND}


class MoreThanShown(Exception):
    """By now other people would be asked than those that were shown."""


async def tell_waiting(settings: Settings, now: datetime) -> int:
    """Ask for a mail to whoever waits for want of an account, and for one reminder; how many are new.

    Opens its own transaction. Twice or late does no harm.
    """
    async with transaction(Role.WORKER):
        untold = await queries.untold(now, BATCH)
        count = 0
        for what, kind in KINDS.items():
            told = [
                (each.affiliate_id, _occasion(kind, each.shopper_id, ""), each.shopper_id)
                for each in untold
                if each.what == what
            ]
            if told:
                count += await shoppers.ask_for_bulk(settings, kind, told, now)
        return count


async def asking_of(scope: Scope, item_ids: Sequence[UUID], now: datetime) -> Asking:
    """Who would be asked, of those whose items are chosen. Role.STAFF."""
    chosen = await queries.chosen_of(scope, item_ids, now - ASK_EVERY)
    asked = [each for each in chosen if each.is_lacking and not each.is_asked_lately]
    return Asking(
        [each.shopper_id for each in asked],
        [each.display_code for each in asked],
        [each.display_code for each in chosen if each.is_lacking and each.is_asked_lately],
        [each.display_code for each in chosen if not each.is_lacking],
    )


async def ask_where(scope: Scope, settings: Settings, item_ids: Sequence[UUID], shown: int, now: datetime) -> int:
    """Ask those who can be asked for a mail each; how many. shown: how many the preview named.

    Role.STAFF. Raises MoreThanShown where more people would be asked by now.
    """
    found = await asking_of(scope, item_ids, now)
    await queries.lock_shoppers(scope, found.shopper_ids)
    found = await asking_of(scope, item_ids, now)
    if len(found.shopper_ids) > shown:
        raise MoreThanShown
    day = now.date().isoformat()
    told = [(scope.affiliate_id, _occasion(WHERE_ASKED_KIND, who, day), who) for who in found.shopper_ids]
    if not told:
        return 0
    await shoppers.ask_for_bulk(settings, WHERE_ASKED_KIND, told, now)
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    events = [Event(*actor, "pay.ask_account", "shopper", who, subject_id=who) for who in found.shopper_ids]
    await record_many(connection(), events, now)
    return len(told)


def _occasion(kind: str, shopper_id: UUID, day: str) -> UUID:
    """What one such mail is known by: asking twice for the same is once."""
    return uuid5(NAMESPACE_OID, f"{kind} {shopper_id} {day}")
