"""What panels write: "is it you who asks to join?", and the link to one's own page."""

from collections.abc import Sequence
from uuid import UUID

from asyncpg import Connection

from privacy.tokens import Purpose, sign, sign_until
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import (
    Act,
    Claimed,
    Heading,
    Letter,
    Outgoing,
    Paragraph,
    Sender,
    Transactional,
    Withheld,
    slot,
)
from survey.panels import queries, service
from survey.panels.domain import CONFIRM_DAYS, Person

SECONDS = CONFIRM_DAYS * 24 * 60 * 60


async def note_bounces(composing: Composing, rows: Sequence[Claimed]) -> None:
    """Addresses that do not exist are not written to again."""
    await queries.mark_bounced(composing.connection, [row.recipient_id for row in rows])


@composer(
    service.CONFIRM_KIND,
    to=Audience.PEOPLE,
    about="a question whether somebody really asked to join a panel",
    on_bounce=note_bounces,
)
async def compose_confirm(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """Is it you who asks to join?"""
    people, sender = await _opened(composing, rows)
    return [_confirm(composing, row, people.get(row.recipient_id), sender) for row in rows]


@composer(service.WELCOME_KIND, to=Audience.PEOPLE, about="a welcome to a panel", on_bounce=note_bounces)
async def compose_welcome(composing: Composing, rows: Sequence[Claimed]) -> Sequence[Outgoing | Withheld]:
    """You are a member; this is your page."""
    people, sender = await _opened(composing, rows)
    return [_welcome(composing, row, people.get(row.recipient_id), sender) for row in rows]


def _confirm(composing: Composing, row: Claimed, person: Person | None, sender: Sender) -> Outgoing | Withheld:
    if person is None:
        return Withheld(row, "erased before the message was sent")
    keys = composing.settings.token_keys
    token = sign_until(keys, Purpose.PANEL_CONFIRM, row.recipient_id, now=composing.now, seconds=SECONDS)
    letter = Letter(
        f"Please confirm: {person.panel}",
        (
            Heading(f"Do you want to join {person.panel}?"),
            Paragraph(
                f"Somebody, probably you, entered this address to join {person.panel}. One more step and you are in."
            ),
            Act("Yes, I want to join", slot("confirm_url")),
            Paragraph(f"If it was not you, do nothing: after {CONFIRM_DAYS} days we forget the address."),
        ),
        preview="One more step and you are in.",
    )
    url = f"{composing.settings.base_url}/join/confirm/{token}"
    frame = _frame(sender, f"You get this because this address was entered on the sign-up page of {person.panel}.")
    return Outgoing(row, person.email, letter, frame, {"confirm_url": url})


def _welcome(composing: Composing, row: Claimed, person: Person | None, sender: Sender) -> Outgoing | Withheld:
    if person is None:
        return Withheld(row, "erased before the message was sent")
    token = sign(composing.settings.token_keys, Purpose.PANEL_MANAGE, row.recipient_id)
    letter = Letter(
        f"Welcome to {person.panel}",
        (
            Heading(f"You are a member of {person.panel}"),
            Paragraph("Now and then we send you a survey. Taking part is your choice, each time."),
            Act("See, correct or delete what we hold", slot("membership_url")),
            Paragraph("Keep this message: the button opens your own page without a password, and there you can leave."),
        ),
        preview="Your own page, where you can leave at any time.",
    )
    url = f"{composing.settings.base_url}/membership/{token}"
    joined = f"{person.joined_at.day} {person.joined_at:%B %Y}"
    frame = _frame(sender, f"You get this because you joined {person.panel} on {joined}.")
    return Outgoing(row, person.email, letter, frame, {"membership_url": url})


async def _opened(composing: Composing, rows: Sequence[Claimed]) -> tuple[dict[UUID, Person], Sender]:
    here: Connection = composing.connection
    people = await service.people_of(here, composing.settings.keyring, [row.recipient_id for row in rows])
    affiliate_id = rows[0].affiliate_id
    return people, await affiliates.sender_of(affiliate_id)


def _frame(sender: Sender, source: str) -> Transactional:
    return Transactional(sender, source)
