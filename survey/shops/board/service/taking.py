"""Taking a shop, asking for one, and answering an offer. Role.SHOPPER; the rules are asked under a lock."""

from datetime import date, datetime
from uuid import UUID

from survey.db import NotFound, Scope
from survey.db.errors import Conflict
from survey.settings import Settings
from survey.shops.eligibility.domain import Code, Reason
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, AlreadyApplied, Decided, Event, Mode, Taking, WrongState

from .. import queries
from ..domain import OfferOver
from .listing import verdict_on

# What staff cannot set aside for somebody: a place that is closed, and that the shopper wants no work at present.
NEVER_SET_ASIDE = frozenset({Code.LOCATION_CLOSED, Code.STATUS})


class NotForYou(Conflict):
    """Rules stand against it; the shopper reads which."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("rules stand against it")
        self.reasons = reasons


async def take(scope: Scope, shop_id: UUID, day: date, now: datetime) -> None:
    """Take an open shop at once; twice is once. Raises NotFound, WrongState where somebody was faster, NotForYou,
    MustApply, OutsideWindow, OnHold, PlaceClosed.

    Of two requests that count the same days or the same household the second waits, and then counts the first.
    """
    if scope.shopper_id is None:
        raise NotFound("shopper")
    await queries.shop.wait_in_line(scope, shop_id)
    standing = await queries.shop.standing_of(scope, shop_id, now)
    if standing.assignment is not None:
        return
    await _check(scope, shop_id, day, now, Event.SELF_ASSIGN)
    taking = Taking(scope.shopper_id, mode=Mode.SELF, planned_on=day)
    await visits.assign(scope, shop_id, taking, Actor.SHOPPER, Event.SELF_ASSIGN, now)


async def apply(scope: Scope, settings: Settings, shop_id: UUID, wish: tuple[date, str], now: datetime) -> None:
    """Ask for an open shop; twice is once. wish: day, and words for the scheduler, which are sealed.

    Raises NotFound, WrongState, NotForYou, OutsideWindow, OnHold.
    """
    standing = await queries.shop.standing_of(scope, shop_id, now)
    if standing.assignment is not None:
        return
    await _check(scope, shop_id, wish[0], now, Event.APPROVE_APPLICATION)
    try:
        await visits.apply(scope, settings, shop_id, wish, now)
    except AlreadyApplied:
        return


async def withdraw(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Think better of an application; twice is once. Raises NotFound."""
    standing = await queries.shop.standing_of(scope, shop_id, now)
    if standing.application_id is None:
        raise NotFound("application")
    try:
        await visits.withdraw(scope, standing.application_id, now)
    except Decided:
        return


async def accept(scope: Scope, shop_id: UUID, day: date | None, now: datetime) -> None:
    """Take an offer; twice is once. Raises NotFound, OfferOver, WrongState, NotForYou, OutsideWindow, OnHold.

    The day is the shopper's choice, and what rules say of it may have changed since the offer: they are asked as they
    are for `take`, but for those that staff have set aside. How far away somebody is was asked when the offer was
    made: who has removed the place since keeps the offer.
    """
    await queries.shop.wait_in_line(scope, shop_id)
    standing = await _offered(scope, shop_id, now)
    if standing.assignment == "held":
        return
    # The job that ends offers comes once a minute; a late click is late before it.
    if standing.answer_by is not None and standing.answer_by <= now:
        raise OfferOver
    chosen = day or standing.planned_on
    origin, _ = await queries.listing.home_of(scope)
    unknown = frozenset[Code]() if origin else frozenset({Code.RADIUS})
    waived = unknown | await _set_aside(scope, shop_id, standing, chosen, now)
    await _check(scope, shop_id, chosen, now, Event.ACCEPT, waived)
    await visits.accept(scope, shop_id, now, day)


async def decline(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Leave an offer to somebody else; it does not count against anybody. Raises NotFound, WrongState, OnHold."""
    standing = await _offered(scope, shop_id, now)
    if standing.assignment == "offered":
        await visits.decline(scope, shop_id, now)


async def _offered(scope: Scope, shop_id: UUID, now: datetime) -> queries.shop.Standing:
    standing = await queries.shop.standing_of(scope, shop_id, now)
    if standing.assignment is None:
        if await queries.shop.had_to_do_with(scope, shop_id, now):
            raise OfferOver
        raise NotFound("offer")
    return standing


async def _set_aside(
    scope: Scope, shop_id: UUID, standing: queries.shop.Standing, day: date | None, now: datetime
) -> frozenset[Code]:
    """Rules that do not count for an offer: all on the day that staff named or left open; on another day only those
    that stood against the named one too. Never NEVER_SET_ASIDE: who paused or restricted accepts nothing.
    """
    if not standing.is_override:
        return frozenset()
    if standing.planned_on is None or day == standing.planned_on:
        return frozenset(Code) - NEVER_SET_ASIDE
    verdict = await verdict_on(scope, shop_id, standing.planned_on, now)
    return frozenset(reason.code for reason in verdict.reasons) - NEVER_SET_ASIDE


async def _check(
    scope: Scope, shop_id: UUID, day: date | None, now: datetime, event: Event, waived: frozenset[Code] = frozenset()
) -> None:
    """Raises NotForYou, or WrongState where the shop is simply gone. waived: what staff have set aside."""
    verdict = await verdict_on(scope, shop_id, day, now)
    reasons = tuple(reason for reason in verdict.reasons if reason.code not in waived)
    if any(reason.code is Code.TAKEN for reason in reasons):
        shop = await visits.shop_in(scope, shop_id)
        if not shop.is_on_hold:
            raise WrongState(shop.state, event)
    if reasons:
        raise NotForYou(reasons)
