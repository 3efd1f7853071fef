"""Letters about another address to sign in with: one to the new mailbox, one to the old."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from privacy.tokens import Purpose, sign_until
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import Act, Claimed, Heading, Letter, Outgoing, Paragraph, Sender, Transactional, Withheld, slot

from .. import service
from ..domain import CONFIRM_LIFE, STOP_LIFE
from ..service import Addresses

Composed = Sequence[Outgoing | Withheld]
ENTERED = "You get this mail because this address was entered as a sign-in at {company}."
OWN_ACCOUNT = "You get this mail because you have an account at {company}."


@composer(service.ADDRESS_NEW, to=Audience.ACCOUNTS, about="a question whether a new e-mail address is right")
async def address_new(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """To the new address: is it you? Whoever signs in with it already is told that nothing has changed."""
    sender, known = await _known(composing, rows)
    return [_asked(composing, row, sender, known.get(_change_id(row))) for row in rows]


@composer(service.ADDRESS_NOTICE, to=Audience.ACCOUNTS, about="news that the e-mail address of a sign-in is to change")
async def address_notice(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """To the address that counted until then: it can be stopped."""
    sender, known = await _known(composing, rows)
    frame, letter = Transactional(sender, OWN_ACCOUNT.format(company=sender.name)), _notice(sender.name)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        found = known.get(_change_id(row))
        if found is None:
            composed.append(_withheld(row))
            continue
        stop = _link(composing, found.change.id, "stop-address", (Purpose.ACCOUNT_ADDRESS_STOP, STOP_LIFE))
        composed.append(Outgoing(row, found.old, letter, frame, {"stop": stop}))
    return composed


async def _known(composing: Composing, rows: Sequence[Claimed]) -> tuple[Sender, dict[UUID, Addresses]]:
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    ids, keyring = [_change_id(row) for row in rows], composing.settings.keyring
    found = await service.addresses_in(composing.connection, keyring, ids, composing.now)
    return sender, {each: one for each, one in found.items() if one.change.stopped_at is None}


def _asked(composing: Composing, row: Claimed, sender: Sender, found: Addresses | None) -> Outgoing | Withheld:
    if found is None:
        return _withheld(row)
    letter = _taken(sender.name) if found.is_in_use else _asking(sender.name)
    link = _link(composing, found.change.id, "new-address", (Purpose.ACCOUNT_ADDRESS, CONFIRM_LIFE))
    frame = Transactional(sender, ENTERED.format(company=sender.name))
    return Outgoing(row, found.new, letter, frame, {} if found.is_in_use else {"link": link})


def _withheld(row: Claimed) -> Withheld:
    return Withheld(row, "the change was stopped or forgotten")


def _change_id(row: Claimed) -> UUID:
    return UUID(str(row.context["change_id"]))


def _link(composing: Composing, change_id: UUID, path: str, kind: tuple[Purpose, timedelta]) -> str:
    """A link that ends by itself. kind: what it is for, how long it works."""
    purpose, life = kind
    keys, seconds = composing.settings.token_keys, int(life.total_seconds())
    token = sign_until(keys, purpose, change_id, now=composing.now, seconds=seconds)
    return f"{composing.settings.base_url}/{path}/{token}"


# Neither letter has a name in it: who reads it may be a stranger to whoever has typed the address.
def _taken(company: str) -> Letter:
    return Letter(
        subject="This address signs in already",
        preview="Nothing was changed.",
        blocks=(
            Heading("This address signs in already"),
            Paragraph(
                f"Somebody wanted to use it for another sign-in at {company}. Nothing was changed, and whoever it was"
                " has not been told that the address is known here."
            ),
            Paragraph("If it was you, sign in with this address, or choose another one for the other sign-in."),
        ),
    )


def _asking(company: str) -> Letter:
    return Letter(
        subject="Your new address to sign in",
        preview="One click, and it counts.",
        blocks=(
            Heading("Is this your new address?"),
            Paragraph(f"From now on you want to sign in at {company} with this address."),
            Act("Yes, use this address", slot("link")),
            Paragraph("The link works for one day. Using it signs you out everywhere else."),
            Paragraph("If it was not you, do nothing: nothing changes."),
        ),
    )


def _notice(company: str) -> Letter:
    return Letter(
        subject="Another address to sign in with",
        preview="If it was you, there is nothing to do.",
        blocks=(
            Heading("Somebody changes the address you sign in with"),
            Paragraph(
                f"Somebody who knows your password asked to sign in at {company} with another address instead of this"
                " one. The other one counts as soon as its mailbox has answered."
            ),
            Paragraph("If it was you, there is nothing to do. If it was not, you have seven days to stop it:"),
            Act("This was not me", slot("stop")),
            Paragraph("That keeps this address, or puts it back, and signs everybody out. Then choose a new password."),
        ),
    )
