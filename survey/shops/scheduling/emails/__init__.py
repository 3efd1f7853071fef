"""Mail to shoppers about their shops. It says reference, day and pay: never whose place it is, or who works there."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Bulk, Claimed, Letter, Outgoing, Sender, Transactional, Withheld
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import Standing, Tale
from .letters import (
    ANSWERS,
    ASSIGNED,
    MESSAGE,
    MOVED,
    OFFER,
    PLACE_CLOSED,
    REMINDERS,
    TAKEN_BACK,
    TAKEN_BACK_WITH_A_MARK,
)

Composed = Sequence[Outgoing | Withheld]
GONE = "the profile was removed"
STALE = "the shop has moved since"
OWN_WORK = "You get this mail because you make mystery shops for {company}."


@composer(Tale.OFFER, to=Audience.PEOPLE, about="an offer of a mystery shop")
async def offer(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody is offered a shop. Who wants no such mail still finds the offer among the own shops."""
    return await _composed(composing, rows, OFFER, ("offered",))


@composer(Tale.ASSIGNED, to=Audience.ACCOUNTS, about="news for a mystery shopper, about a shop they have")
async def assigned(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody was given a shop."""
    return await _composed(composing, rows, ASSIGNED, ("held",))


@composer(Tale.TAKEN_BACK, to=Audience.ACCOUNTS, about="news for a mystery shopper, about a shop they had")
async def taken_back(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A shop is no longer somebody's; where its place has closed, that is what they hear."""
    return await _composed(composing, rows, TAKEN_BACK, ("taken_back", "flaked"))


@composer(Tale.MOVED, to=Audience.ACCOUNTS, about="news for a mystery shopper, about another day for a shop")
async def moved(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A shop that somebody has is to be made on another day, or within another window."""
    return await _composed(composing, rows, MOVED, ("offered", "held"))


@composer(Tale.REMINDER, to=Audience.ACCOUNTS, about="a reminder of a mystery shop")
async def reminder(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A visit or a report is near."""
    made: list[Outgoing | Withheld] = []
    for step, letter in REMINDERS.items():
        chosen = [row for row in rows if row.context.get("step") == step]
        made += await _composed(composing, chosen, letter, ("held",)) if chosen else []
    return made


@composer(Tale.MESSAGE, to=Audience.ACCOUNTS, about="news that a scheduler has written to a mystery shopper")
async def message(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """The scheduler has written; the words stay where they are sealed."""
    there = await queries.messages_there(composing.connection, [row.campaign_id for row in rows])
    addresses, sender = await _addressing(composing, rows)
    base = f"{composing.settings.base_url}/shopper/messages"
    return [
        Withheld(row, "the message was taken back")
        if row.campaign_id not in there
        else _outgoing(row, addresses.get(row.recipient_id), MESSAGE, sender, {"link": f"{base}/{_about(row)}"})
        for row in rows
    ]


@composer(Tale.ANSWER, to=Audience.PEOPLE, about="an answer to a mystery shopper who had asked for a shop")
async def answer(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """An application has ended without the shop. What waits again, because an act was undone, is not told."""
    answered = await queries.answered_of(composing.connection, [_about(row) for row in rows])
    addresses, sender = await _addressing(composing, rows)
    link = f"{composing.settings.base_url}/shopper/board"
    made: list[Outgoing | Withheld] = []
    for row in rows:
        found = answered.get(_about(row))
        letter = ANSWERS.get(found.state) if found else None
        if found is None or letter is None:
            made.append(Withheld(row, "the application waits again"))
            continue
        values = {"ref": found.public_ref, "reason": found.reason_words, "link": link}
        made.append(_outgoing(row, addresses.get(row.recipient_id), letter, sender, values))
    return made


async def _composed(
    composing: Composing, rows: Sequence[Claimed], letter: Letter, states: tuple[str, ...]
) -> list[Outgoing | Withheld]:
    """One letter for all, each with its own shop. What has moved since is not told any more."""
    standing = await queries.standing_of(composing.connection, [_about(row) for row in rows])
    addresses, sender = await _addressing(composing, rows)
    made: list[Outgoing | Withheld] = []
    for row in rows:
        shop = standing.get(_about(row))
        if shop is None or shop.assignment_state not in states or not _is_timely(row, shop, composing.now):
            made.append(Withheld(row, STALE))
            continue
        mine = f"{composing.settings.base_url}/shopper"
        values = {
            "ref": shop.public_ref, "day": shop.day_words, "pay": shop.pay_words, "due": shop.due_words,
            "until": shop.goes_back_words, "link": f"{mine}/shops/{shop.shop_id}", "mine": f"{mine}/shops",
            "answer": shop.answer_words, "offer": f"{mine}/board/{shop.shop_id}", "marks": f"{mine}/marks",
        }  # fmt: skip
        chosen = _about_losing(shop) if letter is TAKEN_BACK else letter
        made.append(_outgoing(row, addresses.get(row.recipient_id), chosen, sender, values))
    return made


def _about_losing(shop: Standing) -> Letter:
    """What somebody hears who has a shop no more: that its place has closed, that a mark is proposed, or just so."""
    if shop.is_off:
        return PLACE_CLOSED
    return TAKEN_BACK_WITH_A_MARK if shop.has_open_mark else TAKEN_BACK


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


async def _addressing(composing: Composing, rows: Sequence[Claimed]) -> tuple[dict[UUID, str], Sender]:
    ids = [row.recipient_id for row in rows]
    addresses = await shoppers.addresses_of(composing.connection, composing.settings, ids)
    return addresses, await affiliates.sender_of(rows[0].affiliate_id)
