"""The account of disclosures. Rows are added, never changed."""

from piccolo.columns import UUID, Array, Bytea, Text, Timestamptz
from piccolo.table import Table

from ..inventory import plain


class DisclosureRecord(Table, schema="ledger", tablename="disclosure"):
    """One thing that left for a client."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business it went to")
    object_kind = plain(Text(default=None), "what kind of thing left")
    object_id = plain(UUID(default=None), "the thing that left")
    categories = plain(Array(base_column=Text(), default=list), "names of categories, no values")
    digest = plain(Bytea(default=None), "SHA-256 of what left, built from many people")
    at = plain(Timestamptz(default=None), "when it left")
