"""Letters to shoppers about a report of theirs: that there is something to read, and where. Nothing of the report."""

from collections.abc import Callable, Sequence

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

Composed = Sequence[Outgoing | Withheld]
Writes = Callable[[str], Letter]
WHY = "You get this mail because you handed in a report to {company}."
GONE = "the registration was removed"


@composer(service.RETURNED_KIND, to=Audience.ACCOUNTS)
async def returned(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A report has come back with notes."""
    return await _composed(composing, rows, _returned, "")


@composer(service.DECIDED_KIND, to=Audience.ACCOUNTS)
async def decided(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A report has been read and decided about."""
    return await _composed(composing, rows, _decided, "/review")


def _returned(company: str) -> Letter:
    return Letter(
        subject="Your report has come back to you",
        preview="An editor has a question. Your answers are still there.",
        blocks=(
            Heading("Your report has come back"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"an editor at {company} has read a report of yours and has a question about it."),
            Act("See what is asked", slot("link")),
            Paragraph("What you wrote is still there. The page says until when it should come back."),
        ),
    )


def _decided(company: str) -> Letter:
    return Letter(
        subject="Your report has been read",
        preview="See what was decided, and what was changed in it.",
        blocks=(
            Heading("Your report has been read"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"an editor at {company} has decided about a report of yours."),
            Act("See what was decided", slot("link")),
            Paragraph("The page also shows every change that was made to your report, and why."),
        ),
    )


async def _composed(composing: Composing, rows: Sequence[Claimed], letter: Writes, page: str) -> Composed:
    sender = (await affiliates.senders([rows[0].affiliate_id]))[rows[0].affiliate_id]
    frame = Transactional(sender, WHY.format(company=sender.name))
    written = letter(sender.name)
    ids = [row.recipient_id for row in rows]
    people = await shoppers.people_of(composing.connection, composing.settings.keyring, ids)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        person = people.get(row.recipient_id)
        if person is None:
            composed.append(Withheld(row, GONE))
            continue
        link = f"{composing.settings.base_url}/shopper/shops/{row.context['shop_id']}{page}"
        composed.append(Outgoing(row, person.email, written, frame, {"name": person.name, "link": link}))
    return composed
