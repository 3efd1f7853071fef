"""Letters to shoppers about a report of theirs: that there is something to read, and where. Nothing of the report."""

from collections.abc import Callable, Sequence

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
from survey.shoppers import service as shoppers

from . import service

Composed = Sequence[Outgoing | Withheld]
Writes = Callable[[str], Letter]
STAFF_WHY = "You get this mail because you review reports at {company}."
WHY = "You get this mail because you handed in a report to {company}."
GONE = "the registration was removed"
REMOVED = "the account was removed"


@composer(service.RETURNED_KIND, to=Audience.ACCOUNTS)
async def returned(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A report has come back with notes."""
    return await _composed(composing, rows, _returned, "")


@composer(service.DECIDED_KIND, to=Audience.ACCOUNTS)
async def decided(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A report has been read and decided about."""
    return await _composed(composing, rows, _decided, "/review")


@composer(service.ANSWERED_KIND, to=Audience.ACCOUNTS)
async def answered(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody has decided about a rejection that was contested."""
    return await _composed(composing, rows, _answered, "/review")


@composer(service.CONTESTED_KIND, to=Audience.ACCOUNTS)
async def contested(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A shopper contests a rejection, and somebody of the affiliate has to decide."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame, written = Transactional(sender, STAFF_WHY.format(company=sender.name)), _contested()
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        person = people.get(row.recipient_id)
        if person is None:
            composed.append(Withheld(row, REMOVED))
            continue
        link = f"{composing.settings.base_url}/reviews/{row.context['shop_id']}/contest"
        composed.append(Outgoing(row, person.email, written, frame, {"name": person.name, "link": link}))
    return composed


def _contested() -> Letter:
    return Letter(
        subject="A shopper contests a rejection",
        preview="Somebody who did not reject the report has to look at it.",
        blocks=(
            Heading("A rejection is contested"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph("a shopper says that a rejected report was right. You had no part in the rejection."),
            Act("Read it and decide", slot("link")),
            Paragraph("The first of you who decides has decided. The shopper reads the answer."),
        ),
    )


def _answered(company: str) -> Letter:
    return Letter(
        subject="Your objection has been answered",
        preview="Somebody has looked at your report again.",
        blocks=(
            Heading("Your objection has been answered"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(f"somebody at {company} who had no part in the rejection has looked at a report of yours again."),
            Act("Read the answer", slot("link")),
            Paragraph("The page says what was decided, why, and what it means for your pay."),
        ),
    )


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
    sender = await affiliates.sender_of(rows[0].affiliate_id)
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
