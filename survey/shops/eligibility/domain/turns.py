"""Many shops for many people in one go: each pair is judged as if those before it had been given already."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from .facts import ShopFacts, ShopperFacts, Visit, history_of
from .reasons import Verdict
from .rules import verdict


class Pair(NamedTuple):
    """Somebody who is to make a shop, on a day or on the first that is free."""

    person: ShopperFacts
    shop: ShopFacts
    on: date | None = None


def in_turn(pairs: Sequence[Pair], now: datetime) -> list[Verdict]:
    """A verdict for each pair, in their order. What is allowed counts for the next, and for the household.

    A shop that somebody has already moves with its verdict: its old day stands against nobody any more.
    """
    given: dict[UUID, list[Visit]] = defaultdict(list)
    at_home: dict[bytes, list[tuple[UUID, Visit]]] = defaultdict(list)
    taken: dict[UUID, list[tuple[UUID, date]]] = defaultdict(list)
    found: list[Verdict] = []
    for person, shop, on in pairs:
        home = at_home[person.household] if person.household else []
        added = given[person.id] + [visit for who, visit in home if who != person.id]
        judged = verdict(_with(person, added), _beside(shop, taken[shop.place.id]), now, on)
        found.append(judged)
        if judged.first_day is not None:
            visit = _visit(shop, judged.first_day, on)
            given[person.id].append(visit)
            home.append((person.id, replace(visit, is_own=False, is_held=False)))
            taken[shop.place.id].append((shop.id, judged.first_day))
    return found


def _visit(shop: ShopFacts, day: date, on: date | None) -> Visit:
    last_day = None if on else shop.last_day
    return Visit(
        shop.id, shop.place.id, shop.client_id, shop.rules.campaign_id, day, is_own=True, is_held=True, is_made=False,
        last_day=last_day,
    )  # fmt: skip


def _with(person: ShopperFacts, visits: list[Visit]) -> ShopperFacts:
    if not visits:
        return person
    moved = {visit.shop_id for visit in visits}
    known = [visit for each in person.history.of_client.values() for visit in each if visit.shop_id not in moved]
    return replace(person, history=history_of([*known, *visits]))


def _beside(shop: ShopFacts, taken: list[tuple[UUID, date]]) -> ShopFacts:
    if not taken:
        return shop
    moved = {shop_id for shop_id, _ in taken}
    others = [each for each in shop.place.taken if each[0] not in moved]
    return replace(shop, place=replace(shop.place, taken=(*others, *taken)))
