"""A look at what staff write about a visit before it leaves: who made it is never in it, nor a number to be stolen."""

from dataclasses import dataclass, field
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
    """Words that may not leave as they are. Its text says what to take out, and repeats nothing; name: which words."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Words on their way. name: what a form calls them; to_client: to the client, or else to whoever made the visit."""

    name: str
    words: str = field(repr=False)
    to_client: bool = True


async def require_sendable(scope: Scope, settings: Settings, shop_id: UUID, outgoing: Outgoing, now: datetime) -> None:
    """Raises Unsendable. That the shopper's name was opened for the look is recorded."""
    held = sorted({REFUSED[each.kind] for each in findings(outgoing.words) if each.kind in REFUSED})
    if held:
        raise Unsendable(outgoing.name, f"Take out {' and '.join(held)}. Nothing was sent.")
    try:
        if outgoing.to_client:
            await releases.look_through_words(scope, settings, shop_id, outgoing.words, now)
    except Revealing as refusal:
        words = (
            f"This would tell the client who made the visit. Take out: {', '.join(refusal.kinds)}. Nothing was sent."
        )
        raise Unsendable(outgoing.name, words) from None


def kept(words: str) -> str:
    """A client's own words as they are stored: cards, social security numbers and bank accounts are covered.

    What covers a number may be longer than it: then the end gives way, by as much.
    """
    covered = replaced(words, [each for each in findings(words) if each.kind in HARD])
    return covered if len(covered) <= LONGEST_TEXT else f"{covered[: LONGEST_TEXT - 1]}…"
