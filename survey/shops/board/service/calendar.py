"""A shopper's calendar behind a secret address that can be switched off."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.tokens import Purpose, sign
from survey.db import Role, Scope, connection, transaction
from survey.settings import Settings

from .. import queries
from ..domain import calendar_of
from ..queries.feeds import Feed, Owner


async def own_address(scope: Scope, settings: Settings) -> tuple[Feed | None, str]:
    """The shopper's feed and its secret address, if there is one."""
    feed = await queries.feeds.find_feed(scope)
    if feed is None:
        return None, ""
    token = sign(settings.token_keys, Purpose.SHOPPER_CALENDAR, feed.id)
    return feed, f"{settings.base_url}/my-shops/{token}"


async def renew_feed(scope: Scope, now: datetime) -> None:
    """A new address; the old one is dead."""
    await queries.feeds.revoke_feed(scope, now)
    await _note(scope, await queries.feeds.insert_feed(scope, now), "calendar.open", now)


async def revoke_feed(scope: Scope, now: datetime) -> None:
    """Let the address be dead. Twice is once."""
    feed_id = await queries.feeds.revoke_feed(scope, now)
    if feed_id is not None:
        await _note(scope, feed_id, "calendar.close", now)


async def calendar_file(settings: Settings, feed_id: UUID, now: datetime) -> bytes:
    """The calendar behind an address, read as its shopper. Raises NotFound for one that is dead."""
    async with transaction(Role.GATE):
        owner: Owner = await queries.feeds.owner_of(feed_id)
    scope = Scope(owner.affiliate_id, owner.account_id, "shopper", "shopper", shopper_id=owner.shopper_id)
    async with transaction(Role.SHOPPER, affiliate=owner.affiliate_id, shopper=owner.shopper_id):
        return calendar_of(await queries.feeds.dated_shops(scope, now), settings.mail_domain)


async def _note(scope: Scope, feed_id: UUID, action: str, now: datetime) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "calendar_feed", feed_id,
        subject_id=scope.shopper_id,
    )  # fmt: skip
    await record(connection(), event, now)
