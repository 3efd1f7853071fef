"""Claiming what is due, having it composed and made into bytes, a batch at a time."""

import asyncio
import traceback
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg
import structlog

from survey.db import Role, transaction

from . import checking, queries
from .composing import Audience, Composer, Composing
from .dispatch import Dispatch
from .domain import BadLetter, Claimed, InDoubt, Issued, Outgoing, State, Withheld
from .marking import ASTRAY
from .settling import give_up, resend_at, try_later
from .skeleton import Message, message_of

log = structlog.get_logger("candour.mail")

LEFT_OUT = "nothing was composed"
SWEEPS_A_LEASE = 4
# A statement that is wrong today is wrong again at once; the others of PostgreSQL's errors pass by themselves.
MISTAKES = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.SyntaxOrAccessError)


async def feed(dispatch: Dispatch) -> None:
    """Keep the connections supplied until the process ends."""
    swept_at = float("-inf")
    loop = asyncio.get_running_loop()
    while not dispatch.stop.is_set():
        try:
            if loop.time() - swept_at > dispatch.tuning.lease_seconds / SWEEPS_A_LEASE:
                # Noted first: a sweep that fails is made again in its turn, and keeps no mail waiting until then.
                swept_at = loop.time()
                await _look_after_leases(dispatch)
            await _feed_once(dispatch)
        except ASTRAY as error:
            log.warning("outbox cannot be reached", kind=type(error).__name__)
            await dispatch.nap(dispatch.tuning.poll_seconds)


async def _feed_once(dispatch: Dispatch) -> None:
    pause = dispatch.breaker.pause_seconds(asyncio.get_running_loop().time())
    if pause:
        await dispatch.nap(min(pause, dispatch.tuning.poll_seconds))
        return
    room = _room(dispatch)
    if room <= 0:
        await _until_hungry(dispatch)
        return
    rows, set_aside = await _claimed(dispatch, room)
    if rows:
        await _prepare(dispatch, rows)
    elif not set_aside:
        await dispatch.nap(dispatch.tuning.poll_seconds)


def _room(dispatch: Dispatch) -> int:
    """How many rows to claim. After trouble one message alone tries whether it is over."""
    if dispatch.breaker.is_probing:
        return 0 if dispatch.in_hand else 1
    batch = dispatch.tuning.batch
    return batch if dispatch.ready.qsize() <= batch // 2 else 0


async def _until_hungry(dispatch: Dispatch) -> None:
    dispatch.hungry.clear()
    try:
        async with asyncio.timeout(dispatch.tuning.poll_seconds):
            await dispatch.hungry.wait()
    except TimeoutError:
        return


async def _claimed(dispatch: Dispatch, limit: int) -> tuple[list[Claimed], int]:
    now = dispatch.clock()
    lease_until = now + timedelta(seconds=dispatch.tuning.lease_seconds)
    async with transaction(Role.WORKER) as connection:
        return await queries.claim(connection, now, limit, lease_until, dispatch.letterhead.mail_domain)


async def _prepare(dispatch: Dispatch, rows: list[Claimed]) -> None:
    """Each group for itself: what befalls one keeps neither its rows in hand nor the mail of the others waiting."""
    dispatch.in_hand.update((row.id, row) for row in rows)
    groups: dict[tuple[str, UUID], list[Claimed]] = defaultdict(list)
    for row in rows:
        groups[row.kind, row.affiliate_id].append(row)
    lost: Exception | None = None
    for (kind, affiliate_id), group in groups.items():
        try:
            await _prepare_group(dispatch, kind, affiliate_id, group)
        except ASTRAY as error:
            # A group's messages are handed over all at once, at the end: what is in hand of it, no connection has.
            await _give_back(dispatch, [row for row in group if row.id in dispatch.in_hand])
            lost = error
    if lost is not None:
        raise lost


async def _prepare_group(dispatch: Dispatch, kind: str, affiliate_id: UUID, rows: list[Claimed]) -> None:
    composer = dispatch.composers.get(kind)
    if composer is None:
        await _postpone(dispatch, rows, f"nobody composes {kind}")
    else:
        await _compose(dispatch, composer, affiliate_id, rows)


