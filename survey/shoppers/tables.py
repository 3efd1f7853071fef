"""Shoppers, one row per person and affiliate, with what hangs on it, and what an affiliate asks of them."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, Boolean, Bytea, Date, DoublePrecision, Integer, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WITH_THE_PROFILE = Retention("shopper profiles", days=730, counted_from="the last shop or sign-in")
MATCH = ("offer a shopper the shops that suit them", "let a scheduler reach whoever makes a visit")
UNTIL_PURGED = Retention("tax numbers", days=1826, counted_from="the end of the last year in which there was pay")
PAY = ("pay a shopper",)
REPORT_TAX = ("report pay to the tax office",)
TELL = ("tell a shopper of new shops near by, if they asked for it",)
JUDGE = ("say why a shopper may not take shops, and hear them",)
DOCUMENTS = Retention("documents of shoppers", days=14, counted_from="the decision about them; at most 90 from sending")
QUALIFY = ("see whether a shopper has what a campaign needs",)
KNOW = ("let staff recognise the shopper they work with",)
ASKED_BY = ("tell the company what it asks its shoppers, each with its reason",)
ROTATE = ("keep the same household from visiting a place too often",)


def _of_shopper(column: C, category: Category, purposes: tuple[str, ...] = MATCH, on_erase: Erase = Erase.SHRED) -> C:
    return personal(
        column, category, subject="id", purposes=purposes, retention=WITH_THE_PROFILE, on_erase=on_erase,
        release=Release.NEVER,
    )  # fmt: skip


def _beside(
    column: C, category: Category, purposes: tuple[str, ...] = MATCH, on_erase: Erase = Erase.DELETE,
    retention: Retention = WITH_THE_PROFILE,
) -> C:  # fmt: skip
    return personal(
        column, category, subject="shopper_id", purposes=purposes, retention=retention, on_erase=on_erase,
        release=Release.NEVER,
    )  # fmt: skip


def _of_tax(column: C, on_erase: Erase = Erase.DELETE) -> C:
    return _beside(column, Category.IDENTIFIERS, REPORT_TAX, on_erase, UNTIL_PURGED)


def _of_document(column: C, on_erase: Erase = Erase.DELETE) -> C:
    return _beside(column, Category.EMPLOYMENT, QUALIFY, on_erase, DOCUMENTS)


def _decided_by() -> UUID:
    return personal(
        UUID(null=True, default=None), Category.IDENTIFIERS, subject="decided_by", on_erase=Erase.NULL,
        purposes=("show who decided about a person",), retention=WITH_THE_PROFILE, release=Release.NEVER,
    )  # fmt: skip


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
    region = _of_shopper(Text(default=""), Category.LOCATION, on_erase=Erase.NULL)
    wants_news = _of_shopper(Boolean(default=False), Category.PREFERENCES, TELL, Erase.NULL)


class Agreement(Table, schema="field", tablename="agreement"):
    """One version of an affiliate's contractor agreement; who accepted which stands in ledger.consent."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    number = plain(Integer(default=None), "the version")
    body = plain(Text(default=None), "the affiliate's own words")
    created_at = plain(Timestamptz(default=None), "when the version came into force")


class BandQuestion(Table, schema="field", tablename="band_question"):
    """What an affiliate asks its shoppers about themselves."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    code = plain(Text(default=None), "what the answer is filed under")
    label = plain(Text(default=None), "the question")
    bands = plain(JSONB(default=None), "the answers on offer")
    is_required = plain(Boolean(default=False), "whether it must be answered")
    reason = plain(Text(default=None), "why it is asked, as the shopper reads it")
    is_asked = plain(Boolean(default=True), "whether it is still asked")
    created_at = plain(Timestamptz(default=None), "when it was first asked")


class QualificationKind(Table, schema="field", tablename="qualification_kind"):
    """Something a shopper may have that a campaign may need."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    code = plain(Text(default=None), "what it is filed under")
    label = plain(Text(default=None), "what people call it")
    created_at = plain(Timestamptz(default=None), "when it was added")
    takes_documents = plain(Boolean(default=False), "whether a shopper may send a document for it")
    instructions = plain(Text(default=""), "what to send, as the shopper reads it")
    valid_months = plain(Integer(null=True, default=None), "for how long it is good, as a rule")


