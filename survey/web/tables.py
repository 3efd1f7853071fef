"""What the kernel keeps of visitors: sessions of people who signed in, and counters that name nobody."""

from typing import TypeVar

from piccolo.columns import UUID, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.columns.column_types import JSONB
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WHILE_SIGNED_IN = Retention("sessions", days=1, counted_from="the sign-in", sweep="web.sweep")
SIGN_IN = ("keep a person signed in", "show a person where they are signed in")


def _of_session(column: C, category: Category = Category.TECHNICAL) -> C:
    return personal(
        column,
        category=category,
        subject="account_id",
        purposes=SIGN_IN,
        retention=WHILE_SIGNED_IN,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )


class Session(Table, schema="ops", tablename="session"):
    """A browser in which somebody has signed in. Its cookie's value is not here, only what it is found by."""

    id_hash = _of_session(Bytea(primary_key=True, default=None), Category.SECURITY)
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(default=None), "the account; leads to the person")
    stage = plain(Text(default=None), "how far the sign-in has come")
    device = _of_session(Text(default=""))
    flash = plain(JSONB(default="[]"), "messages of our own wording for the next page, never a person's data")
    created_at = _of_session(Timestamptz(default=None))
    seen_at = _of_session(Timestamptz(default=None))
    expires_at = plain(Timestamptz(default=None), "when the session ends by itself")
    shopper_id = plain(UUID(null=True, default=None), "at which affiliate a shopper is; leads to the profile")
    is_lent = plain(Boolean(default=False), "whether a search for leaks has opened it, and not the person")


class PortalSession(Table, schema="ops", tablename="portal_session"):
    """What the client's portal knows of a session: a scope, and no person."""

    id_hash = personal(
        Bytea(primary_key=True, default=None),
        category=Category.SECURITY,
        subject="self",
        purposes=SIGN_IN,
        retention=WHILE_SIGNED_IN,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client whose releases may be read")
    node_path = plain(Text(default=None), "the part of the client's tree that may be read")
    brand = plain(JSONB(null=True, default=None), "the affiliate's name, logo and contact, for the head of the pages")
    expires_at = plain(Timestamptz(default=None), "when the session ends by itself")


class Throttle(Table, schema="ops", tablename="throttle"):
    """How often something was tried in a window of time."""

    key = plain(Bytea(primary_key=True, default=None), "keyed hash under a salt of one day; leads back to nobody")
    window_start = plain(Timestamptz(default=None), "when the window began")
    attempts = plain(Integer(default=0, db_column_name="count"), "attempts in the window")
