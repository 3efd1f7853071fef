"""Letters to shoppers about their registration. What they say is the same whoever else the shopper works for."""

from collections.abc import Callable, Sequence
from uuid import UUID

from privacy.tokens import Purpose, sign_until
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Claimed, Letter, Outgoing, Transactional, Withheld

from .. import service
from ..domain import CONFIRM_DAYS, Person, Status
from .letters import CHECKED, READY, RESTRICTED, SHUT, STANDS, asked, changing, decided, idle, reopened

Composed = Sequence[Outgoing | Withheld]
Writes = Callable[[str, Person], Letter]
GONE = "the registration was removed"
DAY_SECONDS = 24 * 60 * 60
SECONDS = CONFIRM_DAYS * DAY_SECONDS
KEEP_SECONDS = 60 * DAY_SECONDS  # for as long as the profile may still be there
REGISTERED = "You get this mail because you are registered as a mystery shopper with {company}."
NEW_ADDRESS = "You get this mail because this address was entered in a shopper’s profile at {company}."
ENTERED = "You get this mail because this address was entered on the shoppers’ registration page of {company}."


@composer(service.CONFIRM_KIND, to=Audience.ACCOUNTS, about="an answer to a registration as a mystery shopper")
async def confirm(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody wants to register: is it you? Whoever is registered already is told so."""
    return await _composed(composing, rows, ENTERED, asked)


@composer(service.ADDRESS_KIND, to=Audience.ACCOUNTS, about="a question whether a new e-mail address is right")
async def new_address(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody wants to be written to here: is it you?"""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Transactional(sender, NEW_ADDRESS.format(company=sender.name))
    ids, keyring = [row.recipient_id for row in rows], composing.settings.keyring
    people = await service.people_of(composing.connection, keyring, ids)
    changes = await service.addresses.new_addresses(composing.connection, keyring, ids)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        person, change = people.get(row.recipient_id), changes.get(row.recipient_id)
        if person is None or change is None:
            composed.append(Withheld(row, "the change was made or replaced"))
            continue
        change_id, address = change
        values = {"name": person.name, "link": _address_link(composing, change_id)}
        composed.append(Outgoing(row, address, changing(sender.name), frame, values))
    return composed


@composer(service.DEACTIVATED_KIND, to=Audience.ACCOUNTS, about="news for a mystery shopper, about their profile")
async def deactivated(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """You may take no shops; the reason is on your own page, not in a mail."""
    return await _composed(composing, rows, REGISTERED, lambda company, person: decided(company, SHUT))


@composer(service.REACTIVATED_KIND, to=Audience.ACCOUNTS, about="news for a mystery shopper, about their profile")
async def reactivated(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """The profile is open again."""
    return await _composed(composing, rows, REGISTERED, reopened)


@composer(service.UPHELD_KIND, to=Audience.ACCOUNTS, about="news for a mystery shopper, about their profile")
async def upheld(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A person has looked at the decision again."""
    return await _composed(composing, rows, REGISTERED, lambda company, person: decided(company, STANDS))


@composer(
    service.DOCUMENT_KIND, to=Audience.ACCOUNTS, about="news for a mystery shopper, about a document they sent in"
)
async def document(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A document was looked at; what came of it is on one's own page, not in a mail."""
    return await _composed(composing, rows, REGISTERED, lambda company, person: decided(company, CHECKED))


@composer(
    service.IDLE_KIND, to=Audience.ACCOUNTS, about="a warning that a mystery shopper’s unused profile will be erased"
)
async def about_to_be_forgotten(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Nothing was heard for long; the profile goes unless its owner wants it kept."""
    return await _composed(composing, rows, REGISTERED, lambda company, person: idle(company))


@composer(service.COPY_KIND, to=Audience.ACCOUNTS, about="news that a copy of somebody’s own data is ready")
async def copy(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """The copy that was asked for is ready; nothing of it is in the mail, and no way to it but through the sign-in."""
    return await _composed(composing, rows, REGISTERED, lambda company, person: decided(company, READY))


@composer(
    service.RESTRICTION_KIND,
    to=Audience.ACCOUNTS,
    about="news that a request to restrict the use of somebody’s data was answered",
)
async def restriction(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A request to restrict processing was answered; what it says is on one's own page, not in a mail."""
    return await _composed(composing, rows, REGISTERED, lambda company, person: decided(company, RESTRICTED))


async def _composed(composing: Composing, rows: Sequence[Claimed], source: str, letter: Writes) -> Composed:
    """One letter for each state people are in, and each person's own words in its slots."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Transactional(sender, source.format(company=sender.name))
    ids = [row.recipient_id for row in rows]
    people = await service.people_of(composing.connection, composing.settings.keyring, ids)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        person = people.get(row.recipient_id)
        if person is None:
            composed.append(Withheld(row, GONE))
            continue
        values = _values(composing, row, person)
        composed.append(Outgoing(row, person.email, letter(sender.name, person), frame, values))
    return composed


def _address_link(composing: Composing, change_id: UUID) -> str:
    keys, base = composing.settings.token_keys, composing.settings.base_url
    seconds = service.addresses.CHANGE_DAYS * DAY_SECONDS
    token = sign_until(keys, Purpose.SHOPPER_ADDRESS, change_id, now=composing.now, seconds=seconds)
    return f"{base}/shopper/address/{token}"


def _values(composing: Composing, row: Claimed, person: Person) -> dict[str, str]:
    base = composing.settings.base_url
    if row.kind == service.CONFIRM_KIND and person.status == Status.PENDING:
        keys = composing.settings.token_keys
        token = sign_until(keys, Purpose.SHOPPER_CONFIRM, row.recipient_id, now=composing.now, seconds=SECONDS)
        return {"name": person.name, "link": f"{base}/registration/{token}"}
    if row.kind == service.IDLE_KIND:
        keys = composing.settings.token_keys
        token = sign_until(keys, Purpose.SHOPPER_KEEP, row.recipient_id, now=composing.now, seconds=KEEP_SECONDS)
        return {"name": person.name, "link": f"{base}/keep/{token}"}
    return {"name": person.name, "sign_in": f"{base}/sign-in?next=/shopper/affiliates"}
