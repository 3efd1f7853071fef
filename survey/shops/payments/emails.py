"""Mail to shoppers about their pay: that it was paid, or that nobody knows where to send it. No amount, no account."""

from collections.abc import Sequence

from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Act, Bulk, Claimed, Heading, Letter, Outgoing, Paragraph, Withheld, slot
from survey.shoppers import service as shoppers

from . import queries
from .domain import PAID_KIND, WHERE_AGAIN_KIND, WHERE_ASKED_KIND, WHERE_KIND

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


def _where(subject: str) -> Letter:
    return Letter(
        subject=subject,
        preview="There is something to pay to you.",
        blocks=(
            Heading(subject),
            Paragraph("There is something to pay to you, and you have not said yet where it should go."),
            Act("Say where", slot("link")),
            Paragraph("Until you do, nothing can be sent. For your own sake mails say neither how much it is nor why."),
        ),
    )


WHERE, WHERE_AGAIN = _where("Say where we pay you"), _where("We still do not know where to pay you")


@composer(PAID_KIND, to=Audience.PEOPLE, about="news of a payment to a mystery shopper")
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


@composer(WHERE_KIND, to=Audience.PEOPLE, about="a request to a mystery shopper to sign in and say where pay should go")
async def where(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Somebody is owed something for the first time and has no account here."""
    return await _asked_where(composing, rows, WHERE)


@composer(
    WHERE_AGAIN_KIND, to=Audience.PEOPLE, about="a request to a mystery shopper to sign in and say where pay should go"
)
async def where_again(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """The same, the one reminder."""
    return await _asked_where(composing, rows, WHERE_AGAIN)


@composer(
    WHERE_ASKED_KIND, to=Audience.PEOPLE, about="a request to a mystery shopper to sign in and say where pay should go"
)
async def where_asked(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """The same, because payroll asks."""
    return await _asked_where(composing, rows, WHERE_AGAIN)


async def _asked_where(composing: Composing, rows: Sequence[Claimed], letter: Letter) -> Sequence[Outgoing | Withheld]:
    ids = [row.recipient_id for row in rows]
    lacking = await queries.still_lacking(composing.connection, ids)
    addresses = await shoppers.addresses_of(composing.connection, composing.settings, ids)
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Bulk(sender, WHY.format(company=sender.name), sender.name, f"Pay from {sender.name}", rows[0].affiliate_id)
    values = {"link": f"{composing.settings.base_url}/shopper/profile/payout"}
    return [
        Outgoing(row, addresses[row.recipient_id], letter, frame, values)
        if row.recipient_id in lacking and row.recipient_id in addresses
        else Withheld(row, "it is known where to pay, nothing is owed any more, or the profile was removed")
        for row in rows
    ]
