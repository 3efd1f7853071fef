"""What shoppers show of themselves: a photo, documents, words in a company's own fields. Files are sealed elsewhere."""

from piccolo.columns import UUID, Bytea, Date, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import Category, Erase, Retention, plain

from .columns import QUALIFY, C, beside

DOCUMENTS = Retention(
    "documents of shoppers", days=14, counted_from="the decision about them", sweep="shoppers.purge_documents"
)
KNOW = ("let staff recognise the shopper they work with",)
TOLD = ("tell the company what it asks its shoppers, each with its reason",)


def _of_document(column: C, on_erase: Erase = Erase.DELETE) -> C:
    return beside(column, Category.EMPLOYMENT, QUALIFY, on_erase, DOCUMENTS)


class Document(Table, schema="identity", tablename="document"):
    """A document that a shopper sends for a qualification; its file is sealed with the shopper's key and goes soon."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    kind_id = _of_document(UUID(default=None))
    media_key = _of_document(Text(null=True, default=None))
    format = plain(Text(default=None), "jpeg or pdf")
    valid_until = _of_document(Date(null=True, default=None))
    state = _of_document(Text(default="waiting"))
    reason = _of_document(Bytea(null=True, default=None, secret=True), Erase.SHRED)
    sent_at = plain(Timestamptz(default=None), "when it was sent")
    decided_at = plain(Timestamptz(null=True, default=None), "when it was decided")
    purge_on = plain(Date(default=None), "the day on which the file goes")


class Portrait(Table, schema="identity", tablename="portrait"):
    """A shopper's photo, if they want one; its file is sealed with their key."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    affiliate_id = plain(UUID(default=None), "tenant key")
    media_key = beside(Text(default=None), Category.AUDIO_VISUAL, KNOW)
    added_at = plain(Timestamptz(default=None), "when it was added")


class ProfileAnswer(Table, schema="identity", tablename="profile_answer"):
    """What a shopper says in a field of the affiliate's own; for its staff alone, and no rule looks at it."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    field_id = plain(UUID(default=None), "the field")
    affiliate_id = plain(UUID(default=None), "tenant key")
    sealed = beside(
        Bytea(default=None, secret=True), Category.FREE_TEXT, ("tell the company what it asks",), Erase.SHRED
    )
    updated_at = plain(Timestamptz(default=None), "when it was last changed")
