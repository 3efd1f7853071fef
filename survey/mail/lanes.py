"""One connection at work: take a message, hand it over, and know at every moment how far it has come."""

import asyncio

import structlog

from .dispatch import Dispatch
from .domain import Phase, Reply, Sent, Verdict, judge, kept
from .relay import Answered, Line
from .settling import note_recovery, refused_at_dot, settle
from .skeleton import Message

log = structlog.get_logger("candour.mail")

TRIES_AT_ONCE = 3
NOTICEABLE_SECONDS = 0.05


class Lane:
    """A connection's loop. `sent` is the message that the relay has taken and that is not marked yet: one at most."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch
        self._line = Line(dispatch.relay, dispatch.letterhead.mail_domain)
        self._sent: Sent | None = None

    async def run(self) -> None:
        """Hand over messages until a None comes instead of one."""
        try:
            while (message := await self._next()) is not None:
                await self._take(message)
            await self._flush()
        finally:
            await self._line.close()

    async def _next(self) -> Message | None:
        ready = self._dispatch.ready
        if ready.empty():
            self._dispatch.hungry.set()
            await self._flush()
        elif ready.qsize() <= self._dispatch.tuning.batch // 2:
            self._dispatch.hungry.set()
        return await ready.get()

    async def _take(self, message: Message) -> None:
        try:
            if await self._may_go(message):
                await self._hand_over(message)
        except Exception as error:
            # A lane outlives whatever befalls one message. The row stays as it stands until its lease ends.
            log.error("delivery left to its lease", delivery=str(message.row.id), kind=type(error).__name__)
            self._dispatch.in_hand.pop(message.row.id, None)

    async def _may_go(self, message: Message) -> bool:
        """Wait for the pace. Gives the message back if the relay rests or the process ends."""
        dispatch = self._dispatch
        now = asyncio.get_running_loop().time()
        wait = dispatch.pacer.wait_seconds(now)
        if wait > NOTICEABLE_SECONDS:
            await self._flush()
        if wait:
            await dispatch.nap(wait)
        if dispatch.stop.is_set() or dispatch.breaker.pause_seconds(now + wait):
            await dispatch.give_back([message.row])
            return False
        return True

    async def _hand_over(self, message: Message) -> None:
        reply = Reply(Phase.CONNECT)
        for _ in range(TRIES_AT_ONCE):
            answered = await self._attempt(message)
            if answered is None:
                return
            reply = answered
            if judge(reply) is not Verdict.RETRY_NOW:
                break
        else:
            # Cut off again and again before the dot: the relay is in trouble, not the message.
            reply = Reply(Phase.CONNECT)
        await self._flush()
        await settle(self._dispatch, message.row, reply)

    async def _attempt(self, message: Message) -> Reply | None:
        """Try once. None: the relay has it, or it must not be sent; otherwise what was answered."""
        dispatch, line = self._dispatch, self._line
        dispatch.marker.at_work += 1
        try:
            await line.open()
            sent, self._sent = self._sent, None
            # Written while MAIL and RCPT are under way; nothing of the message leaves before it is.
            granted = dispatch.marker.before_dot(message.row, sent)
            try:
                await line.begin(message.sender, message.recipient, len(message.content))
            finally:
                may_go = await granted
            if not may_go:
                await line.reset()
                await refused_at_dot(dispatch, message.row)
                return None
            said = await line.deliver(message.content)
        except Answered as answer:
            return answer.reply
        finally:
            dispatch.marker.at_work -= 1
        self._sent = Sent(message.row, kept(said))
        dispatch.in_hand.pop(message.row.id, None)
        if dispatch.breaker.is_probing:
            await note_recovery(dispatch)
        return None

    async def _flush(self) -> None:
        """Mark the last message now rather than with the next one."""
        if self._sent is not None:
            sent, self._sent = self._sent, None
            await self._dispatch.marker.after_last(sent)
