"""Panels and their members. Addresses and names are sealed; the profile is in bands."""

from typing import TypeVar

from piccolo.columns import UUID, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WHILE_MEMBER = Retention(
    "panel membership", days=30, counted_from="the day the member left", sweep="panels.forget_left"
)
ASK = "ask members of a panel, who agreed to it, what they think"
RESPECT = "never write again to somebody who asked us not to"
MATCH = "ask the members whom a study is about, and show results for groups of ten or more"


def _of_member(
    column: C, category: Category, purpose: str, erase: Erase = Erase.DELETE, release: Release = Release.NEVER
) -> C:
    return personal(
        column,
        category=category,
        subject="self",
        purposes=(purpose,),
        retention=WHILE_MEMBER,
        on_erase=erase,
        release=release,
    )


class Panel(Table, schema="field", tablename="panel"):
    """A group that people join by their own will, and what they agree to."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    name = plain(Text(default=None), "a panel's name")
    slug = plain(Text(default=None), "the panel's part of its public address")
    about = plain(Text(default=None), "what the panel is for, as visitors read it")
    wording = plain(Text(default=None), "what members agree to")
    wording_version = plain(Integer(default=1), "rises whenever the wording changes")
    is_open = plain(Boolean(default=True), "whether one can join")
    created_at = plain(Timestamptz(default=None), "when staff made it")


class Panelist(Table, schema="identity", tablename="panelist"):
    """A member. The id is also that of the person's key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    panel_id = plain(UUID(default=None), "the panel joined")
    email = _of_member(Bytea(default=None, secret=True), Category.CONTACT, ASK, Erase.SHRED)
    email_index = _of_member(Bytea(default=None, secret=True), Category.CONTACT, ASK)
    suppression_key = _of_member(Bytea(default=None, secret=True), Category.PREFERENCES, RESPECT)
    first_name = _of_member(Bytea(null=True, default=None, secret=True), Category.IDENTIFIERS, ASK, Erase.SHRED)
    language = _of_member(Text(default="en"), Category.DEMOGRAPHICS, MATCH, release=Release.AGGREGATE)
    age_band = _of_member(Text(null=True, default=None), Category.DEMOGRAPHICS, MATCH, release=Release.AGGREGATE)
    gender = _of_member(Text(null=True, default=None), Category.DEMOGRAPHICS, MATCH, release=Release.AGGREGATE)
    region = _of_member(Text(null=True, default=None), Category.DEMOGRAPHICS, MATCH, release=Release.AGGREGATE)
    status = plain(Text(default="pending"), "pending until confirmed, active, left or bounced")
    joined_at = plain(Timestamptz(default=None), "when the form was sent: evidence")
    confirmed_at = plain(Timestamptz(null=True, default=None), "when the address was confirmed: evidence")
