"""Letters about reports: to a client's people what is there to read, to staff what could not leave. Nothing of any."""

from collections.abc import Sequence
from datetime import datetime

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

from . import queries, service
from .domain import NEWS_KIND

WHY = "You get this mail because you read reports of {company}."
REMOVED = "the account was removed"
STAFF_WHY = "You get this mail because you approve reports of {company}."
STAYED = Letter(
    subject="A report could not leave by itself",
    preview="It waits for somebody to look at it.",
    blocks=(
        Heading("A report could not leave by itself"),
        Paragraph(f"Hello {slot('name')},"),
        Paragraph("an approved report was to leave for its client by now. Something in it has to be looked at first."),
        Act("See what keeps it here", slot("link")),
        Paragraph("It is not tried again by itself: it waits until somebody releases it."),
    ),
)
NEWS = Letter(
    subject="New reports of visits",
    preview="Sign in to read them.",
    blocks=(
        Heading(slot("count")),
        Paragraph(f"Hello {slot('name')},"),
        Paragraph("reports of visits have been released since you were last told."),
        Act("Read what is new", slot("link")),
        Link("Hear of it more often, less often or not at all", slot("account")),
        Paragraph("For the sake of everybody in it, mails say nothing of what a report tells."),
    ),
)


@composer(
    service.ALERT_KIND, to=Audience.ACCOUNTS, about="news of a failed visit, for a business that has its places visited"
)
async def alert(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A visit has failed."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
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


@composer(service.STAYED_KIND, to=Audience.ACCOUNTS, about="news for staff, about a report that waits for them")
async def stayed(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A report did not leave by itself, and waits for a person."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Transactional(sender, STAFF_WHY.format(company=sender.name))
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    base = f"{composing.settings.base_url}/releases"
    return [
        Outgoing(row, person.email, STAYED, frame, {"name": person.name, "link": f"{base}/{row.context['shop_id']}"})
        if (person := people.get(row.recipient_id))
        else Withheld(row, REMOVED)
        for row in rows
    ]


@composer(NEWS_KIND, to=Audience.PEOPLE, about="news that there are reports of visits to read")
async def news(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """There are new reports. Whoever wants no such mail any more, or has nothing left to read, gets none."""
    told = [(row.recipient_id, row.campaign_id, _moment(row, "since"), _moment(row, "until")) for row in rows]
    counts = await queries.counts_of(composing.connection, told)
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    why = WHY.format(company=sender.name)
    frame = Bulk(sender, why, sender.name, f"New reports of {sender.name}", rows[0].affiliate_id)
    ids = [row.recipient_id for row in rows]
    people = await accounts.addressees(composing.connection, composing.settings.keyring, ids)
    base = composing.settings.base_url
    made: list[Outgoing | Withheld] = []
    for row in rows:
        count, person = counts.get((row.recipient_id, row.campaign_id)), people.get(row.recipient_id)
        if count is None or person is None:
            made.append(Withheld(row, "nothing is left to tell, or it is not wanted any more"))
            continue
        words = "A new report is there" if count == 1 else f"{count} new reports are there"
        values = {"name": person.name, "count": words, "link": f"{base}/portal/shops", "account": f"{base}/account"}
        made.append(Outgoing(row, person.email, NEWS, frame, values))
    return made


def _moment(row: Claimed, name: str) -> datetime:
    return datetime.fromisoformat(str(row.context[name]))


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
