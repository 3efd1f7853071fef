"""Copies that people take of what is held about them."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

COPIES = Retention(
    "copies of one’s own data", days=7, counted_from="the moment the copy was ready", sweep="rights.forget_copies"
)


class DataCopy(Table, schema="identity", tablename="data_copy"):
    """The one copy of a shopper that is being made, or that waits to be fetched; its file is sealed with their key."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    state = plain(Text(default="making"), "making or ready")
    parts_done = plain(Integer(default=0), "how far it has come, in kinds of data")
    media_key = personal(
        Text(default=None),
        Category.IDENTIFIERS,
        subject="shopper_id",
        purposes=("give a person a copy of what is held about them",),
        retention=COPIES,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    size_bytes = plain(BigInt(null=True, default=None), "how large the file is")
    asked_at = plain(Timestamptz(default=None), "when it was asked for")
    made_at = plain(Timestamptz(null=True, default=None), "when it was ready")
    taken_at = plain(Timestamptz(null=True, default=None), "when it was last fetched")
