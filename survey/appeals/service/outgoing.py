"""A look at what staff write about a visit before it leaves: who made it is never in it, nor a number to be stolen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from privacy.redaction import HARD, findings, replaced
from survey.db import Scope
from survey.releases import service as releases
from survey.releases.domain import Revealing
from survey.settings import Settings
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import Undecided

from ..domain import LONGEST_TEXT


@dataclass(frozen=True, slots=True)
class Refused:
    """Words that may not leave. name: what a form calls them; why: what to take out, repeating nothing.

    covered: how they could leave, empty where they cannot.
    """

    name: str
    why: str
    covered: str = field(default="", repr=False)


class Unsendable(Exception):
    """Something is sent nowhere: some of its words may not leave as they are.

    looks: how often the shopper's name was opened until that was known, which is not on record any more.
    """

    def __init__(self, refused: Sequence[Refused], *, looks: int = 0) -> None:
        super().__init__(" ".join(each.why for each in refused))
        self.refused = tuple(refused)
        self.looks = looks

    @property
    def covered(self) -> dict[str, str]:
        """How the words could leave, by what a form calls them."""
        return {each.name: each.covered for each in self.refused if each.covered}


class Unreleased(Exception):
    """A report does not leave anew, for the reason that its message says. looks: as of what is not sent."""

    def __init__(self, refusal: Revealing | Undecided, *, looks: int) -> None:
        super().__init__(str(refusal))
        self.looks = looks


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Words on their way. name: what a form calls them; to_client: to the client, or else to whoever made the visit.

    place: the field of the report where they are to stand, which its own scan reads; empty where they stand alone.
    """

    name: str
    words: str = field(repr=False)
    to_client: bool = True
    longest: int = LONGEST_TEXT
    place: str = ""

    @property
    def is_own_looked_for(self) -> bool:
        """Whether the shopper's own name is opened to cover it here. A report's texts are looked through as a whole."""
        return self.to_client and not self.place


async def require_sendable(
    scope: Scope, settings: Settings, shop_id: UUID, outgoing: Sequence[Outgoing], now: datetime
) -> None:
    """Raises Unsendable, with all that may not leave. What else could refuse the act has been asked before:
    the shopper's name is opened for a last look where nothing else was found, and that is recorded with the act.
    """
    await require_clean(scope, settings, shop_id, outgoing)
    await require_untelling(scope, settings, shop_id, outgoing, now)


async def require_clean(scope: Scope, settings: Settings, shop_id: UUID, outgoing: Sequence[Outgoing]) -> None:
    """The first half: nobody's name is opened for it. Raises Unsendable."""
    if refused := [refusal for each in outgoing if (refusal := await _found(scope, settings, shop_id, each))]:
        raise Unsendable(refused)


async def require_untelling(
    scope: Scope, settings: Settings, shop_id: UUID, outgoing: Sequence[Outgoing], now: datetime
) -> int:
    """The last look; returns how often the shopper's name was opened for it. Raises Unsendable."""
    to_client = [each for each in outgoing if each.to_client]
    if refused := [refusal for each in to_client if (refusal := await _revealed(scope, settings, shop_id, each, now))]:
        raise Unsendable(refused, looks=len(to_client))
    return len(to_client)


async def _found(scope: Scope, settings: Settings, shop_id: UUID, outgoing: Outgoing) -> Refused | None:
    looked = await _looked(scope, settings, shop_id, outgoing)
    if not looked.found:
        return None
    return Refused(outgoing.name, f"Take out {looked.in_words}. Nothing was sent.", looked.covered[: outgoing.longest])


async def _looked(scope: Scope, settings: Settings, shop_id: UUID, outgoing: Outgoing) -> reviews.Looked:
    if outgoing.place:
        return await reviews.look_at_text(scope, settings, shop_id, (outgoing.place, outgoing.words))
    return await reviews.look_at_words(scope, settings, shop_id, outgoing.words, to_client=outgoing.to_client)


async def _revealed(
    scope: Scope, settings: Settings, shop_id: UUID, outgoing: Outgoing, now: datetime
) -> Refused | None:
    try:
        await releases.look_through_words(scope, settings, shop_id, outgoing.words, now)
    except Revealing as refusal:
        kinds = ", ".join(refusal.kinds)
        return Refused(
            outgoing.name, f"This would tell the client who made the visit. Take out: {kinds}. Nothing was sent."
        )
    return None


async def relayed(scope: Scope, settings: Settings, shop_id: UUID, outgoing: Outgoing) -> str:
    """One side's words as they may be passed to the other: what says who somebody is, is covered. Raises NotFound.

    Whoever asks puts the opening of the shopper's name on record, where it `is_own_looked_for`.
    """
    if outgoing.place:
        return (await _looked(scope, settings, shop_id, outgoing)).covered[: outgoing.longest]
    looked = await reviews.look_at_words(
        scope, settings, shop_id, outgoing.words, to_client=outgoing.to_client, with_own=outgoing.is_own_looked_for
    )
    return looked.covered[: outgoing.longest]


def kept(words: str) -> str:
    """A client's own words as they are stored: cards, social security numbers and bank accounts are covered.

    What covers a number may be longer than it: then the end gives way, by as much.
    """
    covered = replaced(words, [each for each in findings(words) if each.kind in HARD])
    return covered if len(covered) <= LONGEST_TEXT else f"{covered[: LONGEST_TEXT - 1]}…"
