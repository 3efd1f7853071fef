"""Statements on contacts: in bulk for imports, paged for lists, one at a time for people."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from asyncpg import Connection, Record

from survey.db import Keyset, NotFound, Paged, Scope, connection, paged

from ..domain import ContactFilter, ContactStatus, Import, Listed, SealedNames
from .audiences import IS_SUPPRESSED, conditions


class StoredContact(NamedTuple):
    """A contact's row as it arrives; what is the same for the whole list is added on the way."""

    id: UUID
    email: bytes
    email_index: bytes
    suppression_key: bytes
    first_name: bytes | None
    last_name: bytes | None
    details: bytes | None
    language: str
    has_own_language: bool
    location_id: UUID | None
    visited_on: date | None


class KnownContact(NamedTuple):
    """What an import needs of a contact that is there."""

    id: UUID
    email_index: bytes
    names: SealedNames
    language: str  # empty where the list named none
    location_id: UUID | None
    visited_on: date | None


class SealedContact(NamedTuple):
    """One contact with what is sealed still sealed."""

    listed: Listed
    client_id: UUID
    suppression_key: bytes
    email: bytes
    names: SealedNames


ADDED_COLUMNS = StoredContact._fields
_NAMES = ", ".join(ADDED_COLUMNS)

HAS_ANY = "SELECT EXISTS (SELECT FROM identity.contact WHERE affiliate_id = $1 AND client_id = $2)"
KNOWN = """
    SELECT id, email_index, first_name, last_name, details,
        CASE WHEN has_own_language THEN language ELSE '' END, location_id, visited_on
    FROM identity.contact
    WHERE affiliate_id = $1 AND client_id = $2 AND email_index = ANY($3::bytea[])
"""
# COPY refuses to write where row-level security stands, so the rows go by way of a table that ends with the batch.
STAGE = f"""
    CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS
    SELECT {_NAMES}
    FROM identity.contact
    WITH NO DATA
"""  # noqa: S608  (made of constants)
UNSTAGE = "DROP TABLE arriving"
ADD = f"""
    INSERT INTO identity.contact ({_NAMES}, affiliate_id, client_id, import_id, created_on, named_on)
    SELECT {_NAMES}, $1, $2, $3, $4, $4
    FROM arriving
"""  # noqa: S608  (made of constants)
CHANGE = """
    UPDATE identity.contact AS c
    SET first_name = f.first_name, last_name = f.last_name, details = f.details,
        language = CASE WHEN f.language = '' THEN c.language ELSE f.language END,
        has_own_language = c.has_own_language OR f.language <> '',
        location_id = f.location_id, visited_on = f.visited_on
    FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::text[], $7::uuid[], $8::date[])
        AS f (id, first_name, last_name, details, language, location_id, visited_on)
    WHERE c.id = f.id AND c.affiliate_id = $1
"""
_LISTED = f"""
    c.id, c.language, l.code AS store_code, l.name AS store_name, c.visited_on, c.status,
    {IS_SUPPRESSED} AS is_suppressed, c.import_id, c.created_on
"""
ONE = f"""
    SELECT {_LISTED}, c.client_id, c.suppression_key, c.email, c.first_name, c.last_name, c.details
    FROM identity.contact AS c
    LEFT JOIN field.location AS l ON l.id = c.location_id
    WHERE c.affiliate_id = $1 AND c.id = $2
"""  # noqa: S608  (made of constants)
FIND = "SELECT id FROM identity.contact WHERE affiliate_id = $1 AND client_id = $2 AND email_index = $3"
PEOPLE = """
    SELECT id, email, first_name, last_name, details, language
    FROM identity.contact
    WHERE id = ANY($1::uuid[])
"""
NAME = "UPDATE identity.contact SET named_on = $3 WHERE affiliate_id = $1 AND id = ANY($2::uuid[]) AND named_on < $3"
RESTRICT = "UPDATE identity.contact SET status = 'restricted' WHERE affiliate_id = $1 AND id = $2"
DELETE = "DELETE FROM identity.contact WHERE affiliate_id = $1 AND id = $2 RETURNING suppression_key"
# Whom a list has named meanwhile stays, although a moment ago it was their time.
FORGET = """
    DELETE FROM identity.contact
    WHERE id = ANY($1::uuid[]) AND named_on < $2
    RETURNING id, affiliate_id, suppression_key
"""


async def has_contacts(scope: Scope, client_id: UUID) -> bool:
    """Whether the client has any contact."""
    return bool(await connection().fetchval(HAS_ANY, scope.affiliate_id, client_id))


async def known_contacts(scope: Scope, client_id: UUID, indexes: Sequence[bytes]) -> list[KnownContact]:
    """The client's contacts with these addresses."""
    rows = await connection().fetch(KNOWN, scope.affiliate_id, client_id, indexes)
    return [KnownContact(row[0], row[1], SealedNames(*row[2:5]), *row[5:]) for row in rows]


async def stage_contacts(rows: Sequence[StoredContact]) -> None:
    """Lay contacts beside their table, to be added in this transaction. Role.WORKER only."""
    await connection().execute(STAGE)
    await connection().copy_records_to_table("arriving", columns=ADDED_COLUMNS, records=rows)


