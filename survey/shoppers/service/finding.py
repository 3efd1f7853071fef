"""Finding a shopper by what they say of themselves, without opening anybody: an address, a number, or a family name."""

from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record, record_many
from survey.db import Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import Listed, Search, address_index, family_index, family_name, phone_indexes

MOST_FOUND = 50


async def find(scope: Scope, settings: Settings, search: Search, now: datetime) -> list[Listed]:
    """Whom the words fit exactly, at most MOST_FOUND. Everybody found reads that they were, and why. Role.STAFF.

    Who has processing restricted is found to be answered or paid, and is else nobody who fits. Also a search that finds
    nobody is on record, without its words.
    """
    indexes = _indexes(scope.affiliate_id, settings, search)
    unrestricted_at = None if search.finds_restricted else now
    found = await queries.listing.found_by(scope, indexes, now, MOST_FOUND, unrestricted_at)
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    looks = [Event(*actor, "shopper.find", "shopper", one.id, one.id, search.purpose, scope.seen_as) for one in found]
    if looks:
        await record_many(connection(), looks, now)
    else:
        await record(connection(), Event(*actor, "shoppers.find_none", "shopper", None, detail={"by": search.by}), now)
    return found


def _indexes(affiliate_id: UUID, settings: Settings, search: Search) -> list[bytes]:
    match search.by:
        case "email":
            return [address_index(settings.index_key, affiliate_id, search.words)]
        case "phone":
            return phone_indexes(settings.index_key, affiliate_id, search.words)
        case _:
            return [family_index(settings.index_key, affiliate_id, family_name(search.words))]
