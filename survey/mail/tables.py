"""The outbox: one row for each message to each person; and the codes by which messages are known again."""

from piccolo.columns import UUID, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.columns.column_types import JSONB
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

SEND_LOG = Retention("send log", days=730, counted_from="the day the message was asked for", sweep="sweeps.run")
CODES = Retention("codes of messages", days=365, counted_from="the day the message was sent", sweep="sweeps.run")
RESPECT = ("send what was asked for, once", "never write to somebody who asked us not to")


class Delivery(Table, schema="ops", tablename="delivery"):
    """What was to be sent to whom, and what became of it. No address and no words: the composer looks those up."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    campaign_id = plain(UUID(default=None), "the study, or the occasion of a single message")
    recipient_id = plain(UUID(default=None), "invitation, panelist or account")
    kind = plain(Text(default=None), "which message of the campaign")
    is_bulk = plain(Boolean(default=False), "whether it is mail of a list")
    is_asked = plain(
        Boolean(default=False), "whether its reader asked for it a moment ago, so that no opt-out stops it"
    )
    client_id = plain(UUID(null=True, default=None), "the client on whose behalf it is sent")
    suppression_key = personal(
        Bytea(default=None, secret=True),
        category=Category.PREFERENCES,
        subject="self",
        purposes=RESPECT,
        retention=SEND_LOG,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    opt_out_link_id = plain(UUID(null=True, default=None), "random id behind the opt-out link of the message")
    context = plain(JSONB(default="{}"), "ids for the composer")
    state = plain(Text(default="queued"), "where it stands")
    phase = plain(Text(default="none"), "whether the relay may have taken it")
    reason = plain(Text(default=""), "why it stands there, in words of ours")
    not_before = plain(Timestamptz(default=None), "when it may go out")
    not_after = plain(Timestamptz(null=True, default=None), "when it is too late")
    lease_until = plain(Timestamptz(null=True, default=None), "how long a worker may hold it")
    attempts = plain(Integer(default=0), "how often the relay gave an answer about it")
    in_doubt = plain(Integer(default=0), "how often its acceptance was never heard")
    claims = plain(Integer(default=0), "how often a worker has taken it")
    message_id = plain(Text(null=True, default=None), "random, the same at every attempt")
    reply = plain(Text(default=""), "the relay's answer, without addresses")
    created_at = plain(Timestamptz(default=None), "when it was asked for")
    sent_at = plain(Timestamptz(null=True, default=None), "when the relay took it")


class MailCode(Table, schema="ops", tablename="mail_code"):
    """What a message is known by, for whoever asks whether it is ours. It leads to no delivery and to no person."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    code_index = plain(Bytea(default=None), "fingerprint of a random code")
    about = plain(Text(default=None), "the kind of message, in words of ours")
    sender = plain(Text(default=None), "the company that the message says it is from")
    written_on = plain(Date(default=None), "the day it was sent")
    again_on = plain(Date(null=True, default=None), "the day of a second copy")
    recipient_index = personal(
        Bytea(null=True, default=None, secret=True),
        category=Category.CONTACT,
        subject="self",
        purposes=("tell whoever got a message whether it is ours and was sent to them",),
        retention=CODES,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )
