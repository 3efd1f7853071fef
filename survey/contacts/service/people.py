"""Looking at people, sending them out in a list, and erasing them."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection

from privacy.vault import DataKey, KeyRing, data_key, data_keys, shred
from survey.db import Role, Scope, connection, transaction
from survey.mail import service as mail
from survey.queue import enqueue

from .. import queries
from ..domain import (
    ContactFilter,
    Detailed,
    Listed,
    Person,
    kept_address,
    neutral,
    opened,
    opened_address,
    opened_names,
)
from ..queries import SealedContact
from .notes import note_list, note_people, note_person
from .safe import Safe, email_index

EXPORT_HEADINGS = (
    "email", "first_name", "last_name", "company", "city", "note", "language", "store", "visit_date", "state",
)  # fmt: skip


EXPORT_ROWS = 1000


class OpenedContact(NamedTuple):
    """A contact with everything that a list said of the person."""

    listed: Listed
    client_id: UUID
    person: Detailed


async def people_of(connection: Connection, ring: KeyRing, contact_ids: Sequence[UUID]) -> dict[UUID, Person]:
    """Address, names and language of contacts by id, for messages to them: two statements however many.

    Who has been erased is not in it. The composer's delivery is the record of why they were opened.
    """
    sealed = await queries.sealed_people(connection, contact_ids)
    keys = await data_keys(connection, ring, [contact_id for contact_id, *_ in sealed])
    people = {}
    for contact_id, email, names, language in sealed:
        if key := keys.get(contact_id):
            first_name, last_name, _ = opened_names(key, names)
            people[contact_id] = Person(opened_address(key, email), first_name, last_name, language)
    return people


async def open_contact(scope: Scope, safe: Safe, contact_id: UUID, purpose: str, now: datetime) -> OpenedContact:
    """A person's name and address for the eyes of staff. The look is recorded with its purpose. Raises NotFound."""
    contact = await queries.contact_in(scope, contact_id)
    key = await data_key(connection(), safe.ring, contact_id)
    await note_person(scope, "contact.read", contact_id, purpose, now)
    return OpenedContact(contact.listed, contact.client_id, opened(key, contact.email, contact.names))


async def find_by_address(
    scope: Scope, safe: Safe, client_id: UUID, text: str, now: datetime
) -> UUID | None:  # fmt: skip
    """The client's contact with this address, if there is one; asking is recorded where it finds somebody."""
    address = kept_address(text.strip())
    if address is None:
        return None
    found = await queries.find_contact(scope, client_id, email_index(safe, scope.affiliate_id, address))
    if found:
        await note_person(scope, "contact.find", found, "look somebody up by the address", now)
    return found


async def exported(
    scope: Scope, safe: Safe, client_id: UUID, wanted: ContactFilter, purpose: str, now: datetime
) -> AsyncIterator[bytes]:
    """A narrowed list as CSV, with formulas made harmless. Each chunk is read in a transaction of its own.

    The look at each person is recorded before the person's row leaves. To be iterated outside any transaction: none
    stays open while a slow browser takes its time.
    """
    yield ("\ufeff" + _csv([EXPORT_HEADINGS])).encode()
    after: UUID | None = None
    while True:
        async with transaction(Role.STAFF, affiliate=scope.affiliate_id, clients=scope.clients) as here:
            contacts = await queries.exported_contacts(scope, client_id, wanted, after, EXPORT_ROWS)
            keys = await data_keys(here, safe.ring, [contact.listed.id for contact in contacts])
            await note_people(scope, "contact.read", list(keys), purpose, now)
        if not contacts:
            return
        after = contacts[-1].listed.id
        yield _csv(_cells(contact, keys) for contact in contacts if contact.listed.id in keys).encode()


async def note_export(scope: Scope, client_id: UUID, wanted: ContactFilter, purpose: str, now: datetime) -> None:
    """Record that a list leaves the house, and why. `exported` records each of its people."""
    people = await queries.count_contacts(scope, client_id, wanted)
    await note_list(scope, "contact.export", client_id, purpose, now, people=people)


async def ask_erasure(scope: Scope, contact_id: UUID, now: datetime) -> UUID:
    """Let nothing more be sent to a contact, and have a job erase it; returns its client. Raises NotFound."""
    contact = await queries.contact_in(scope, contact_id)
    await queries.restrict_contact(scope, contact_id)
    await note_person(scope, "contact.ask_erasure", contact_id, None, now)
    payload = {"affiliate_id": scope.affiliate_id, "contact_id": contact_id, "account_id": scope.account_id}
    await enqueue(connection(), "contacts.erase_contact", payload, unique=str(contact_id))
    return contact.client_id


async def erase_contact(scope: Scope, contact_id: UUID, now: datetime) -> None:
    """Remove a contact's row with what hangs on it, and the key: copies and backups become unreadable. Twice is once.

    A wish not to be written to stays: it is kept by a keyed hash alone. Mail that was sent says no more to whom.
    """
    async with transaction(Role.WORKER, affiliate=scope.affiliate_id) as here:
        suppression_key = await queries.delete_contact(scope, contact_id)
        if suppression_key is None:
            return
        await mail.forget(here, [(scope.affiliate_id, suppression_key)])
        await shred(here, contact_id)
        await note_person(scope, "contact.erase", contact_id, None, now)


def _cells(contact: SealedContact, keys: dict[UUID, DataKey]) -> tuple[str, ...]:
    listed = contact.listed
    person = opened(keys[listed.id], contact.email, contact.names)
    day = listed.visited_on.isoformat() if listed.visited_on else ""
    return (*person, listed.language, listed.store_code or "", day, listed.shown.value)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()
