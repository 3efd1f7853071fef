"""The shopper's own shops: the agenda, giving one back, and asking for another day. Role.SHOPPER."""

from datetime import date, datetime
from uuid import UUID, uuid4

from privacy.audit import Event as AuditEvent
from privacy.audit import record
from privacy.vault import KeyRing, Place, data_key, seal
from survey.db import Keyset, NotFound, Paged, Scope, connection
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, OnHold, WrongState

from .. import queries
from ..domain import GIVES_BACK, NOTE, Asked, Extension, Mine, Section, Why, agenda, check_wish


async def own_agenda(scope: Scope, now: datetime) -> dict[Section, list[Mine]]:
    """What is offered, to be made, back again, or with the editors."""
    return agenda(await queries.mine.open_shops(scope, now), now)


async def done_shops(scope: Scope, keyset: Keyset, now: datetime) -> Paged[Mine]:
    """One page of what is decided. Raises BadCursor."""
    return await queries.mine.done_shops(scope, keyset, now)


async def waiting_applications(scope: Scope, now: datetime) -> tuple[list[Asked], bool]:
    """What one has asked for and nobody has decided, and whether one has ever asked for a shop."""
    waiting = await queries.asked.waiting(scope, now)
    return waiting, bool(waiting) or await queries.asked.has_asked(scope)


async def all_applications(scope: Scope, keyset: Keyset, now: datetime) -> Paged[Asked]:
    """One page of all one has asked for, the latest first. Raises BadCursor."""
    return await queries.asked.all_asked(scope, keyset, now)


async def own_shop(scope: Scope, shop_id: UUID, now: datetime) -> Mine:
    """A shop that the shopper has or made. Raises NotFound."""
    return await queries.mine.own_shop(scope, shop_id, now)


async def give_back(scope: Scope, shop_id: UUID, now: datetime) -> bool:
    """Give a shop back; whether a mark is proposed for it. Twice is once.

    Before the planned day there is none; after it one is proposed, and a person decides. Raises NotFound, WrongState
    for what is handed in already, OnHold.
    """
    try:
        mine = await queries.mine.own_shop(scope, shop_id, now)
    except NotFound:
        if await queries.shop.had_to_do_with(scope, shop_id, now):
            return False
        raise
    if mine.state not in GIVES_BACK:
        raise WrongState(mine.state, Event.SHOPPER_CANCEL)
    await withdraw_wish(scope, shop_id, now)
    await visits.give_back(scope, shop_id, Event.SHOPPER_CANCEL, Actor.SHOPPER, now)
    return now >= mine.free_until


async def ask_for_day(scope: Scope, ring: KeyRing, shop_id: UUID, wish: tuple[date, Why, str], now: datetime) -> bool:
    """Ask for another day: day, reason, words, which are sealed. False where a wish waits already; it stays.

    Raises NotFound, OnHold, WrongState for what is not to be made, BadDay.
    """
    mine = await queries.mine.own_shop(scope, shop_id, now)
    if mine.is_on_hold:
        raise OnHold
    if mine.state not in GIVES_BACK:
        raise WrongState(mine.state, Event.ASSIGN)
    day, why, words = wish
    check_wish(mine.campaign_last_day, mine.local(now).date(), day)
    extension_id, sealed = uuid4(), None
    if words and scope.shopper_id is not None:
        key = await data_key(connection(), ring, scope.shopper_id)
        sealed = seal(key, Place(NOTE, extension_id, scope.shopper_id), words)
    about = (extension_id, shop_id, mine.assignment_id)
    is_new = await queries.extensions.insert_extension(scope, about, (day, why.value, sealed), now)
    if is_new:
        await _note(scope, extension_id, "extension.ask", now, shop=str(shop_id), wanted_on=day.isoformat())
    return is_new


async def own_wishes(scope: Scope, shop_id: UUID) -> list[Extension]:
    """The shopper's wishes for one shop, the latest first."""
    return await queries.extensions.extensions_of(scope, shop_id)


async def withdraw_wish(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Take back a wish that waits. Twice is once."""
    for extension_id in await queries.extensions.withdraw_extensions(scope, shop_id, now):
        await _note(scope, extension_id, "extension.withdraw", now, shop=str(shop_id))


async def _note(scope: Scope, extension_id: UUID, action: str, now: datetime, **detail: str) -> None:
    event = AuditEvent(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "extension", extension_id,
        subject_id=scope.shopper_id, detail=dict(detail),
    )  # fmt: skip
    await record(connection(), event, now)
