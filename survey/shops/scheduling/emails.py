"""Mail to shoppers about their shops. It says reference, day and pay: never whose place it is, or who works there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from privacy.vault import Place, data_keys, unseal_text
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import (
    Act,
    Bulk,
    Claimed,
    Facts,
    Heading,
    Letter,
    Outgoing,
    Paragraph,
    Sender,
    Transactional,
    Withheld,
    slot,
)
from survey.shoppers.domain import EMAIL

from . import queries
from .domain import Standing, Step, Tale

GONE = "the profile was removed"
MOVED = "the shop has moved since"
OWN_WORK = "You get this mail because you make mystery shops for {company}."
FACTS = Facts((("Shop", slot("ref")), ("When", slot("day")), ("Pay", slot("pay")), ("Report due", slot("due"))))
REMINDING = {
    Step.THREE: ("Your shop in three days", "In three days you are going to make a shop."),
    Step.ONE: ("Your shop tomorrow", "Tomorrow you are going to make a shop."),
    Step.DUE: ("Your report is due today", "The report of your shop is due today."),
}


@composer(Tale.OFFER, to=Audience.PEOPLE)
async def offer(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Somebody is offered a shop. Who wants no such mail still finds the offer among the own shops."""
    letter = Letter(
        subject="A shop is offered to you",
        preview="Take it or leave it: both are one click.",
        blocks=(
            Heading("Would you like to make this shop?"),
            FACTS,
            Act("See the shop and decide", slot("link")),
            Paragraph("If you say nothing, it is offered to somebody else later. That does not count against you."),
        ),
    )
    return await _composed(composing, rows, letter, ("offered",))


@composer(Tale.ASSIGNED, to=Audience.ACCOUNTS)
async def assigned(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Somebody was given a shop."""
    letter = Letter(
        subject="You have a new shop",
        preview="Read the guidelines before you go.",
        blocks=(
            Heading("This shop is yours"),
            FACTS,
            Act("Open the shop", slot("link")),
            Paragraph("If you cannot go, give it back there before the day: that does not count against you."),
        ),
    )
    return await _composed(composing, rows, letter, ("held",))


@composer(Tale.TAKEN_BACK, to=Audience.ACCOUNTS)
async def taken_back(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A shop is no longer somebody's."""
    letter = Letter(
        subject="A shop is no longer yours",
        preview="Please do not make this visit.",
        blocks=(
            Heading("Please do not make this visit"),
            Paragraph(f"Shop {slot('ref')} is no longer yours: it was taken back, or its time is over."),
            Act("See your shops", f"{composing.settings.base_url}/shopper"),
            Paragraph("If you think that this is a mistake, write to your scheduler there."),
        ),
    )
    return await _composed(composing, rows, letter, ("taken_back", "flaked"))


@composer(Tale.REMINDER, to=Audience.ACCOUNTS)
async def reminder(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """A visit or a report is near."""
    letters = {
        step: Letter(
            subject=subject,
            preview=sentence,
            blocks=(
                Heading(subject),
                Paragraph(sentence),
                FACTS,
                Act("Open the shop", slot("link")),
                Paragraph("If something has come up, tell your scheduler there."),
            ),
        )
        for step, (subject, sentence) in REMINDING.items()
    }
    made: list[Outgoing | Withheld] = []
    for step, letter in letters.items():
        chosen = [row for row in rows if row.context.get("step") == step]
        made += await _composed(composing, chosen, letter, ("held",)) if chosen else []
    return made


@composer(Tale.MESSAGE, to=Audience.ACCOUNTS)
async def message(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """The scheduler has written; the words stay where they are sealed."""
    there = await queries.messages_there(composing.connection, [row.campaign_id for row in rows])
    addresses = await _addresses(composing, rows)
    sender = (await affiliates.senders([rows[0].affiliate_id]))[rows[0].affiliate_id]
    letter = Letter(
        subject="A message from your scheduler",
        preview="Read it and answer on your own pages.",
        blocks=(
            Heading("Your scheduler has written to you"),
            Act("Read and answer", f"{composing.settings.base_url}/shopper/messages/{slot('thread')}"),
        ),
    )
    return [
        Withheld(row, "the message was taken back")
        if row.campaign_id not in there
        else _outgoing(row, addresses.get(row.recipient_id), letter, sender, {"thread": str(row.context["about"])})
        for row in rows
    ]


async def _composed(
    composing: Composing, rows: Sequence[Claimed], letter: Letter, states: tuple[str, ...]
) -> list[Outgoing | Withheld]:
    """One letter for all, each with its own shop. What has moved since is not told any more."""
    standing = await queries.standing_of(composing.connection, [_about(row) for row in rows])
    addresses = await _addresses(composing, rows)
    sender = (await affiliates.senders([rows[0].affiliate_id]))[rows[0].affiliate_id]
    made: list[Outgoing | Withheld] = []
    for row in rows:
        shop = standing.get(_about(row))
        if shop is None or shop.assignment_state not in states or not _is_timely(row, shop, composing.now):
            made.append(Withheld(row, MOVED))
            continue
        link = f"{composing.settings.base_url}/shopper/shops/{shop.shop_id}"
        values = {
            "ref": shop.public_ref, "day": shop.day_words, "pay": shop.pay_words, "due": shop.due_words, "link": link,
        }  # fmt: skip
        made.append(_outgoing(row, addresses.get(row.recipient_id), letter, sender, values))
    return made


def _outgoing(
    row: Claimed, address: str | None, letter: Letter, sender: Sender, values: dict[str, str]
) -> Outgoing | Withheld:
    if address is None:
        return Withheld(row, GONE)
    source = OWN_WORK.format(company=sender.name)
    if not row.is_bulk:
        return Outgoing(row, address, letter, Transactional(sender, source), values)
    name = f"Shop offers of {sender.name}"
    return Outgoing(row, address, letter, Bulk(sender, source, sender.name, name, row.affiliate_id), values)


def _is_timely(row: Claimed, shop: Standing, now: datetime) -> bool:
    step, day = row.context.get("step"), row.context.get("day")
    return step is None or shop.wants(str(step), str(day), now)


def _about(row: Claimed) -> UUID:
    return UUID(str(row.context["about"]))


async def _addresses(composing: Composing, rows: Sequence[Claimed]) -> dict[UUID, str]:
    """The delivery is the record of why an address was opened."""
    sealed = await queries.sealed_addresses(composing.connection, [row.recipient_id for row in rows])
    keys = await data_keys(composing.connection, composing.settings.keyring, list(sealed))
    return {own: unseal_text(key, Place(EMAIL, own, own), sealed[own]) for own, key in keys.items()}
