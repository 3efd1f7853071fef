"""Letters about appeals: to a shopper who is asked something, to a client's people who are answered. No words of it."""

from collections.abc import Sequence
from uuid import UUID

from survey.accounts import service as accounts
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import (
    Act,
    Bulk,
    Claimed,
    Heading,
    Letter,
    Link,
    Outgoing,
    Paragraph,
    Transactional,
    Withheld,
    slot,
)
from survey.shoppers import service as shoppers

from . import queries, service
from .domain import ANSWERED_KIND, WISH_ANSWERED_KIND, WISHED_KIND, AppealState

WHY = "You get this mail because you handed in a report to {company}."
GONE = "the registration was removed"
WHY_READER = "You get this mail because you read reports of {company}."


def _answered(subject: str, sentence: str) -> Letter:
    return Letter(
        subject=subject,
        preview="Sign in to read it.",
        blocks=(
            Heading(subject),
            Paragraph(f"Hello {slot('name')},"),
            Paragraph(sentence),
            Act("Read the appeal", slot("link")),
            Link("Get fewer of these mails, or none", slot("account")),
        ),
    )


_DECIDED = _answered("An appeal has been decided", "an appeal against a report that you read has been decided.")
ANSWERS = {
    AppealState.WAITING_CLIENT: _answered(
        "A question about an appeal", "there is a question about an appeal against a report that you read."
    ),
    AppealState.RESOLVED: _DECIDED,
    AppealState.CHANGED: _DECIDED,
    AppealState.DECLINED: _DECIDED,
}

WHY_STAFF = "You get this mail because you manage {company}."
WISHED = Letter(
    subject="A client asks for another visit",
    preview="Sign in to answer.",
    blocks=(
        Heading("A client asks for another visit"),
        Paragraph(f"Hello {slot('name')},"),
        Paragraph("a client that has read a report asks that the visit be made again."),
        Act("Read what they ask for", slot("link")),
        Paragraph("Neither grade nor pay of the first visit follows from it."),
    ),
)
WISH_ANSWERED = Letter(
    subject="Your question about another visit was answered",
    preview="Sign in to read it.",
    blocks=(
        Heading("Your question about another visit was answered"),
        Paragraph(f"Hello {slot('name')},"),
        Paragraph("somebody who reads the same reports as you asked for another visit. There is an answer."),
        Act("Read the answer", slot("link")),
        Link("Get fewer of these mails, or none", slot("account")),
    ),
)


@composer(service.ASKED_KIND, to=Audience.ACCOUNTS)
async def asked(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Somebody at the affiliate has a question about a report."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
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


@composer(ANSWERED_KIND, to=Audience.PEOPLE)
async def answered(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """An appeal was answered or decided. What has moved since, or was taken back, is not told."""
    states = await queries.states_of(composing.connection, [UUID(str(row.context["appeal"])) for row in rows])
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    why = WHY_READER.format(company=sender.name)
    frame = Bulk(sender, why, sender.name, f"Appeals to {sender.name}", rows[0].affiliate_id)
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    base = composing.settings.base_url
    made: list[Outgoing | Withheld] = []
    for row in rows:
        appeal_id, person = UUID(str(row.context["appeal"])), people.get(row.recipient_id)
        if states.get(appeal_id) != row.context["state"] or person is None:
            made.append(Withheld(row, "the appeal has moved since, or the account was removed"))
            continue
        values = {"name": person.name, "link": f"{base}/portal/appeals/{appeal_id}", "account": f"{base}/account"}
        made.append(Outgoing(row, person.email, ANSWERS[AppealState(str(row.context["state"]))], frame, values))
    return made


@composer(WISHED_KIND, to=Audience.PEOPLE)
async def wished(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A client asks for another visit; whoever can answer hears of it, unless it was answered meanwhile."""
    return await _of_wishes(composing, rows, (WISHED, WHY_STAFF, "/appeals/reshoots"))


@composer(WISH_ANSWERED_KIND, to=Audience.PEOPLE)
async def wish_answered(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A wish for another visit was answered; whoever reads the place hears of it."""
    return await _of_wishes(composing, rows, (WISH_ANSWERED, WHY_READER, "/portal/reshoots"))


async def _of_wishes(
    composing: Composing, rows: Sequence[Claimed], written: tuple[Letter, str, str]
) -> Sequence[Outgoing | Withheld]:
    letter, reason, where = written
    states = await queries.wish_states(composing.connection, [UUID(str(row.context["wish"])) for row in rows])
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Bulk(
        sender, reason.format(company=sender.name), sender.name, f"Other visits at {sender.name}", rows[0].affiliate_id
    )
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    base = composing.settings.base_url
    made: list[Outgoing | Withheld] = []
    for row in rows:
        wish_id, person = UUID(str(row.context["wish"])), people.get(row.recipient_id)
        if states.get(wish_id) != row.context["state"] or person is None:
            made.append(Withheld(row, "the wish has moved since, or the account was removed"))
            continue
        values = {"name": person.name, "link": f"{base}{where}/{wish_id}", "account": f"{base}/account"}
        made.append(Outgoing(row, person.email, letter, frame, values))
    return made


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
