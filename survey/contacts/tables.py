"""Contacts and the imports they came in by. Names and addresses are sealed; what finds them is a keyed hash."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WHILE_CUSTOMER = Retention(
    "contacts", days=730, counted_from="the last list of the client that named the person", sweep="sweeps.run"
)
INVITE = "invite a client's customers to tell what they think"
RESPECT = "never write again to somebody who asked us not to"


def _of_contact(column: C, category: Category, release: Release = Release.NEVER, erase: Erase = Erase.DELETE) -> C:
    return personal(
        column,
        category=category,
        subject="self",
        purposes=(RESPECT if category is Category.PREFERENCES else INVITE,),
        retention=WHILE_CUSTOMER,
        on_erase=erase,
        release=release,
    )


def _sealed(category: Category, *, null: bool = True) -> Bytea:
    return _of_contact(Bytea(null=null, default=None, secret=True), category, erase=Erase.SHRED)


class ContactImport(Table, schema="identity", tablename="contact_import"):
    """One list on its way in, and the evidence of where its addresses come from."""

    id = plain(UUID(primary_key=True, default=None), "random id; also that of the key the uploaded file is sealed with")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client whose list it is")
    file_key = plain(Text(default=""), "random name of the sealed upload; empty once it has been removed")
    file_digest = plain(Bytea(default=None), "keyed hash of a whole file, to notice one that comes twice")
    file_kind = plain(Text(default=""), "csv or xlsx")
    shape = plain(JSONB(default="{}"), "encoding, delimiter, whether there is a header; no name of a column")
    mapping = plain(JSONB(default="{}"), "positions of columns and what they are imported as")
    source = plain(Text(default=""), "how the client came by the addresses, in staff's words about the list")
    legal_basis = plain(Text(default=""), "the legal basis staff chose for the whole list")
    attested_by = plain(UUID(null=True, default=None), "account that attested the source: evidence")
    attested_at = plain(Timestamptz(null=True, default=None), "when the source was attested: evidence")
    status = plain(Text(default="uploaded"), "how far the import has come")
    message = plain(Text(default=""), "why the import failed, in our own words")
    rows_done = plain(Integer(default=0), "progress")
    rows_total = plain(Integer(null=True, default=None), "people in the list, once they have been counted")
    counts = plain(JSONB(default="{}"), "how many came in, were merged, refused")
    report_key = plain(Text(null=True, default=None), "random name of the sealed report of rows")
    created_by = plain(UUID(default=None), "account that uploaded: evidence")
    created_at = plain(Timestamptz(default=None), "when the list was uploaded: evidence")
    finished_at = plain(Timestamptz(null=True, default=None), "when the last row was done")


class Contact(Table, schema="identity", tablename="contact"):
    """A person on a client's customer list. The id is also that of the person's key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client who named the person")
    import_id = plain(UUID(default=None), "the list the person came in by")
    email = _sealed(Category.CONTACT, null=False)
    email_index = _of_contact(Bytea(default=None, secret=True), Category.CONTACT)
    suppression_key = _of_contact(Bytea(default=None, secret=True), Category.PREFERENCES)
    first_name = _sealed(Category.IDENTIFIERS)
    last_name = _sealed(Category.IDENTIFIERS)
    details = _sealed(Category.COMMERCIAL)
    language = _of_contact(Text(default="en"), Category.DEMOGRAPHICS, Release.AGGREGATE)
    has_own_language = plain(Boolean(default=False), "whether the list named the language, or its default was taken")
    location_id = _of_contact(UUID(null=True, default=None), Category.COMMERCIAL, Release.AGGREGATE)
    visited_on = _of_contact(Date(null=True, default=None), Category.COMMERCIAL)
    status = plain(Text(default="active"), "whether mail may be sent: active, bounced or restricted")
    created_on = plain(Date(default=None), "day only, so that arrival does not identify")
    named_on = plain(Date(default=None), "the day of the last list that named the person")
