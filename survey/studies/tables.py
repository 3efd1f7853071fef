"""Studies. Nothing in them is about a respondent."""

from piccolo.columns import JSONB, UUID, Array, Integer, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


class Study(Table, schema="field", tablename="study"):
    """A questionnaire put to an audience, with its dates and its words."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business on whose behalf it asks")
    version_id = plain(UUID(default=None), "the questions as asked")
    name = plain(Text(default=None), "staff's own name for it")
    title = plain(Text(default=None), "what respondents read above the questions")
    audience_kind = plain(Text(default=None), "contacts or panel")
    panel_id = plain(UUID(null=True, default=None), "the panel that is asked")
    audience = plain(JSONB(default="{}"), "which part of the list or panel: locations, days and bands, nobody's own")
    identity_mode = plain(Text(default="confidential"), "whether answers carry names")
    authorisation_id = plain(UUID(null=True, default=None), "the client's permission for names")
    opens_at = plain(Timestamptz(default=None), "when the first mail may go out")
    closes_at = plain(Timestamptz(default=None), "when it ends")
    invitation_subject = plain(Text(default=""), "words for everybody, with merge fields")
    invitation_body = plain(Text(default=""), "words for everybody, with merge fields")
    reminder_subject = plain(Text(default=""), "words for everybody, with merge fields")
    reminder_body = plain(Text(default=""), "words for everybody, with merge fields")
    reminder_days = plain(Array(base_column=Integer(), default=list), "days after the opening")
    time_zone = plain(Text(default="UTC"), "IANA name of the zone its dates are written in")
    confirmed = plain(Array(base_column=Text(), default=list), "what staff have confirmed before the launch")
    status = plain(Text(default="draft"), "draft, live, paused, closed or released")
    revision = plain(Integer(default=1), "rises with each change, so that a stale page is noticed")
    created_at = plain(Timestamptz(default=None), "when staff began it")
    launched_at = plain(Timestamptz(null=True, default=None), "when staff launched it")
    closed_at = plain(Timestamptz(null=True, default=None), "when it was closed")
