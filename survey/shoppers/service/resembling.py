"""Profiles that look alike: our program shows them, a person decides, and the decision is remembered. Role.STAFF."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from privacy.crypto import random_bytes
from privacy.vault import data_keys
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.settings import Settings

from .. import queries
from ..domain import (
    CLOSING_WORDS,
    DeactivationCode,
    Pair,
    Verdict,
    WrongStatus,
    agreed_household,
    household_index,
)
from .notes import note
from .sealing import opened_person
from .staff import deactivate

INDEX_BYTES = 32


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a shopper and another one."""

    other_id: UUID
    other_code: str
    verdict: str
    decided_at: datetime


async def pairs(scope: Scope, now: datetime, keyset: Keyset) -> Paged[Pair]:
    """One page of pairs that wait for a decision."""
    return await queries.resembling.pairs_of(scope, now, keyset)


async def pairs_with(scope: Scope, shopper_id: UUID, now: datetime) -> list[Pair]:
    """Who looks like a shopper, and was not decided about."""
    return await queries.resembling.pairs_with(scope, shopper_id, now)


async def decided_with(scope: Scope, shopper_id: UUID) -> list[Decided]:
    """What was decided about a shopper and others."""
    rows = await queries.resembling.decided_with(scope, shopper_id)
    return [Decided(row["other_id"], row["other_code"], row["verdict"], row["decided_at"]) for row in rows]


async def decide(
    scope: Scope, settings: Settings, about: tuple[UUID, UUID], verdict: tuple[Verdict, UUID | None], now: datetime
) -> None:
    """Decide about two who look alike. verdict: with the profile to close where they are one person.

    Of one person the profile is closed as any other: they are told, and may contest. Raises NotFound, WrongStatus.
    """
    decision, closed_id = verdict
    pair = await _waiting(scope, about, now)
    await queries.resembling.take_back(scope, about)
    await queries.resembling.decide(scope, about, pair.signs, decision, now)
    for shopper_id in about:
        await note(scope, "shopper.alike", shopper_id, now, verdict=decision, signs=" ".join(pair.signs))
    if decision is Verdict.HOUSEHOLD:
        await _join(scope, about)
    if decision is Verdict.SAME and closed_id is not None:
        await deactivate(scope, settings, closed_id, (DeactivationCode.DOUBLE, CLOSING_WORDS), now)


async def take_back(scope: Scope, settings: Settings, about: tuple[UUID, UUID], now: datetime) -> None:
    """Forget what was decided: the two are shown again as long as they look alike. Raises NotFound.

    A household parts: either belongs to where they live. A profile that was closed stays closed until it is opened.
    """
    verdict = await queries.resembling.take_back(scope, about)
    if verdict is None:
        raise NotFound("decision")
    for shopper_id in about:
        await note(scope, "shopper.alike_again", shopper_id, now, verdict=verdict)
    if verdict == Verdict.HOUSEHOLD:
        await _part(scope, settings, about)


async def _waiting(scope: Scope, about: tuple[UUID, UUID], now: datetime) -> Pair:
    """The pair as it is shown now. Raises WrongStatus where it was decided meanwhile, NotFound for a stranger."""
    if await queries.listing.ids_of(scope, about) != set(about):
        raise NotFound("shopper")
    for pair in await queries.resembling.pairs_with(scope, about[0], now):
        if {pair.one.id, pair.other.id} == set(about):
            return pair
    raise WrongStatus


async def _join(scope: Scope, about: tuple[UUID, UUID]) -> None:
    older, newer = await queries.resembling.households_of(scope, about)
    old, joining = older["household_index"], newer["household_index"]
    agreed = agreed_household(old, joining, [random_bytes(INDEX_BYTES)])
    if old is None:
        await queries.resembling.move_household(scope, older["id"], None, agreed)
    await queries.resembling.move_household(scope, newer["id"], joining, agreed)


async def _part(scope: Scope, settings: Settings, about: tuple[UUID, UUID]) -> None:
    """Either goes to where they live, with whoever lives there too and was taken along.

    Their addresses are opened by our program alone, to be fingerprinted; nobody sees them.
    """
    rows = await queries.resembling.members_with(scope, about)
    keys = await data_keys(connection(), settings.keyring, [row["id"] for row in rows])
    homes = {}
    for row in rows:
        address = opened_person(keys[row["id"]], row).address
        if address is not None:
            homes[row["id"]] = household_index(settings.index_key, scope.affiliate_id, address)
    parting = {homes[each] for each in about if each in homes}
    await queries.resembling.put_homes(scope, {each: home for each, home in homes.items() if home in parting})
