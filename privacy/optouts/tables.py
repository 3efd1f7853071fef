"""The suppression list and the links that lead to it. Rows are added, never changed, never removed."""

from piccolo.columns import UUID, Bytea, Date, Text, Timestamptz
from piccolo.table import Table

from ..inventory import Category, Erase, Release, Retention, personal, plain

FOR_GOOD = Retention("suppression list", days=None, counted_from="the day the wish was made")
RESPECT = ("never write again to somebody who asked us not to",)
OUTLIVES = "the wish must hold when everything else about the person is gone; without our key the value names nobody"


class OptOutLink(Table, schema="ledger", tablename="opt_out_link"):
    """What an opt-out link leads to. It works for ever, so it knows the address by its key alone."""

    id = plain(UUID(primary_key=True, default=None), "random id, the one in the link")
    suppression_key = personal(
        Bytea(default=None, secret=True),
        category=Category.PREFERENCES,
        subject="self",
        purposes=RESPECT,
        retention=FOR_GOOD,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=OUTLIVES,
    )
    affiliate_id = plain(UUID(default=None), "the affiliate whose mail carries the link")
    client_id = plain(UUID(null=True, default=None), "the client whose survey the mail was about")
    created_on = plain(Date(default=None), "day only, so that arrival does not identify")


class OptOut(Table, schema="ledger", tablename="opt_out"):
    """A stop, or the lifting of one."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    suppression_key = personal(
        Bytea(default=None, secret=True),
        category=Category.PREFERENCES,
        subject="self",
        purposes=RESPECT,
        retention=FOR_GOOD,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=OUTLIVES,
    )
    scope = plain(Text(default=None), "everything, one client, one affiliate, or its offers")
    client_id = plain(UUID(null=True, default=None), "the client whose surveys are stopped")
    sender_id = plain(UUID(null=True, default=None), "the affiliate whose mail, or whose offers, are stopped")
    source = plain(Text(default=None), "how the wish reached us")
    at = plain(Timestamptz(default=None), "evidence of when the wish was made")
    lifts = plain(UUID(null=True, default=None), "the stop that this row lifts")
