"""A scheduler's calendar behind a secret address, and rounds of several shops."""

from datetime import datetime
from uuid import UUID

from privacy.tokens import Purpose, sign
from survey.db import Role, Scope, transaction
from survey.settings import Settings

from .. import queries
from ..domain import View, calendar_of
from ..queries import Feed, Owner
from .notes import note


def address_of(settings: Settings, feed: Feed) -> str:
    """The secret address of a feed."""
    return f"{settings.base_url}/calendar/{sign(settings.token_keys, Purpose.CALENDAR, feed.id)}"


async def renew_feed(scope: Scope, view: View, now: datetime) -> None:
    """A new address for the account, for the shops of a view; the old one is dead."""
    await queries.revoke_feed(scope, now)
    feed_id = await queries.insert_feed(scope, view.choosing(()).query(), now)
    await note(scope, "calendar.open", "calendar_feed", feed_id, now)


async def revoke_feed(scope: Scope, now: datetime) -> None:
    """Let the account's address be dead. Twice is once."""
    feed_id = await queries.revoke_feed(scope, now)
    if feed_id is not None:
        await note(scope, "calendar.close", "calendar_feed", feed_id, now)


async def owner_of(feed_id: UUID) -> Owner:
    """Whose calendar an address opens. Raises NotFound for one that is dead, or whose owner is gone."""
    async with transaction(Role.GATE):
        return await queries.owner_of(feed_id)


async def calendar_file(settings: Settings, owner: Owner, view: View, now: datetime) -> bytes:
    """The calendar, read as its owner would read it today: a limit to certain clients holds here too."""
    async with transaction(Role.STAFF, affiliate=owner.affiliate_id, clients=owner.clients):
        shops = await queries.dated_shops(Scope(owner.affiliate_id, owner.account_id), view.filter, now)
    return calendar_of(shops, "Shops", settings.mail_domain)
