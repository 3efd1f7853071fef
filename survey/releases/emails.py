"""A letter to a client's people: a report is there that should not wait. Where it is, and nothing of it."""

from collections.abc import Sequence

from survey.accounts import service as accounts
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

from . import service

WHY = "You get this mail because you read reports of {company}."
REMOVED = "the account was removed"


@composer(service.ALERT_KIND, to=Audience.ACCOUNTS)
async def alert(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A visit has failed."""
    sender = (await affiliates.senders([rows[0].affiliate_id]))[rows[0].affiliate_id]
    frame, written = Transactional(sender, WHY.format(company=sender.name)), _letter(sender.name)
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        person = people.get(row.recipient_id)
        if person is None:
            composed.append(Withheld(row, REMOVED))
            continue
        link = f"{composing.settings.base_url}/portal/shops/{row.context['report']}"
        composed.append(Outgoing(row, person.email, written, frame, {"name": person.name, "link": link}))
    return composed


def _letter(company: str) -> Letter:
    return Letter(
        subject="A report that should not wait",
        preview="Sign in to read it.",
        blocks=(
            Heading("A report needs your attention"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"{company} has released a report that should not wait for the next meeting."),
            Act("Read the report", slot("link")),
            Paragraph("For the sake of everybody in it, mails say nothing of what a report tells."),
        ),
    )
