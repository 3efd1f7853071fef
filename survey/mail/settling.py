"""What follows from a relay's answer: for the row, its campaign, the person's address, and the relay itself."""

import asyncio
import random
from datetime import datetime, timedelta

import structlog

from survey.db import Role, transaction

from . import queries
from .composing import Composing
from .dispatch import Dispatch
from .domain import Claimed, InDoubt, Phase, Reason, Reply, State, Verdict, is_hopeless, judge, kept, next_try

log = structlog.get_logger("candour.mail")

PERMANENT = 500


async def settle(dispatch: Dispatch, row: Claimed, reply: Reply) -> None:
    """Act on an answer other than acceptance. A row that we do not hold any more is left alone."""
    verdict = judge(reply)
    if verdict in (Verdict.RETRY, Verdict.GREYLISTED, Verdict.THROTTLE):
        await _later(dispatch, row, reply, verdict)
    elif verdict is Verdict.BOUNCE:
        await _bounced(dispatch, row, reply)
    elif verdict is Verdict.FAIL:
        await _end(row, State.FAILED, f"{Reason.REFUSED}: {reply.label}", reply)
    elif verdict is Verdict.PAUSE_CAMPAIGN:
        await _pause_campaign(dispatch, row, reply)
    elif verdict is Verdict.IN_DOUBT:
        await _in_doubt(dispatch, row)
    else:
        await _pause_relay(dispatch, row, reply)
    dispatch.in_hand.pop(row.id, None)


async def give_up(dispatch: Dispatch, row: Claimed, state: State, reason: str) -> None:
    """A row that will not be sent, for a reason of ours."""
    await _end(row, state, reason, Reply(Phase.CONNECT))
    dispatch.in_hand.pop(row.id, None)


async def try_later(dispatch: Dispatch, row: Claimed, reason: str) -> None:
    """A row that could not be composed; it keeps the same patience as one that the relay would not take."""
    await _again(dispatch, row, reason, Reply(Phase.CONNECT))
    dispatch.in_hand.pop(row.id, None)


async def refused_at_dot(dispatch: Dispatch, row: Claimed) -> None:
    """The row was paused, cancelled or opted out since the claim; only the last is still ours to write."""
    async with transaction(Role.WORKER) as connection:
        await queries.skip_stopped(connection, row)
    dispatch.in_hand.pop(row.id, None)


async def note_recovery(dispatch: Dispatch) -> None:
    """A message went through; trouble is over if there was any."""
    if dispatch.breaker.close():
        log.info("relay works again")
        async with transaction(Role.WORKER) as connection:
            await queries.trouble.clear(connection)


async def _end(row: Claimed, state: State, reason: str, reply: Reply) -> None:
    async with transaction(Role.WORKER) as connection:
        await queries.settle(connection, row, state, reason, reply=kept(reply.text), counts=reply.code > 0)


async def _later(dispatch: Dispatch, row: Claimed, reply: Reply, verdict: Verdict) -> None:
    if verdict is Verdict.THROTTLE:
        dispatch.pacer.slow_down(asyncio.get_running_loop().time())
    await _again(dispatch, row, f"waiting: {reply.label}", reply, is_greylisted=verdict is Verdict.GREYLISTED)


async def _again(dispatch: Dispatch, row: Claimed, reason: str, reply: Reply, *, is_greylisted: bool = False) -> None:
    attempts = row.attempts + 1
    if is_hopeless(attempts):
        await _end(row, State.FAILED, f"{Reason.GAVE_UP} after {attempts} attempts", reply)
        return
    at = next_try(attempts, dispatch.clock(), random.random(), is_greylisted=is_greylisted)  # noqa: S311 - jitter
    async with transaction(Role.WORKER) as connection:
        await queries.settle(connection, row, State.QUEUED, reason, reply=kept(reply.text), counts=True, not_before=at)


async def _bounced(dispatch: Dispatch, row: Claimed, reply: Reply) -> None:
    """The address does not exist: the area that knows the person hears of it in the same transaction."""
    composer = dispatch.composers.get(row.kind)
    async with transaction(Role.WORKER, affiliate=row.affiliate_id) as connection:
        is_ours = await queries.settle(connection, row, State.BOUNCED, reply.label, reply=kept(reply.text), counts=True)
        if is_ours and composer is not None and composer.on_bounce is not None:
            await composer.on_bounce(Composing(connection, dispatch.settings, dispatch.clock()), [row])


async def _pause_campaign(dispatch: Dispatch, row: Claimed, reply: Reply) -> None:
    """What the campaign says is refused. Sending the rest would harm everybody's mail; nobody is struck off for it."""
    reason = f"{Reason.REFUSED}: {reply.label}"
    log.error("campaign held", campaign=str(row.campaign_id), kind=row.kind, answer=reply.label)
    async with transaction(Role.WORKER) as connection:
        await queries.settle(connection, row, State.HELD, reason, reply=kept(reply.text), counts=True)
        await queries.hold(connection, row.campaign_id, reason)


async def _in_doubt(dispatch: Dispatch, row: Claimed) -> None:
    """Accepted or not, nobody knows. It is sent once more with the same Message-ID, or waits for a person."""
    again = dispatch.tuning.in_doubt is InDoubt.RESEND and row.in_doubt == 0
    log.warning("delivery in doubt", delivery=str(row.id), resend=again)
    async with transaction(Role.WORKER) as connection:
        await queries.settle(
            connection,
            row,
            State.QUEUED if again else State.HELD,
            Reason.IN_DOUBT,
            is_in_doubt=True,
            not_before=resend_at(dispatch) if again else None,
        )


async def _pause_relay(dispatch: Dispatch, row: Claimed, reply: Reply) -> None:
    """Nobody answers, or we are not wanted: leave the relay alone for a while and give everything back."""
    # "Too many connections just now" passes by itself; a refusal wants a person.
    is_refused = reply.code >= PERMANENT
    was_probing = dispatch.breaker.is_probing
    dispatch.breaker.trip(asyncio.get_running_loop().time(), is_refused=is_refused)
    await dispatch.give_back([row])
    await dispatch.give_back_what_waits()
    if was_probing:
        return
    log.error("relay paused", answer=reply.label)
    async with transaction(Role.WORKER) as connection:
        trouble = {"at": dispatch.clock().isoformat(), "answer": reply.label}
        await queries.trouble.put(connection, trouble | {"kind": "refused" if is_refused else "unreachable"})


def resend_at(dispatch: Dispatch) -> datetime:
    """When a message in doubt is sent again."""
    return dispatch.clock() + timedelta(seconds=dispatch.tuning.in_doubt_seconds)
