"""Asking eligibility with all that is known of the shoppers: conflicts of interest, quizzes passed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from survey.db import Scope
from survey.shops.eligibility import service as eligibility
from survey.shops.eligibility.domain import Code, Known, Verdict

from .. import queries
from ..queries import ShopPage

NO_RULE = frozenset({Code.TAKEN, Code.WINDOW})  # what is so, and cannot be set aside


async def verdicts_in_turn(
    scope: Scope, shopper_id: UUID, days: Mapping[UUID, date | None], now: datetime
) -> dict[UUID, Verdict]:
    """What stands between a shopper and each of the shops on its day, as if those before had been given already.

    days: by shop; None: any.
    """
    known = Known(await queries.conflicts_of(scope, [shopper_id]), await queries.certified_of(scope, [shopper_id]))
    pairs = [(shopper_id, shop_id, day) for shop_id, day in days.items()]
    found = await eligibility.pairs_in_turn(scope, pairs, now, known)
    return dict(zip(days, found, strict=True))


async def verdicts_of_pairs(
    scope: Scope, pairs: Sequence[tuple[UUID, UUID, date | None]], now: datetime
) -> list[Verdict]:
    """The same for many shoppers: each (shopper, shop, day) as if those before had been given already."""
    people = {who for who, _, _ in pairs}
    known = Known(await queries.conflicts_of(scope, people), await queries.certified_of(scope, people))
    return await eligibility.pairs_in_turn(scope, pairs, now, known)


async def verdicts_of_holders(scope: Scope, days: Mapping[UUID, date | None], now: datetime) -> dict[UUID, Verdict]:
    """What stands between each of the shops and whoever has it on another day, as if those before had moved already.

    days: by shop. What nobody has is left out, and so is what `visits.plan_many` says of state, hold and window.
    """
    holders = await queries.holders_of(scope, list(days))
    held = [shop_id for shop_id in days if shop_id in holders]
    people = set(holders.values())
    known = Known(await queries.conflicts_of(scope, people), await queries.certified_of(scope, people))
    pairs = [(holders[shop_id], shop_id, days[shop_id]) for shop_id in held]
    found = await eligibility.pairs_in_turn(scope, pairs, now, known)
    return {shop_id: _by_rules(each) for shop_id, each in zip(held, found, strict=True)}


async def verdicts_for_shop(
    scope: Scope, shop: ShopPage, shopper_ids: Collection[UUID] | None, now: datetime, on: date | None = None
) -> dict[UUID, Verdict]:
    """What stands between each of the shoppers (None: all who are active) and one shop, by shopper."""
    conflicts = await queries.conflicts_of(scope, shopper_ids, shop.client_id)
    passed = await queries.certified_of(scope, shopper_ids, shop.guideline_id) if shop.guideline_id else {}
    return await eligibility.shoppers_for_shop(
        scope, shop.id, shopper_ids, now, conflicted=set(conflicts), certified=set(passed), on=on
    )


def _by_rules(verdict: Verdict) -> Verdict:
    return Verdict(tuple(each for each in verdict.reasons if each.code not in NO_RULE), verdict.first_day)
