"""Many shops for many shoppers at once, a line each; and who is proposed for shops that somebody has chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from privacy.vault import KeyRing
from survey.clients.domain import distance_km
from survey.db import Scope
from survey.shops.eligibility import service as eligibility
from survey.shops.eligibility.domain import Known
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, Mode, Taking

from .. import queries
from ..domain import (
    SKIP_WORDS,
    UNDO,
    Chosen,
    Line,
    LineTold,
    Meant,
    Outcome,
    Terms,
    Why,
    first_reason,
    meanings,
    told_together,
)
from .outcomes import before_of
from .rules import verdicts_of_pairs

MOST_PROPOSED = 50  # shops for which somebody is proposed at once
NEAREST = 8  # shoppers who are looked at for each


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who may make a shop and lives nearest. distance_km: as the crow flies."""

    public_ref: str
    code: str
    place: str
    display_code: str
    distance_km: float


async def lines_mean(scope: Scope, lines: Sequence[Line]) -> list[Meant]:
    """Which shop and which shopper each line means. Two statements, however many lines."""
    found = await queries.shops_meant(scope, {line.shop_code for line in lines})
    shoppers = await queries.shoppers_called(scope, {line.shopper_code for line in lines})
    return meanings(lines, found, shoppers)


async def meant_shops(scope: Scope, lines: Sequence[Line]) -> list[UUID]:
    """The shops that lines give to somebody, in their order."""
    return [each.shop_id for each in await lines_mean(scope, lines) if each.shop_id]


async def give_lines(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Give each line's shop to its shopper, as if the lines before had been given already, as far as rules allow it.

    Of shops that are not among those chosen nothing is said: they were left out before.
    """
    here = {shop.id: shop for shop in shops}
    meant = await lines_mean(scope, terms.lines)
    refused = {each.line: Why(each.why, each.why) for each in meant if each.why}
    wanted = [(each.line, each.shop_id, each.shopper_id) for each in meant if each.shop_id in here]
    pairs = [(who, which, line.day) for line, which, who in wanted if which and who]
    if not terms.override_reason:
        verdicts = await verdicts_of_pairs(scope, pairs, now)
        against = {which: first_reason(each) for (_, which, _), each in zip(pairs, verdicts, strict=True)}
        refused |= {line: why for line, which, _ in wanted if which and (why := against[which])}
    takings = {
        which: Taking(who, None, Mode.MANUAL, line.day, terms.override_reason, None, now + UNDO)
        for line, which, who in wanted
        if which and who and line not in refused
    }
    effects = await visits.assign_many(scope, takings, Actor.SCHEDULER, Event.ASSIGN, now)
    codes = {shop_id: SKIP_WORDS.get(code, code) for code, ids in effects.skipped.items() for shop_id in ids}
    refused |= {line: Why(codes[which], codes[which]) for line, which, _ in wanted if which in codes}
    return await _outcome(scope, terms.lines, here, effects.done, refused, {line: which for line, which, _ in wanted})


async def _outcome(
    scope: Scope,
    lines: Sequence[Line],
    here: Mapping[UUID, Chosen],
    done: tuple[UUID, ...],
    refused: Mapping[Line, Why],
    shops: Mapping[Line, UUID | None],
) -> Outcome:
    skipped = told_together((line.name, why) for line, why in refused.items())
    refs = {line: here[which].public_ref for line, which in shops.items() if which}
    told = tuple(LineTold(line, refs.get(line, ""), refused[line].words if line in refused else "") for line in lines)
    before = await before_of(scope, [here[shop_id] for shop_id in done])
    return replace(Outcome(done, skipped, before), lines=told)


async def proposals(scope: Scope, shop_ids: Sequence[UUID], now: datetime) -> list[Proposal]:
    """For each of the first shops that can be given, the nearest shopper against whom no rule stands, if there is one.

    As if those before had been given already: nobody is proposed for more than they may hold.
    """
    near = await queries.near(scope, shop_ids[:MOST_PROPOSED], NEAREST)
    people = {each.shopper_id for each in near}
    known = Known(await queries.conflicts_of(scope, people), await queries.certified_of(scope, people))
    choices: dict[UUID, list[UUID]] = {}
    for each in near:
        choices.setdefault(each.shop_id, []).append(each.shopper_id)
    chosen = await eligibility.first_allowed(scope, choices, now, known)
    return [
        Proposal(
            each.public_ref, each.code, each.place, each.display_code,
            distance_km((each.latitude, each.longitude), (each.their_latitude, each.their_longitude)),
        )
        for each in near
        if chosen.get(each.shop_id) == each.shopper_id
    ]  # fmt: skip