async def _compose(dispatch: Dispatch, composer: Composer, affiliate_id: UUID, rows: list[Claimed]) -> None:
    try:
        async with transaction(Role.WORKER, affiliate=affiliate_id) as connection:
            composed = await composer(Composing(connection, dispatch.settings, dispatch.clock()), rows)
    except BadLetter as error:
        # As where an affiliate has no postal address yet: once it has one, the mail goes out.
        log.error("mail cannot be written", mail=composer.kind, affiliate=str(affiliate_id), why=str(error))
        await _postpone(dispatch, rows, str(error))
        return
    except Exception as error:
        if isinstance(error, ASTRAY) and not isinstance(error, MISTAKES):
            raise
        # A composer is code of an area; its mistake must not stop the mail of the others.
        kind = type(error).__name__
        frame = traceback.extract_tb(error.__traceback__)[-1]
        log.error("composing failed", mail=composer.kind, kind=kind, where=f"{frame.filename}:{frame.lineno}")
        await _postpone(dispatch, rows, f"composing failed: {kind}")
        return
    await _hand_over(dispatch, composer, rows, composed)


async def _hand_over(
    dispatch: Dispatch, composer: Composer, rows: list[Claimed], composed: Sequence[Outgoing | Withheld]
) -> None:
    missing = {row.id: row for row in rows}
    written: list[tuple[Message, Issued]] = []
    for one in composed:
        if missing.pop(one.row.id, None) is None:
            continue
        if isinstance(one, Withheld):
            await give_up(dispatch, one.row, State.SKIPPED, one.reason)
        elif found := await _rendered(dispatch, composer, one):
            written.append(found)
    for row in missing.values():
        await give_up(dispatch, row, State.SKIPPED, LEFT_OUT)
    await _issue(dispatch, written)


async def _rendered(dispatch: Dispatch, composer: Composer, outgoing: Outgoing) -> tuple[Message, Issued] | None:
    now = dispatch.clock()
    try:
        message = message_of(outgoing, dispatch.letterhead, now, is_to_people=composer.to is Audience.PEOPLE)
    except BadLetter as error:
        log.error("message refused", delivery=str(outgoing.row.id), kind=type(error).__name__)
        await give_up(dispatch, outgoing.row, State.FAILED, str(error))
        return None
    return message, checking.issued(outgoing, composer.about, dispatch.letterhead.index_key, now)


async def _issue(dispatch: Dispatch, written: Sequence[tuple[Message, Issued]]) -> None:
    """Hand messages over, once what they are known by is kept: nobody may get one that we would deny."""
    if not written:
        return
    async with transaction(Role.WORKER) as connection:
        await checking.issue(connection, [issued for _, issued in written])
    for message, _ in written:
        dispatch.ready.put_nowait(message)


async def _give_back(dispatch: Dispatch, rows: Sequence[Claimed]) -> None:
    """Tried once: what is not taken back then is left to its lease, and keeps no other group waiting."""
    try:
        await dispatch.give_back(rows)
    except ASTRAY as error:
        log.warning("rows are left to their lease", rows=len(rows), kind=type(error).__name__)


async def _postpone(dispatch: Dispatch, rows: list[Claimed], reason: str) -> None:
    for row in rows:
        await try_later(dispatch, row, reason)


async def _look_after_leases(dispatch: Dispatch) -> None:
    """Hold on to what is in hand, and take back what dead workers held."""
    now = dispatch.clock()
    resend = dispatch.tuning.in_doubt is InDoubt.RESEND
    async with transaction(Role.WORKER) as connection:
        lease_until = now + timedelta(seconds=dispatch.tuning.lease_seconds)
        await queries.renew(connection, list(dispatch.in_hand.values()), lease_until)
        found = await queries.sweep(connection, now, resend, resend_at(dispatch))
    if found:
        doubtful = sum(1 for row in found if row["reason"])
        log.warning("took back deliveries of a dead worker", rows=len(found), in_doubt=doubtful)
