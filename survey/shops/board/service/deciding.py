"""Staff decide about wishes for another day. Role.STAFF; opening a shopper's words is recorded."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from privacy.audit import Event, record
from privacy.vault import KeyRing, Place, data_key, unseal_text
from survey.db import Keyset, Paged, Scope, connection, savepoint
from survey.settings import Settings
from survey.shops.scheduling import service as scheduling
from survey.shops.visits import service as visits

from .. import queries
from ..domain import NOTE, Answer, Extension, Impossible, Settled, Wish
from .telling import tell_decided

PURPOSE = "decide about another day"


async def waiting_extensions(scope: Scope, keyset: Keyset) -> Paged[Extension]:
    """One page of wishes that wait for a person, the oldest first. Raises BadCursor."""
    return await queries.extensions.waiting_extensions(scope, keyset)


async def read_extension(scope: Scope, ring: KeyRing, extension_id: UUID, now: datetime) -> tuple[Extension, str]:
    """A wish with the shopper's words, opened; the look is recorded where there are any. Raises NotFound."""
    wish = await queries.extensions.extension_in(scope, extension_id)
    if wish.note is None:
        return wish, ""
    key = await data_key(connection(), ring, wish.shopper_id)
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "extension.read", "extension", extension_id,
        subject_id=wish.shopper_id, purpose=PURPOSE, detail=scope.seen_as,
    )  # fmt: skip
    await record(connection(), event, now)
    return replace(wish, note=None), unseal_text(key, Place(NOTE, wish.id, wish.shopper_id), wish.note)


async def grant(scope: Scope, settings: Settings, extension_id: UUID, override_reason: str, now: datetime) -> None:
    """Let the shopper go on the day that was asked for; override_reason sets the rules aside and is kept.

    Where the window ends before, it is stretched to that day. Raises NotFound, Settled; Refusal where rules stand
    against the day; Impossible with a reason of `visits.plan_many`: on_hold, wrong_state, outside_window.
    """
    wish = await _asked(scope, extension_id)
    if not wish.is_current:
        raise Impossible("wrong_state")
    day = {wish.shop_id: wish.wanted_on}
    async with savepoint():  # a refusal leaves the window as it was
        until = await queries.extensions.stretch_window(scope, wish.shop_id, wish.wanted_on)
        if until is not None:
            await _note_window(scope, wish, until, now)
        if not override_reason:
            verdicts = await scheduling.verdicts_of_holders(scope, day, now)
            if wish.shop_id in verdicts and not verdicts[wish.shop_id].is_eligible:
                raise scheduling.Refusal(verdicts[wish.shop_id])
        effects = await visits.plan_many(scope, day, now, {wish.shop_id: override_reason} if override_reason else {})
        if effects.skipped:
            raise Impossible(next(iter(effects.skipped)))
    await queries.extensions.decide_extension(scope, extension_id, Wish.GRANTED, "", now)
    await _note(
        scope, wish, "extension.grant", now, wanted_on=wish.wanted_on.isoformat(), is_stretched=until is not None,
        is_override=bool(override_reason),
    )  # fmt: skip
    await tell_decided(scope, settings, wish, now)


async def decline(scope: Scope, settings: Settings, extension_id: UUID, answer: Answer, now: datetime) -> None:
    """Say no, with a reason that the shopper reads. Raises NotFound, Settled."""
    wish = await _asked(scope, extension_id)
    await queries.extensions.decide_extension(scope, extension_id, Wish.DECLINED, answer.value, now)
    await _note(scope, wish, "extension.decline", now, answer=answer.value)
    await tell_decided(scope, settings, wish, now)


async def _asked(scope: Scope, extension_id: UUID) -> Extension:
    wish = await queries.extensions.extension_in(scope, extension_id, lock=True)
    if wish.state is not Wish.ASKED:
        raise Settled(wish.state)
    return wish


async def _note_window(scope: Scope, wish: Extension, until: datetime, now: datetime) -> None:
    """The shop's own history says it too. It names nobody."""
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, "shop.window", "shop", wish.shop_id,
        detail={"from_until": wish.window_end.isoformat(), "until": until.isoformat()},
    )  # fmt: skip
    await record(connection(), event, now)


async def _note(scope: Scope, wish: Extension, action: str, now: datetime, **detail: str | bool) -> None:
    event = Event(
        scope.affiliate_id, scope.actor_kind, scope.account_id, action, "extension", wish.id,
        subject_id=wish.shopper_id, detail={"shop": str(wish.shop_id), **detail},
    )  # fmt: skip
    await record(connection(), event, now)