async def add_staged(scope: Scope, entry: Import, day: date) -> None:
    """Add the contacts that lie ready. Raises UniqueViolationError for an address that is there.

    Only imports add contacts, and of a client's imports one is at work: ON CONFLICT would cost and never be needed.
    """
    await connection().execute(ADD, scope.affiliate_id, entry.client_id, entry.id, day)
    await connection().execute(UNSTAGE)


async def change_contacts(
    scope: Scope, rows: Sequence[tuple[UUID, SealedNames, str, UUID | None, date | None]]
) -> None:
    """Write what a list has corrected: id, sealed names, language (empty: as it was), location, day of the visit."""
    flat = [(row[0], *row[1], *row[2:]) for row in rows]
    await connection().execute(CHANGE, scope.affiliate_id, *([*column] for column in zip(*flat, strict=True)))


async def name_contacts(scope: Scope, contact_ids: Sequence[UUID], day: date) -> None:
    """Note that a list of this day has named people who were known, whether or not it said anything new of them."""
    await connection().execute(NAME, scope.affiliate_id, list(contact_ids), day)


async def contacts_of(scope: Scope, client_id: UUID, wanted: ContactFilter, keyset: Keyset) -> Paged[Listed]:
    """One page of a client's contacts, in no telling order: ids are random."""
    where = conditions(scope, client_id, wanted, 3)
    query = f"""
    SELECT {_LISTED}
    FROM identity.contact AS c
    LEFT JOIN field.location AS l ON l.id = c.location_id
    WHERE {where.sql}
      AND ($1::uuid IS NULL OR c.id > $1)
    ORDER BY c.id
    LIMIT $2
    """  # noqa: S608  (made of constants; values are parameters)
    after = UUID(str(keyset.after[0])) if keyset.after else None
    rows = await connection().fetch(query, after, keyset.rows_to_fetch, *where.values)
    return paged([_listed(row) for row in rows], keyset, lambda contact: (contact.id,))


async def exported_contacts(
    scope: Scope, client_id: UUID, wanted: ContactFilter, after: UUID | None, limit: int
) -> list[SealedContact]:
    """The next contacts of a narrowed list in the order of their ids, for a file."""
    where = conditions(scope, client_id, wanted, 3)
    query = f"""
    SELECT {_LISTED}, c.client_id, c.suppression_key, c.email, c.first_name, c.last_name, c.details
    FROM identity.contact AS c
    LEFT JOIN field.location AS l ON l.id = c.location_id
    WHERE {where.sql}
      AND ($1::uuid IS NULL OR c.id > $1)
    ORDER BY c.id
    LIMIT $2
    """  # noqa: S608  (made of constants; values are parameters)
    return [_sealed(row) for row in await connection().fetch(query, after, limit, *where.values)]


async def contact_in(scope: Scope, contact_id: UUID) -> SealedContact:
    """One contact. Raises NotFound."""
    row = await connection().fetchrow(ONE, scope.affiliate_id, contact_id)
    if row is None:
        raise NotFound("contact")
    return _sealed(row)


async def find_contact(scope: Scope, client_id: UUID, email_index: bytes) -> UUID | None:
    """The contact with this address, if the client has one."""
    found: UUID | None = await connection().fetchval(FIND, scope.affiliate_id, client_id, email_index)
    return found


async def sealed_people(here: Connection, contact_ids: Sequence[UUID]) -> list[tuple[UUID, bytes, SealedNames, str]]:
    """Id, address, names and language of contacts; row-level security says whose can be seen."""
    rows = await here.fetch(PEOPLE, contact_ids)
    return [(row[0], row[1], SealedNames(*row[2:5]), row[5]) for row in rows]


async def restrict_contact(scope: Scope, contact_id: UUID) -> bool:
    """Let nothing more be sent to a contact; False if there is none."""
    return bool(await connection().execute(RESTRICT, scope.affiliate_id, contact_id) == "UPDATE 1")


async def delete_contact(scope: Scope, contact_id: UUID) -> bytes | None:
    """Remove a contact, and with it the invitations and the links to answers that hang on it. Role.WORKER only.

    Returns the suppression key of its address; None where there is no such contact.
    """
    found: bytes | None = await connection().fetchval(DELETE, scope.affiliate_id, contact_id)
    return found


async def forget_contacts(contact_ids: Sequence[UUID], named_before: date) -> list[Record]:
    """Remove those whom no list has named since: id, affiliate_id and suppression_key of each. Role.WORKER only."""
    rows: list[Record] = await connection().fetch(FORGET, list(contact_ids), named_before)
    return rows


def _listed(row: Record) -> Listed:
    return Listed(
        row["id"],
        row["language"],
        row["store_code"],
        row["store_name"],
        row["visited_on"],
        ContactStatus(row["status"]),
        row["is_suppressed"],
        row["import_id"],
        row["created_on"],
    )


def _sealed(row: Record) -> SealedContact:
    return SealedContact(_listed(row), row[9], row[10], row[11], SealedNames(*row[12:15]))
