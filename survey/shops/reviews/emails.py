"""Letters to shoppers about a report of theirs: that there is something to read, and where. Nothing of the report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

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
MOVED = "the report is not awaited any more"


@composer(service.RETURNED_KIND, to=Audience.ACCOUNTS, about="news that a report came back with notes")
async def returned(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A report has come back with notes, and is awaited until a moment that the letter says by the place's clock.

    One that is not awaited any more is not asked for: it came back, its time is over, or an editor took it back.
    """
    until = await service.awaited_until(composing.connection, [_shop_of(row) for row in rows])
    return [_with_moment(one, until) for one in await _composed(composing, rows, _returned, "")]


def _with_moment(one: Outgoing | Withheld, until: Mapping[UUID, str]) -> Outgoing | Withheld:
    if isinstance(one, Withheld):
        return one
    moment = until.get(_shop_of(one.row))
    return replace(one, values={**one.values, "until": moment}) if moment else Withheld(one.row, MOVED)


def _shop_of(row: Claimed) -> UUID:
    return UUID(str(row.context["shop_id"]))


@composer(service.DECIDED_KIND, to=Audience.ACCOUNTS, about="news that a report was looked at")
async def decided(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A report has been read and decided about."""
    return await _composed(composing, rows, _decided, "/review")


@composer(
    service.ANSWERED_KIND, to=Audience.ACCOUNTS, about="an answer to a mystery shopper who had objected to a decision"
)
async def answered(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody has decided about a rejection or a grade that was contested."""
    return await _composed(composing, rows, _answered, "/review")


@composer(service.CONTESTED_KIND, to=Audience.ACCOUNTS, about="news for staff, about an objection to a decision")
async def contested(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A shopper contests a rejection or a grade, and somebody of the affiliate has to decide."""
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
        subject="A shopper contests a decision",
        preview="Somebody who did not make it has to look at the report.",
        blocks=(
            Heading("A decision is contested"),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph("a shopper says that a rejection or a grade was wrong. You had no part in it."),
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
            Paragraph(f"somebody at {company} who had no part in the decision has looked at a report of yours again."),
            Act("Read the answer", slot("link")),
            Paragraph("The page says what was decided, and why."),
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
            Paragraph(f"Hand it in again by {slot('until')}. What you wrote is still there."),
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
        link = f"{composing.settings.base_url}/shopper/shops/{_shop_of(row)}{page}"
        composed.append(Outgoing(row, person.email, written, frame, {"name": person.name, "link": link}))
    return composed
