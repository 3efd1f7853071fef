"""What an affiliate asks of its shoppers, in which no person is."""

from piccolo.columns import JSONB, UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


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
    retired_at = plain(Timestamptz(null=True, default=None), "since when nobody new gets it")


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
