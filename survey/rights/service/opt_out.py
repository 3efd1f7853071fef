"""Stopping mail and undoing it, for whoever holds the link. Works at once, for ever, and for erased people too."""

from datetime import datetime
from uuid import UUID

from privacy import optouts
from privacy.audit import Event, record
from privacy.optouts import Link, Source, StopScope
from survey.affiliates import service as affiliates
from survey.contacts import service as contacts
from survey.db import connection
from survey.mail import service as mail
from survey.panels import service as panels
from survey.rights import queries
from survey.rights.domain import OptOut, Wish, masked, reach_of
from survey.settings import Settings
from survey.shoppers import service as shoppers

NONE: frozenset[StopScope] = frozenset()


async def opt_out_behind(settings: Settings, link_id: UUID, granted: str = "") -> OptOut:
    """What the page of a link shows. A link that nothing is known of shows the same page, as if its wish were granted.

    granted: the wish that the page's address says was granted just now.
    """
    link = await optouts.find_link(connection(), link_id)
    if link is None:
        return OptOut("", None, "", frozenset({StopScope(granted)}) if granted in set(StopScope) else NONE)
    stops = await optouts.active_stops(connection(), link.suppression_key)
    client = await queries.client_name(link.client_id) if link.client_id else ""
    brand = await affiliates.find_brand(link.affiliate_id)
    shopper_id = None if link.client_id else await queries.find_shopper(link.id)
    address = await _masked_address(settings, link, shopper_id)
    return OptOut(address, link.client_id, client, reach_of(stops, link), brand, shopper_id is not None)


async def wish(link_id: UUID, wanted: Wish, source: Source, now: datetime) -> None:
    """Stop or resume, and set aside the mail that waits, in one transaction. Unknown links are answered all the same.

    A stop of one client from a link that names none stops everything: the narrower wish cannot be read from it.
    """
    link = await optouts.find_link(connection(), link_id)
    if link is None:
        return
    if wanted is Wish.UNDO:
        await _resume(link, now)
    else:
        await _stop(link, wanted, source, now)
    event = Event(link.affiliate_id, "subject", None, f"opt-out.{wanted}", "opt_out_link", link.id)
    await record(connection(), event, now)


async def _stop(link: Link, wanted: Wish, source: Source, now: datetime) -> None:
    whose = _named_by(link).get(StopScope(wanted))
    scope = StopScope(wanted) if whose else StopScope.EVERYTHING
    await optouts.stop(connection(), link.suppression_key, scope, whose, source, now)
    await mail.drop_stopped(connection(), link.suppression_key)


async def _resume(link: Link, now: datetime) -> None:
    await optouts.resume(connection(), link.suppression_key, StopScope.EVERYTHING, None, now)
    for scope, whose in _named_by(link).items():
        if whose:
            await optouts.resume(connection(), link.suppression_key, scope, whose, now)


def _named_by(link: Link) -> dict[StopScope, UUID | None]:
    """Whom a narrower stop from this link is about."""
    return {
        StopScope.CLIENT: link.client_id, StopScope.AFFILIATE: link.affiliate_id, StopScope.OFFERS: link.affiliate_id,
    }  # fmt: skip


async def _masked_address(settings: Settings, link: Link, shopper_id: UUID | None) -> str:
    ring = settings.keyring
    if contact_id := await queries.find_contact(link.suppression_key):
        customers = await contacts.people_of(connection(), ring, [contact_id])
        return masked(customers[contact_id].email) if contact_id in customers else ""
    if member_id := await queries.find_panelist(link.suppression_key):
        members = await panels.people_of(connection(), ring, [member_id])
        return masked(members[member_id].email) if member_id in members else ""
    if shopper_id:
        return await _address_of_shopper(settings, link, shopper_id)
    return ""


async def _address_of_shopper(settings: Settings, link: Link, shopper_id: UUID) -> str:
    """Masked, and only as long as the link's mailbox is still the shopper's: an old one learns nothing of a new one."""
    address = await shoppers.address_of(connection(), settings.keyring, shopper_id)
    is_theirs = bool(address) and optouts.suppression_key(settings.index_key, address) == link.suppression_key
    return masked(address) if is_theirs else ""
