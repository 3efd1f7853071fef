"""Who reads a report: picking up, taking over, giving back. One editor at a time, and never one's own visit."""

from datetime import datetime
from uuid import UUID

from privacy.vault import Place, data_keys, unseal_text
from survey.accounts.domain import EMAIL
from survey.db import Scope, connection
from survey.settings import Settings
from survey.shoppers.domain import email_index
from survey.shops.visits import service as visits
from survey.shops.visits.domain import HOLD_WORDS, Actor, Event, HoldReason, Move, OnHold, State, WrongState

from .. import queries
from ..domain import BadEdit, NotHeld, OwnShop, Report
from .flagging import flag
from .noting import OWN_NAME, note, note_shopper


async def pick_up(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """Begin to read a report; picking up what one holds already changes nothing.

    Raises NotFound, OwnShop, OnHold, WrongState (somebody else was faster, or it is not waiting).
    """
    shop = await visits.shop_in(scope, shop_id, lock=True)
    report = await queries.report_in(scope, shop_id)
    if shop.state is State.IN_REVIEW and report.editor_id == scope.account_id:
        return
    await require_other(scope, settings, shop_id)
    event = Event.TAKE_BACK if shop.state is State.RETURNED else Event.PICK_UP
    move = Move(event, Actor.EDITOR, now, {"editor_id": scope.account_id})
    await visits.move_locked(scope, shop, move)
    await queries.open_review(scope, report.id, shop_id, now)
    await flag(scope, settings, shop_id, now)
    await _note_name(scope, shop_id, now)


async def take_over(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> None:
    """Go on with what a colleague has begun. Twice is once. Raises NotFound, OwnShop, OnHold, WrongState."""
    shop = await visits.shop_in(scope, shop_id, lock=True)
    report = await queries.report_in(scope, shop_id)
    if shop.is_on_hold:
        raise OnHold
    if shop.state is not State.IN_REVIEW:
        raise WrongState(shop.state, Event.PICK_UP)
    if report.editor_id == scope.account_id:
        return
    await require_other(scope, settings, shop_id)
    await queries.set_editor(scope, shop_id, _account(scope))
    await queries.open_review(scope, report.id, shop_id, now)
    await note(scope, "take_over", report.id, now, was=str(report.editor_id))
    await _note_name(scope, shop_id, now)


async def drop(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Put a report back into the queue. Twice is once. Raises NotFound, NotHeld, OnHold, WrongState."""
    report = await queries.report_in(scope, shop_id)
    if report.state is State.SUBMITTED:
        return
    report = await held(scope, shop_id)
    await visits.fire(scope, shop_id, Move(Event.DROP, Actor.EDITOR, now, {"editor_id": None}))
    await queries.write_review(scope, report.id, {"held_since": None})


async def hold(scope: Scope, shop_id: UUID, reason: str, now: datetime) -> None:
    """Put the shop of a report on hold; twice is once. reason: a HoldReason. Raises NotFound, BadEdit, Ended."""
    await queries.report_in(scope, shop_id)
    if reason not in HOLD_WORDS:
        raise BadEdit("reason", "Choose why")
    await visits.hold(scope, shop_id, HoldReason(reason), now)


async def lift_hold(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Let it go on; twice is once. Raises NotFound."""
    await queries.report_in(scope, shop_id)
    await visits.lift_hold(scope, shop_id, now)


async def held(scope: Scope, shop_id: UUID) -> Report:
    """The report, locked, if the editor has it in review. Raises NotFound, OnHold, WrongState, NotHeld."""
    shop = await visits.shop_in(scope, shop_id, lock=True)
    report = await queries.report_in(scope, shop_id)
    if shop.is_on_hold:
        raise OnHold
    if shop.state is not State.IN_REVIEW:
        raise WrongState(shop.state, Event.APPROVE)
    if report.editor_id != scope.account_id:
        raise NotHeld
    return report


async def require_other(scope: Scope, settings: Settings, shop_id: UUID) -> None:
    """Raises OwnShop where the editor's own address is the one that the shopper gave this affiliate.

    Shoppers sign in at the platform's own tenant, which no affiliate sees. What can be compared within one affiliate is
    the address: the editor's, opened from their own account, under the key by which the affiliate finds its shoppers.
    """
    account_id = _account(scope)
    sealed = await queries.sealed_editors(scope, [account_id])
    keys = await data_keys(connection(), settings.keyring, list(sealed))
    if account_id not in keys:
        return
    address = unseal_text(keys[account_id], Place(EMAIL, account_id, account_id), sealed[account_id][0])
    if await queries.is_made_by(scope, shop_id, email_index(settings.index_key, scope.affiliate_id, address)):
        raise OwnShop


def _account(scope: Scope) -> UUID:
    if scope.account_id is None:
        raise NotHeld
    return scope.account_id


async def _note_name(scope: Scope, shop_id: UUID, now: datetime) -> None:
    maker = await queries.maker_of(scope, shop_id)
    if maker:
        await note_shopper(scope, "shopper.compare", maker.id, now, OWN_NAME)
