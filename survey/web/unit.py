"""The transaction of one request: ended before the first byte of the answer leaves, and what is done after it."""

from collections.abc import Callable

from litestar.types import HTTPScope, Message, Receive, Send

from survey.db import Role, Transaction, transaction

from . import queries
from .guards import Plane
from .page import Page
from .visit import VISIT, NotOnThisPlane, Visit

Failed = Callable[[HTTPScope, Exception], Page]
REFUSED_FROM = 400


class Unit:
    """Stands where the handler sends its answer.

    A COMMIT that fails becomes the answer: raising here would not help, since Litestar takes an answer for sent as soon
    as it has tried to send it.
    """

    __slots__ = ("failed", "is_replaced", "is_started", "opened", "receive", "scope", "send", "visit")

    def __init__(self, scope: HTTPScope, receive: Receive, send: Send, failed: Failed) -> None:
        self.visit: Visit = scope["state"][VISIT]
        self.scope = scope
        self.receive = receive
        self.send = send
        self.failed = failed
        self.opened: Transaction | None = None
        self.is_started = False
        self.is_replaced = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on; before the first one, end the transaction. Below 400 what was written stays."""
        if self.is_replaced:
            return
        if not self.is_started and message["type"] == "http.response.start":
            try:
                await self._end(is_kept=message["status"] < REFUSED_FROM)
            except Exception as error:
                await self.replace(error)
                return
            self.is_started = True
        await self.send(message)

    async def replace(self, error: Exception) -> None:
        """Answer with an error page, and drop whatever the handler still sends."""
        self.is_started = self.is_replaced = True
        await self.failed(self.scope, error)(self.scope, self.receive, self.send)

    async def _end(self, *, is_kept: bool) -> None:
        visit = self.visit
        if self.opened is not None:
            await (self.opened.commit() if is_kept else self.opened.rollback())
        if visit.afterwards:
            await _survivors(visit)
        if visit.flashes or visit.is_flash_shown:
            await _flashes(visit, is_kept=is_kept)


def transaction_for(role: Role, visit: Visit) -> Transaction:
    """The request's transaction, fenced by all that is known of the visitor so far."""
    if visit.link is not None:
        return transaction(role, link=visit.link)
    scope = visit.scope
    if visit.access.plane is not Plane.VIEWER:
        if scope is None:
            return transaction(role)
        return transaction(role, affiliate=scope.affiliate_id, shopper=scope.shopper_id, clients=scope.clients)
    if scope is None:
        return transaction(role, session=visit.session_hash)
    return transaction(role, affiliate=scope.affiliate_id, client=scope.client_id, node=scope.node_path)


async def _survivors(visit: Visit) -> None:
    works, visit.afterwards = visit.afterwards, []
    if visit.access.role is None:
        raise NotOnThisPlane("nothing can be written from a route that asked for no role")
    async with transaction_for(visit.access.role, visit):
        for work in works:
            await work()


async def _flashes(visit: Visit, *, is_kept: bool) -> None:
    flashes = visit.flashes if is_kept else []
    if visit.session is None or not (flashes or visit.is_flash_shown):
        return
    async with transaction(Role.GATE):
        await queries.keep_flashes(visit.session.id_hash, flashes, is_shown=visit.is_flash_shown)
