"""Who was invited, the doors that were opened for them, and the one row that ties the two until the study closes."""

from piccolo.columns import JSONB, UUID, Bytea, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

SEND_LOG = Retention("send log", days=730, counted_from="the day the message was asked for", sweep="sweeps.run")
# No study is open for longer (survey.studies.domain).
WHILE_IN_FIELD = Retention(
    "response links",
    days=90,
    counted_from="the day the study opened; cut when it closes",
    sweep="releases.close_due",
)
INVITE = ("invite a person once, and say later why they were written to",)
TELL_APART = ("let one person answer once, and remind only those who have not",)
MEASURE = ("tell the client how groups of ten people or more see it",)


class Invitation(Table, schema="identity", tablename="invitation"):
    """That a person belongs to a study's audience. Whether a message went out is in the outbox."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    study_id = plain(UUID(default=None), "the study")
    contact_id = personal(
        UUID(null=True, default=None),
        category=Category.IDENTIFIERS,
        subject="contact_id",
        purposes=INVITE,
        retention=SEND_LOG,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    panelist_id = personal(
        UUID(null=True, default=None),
        category=Category.IDENTIFIERS,
        subject="panelist_id",
        purposes=INVITE,
        retention=SEND_LOG,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    suppression_key = personal(
        Bytea(default=None, secret=True),
        category=Category.PREFERENCES,
        subject="self",
        purposes=("never write again to somebody who asked us not to",),
        retention=SEND_LOG,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    opt_out_link_id = plain(UUID(default=None), "random id behind the opt-out link of the messages")
    created_at = plain(Timestamptz(default=None), "the moment of the launch, the same for everybody")


class ResponseLink(Table, schema="identity", tablename="response_link"):
    """The only tie between a person and the answers behind a door. Every row goes when the study closes."""

    invitation_id = personal(
        UUID(primary_key=True, default=None),
        category=Category.IDENTIFIERS,
        subject="invitation_id",
        purposes=TELL_APART,
        retention=WHILE_IN_FIELD,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    entry_id = plain(UUID(default=None), "random id of the door, the one in the link")
    affiliate_id = plain(UUID(default=None), "tenant key")
    study_id = plain(UUID(default=None), "the study")


class Entry(Table, schema="field", tablename="entry"):
    """The door of one invited person. Nothing in it says whose; it goes when the study closes."""

    id = plain(UUID(primary_key=True, default=None), "random id, signed into the link")
    affiliate_id = plain(UUID(default=None), "tenant key")
    study_id = plain(UUID(default=None), "the study")
    response_id = plain(UUID(default=None), "random id under which the answers are kept")
    location_id = plain(UUID(null=True, default=None), "the place the answers will be about")
    language = plain(Text(default="en"), "the language to show the page in")
    demographics = personal(
        JSONB(default="{}"),
        category=Category.DEMOGRAPHICS,
        subject="self",
        purposes=MEASURE,
        retention=WHILE_IN_FIELD,
        on_erase=Erase.DELETE,
        release=Release.AGGREGATE,
    )
    state = plain(Text(default="new"), "new, started, finished or declined")
