"""Restrictions: a shopper asks that what is held about them is kept and nothing else is done with it."""

from piccolo.columns import UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, personal, plain

from .columns import WITH_THE_PROFILE, beside

RESTRICT = ("restrict what is done with somebody’s data where they ask for it",)


class Restriction(Table, schema="identity", tablename="restriction"):
    """One restriction (GDPR Art. 18): why, since when, what was answered, and until when."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    ground = beside(Text(default=None), Category.PREFERENCES, RESTRICT)
    words = beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, RESTRICT, Erase.SHRED)
    asked_at = plain(Timestamptz(default=None), "when it was asked for; it stands from then on")
    verdict = beside(Text(null=True, default=None), Category.INFERENCES, RESTRICT)
    answer = beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, RESTRICT, Erase.SHRED)
    decided_by = personal(
        UUID(null=True, default=None),
        Category.IDENTIFIERS,
        subject="decided_by",
        purposes=("show who decided about a person",),
        retention=WITH_THE_PROFILE,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )
    decided_at = plain(Timestamptz(null=True, default=None), "when the company answered")
    ends_at = plain(Timestamptz(null=True, default=None), "when it ends, after notice to the person")
    ended_at = plain(Timestamptz(null=True, default=None), "when the person ended it, or what had run out was replaced")
