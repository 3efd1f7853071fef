"""What a shopper may do, and why not the rest. Role.SHOPPER; reads only.

Nothing of a shopper decides but what eligibility knows: not their mail settings, not what they have had deleted.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from survey.db import Keyset, NotFound, Scope
from survey.db.paging import encoded
from survey.shoppers import service as shoppers
from survey.shops.eligibility import service as eligibility
from survey.shops.eligibility.domain import Code, Reason, Verdict

from .. import queries
from ..domain import (
    LOOKED_AT,
    MAP_SHOPS,
    PAGE_SHOPS,
    Board,
    Card,
    Filter,
    Listed,
    Sort,
    apart_from_place,
    is_quiz_missing,
)
from ..queries.listing import Home, Point

NEAR = 5
MOST_LOOKS = 6


async def board(scope: Scope, wanted: Filter, after: str | None, now: datetime) -> tuple[Board, Home]:
    """One page of the board, and where the shopper starts from. At most six looks. BadCursor.

    So many shops are looked at from the cursor on; what cannot be taken is left out and counted, or shown with why. A
    quiz is no such obstacle, nor a place to start from that was never said: who is new has neither, and would find a
    board with nothing on it. A place where one has been not long ago is shown as well, with the day it is free from.
    """
    home = await queries.listing.home_of(scope)
    left_out = 0
    # Where hundreds of shops end sooner that nobody here can reach, a page would be empty though there is work: then
    # the next ones are looked at, so many times and no more.
    for _ in range(MOST_LOOKS):
        page = await _page(scope, wanted, home, after, now)
        left_out += page.left_out
        after = page.next_cursor
        if page.rows or after is None:
            break
    return Board(page.rows, left_out, after), home


async def _page(scope: Scope, wanted: Filter, home: Home, after: str | None, now: datetime) -> Board:
    size = MAP_SHOPS if wanted.is_map else PAGE_SHOPS
    found = await queries.listing.candidates(scope, wanted, home.point, Keyset.read(after), now)
    verdicts, passed = await _verdicts(scope, [each.id for each in found], now)
    chosen: list[UUID] = []
    left_out, last = 0, None
    for each in found:
        verdict = verdicts[each.id]
        if not _is_shown(verdict, wanted, home.point):
            left_out += 1
        elif len(chosen) == size:
            break
        else:
            chosen.append(each.id)
        last = each
    is_end = last is None or (last is found[-1] and len(found) < LOOKED_AT)
    cursor = None if is_end or last is None else encoded((last.key, last.id))
    return Board(await _listed(scope, chosen, home, verdicts, passed), left_out, cursor)


def _is_shown(verdict: Verdict, wanted: Filter, origin: Point | None) -> bool:
    if wanted.shows_all or verdict.is_eligible:
        return True
    others = apart_from_place(verdict.reasons, origin)
    if others and _is_resting(others):
        return True
    return not wanted.at_once and (not others or is_quiz_missing(others))


async def home(scope: Scope) -> Home:
    """Where the shopper starts from, and in what distances are shown. Raises NotFound."""
    return await queries.listing.home_of(scope)


async def near(scope: Scope, point: Point | None, without: UUID, now: datetime) -> Sequence[Listed]:
    """Shops that the shopper may do, the nearest to a point first: what else there is when one is gone."""
    wanted = Filter(sort=Sort.NEAREST if point else Sort.SOONEST)
    found = await queries.listing.candidates(scope, wanted, point, Keyset(), now, without=[without])
    verdicts, passed = await _verdicts(scope, [each.id for each in found], now)
    chosen = [each.id for each in found if verdicts[each.id].is_eligible][:NEAR]
    return await _listed(scope, chosen, await queries.listing.home_of(scope), verdicts, passed)


async def listed_in(scope: Scope, shop_id: UUID, now: datetime) -> Listed:
    """One shop with what stands against it. Raises NotFound."""
    home = await queries.listing.home_of(scope)
    verdicts, passed = await _verdicts(scope, [shop_id], now)
    if shop_id not in verdicts:
        raise NotFound("shop")
    (listed,) = await _listed(scope, [shop_id], home, verdicts, passed)
    return listed


async def verdict_on(scope: Scope, shop_id: UUID, day: date | None, now: datetime) -> Verdict:
    """What stands between the shopper and one shop on one day, or on any. Raises NotFound."""
    if scope.shopper_id is None:
        raise NotFound("shopper")
    conflicts = await shoppers.conflicts.clients_of(scope)
    cards = await queries.listing.cards_of(scope, [shop_id], Home())
    passed = await queries.listing.quizzes_passed(scope)
    is_stranger = not await _is_in_conflict(scope, shop_id, conflicts)
    me = [scope.shopper_id]
    found = await eligibility.shoppers_for_shop(
        scope, shop_id, me, now, conflicted=[] if is_stranger else me,
        certified=me if shop_id in cards and cards[shop_id].guideline_id in passed else [], on=day,
    )  # fmt: skip
    return found[scope.shopper_id]


async def _is_in_conflict(scope: Scope, shop_id: UUID, conflicts: set[UUID]) -> bool:
    return bool(conflicts) and await queries.shop.client_of(scope, shop_id) in conflicts


async def _verdicts(scope: Scope, shop_ids: Sequence[UUID], now: datetime) -> tuple[Mapping[UUID, Verdict], set[UUID]]:
    if scope.shopper_id is None:
        raise NotFound("shopper")
    conflicts = await shoppers.conflicts.clients_of(scope)
    passed = await queries.listing.quizzes_passed(scope)
    found = await eligibility.shopper_for_shops(
        scope, scope.shopper_id, shop_ids, now, conflicts=conflicts, certified=passed
    )
    return found, passed


async def _listed(
    scope: Scope, shop_ids: Sequence[UUID], home: Home, verdicts: Mapping[UUID, Verdict], passed: set[UUID]
) -> list[Listed]:
    cards = await queries.listing.cards_of(scope, shop_ids, home)
    applied = await queries.listing.applied_for(scope, shop_ids)
    return [
        _row(cards[shop_id], verdicts[shop_id], has_applied=shop_id in applied, passed=passed)
        for shop_id in shop_ids
        if shop_id in cards
    ]


def _is_resting(reasons: Sequence[Reason]) -> bool:
    """Whether nothing stands against it but an own visit there, which time heals."""
    return all(each.code is Code.LOCATION and each.free_on is not None for each in reasons)


def _row(card: Card, verdict: Verdict, *, has_applied: bool, passed: set[UUID]) -> Listed:
    return Listed(card, verdict.reasons, verdict.first_day, has_applied, card.guideline_id in passed)
