"""Client businesses, their permissions and their locations. No person is here."""

from piccolo.columns import JSONB, UUID, Boolean, Date, DoublePrecision, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


class Client(Table, schema="field", tablename="client"):
    """A business that an affiliate works for."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    name = plain(Text(default=None), "a business's name")
    status = plain(Text(default="active"), "active or archived")
    created_at = plain(Timestamptz(default=None), "when the affiliate entered it")


class IdentifiedAuthorisation(Table, schema="field", tablename="identified_authorisation"):
    """A client's written permission that answers to a study may carry names."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client that gave it")
    reference = plain(Text(default=None), "where the document is filed, as staff write it")
    valid_until = plain(Date(default=None), "its last day")
    recorded_by = plain(UUID(default=None), "account id of who entered it")
    recorded_at = plain(Timestamptz(default=None), "when it was entered")


class Location(Table, schema="field", tablename="location"):
    """A place of business in a client's tree: headquarters, region, district or store."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the client it belongs to")
    parent_id = plain(UUID(null=True, default=None), "the location above")
    level = plain(Text(default=None), "hq, region, district or store")
    code = plain(Text(default=None), "the client's own code for the place")
    name = plain(Text(default=None), "a place's name")
    path = plain(Text(default=None), "ids from the root down")
    street = plain(Text(default=""), "a business's address")
    city = plain(Text(default=""), "a business's address")
    region = plain(Text(default=""), "a business's address")
    postal_code = plain(Text(default=""), "a business's address")
    country = plain(Text(default=""), "a business's address")
    time_zone = plain(Text(default="UTC"), "IANA name")
    is_single_staffed = plain(Boolean(default=False), "whether one person works there alone")
    is_competitor = plain(Boolean(default=False), "whether it is a competitor's, visited for this client")
    status = plain(Text(default="open"), "open, closed, or closed for a time")
    created_at = plain(Timestamptz(default=None), "when the affiliate entered it")
    latitude = plain(DoublePrecision(null=True, default=None), "where the business stands")
    longitude = plain(DoublePrecision(null=True, default=None), "where the business stands")
    opening_hours = plain(JSONB(default="{}"), "when the business is open, by weekday")
