"""Shoppers, one row per person and affiliate, with what they are, have and are paid by."""

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, DoublePrecision, Integer, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

from .columns import MATCH, QUALIFY, WITH_THE_PROFILE, C, beside

COUNT = ("tell a client in counts of ten people or more who made the visits of a round, where its campaign says so",)
UNTIL_PURGED = Retention(
    "tax numbers",
    days=1826,
    counted_from="the end of the last year in which there was pay",
    sweep="shoppers.purge_tax_numbers",
)
PAY = ("pay a shopper",)
REPORT_TAX = ("report pay to the tax office",)
TELL = ("tell a shopper of new shops near by, if they asked for it",)
SHOW = ("show distances as a shopper reads them",)
JUDGE = ("say why a shopper may not take shops, and hear them",)
UNTIL_ITS_DATE = "what was paid is reported under it; it is under a key of its own, and goes on a date of its own"
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


def _of_tax(column: C) -> C:
    return personal(
        column,
        Category.IDENTIFIERS,
        subject="shopper_id",
        purposes=REPORT_TAX,
        retention=UNTIL_PURGED,
        on_erase=Erase.KEEP,
        release=Release.NEVER,
        keep_reason=UNTIL_ITS_DATE,
    )


class Shopper(Table, schema="identity", tablename="shopper"):
    """Somebody registered with one affiliate. Its id is also the id of its key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    account_id = plain(UUID(null=True, default=None), "the sign-in, which the affiliate cannot see")
    display_code = plain(Text(default=None), "a random code that staff use where no name is needed")
    name = _of_shopper(Bytea(null=True, default=None, secret=True), Category.IDENTIFIERS)
    email = _of_shopper(Bytea(null=True, default=None, secret=True), Category.CONTACT)
    email_index = _of_shopper(Bytea(null=True, default=None), Category.IDENTIFIERS, on_erase=Erase.NULL)
    phone = _of_shopper(Bytea(null=True, default=None, secret=True), Category.CONTACT)
    address = _of_shopper(Bytea(null=True, default=None, secret=True), Category.CONTACT)
    household_index = _of_shopper(Bytea(null=True, default=None), Category.IDENTIFIERS, ROTATE, Erase.NULL)
    latitude = _of_shopper(DoublePrecision(null=True, default=None), Category.LOCATION, on_erase=Erase.NULL)
    longitude = _of_shopper(DoublePrecision(null=True, default=None), Category.LOCATION, on_erase=Erase.NULL)
    time_zone = plain(Text(default="UTC"), "IANA name, for showing times")
    bands = personal(
        JSONB(default="{}"),
        Category.DEMOGRAPHICS,
        subject="id",
        purposes=(*MATCH, *COUNT),
        retention=WITH_THE_PROFILE,
        on_erase=Erase.NULL,
        release=Release.AGGREGATE,
    )
    status = plain(Text(default="pending"), "pending, active, paused, deactivated or erased")
    grade_tenths = _of_shopper(Integer(null=True, default=None), Category.INFERENCES, on_erase=Erase.NULL)
    held_limit = plain(Integer(default=5), "how many shops somebody may hold at a time")
    agreement_version = plain(Integer(null=True, default=None), "which contractor agreement was accepted")
    agreed_at = _of_shopper(Timestamptz(null=True, default=None), Category.PREFERENCES, on_erase=Erase.NULL)
    created_at = plain(Timestamptz(default=None), "when the profile was made")
    region = _of_shopper(Text(default=""), Category.LOCATION, on_erase=Erase.NULL)
    wants_news = _of_shopper(Boolean(default=False), Category.PREFERENCES, TELL, Erase.NULL)
    news_within_km = _of_shopper(Integer(null=True, default=None), Category.PREFERENCES, TELL, Erase.NULL)
    news_least_cents = _of_shopper(Integer(null=True, default=None), Category.PREFERENCES, TELL, Erase.NULL)
    news_every = _of_shopper(Text(null=True, default=None), Category.PREFERENCES, TELL, Erase.NULL)
    units = _of_shopper(Text(null=True, default=None), Category.PREFERENCES, SHOW, Erase.NULL)


class Conflict(Table, schema="identity", tablename="conflict"):
    """A client at whose places a shopper cannot be a stranger."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    client_id = plain(UUID(null=True, default=None), "the client; none until somebody ties what was typed to one")
    company = beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, MATCH, Erase.SHRED)
    kind = beside(Text(default=None), Category.EMPLOYMENT)
    source = plain(Text(default=None), "declared by the shopper, or recorded by staff")
    created_at = plain(Timestamptz(default=None), "when it was declared")
    checked_at = plain(Timestamptz(null=True, default=None), "when staff said whose client it is, or that it is none")


