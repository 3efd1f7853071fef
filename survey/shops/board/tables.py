"""What shoppers ask for: another day for a shop that they have."""

from typing import TypeVar

from piccolo.columns import UUID, Bytea, Date, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

EXTENSIONS = Retention("wishes for another day", days=365, counted_from="the day the wish was made", sweep="sweeps.run")
TOLD = Retention("of which shops a shopper was told", days=90, counted_from="the mail", sweep="sweeps.run")
PLAN = ("find another day for a visit",)


def _of_wish(column: C, category: Category = Category.EMPLOYMENT, on_erase: Erase = Erase.DELETE) -> C:
    return personal(
        column,
        category,
        subject="shopper_id",
        purposes=PLAN,
        retention=EXTENSIONS,
        on_erase=on_erase,
        release=Release.NEVER,
    )


class Extension(Table, schema="identity", tablename="extension"):
    """A shopper asks for another day; somebody of the staff decides."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = _of_wish(UUID(default=None))
    shopper_id = plain(UUID(default=None), "leads to the person")
    assignment_id = plain(UUID(default=None), "the assignment that it is about")
    wanted_on = _of_wish(Date(default=None))
    reason = _of_wish(Text(default=None))
    note = _of_wish(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, Erase.SHRED)
    state = plain(Text(default="ASKED"), "where the wish stands")
    answer = plain(Text(default=""), "why it was declined, in words chosen from a list")
    asked_at = _of_wish(Timestamptz(default=None))
    decided_by = plain(UUID(null=True, default=None), "the account that decided; leads to staff")
    decided_at = plain(Timestamptz(null=True, default=None), "when staff decided")


def _of_news(column: C) -> C:
    return personal(
        column,
        Category.PREFERENCES,
        subject="shopper_id",
        purposes=("tell nobody of the same shop twice",),
        retention=TOLD,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )


class ShopTold(Table, schema="identity", tablename="shop_told"):
    """A shop that a mail of news spoke of to a shopper."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    shopper_id = plain(UUID(default=None), "leads to the person")
    shop_id = _of_news(UUID(default=None))
    affiliate_id = plain(UUID(default=None), "tenant key")
    occasion = plain(UUID(default=None), "the mail that spoke of it")
    told_at = _of_news(Timestamptz(default=None))
