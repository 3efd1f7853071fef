"""A client asks for another visit; the affiliate says yes, with a window, a fee and who pays, or no, with a reason.

Whoever made the first visit hears nothing of it, and neither grade nor pay follows from it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record, record_many
from privacy.crypto import random_id
from survey.accounts import service as accounts
from survey.accounts.service import Told
from survey.db import Role, Scope, connection, transaction
from survey.settings import Settings
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import Terms

from .. import queries
from ..domain import (
    NOT_LATER,
    WISH_ANSWERED_KIND,
    WISHED_KIND,
    WishEvent,
    Wishing,
    WishState,
    WrongWishState,
    wish_after,
)
from .outgoing import Outgoing, kept, require_sendable

BATCH = 500


@dataclass(frozen=True, slots=True)
class Grant:
    """What staff agree to: the terms of the other visit, who pays (a code of PAYERS), what the client reads."""

    terms: Terms
    payer: str
    words: str = field(repr=False)


async def wish(scope: Scope, report_ref: UUID, wishing: Wishing, now: datetime) -> None:
    """Ask for another visit. While that waits, or once it was granted, again is once. Raises NotFound."""
    report = await queries.report_in(scope, report_ref)
    await queries.insert_wish(scope, random_id(), report, replace(wishing, words=kept(wishing.words)), now)


async def withdraw_wish(scope: Scope, wish_id: UUID, now: datetime) -> None:
    """Take a wish back. Twice is once. Raises NotFound, WrongWishState where it was answered."""
    found = await queries.wish_in(scope, wish_id)
    if found.state is WishState.WITHDRAWN:
        return
    wish_after(found.state, WishEvent.WITHDRAW)
    if not await queries.withdraw_wish(scope, wish_id, now):
        raise WrongWishState((await queries.wish_in(scope, wish_id)).state, WishEvent.WITHDRAW)


async def grant(scope: Scope, settings: Settings, wish_id: UUID, granted: Grant, now: datetime) -> UUID:
    """Open another shop in the place of the one that the client has read of; its id. Twice is once.

    Raises NotFound, NotReshot, Unsendable, WrongWishState.
    """
    line = await queries.wish_line_in(scope, wish_id, lock=True)
    if line.wish.state is WishState.GRANTED and line.new_id is not None:
        return line.new_id
    state = wish_after(line.wish.state, WishEvent.GRANT)
    made = await campaigns.reshoot_for_client(scope, line.shop_id, granted.terms, now)
    await require_sendable(scope, settings, line.shop_id, [Outgoing("words", granted.words)], now)
    await queries.answer_wish(scope, line.wish, state, (granted.words, granted.payer), now)
    terms: dict[str, str | int] = {"new_shop": str(made), "fee_cents": granted.terms.fee_cents, "payer": granted.payer}
    await _note(scope, line, WishEvent.GRANT, now, terms)
    return made


async def refuse_wish(scope: Scope, settings: Settings, wish_id: UUID, words: str, now: datetime) -> None:
    """Say no; words: why, to the client. Twice is once. Raises NotFound, Unsendable, WrongWishState."""
    line = await queries.wish_line_in(scope, wish_id, lock=True)
    if line.wish.state is WishState.DECLINED:
        return
    state = wish_after(line.wish.state, WishEvent.DECLINE)
    await require_sendable(scope, settings, line.shop_id, [Outgoing("no", words)], now)
    await queries.answer_wish(scope, line.wish, state, (words, None), now)
    await _note(scope, line, WishEvent.DECLINE, now, {})


async def record_wishes(now: datetime) -> int:
    """Write into the ledger what clients asked for or took back; how much. Role.WORKER, within its transaction."""
    events = [
        Event(
            row["affiliate_id"], "viewer", None, row["action"], "wish", row["object_id"],
            detail={"shop": str(row["shop_id"])} if row["shop_id"] else {},
        )
        for row in await queries.unrecorded_wishes(now, BATCH)
    ]  # fmt: skip
    if events:
        await record_many(connection(), events, now)
    return len(events)


async def tell_wishes(settings: Settings, now: datetime) -> int:
    """Ask for mail to those who can answer a wish, and to those who read the place of one that was answered."""
    async with transaction(Role.WORKER):
        untold = await queries.untold_wishes(now - NOT_LATER, BATCH)
        count = 0
        for kind, is_asked in ((WISHED_KIND, True), (WISH_ANSWERED_KIND, False)):
            told = [
                Told(
                    each.affiliate_id, each.account_id, each.occasion, {"wish": str(each.wish_id), "state": each.state}
                )
                for each in untold
                if (each.state == WishState.ASKED) is is_asked
            ]
            count += await accounts.ask_for_bulk(settings, kind, told, now) if told else 0
        return count


async def _note(
    scope: Scope, line: queries.WishLine, event: WishEvent, now: datetime, detail: dict[str, str | int]
) -> None:
    actor = (scope.affiliate_id, scope.actor_kind, scope.account_id)
    whole = {"shop": str(line.shop_id)} | detail
    await record(connection(), Event(*actor, f"wish.{event}", "wish", line.wish.id, detail=whole), now)