class Qualification(Table, schema="identity", tablename="qualification"):
    """What a shopper has, asks to have recorded, or was refused."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    code = beside(Text(default=None), Category.EMPLOYMENT)
    source = plain(Text(default=None), "quiz, document or hand")
    status = beside(Text(default=None), Category.EMPLOYMENT)
    expires_on = beside(Date(null=True, default=None), Category.EMPLOYMENT)
    created_at = plain(Timestamptz(default=None), "when it was asked for or recorded")
    decided_at = plain(Timestamptz(null=True, default=None), "when it was decided")
    reason = beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, QUALIFY, Erase.SHRED)


class Payout(Table, schema="identity", tablename="payout"):
    """Where a shopper's money goes."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    affiliate_id = plain(UUID(default=None), "tenant key")
    kind = beside(Text(default=None), Category.COMMERCIAL, PAY)
    handle = beside(Bytea(default=None, secret=True), Category.COMMERCIAL, PAY, Erase.SHRED)
    last4 = beside(Text(default=None), Category.COMMERCIAL, PAY)
    updated_at = plain(Timestamptz(default=None), "when it was last changed")


class EmailChange(Table, schema="identity", tablename="email_change"):
    """A new address that waits until its mailbox has answered."""

    id = plain(UUID(default=None), "random id; the link names it")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    email = beside(Bytea(default=None, secret=True), Category.CONTACT, MATCH, Erase.SHRED)
    email_index = beside(Bytea(default=None), Category.IDENTIFIERS)
    asked_at = plain(Timestamptz(default=None), "when the change was asked for")


class TaxIdentity(Table, schema="identity", tablename="tax_identity"):
    """A tax number, asked for when there is something to pay; its id is also the id of its own key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    kind = _of_tax(Text(null=True, default=None))
    number = _of_tax(Bytea(null=True, default=None, secret=True))
    last4 = _of_tax(Text(null=True, default=None))
    asked_at = plain(Timestamptz(default=None), "since when there is something to pay")
    collected_at = plain(Timestamptz(null=True, default=None), "when the number was given")
    purge_on = plain(Date(default=None), "the day on which it goes")


class Deactivation(Table, schema="identity", tablename="deactivation"):
    """Why a shopper may not take shops any more, and what they say to it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    code = beside(Text(default=None), Category.INFERENCES, JUDGE)
    reason = beside(Bytea(default=None, secret=True), Category.FREE_TEXT, JUDGE, Erase.SHRED)
    decided_by = personal(
        UUID(null=True, default=None),
        Category.IDENTIFIERS,
        subject="decided_by",
        purposes=("show who decided about a person",),
        retention=WITH_THE_PROFILE,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )
    decided_at = plain(Timestamptz(default=None), "when it was decided")
    contest = beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, JUDGE, Erase.SHRED)
    contested_at = plain(Timestamptz(null=True, default=None), "when the shopper contested it")
    outcome = plain(Text(null=True, default=None), "upheld or lifted")
    closed_at = plain(Timestamptz(null=True, default=None), "when it was decided again")
