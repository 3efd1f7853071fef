"""Shoppers, one row per person and affiliate."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, Bytea, DoublePrecision, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WITH_THE_PROFILE = Retention("shopper profiles", days=730, counted_from="the last shop or sign-in")
MATCH = ("offer a shopper the shops that suit them", "let a scheduler reach whoever makes a visit")
ROTATE = ("keep the same household from visiting a place too often",)


def _of_shopper(column: C, category: Category, purposes: tuple[str, ...] = MATCH, on_erase: Erase = Erase.SHRED) -> C:
    return personal(
        column,
        category,
        subject="id",
        purposes=purposes,
        retention=WITH_THE_PROFILE,
        on_erase=on_erase,
        release=Release.NEVER,
    )


class Shopper(Table, schema="identity", tablename="shopper"):
    """Somebody registered with one affiliate. Its id is also the id of its key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "the sign-in, which the affiliate cannot see")
    display_code = plain(Text(default=None), "a random code that staff use where no name is needed")
    name = _of_shopper(Bytea(default=None, secret=True), Category.IDENTIFIERS)
    email = _of_shopper(Bytea(default=None, secret=True), Category.CONTACT)
    email_index = _of_shopper(Bytea(default=None), Category.IDENTIFIERS, on_erase=Erase.NULL)
    phone = _of_shopper(Bytea(null=True, default=None, secret=True), Category.CONTACT)
    address = _of_shopper(Bytea(null=True, default=None, secret=True), Category.CONTACT)
    household_index = _of_shopper(Bytea(null=True, default=None), Category.IDENTIFIERS, ROTATE, Erase.NULL)
    latitude = _of_shopper(DoublePrecision(null=True, default=None), Category.LOCATION, on_erase=Erase.NULL)
    longitude = _of_shopper(DoublePrecision(null=True, default=None), Category.LOCATION, on_erase=Erase.NULL)
    time_zone = plain(Text(default="UTC"), "IANA name, for showing times")
    bands = _of_shopper(JSONB(default="{}"), Category.DEMOGRAPHICS, on_erase=Erase.NULL)
    status = plain(Text(default="pending"), "pending, active, paused, deactivated or erased")
    grade_tenths = _of_shopper(Integer(null=True, default=None), Category.INFERENCES, on_erase=Erase.NULL)
    held_limit = plain(Integer(default=5), "how many shops somebody may hold at a time")
    agreement_version = plain(Integer(null=True, default=None), "which contractor agreement was accepted")
    agreed_at = _of_shopper(Timestamptz(null=True, default=None), Category.PREFERENCES, on_erase=Erase.NULL)
    created_at = plain(Timestamptz(default=None), "when the profile was made")
