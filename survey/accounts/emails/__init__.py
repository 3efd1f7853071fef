"""Letters to people who sign in. Links are signed when the letter is written, and carry the delivery's id alone."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from privacy.tokens import Purpose, sign
from privacy.vault import Place, data_keys, unseal_text
from survey.affiliates import service as affiliates
from survey.mail.composing import Audience, Composing, composer
from survey.mail.domain import (
    Act,
    Claimed,
    Facts,
    Heading,
    Letter,
    Outgoing,
    Paragraph,
    Transactional,
    Withheld,
    slot,
)  # fmt: skip

from .. import queries, service
from ..domain import EMAIL, NAME, LinkKind
from .addresses import address_new, address_notice

__all__ = ["address_new", "address_notice", "factor_off", "invitation", "new_device", "reset"]

Composed = Sequence[Outgoing | Withheld]
REMOVED = "the account was removed"
OWN_ACCOUNT = "You get this mail because you have an account at {company}."
PURPOSES = {LinkKind.INVITATION: ("welcome", Purpose.ACCOUNT_INVITE), LinkKind.RESET: ("reset", Purpose.PASSWORD_RESET)}


@composer(LinkKind.INVITATION, to=Audience.ACCOUNTS, about="an invitation to set up a sign-in")
async def invitation(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody was invited to work for an affiliate."""

    def letter(company: str) -> Letter:
        return Letter(
            subject=f"Your account at {company}",
            preview="Choose a password, and you are in.",
            blocks=(
                Heading(f"You are invited to {company}"),
                Paragraph(f"Hello {slot('name')},"),
                Paragraph(f"{company} works with Candour, and has made an account for you."),
                Act("Choose a password", slot("link")),
                Paragraph("The link works for seven days, and once. If you do not know what this is, do nothing."),
            ),
        )

    source = "You get this mail because an administrator of {company} entered your address."
    return await _composed(composing, rows, letter, source)


@composer(LinkKind.RESET, to=Audience.ACCOUNTS, about="a link to choose a new password, which somebody had asked for")
async def reset(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """Somebody forgot the password, or says so."""

    def letter(company: str) -> Letter:
        return Letter(
            subject="Your new password",
            preview="The link works for one hour.",
            blocks=(
                Heading("Choose a new password"),
                Paragraph(f"Hello {slot('name')},"),
                Paragraph(f"somebody, we hope you, asked for a new password for your account at {company}."),
                Act("Choose a new password", slot("link")),
                Paragraph("The link works for one hour, and once. If it was not you, do nothing: your password stays."),
            ),
        )

    return await _composed(composing, rows, letter, OWN_ACCOUNT)


@composer(service.NEW_DEVICE, to=Audience.ACCOUNTS, about="news of a sign-in from a browser not seen before")
async def new_device(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """A browser signed in that had not done so before."""

    def letter(company: str) -> Letter:
        return Letter(
            subject="A new sign-in to your account",
            preview="If it was you, there is nothing to do.",
            blocks=(
                Heading("Somebody signed in"),
                Paragraph(f"Hello {slot('name')},"),
                Paragraph(f"your account at {company} was used in a browser that we had not seen before."),
                Facts((("Browser", slot("device")), ("When", slot("at")))),
                Paragraph("If it was not you, change your password now, and sign out everywhere else."),
                Act("Open your account", f"{composing.settings.base_url}/account"),
            ),
        )

    return await _composed(composing, rows, letter, OWN_ACCOUNT)


@composer(service.FACTOR_OFF, to=Audience.ACCOUNTS, about="news that the second factor of a sign-in was switched off")
async def factor_off(composing: Composing, rows: Sequence[Claimed]) -> Composed:
    """The second factor was switched off."""

    def letter(company: str) -> Letter:
        return Letter(
            subject="Your second factor was switched off",
            preview="If it was not you, act now.",
            blocks=(
                Heading("Your second factor is off"),
                Paragraph(f"Hello {slot('name')},"),
                Paragraph(f"your account at {company} opens with the password alone since {slot('at')}."),
                Paragraph("If that was not you, change your password now and switch the second factor on again."),
                Act("Open your account", f"{composing.settings.base_url}/account"),
            ),
        )

    return await _composed(composing, rows, letter, OWN_ACCOUNT)


async def _composed(
    composing: Composing, rows: Sequence[Claimed], letter: Callable[[str], Letter], source: str
) -> Composed:
    """One letter for the affiliate, and each person's own words in its slots. Addresses are opened here, in one go."""
    sender = await affiliates.sender_of(rows[0].affiliate_id)
    frame = Transactional(sender, source.format(company=sender.name))
    written = letter(sender.name)
    ids = [row.recipient_id for row in rows]
    keys = await data_keys(composing.connection, composing.settings.keyring, ids)
    sealed = await queries.sealed_addresses(composing.connection, ids)
    composed: list[Outgoing | Withheld] = []
    for row in rows:
        key, place = keys.get(row.recipient_id), row.recipient_id
        if key is None or place not in sealed:
            composed.append(Withheld(row, REMOVED))
            continue
        email, name = sealed[place]
        values = _values(composing, row) | {"name": unseal_text(key, Place(NAME, place, place), name)}
        composed.append(Outgoing(row, unseal_text(key, Place(EMAIL, place, place), email), written, frame, values))
    return composed


def _values(composing: Composing, row: Claimed) -> dict[str, str]:
    values = {"device": str(row.context.get("device", ""))}
    if row.kind in PURPOSES:
        path, purpose = PURPOSES[LinkKind(row.kind)]
        values["link"] = f"{composing.settings.base_url}/{path}/{sign(composing.settings.token_keys, purpose, row.id)}"
    if at := row.context.get("at"):
        values["at"] = datetime.fromtimestamp(int(at), UTC).strftime("%A %-d %B %Y, %H:%M UTC")
    return values
