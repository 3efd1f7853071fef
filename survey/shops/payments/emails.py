"""Mail to shoppers about their pay: that it was paid, and on which day. No amount, no account."""

from collections.abc import Sequence

from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Act, Bulk, Claimed, Heading, Letter, Outgoing, Paragraph, Withheld, slot
from survey.shoppers import service as shoppers

from . import queries
from .domain import PAID_KIND

WHY = "You get this mail because you make mystery shops for {company}."
PAID = Letter(
    subject="You have been paid",
    preview="See which visits it was for.",
    blocks=(
        Heading("Your pay is on its way to you"),
        Paragraph(f"It was paid on {slot('day')}. Your bank may need a day or two to show it."),
        Act("See what was paid", slot("link")),
        Paragraph("For your own sake mails say neither how much it is nor where it goes."),
    ),
)


@composer(PAID_KIND, to=Audience.PEOPLE)
async def paid(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A batch was paid. What the bank has sent back since is not told."""
    days = await queries.paid_on(composing.connection, [(row.campaign_id, row.recipient_id) for row in rows])
    ids = [row.recipient_id for row in rows]
    addresses = await shoppers.addresses_of(composing.connection, composing.settings, ids)
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Bulk(sender, WHY.format(company=sender.name), sender.name, f"Pay from {sender.name}", rows[0].affiliate_id)
    link = f"{composing.settings.base_url}/shopper/pay"
    made: list[Outgoing | Withheld] = []
    for row in rows:
        day, address = days.get((row.campaign_id, row.recipient_id)), addresses.get(row.recipient_id)
        if day is None or address is None:
            made.append(Withheld(row, "it came back, or the profile was removed"))
            continue
        values = {"day": f"{day.day} {day:%B %Y}", "link": link}
        made.append(Outgoing(row, address, PAID, frame, values))
    return made
