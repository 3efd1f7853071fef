"""A look at what staff write about a visit before it leaves: who made it is never in it, nor a number to be stolen."""

from datetime import datetime
from uuid import UUID

from privacy.redaction import HARD, Kind, findings, replaced
from survey.db import Scope
from survey.releases import service as releases
from survey.releases.domain import Revealing
from survey.settings import Settings

from ..domain import LONGEST_TEXT

REFUSED = {
    Kind.CARD: "a card number",
    Kind.SOCIAL_SECURITY: "a social security number",
    Kind.BANK_ACCOUNT: "a bank account",
}


class Unsendable(Exception):
    """Words that may not leave as they are. Its text says what to take out, and repeats nothing of it."""


async def require_sendable(
    scope: Scope, settings: Settings, shop_id: UUID, words: str, now: datetime, *, to_client: bool
) -> None:
    """Raises Unsendable. That the shopper's name was opened for the look is recorded."""
    held = sorted({REFUSED[each.kind] for each in findings(words) if each.kind in REFUSED})
    if held:
        raise Unsendable(f"Take out {' and '.join(held)}. Nothing was sent.")
    try:
        if to_client:
            await releases.look_through_words(scope, settings, shop_id, words, now)
    except Revealing as refusal:
        kinds = ", ".join(refusal.kinds)
        raise Unsendable(
            f"This would tell the client who made the visit. Take out: {kinds}. Nothing was sent."
        ) from None


def kept(words: str) -> str:
    """A client's own words as they are stored: cards, social security numbers and bank accounts are covered.

    What covers a number may be longer than it: then the end gives way, by as much.
    """
    covered = replaced(words, [each for each in findings(words) if each.kind in HARD])
    return covered if len(covered) <= LONGEST_TEXT else f"{covered[: LONGEST_TEXT - 1]}…"
