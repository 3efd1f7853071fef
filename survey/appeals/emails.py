"""A letter to a shopper: there is a question about a visit. What it is stands on the page alone."""

from collections.abc import Sequence

from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import (
    Act,
    Claimed,
    Heading,
    Letter,
    Outgoing,
    Paragraph,
    Transactional,
    Withheld,
    slot,
)
from survey.shoppers import service as shoppers

from . import service

WHY = "You get this mail because you handed in a report to {company}."
GONE = "the registration was removed"


@composer(service.ASKED_KIND, to=Audience.ACCOUNTS)
async def asked(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Somebody at the affiliate has a question about a report."""
    sender = (await affiliates.senders([rows[0].affiliate_id]))[rows[0].affiliate_id]
    frame, written = Transactional(sender, WHY.format(company=sender.name)), _letter(sender.name)
    ids = [row.recipient_id for row in rows]
    people = await shoppers.people_of(composing.connection, composing.settings.keyring, ids)
    link = f"{composing.settings.base_url}/shopper/appeals"
    return [
        Outgoing(row, person.email, written, frame, {"name": person.name, "link": link})
        if (person := people.get(row.recipient_id))
        else Withheld(row, GONE)
        for row in rows
    ]


def _letter(company: str) -> Letter:
    return Letter(
        subject="A question about a visit of yours",
        preview="It takes a minute to answer.",
        blocks=(
            Heading("A question about a visit of yours"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"{company} would like to know more about something that you reported."),
            Act("Read the question", slot("link")),
            Paragraph("Your answer goes to them alone. Your grade and your pay stay as they are."),
        ),
    )
