"""Asking who may make which shop. Reads only; what other areas know of the shoppers comes as `Known`."""

from collections.abc import Collection, Sequence
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
