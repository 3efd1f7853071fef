"""The tenants. Nothing here is about a person."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


class Affiliate(Table, schema="field", tablename="affiliate"):
    """A research company, or the provider itself."""

    id = plain(UUID(primary_key=True, default=None), "random id, the tenant key everywhere")
    kind = plain(Text(default=None), "affiliate or provider")
    name = plain(Text(default=None), "the company's name")
    slug = plain(Text(default=None), "the company's short name")
    postal_address = plain(Text(default=None), "the company's address, printed in every mail")
    contact_email = plain(Text(default=None), "the company's address for replies, printed in every mail")
    require_totp = plain(Boolean(default=False), "whether everybody signs in with a second factor")
    session_minutes = plain(Integer(default=480), "how long a sign-in is good for")
    status = plain(Text(default="active"), "active or suspended")
    created_at = plain(Timestamptz(default=None), "when the company joined")
    takes_shoppers = plain(Boolean(default=False), "whether people can register as shoppers")
    least_shopper_age = plain(Integer(default=18), "how old a shopper has to be, never under 16")
    review_hours = plain(Integer(default=48), "hours in which an editor should have decided about a report")
    return_hours = plain(Integer(default=24), "hours to mend a returned report; of new campaigns")
    appeal_days = plain(Integer(default=14), "days in which a client may appeal; of new campaigns")
    pay_days = plain(Integer(default=30), "days from a visit to its payment; of new campaigns")
    accent = plain(Text(null=True, default=None), "the company's colour, six digits; none: the house's own")
    logo = plain(Text(null=True, default=None), "the name of the logo's file, which is its public address")
    contact_phone = plain(Text(default=""), "the company's telephone, printed in every mail; empty: none")
    name_key = plain(Text(null=True, default=None), "the company's name as the eye sees it: no two look the same")
