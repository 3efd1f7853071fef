"""Asking who may make which shop. Reads only; what other areas know of the shoppers comes as `Known`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import compress
from uuid import UUID

from survey.db import NotFound, Scope

from . import queries
from .domain import Code, Known, Pair, Reason, Verdict, in_turn, verdict

MISSING = Verdict((Reason(Code.TAKEN, "Not found", "This shop is not to be had any more."),), None)


async def shopper_for_shops(
    scope: Scope,
    shopper_id: UUID,
    shop_ids: Collection[UUID],
    now: datetime,
    *,
    conflicts: Collection[UUID] = (),
    certified: Collection[UUID] = (),
) -> dict[UUID, Verdict]:
    """What stands between one shopper and each of the shops that exist, by shop. Role.STAFF or Role.SHOPPER.

    conflicts: clients; certified: guidelines whose quiz the shopper has passed. Raises NotFound for the shopper.
    """
    shops = await queries.shop_facts(scope, shop_ids)
    known = Known({shopper_id: conflicts}, {shopper_id: certified})
    people = await queries.shopper_facts(scope, [shopper_id], shops.values(), known)
    if shopper_id not in people:
        raise NotFound("shopper")
    person = people[shopper_id]
    return {shop_id: verdict(person, shop, now) for shop_id, shop in shops.items()}


async def shoppers_for_shop(  # noqa: PLR0913  (the last three are named)
    scope: Scope,
    shop_id: UUID,
    shopper_ids: Collection[UUID] | None,
    now: datetime,
    *,
    conflicted: Collection[UUID] = (),
    certified: Collection[UUID] = (),
    on: date | None = None,
) -> dict[UUID, Verdict]:
    """What stands between each of the shoppers (None: all who are active) and one shop, by shopper. Role.STAFF.

    conflicted: shoppers who have a conflict with its client; certified: those who passed the current guideline's quiz.
    Raises NotFound for the shop.
    """
    shops = await queries.shop_facts(scope, [shop_id])
    if shop_id not in shops:
        raise NotFound("shop")
    shop = shops[shop_id]
    passed = [shop.rules.guideline_id] if shop.rules.guideline_id else []
    known = Known({each: [shop.client_id] for each in conflicted}, dict.fromkeys(certified, passed))
    people = await queries.shopper_facts(scope, shopper_ids, [shop], known)
    return {shopper_id: verdict(person, shop, now, on) for shopper_id, person in people.items()}


async def first_allowed(
    scope: Scope, choices: Mapping[UUID, Sequence[UUID]], now: datetime, known: Known
) -> dict[UUID, UUID]:
    """Of the shoppers in their order the first against whom nothing stands, by shop, as if each had been given already.

    choices: shoppers by shop. Any number takes the same statements; a shop for which nobody may go is left out.
    """
    shops = await queries.shop_facts(scope, list(choices))
    people = await queries.shopper_facts(
        scope, {who for each in choices.values() for who in each}, shops.values(), known
    )
    chosen: dict[UUID, UUID] = {}
    for place in range(max(map(len, choices.values()), default=0)):
        asked = [
            (shop_id, each[place]) for shop_id, each in choices.items() if shop_id not in chosen and place < len(each)
        ]
        there = [*chosen.items(), *((which, who) for which, who in asked if which in shops and who in people)]
        verdicts = in_turn([Pair(people[who], shops[which]) for which, who in there], now)
        chosen = {which: who for (which, who), each in zip(there, verdicts, strict=True) if each.is_eligible}
    return chosen


async def pairs_apart(
    scope: Scope, pairs: Collection[tuple[UUID, UUID]], now: datetime, known: Known
) -> dict[tuple[UUID, UUID], Verdict]:
    """A verdict for each (shopper, shop) that exists, each by itself, on any day. Role.STAFF or Role.WORKER.

    Any number of pairs takes the same statements.
    """
    shops = await queries.shop_facts(scope, {shop_id for _, shop_id in pairs})
    people = await queries.shopper_facts(scope, {shopper_id for shopper_id, _ in pairs}, shops.values(), known)
    there = [(who, which) for who, which in pairs if who in people and which in shops]
    return {(who, which): verdict(people[who], shops[which], now) for who, which in there}


async def pairs_in_turn(
    scope: Scope, pairs: Sequence[tuple[UUID, UUID, date | None]], now: datetime, known: Known
) -> list[Verdict]:
    """A verdict for each (shopper, shop, day or None), as if those before it had been given already. Role.STAFF.

    For bulk work: any number of pairs takes the same statements. What is not found stands against its pair.
    """
    shops = await queries.shop_facts(scope, {shop_id for _, shop_id, _ in pairs})
    people = await queries.shopper_facts(scope, {shopper_id for shopper_id, _, _ in pairs}, shops.values(), known)
    there = [who in people and which in shops for who, which, _ in pairs]
    asked = [Pair(people[who], shops[which], on) for who, which, on in compress(pairs, there)]
    judged = iter(in_turn(asked, now))
    return [next(judged) if is_there else MISSING for is_there in there]