class ProfileField(Table, schema="field", tablename="profile_field"):
    """A field of the affiliate's own in its shoppers' profiles."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    label = plain(Text(default=None), "the question")
    kind = plain(Text(default=None), "text, choice or yes_no")
    choices = plain(JSONB(default="[]"), "the answers on offer")
    is_required = plain(Boolean(default=False), "whether it must be answered")
    reason = plain(Text(default=None), "why it is asked, as the shopper reads it")
    is_asked = plain(Boolean(default=True), "whether it is still asked")
    created_at = plain(Timestamptz(default=None), "when it was first asked")


class Conflict(Table, schema="identity", tablename="conflict"):
    """A client at whose places a shopper cannot be a stranger."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    client_id = plain(UUID(default=None), "the client")
    kind = _beside(Text(default=None), Category.EMPLOYMENT)
    source = plain(Text(default=None), "declared by the shopper, or recorded by staff")
    created_at = plain(Timestamptz(default=None), "when it was declared")


class Qualification(Table, schema="identity", tablename="qualification"):
    """What a shopper has, asks to have recorded, or was refused."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    code = _beside(Text(default=None), Category.EMPLOYMENT)
    source = plain(Text(default=None), "quiz, document or hand")
    status = _beside(Text(default=None), Category.EMPLOYMENT)
    expires_on = _beside(Date(null=True, default=None), Category.EMPLOYMENT)
    created_at = plain(Timestamptz(default=None), "when it was asked for or recorded")
    decided_at = plain(Timestamptz(null=True, default=None), "when it was decided")
    reason = _beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, QUALIFY, Erase.SHRED)


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
    decided_by = _decided_by()
    decided_at = plain(Timestamptz(null=True, default=None), "when it was decided")
    purge_on = plain(Date(default=None), "the day on which the file goes")


class Portrait(Table, schema="identity", tablename="portrait"):
    """A shopper's photo, if they want one; its file is sealed with their key."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    affiliate_id = plain(UUID(default=None), "tenant key")
    media_key = _beside(Text(default=None), Category.AUDIO_VISUAL, KNOW)
    added_at = plain(Timestamptz(default=None), "when it was added")


class ProfileAnswer(Table, schema="identity", tablename="profile_answer"):
    """What a shopper says in a field of the affiliate's own; for its staff alone, and no rule looks at it."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    field_id = plain(UUID(default=None), "the field")
    affiliate_id = plain(UUID(default=None), "tenant key")
    sealed = _beside(Bytea(default=None, secret=True), Category.FREE_TEXT, ASKED_BY, Erase.SHRED)
    updated_at = plain(Timestamptz(default=None), "when it was last changed")


class Payout(Table, schema="identity", tablename="payout"):
    """Where a shopper's money goes."""

    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    affiliate_id = plain(UUID(default=None), "tenant key")
    kind = _beside(Text(default=None), Category.COMMERCIAL, PAY)
    handle = _beside(Bytea(default=None, secret=True), Category.COMMERCIAL, PAY, Erase.SHRED)
    last4 = _beside(Text(default=None), Category.COMMERCIAL, PAY)
    updated_at = plain(Timestamptz(default=None), "when it was last changed")


class EmailChange(Table, schema="identity", tablename="email_change"):
    """A new address that waits until its mailbox has answered."""

    id = plain(UUID(default=None), "random id; the link names it")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(primary_key=True, default=None), "the shopper; leads to the person")
    email = _beside(Bytea(default=None, secret=True), Category.CONTACT, MATCH, Erase.SHRED)
    email_index = _beside(Bytea(default=None), Category.IDENTIFIERS)
    asked_at = plain(Timestamptz(default=None), "when the change was asked for")


class TaxIdentity(Table, schema="identity", tablename="tax_identity"):
    """A tax number, asked for when there is something to pay; its id is also the id of its own key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    kind = _of_tax(Text(null=True, default=None))
    number = _of_tax(Bytea(null=True, default=None, secret=True), Erase.SHRED)
    last4 = _of_tax(Text(null=True, default=None))
    asked_at = plain(Timestamptz(default=None), "since when there is something to pay")
    collected_at = plain(Timestamptz(null=True, default=None), "when the number was given")
    purge_on = plain(Date(default=None), "the day on which it goes")


class Deactivation(Table, schema="identity", tablename="deactivation"):
    """Why a shopper may not take shops any more, and what they say to it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    code = _beside(Text(default=None), Category.INFERENCES, JUDGE)
    reason = _beside(Bytea(default=None, secret=True), Category.FREE_TEXT, JUDGE, Erase.SHRED)
    decided_by = _decided_by()
    decided_at = plain(Timestamptz(default=None), "when it was decided")
    contest = _beside(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT, JUDGE, Erase.SHRED)
    contested_at = plain(Timestamptz(null=True, default=None), "when the shopper contested it")
    outcome = plain(Text(null=True, default=None), "upheld or lifted")
    closed_at = plain(Timestamptz(null=True, default=None), "when it was decided again")
