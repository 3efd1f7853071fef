"""One request or one attempt of a job is one transaction, as one role, for one tenant."""

import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar, Token
from types import TracebackType
from uuid import UUID

import asyncpg

from .database import active
from .engine import CLOSED, ENGINE, BoundTransaction
from .errors import NestedTransaction, NotCommitted, OutsideTransaction
from .pool import Pool
from .roles import Role

NODE_PATH = re.compile(r"(/[0-9a-f]{32})+/")

# The signs of a server that was restarted, or a network that was cut, while a connection lay idle. InternalClientError
# is one: a server's last word leaves the connection in a state in which the next question is refused by asyncpg itself.
LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
)

_LIMIT = "SELECT set_config('app.clients', $1, true)"

_current: ContextVar["Transaction | None"] = ContextVar("survey_transaction", default=None)


def transaction(  # noqa: PLR0913  (one for each fence, each by its name)
    role: Role,
    *,
    affiliate: UUID | None = None,
    client: UUID | None = None,
    node: str | None = None,
    link: UUID | None = None,
    session: bytes | None = None,
    shopper: UUID | None = None,
    clients: Collection[UUID] | None = None,
) -> "Transaction":
    """Open a transaction as `role`; row-level security sees only what the other arguments name.

    `async with transaction(...) as connection` commits at the end, or rolls back when an exception leaves the block.
    node: a location's path; session: the SHA-256 of a session id; clients: those a member of staff works for, None for
    all. Raises NestedTransaction inside another one.
    """
    limit = "" if clients is None else f"{{{','.join(_id(each) for each in clients)}}}"
    return Transaction(active().pool(role), _beginning(affiliate, client, node, link, session, shopper, limit), limit)


def connection() -> asyncpg.Connection:
    """The connection of the transaction this task is in. Raises OutsideTransaction."""
    return current().connection


def current() -> "Transaction":
    """The transaction this task is in. Raises OutsideTransaction."""
    found = _current.get()
    if found is None or not found.is_open:
        raise OutsideTransaction("no transaction is open here")
    return found


def is_open() -> bool:
    """Whether this task is in a transaction."""
    found = _current.get()
    return found is not None and found.is_open


@asynccontextmanager
async def beyond_clients() -> AsyncIterator[None]:
    """For a rule that counts what it must not show: within it, somebody limited to certain clients is not.

    What is read here decides, or is told of a person as one number or last day for all clients together: no name and no
    place of another client's reaches a page, and no row as it is.
    `tests/structure/test_clients.py` lists the few modules that may. Costs those who are not limited nothing.
    """
    here = current()
    if not here.limit:
        yield
        return
    limit, here.limit = here.limit, ""
    await here.connection.execute(_LIMIT, "")
    try:
        yield
    finally:
        here.limit = limit
        # In a transaction that has failed nothing can be set, and the roll-back to a savepoint brings the limit back.
        with suppress(asyncpg.InFailedSQLTransactionError):
            await here.connection.execute(_LIMIT, limit)


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """A part of the transaction that may fail alone: an exception undoes the part and travels on."""
    here = connection()
    await here.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        await here.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
        raise
    await here.execute("RELEASE SAVEPOINT part")


class Transaction:
    """An open transaction; `transaction()` makes them."""

    __slots__ = ("_beginning", "_binding", "_connection", "_piccolo_token", "_pool", "_token", "is_open", "limit")

    def __init__(self, pool: Pool, beginning: str, limit: str = "") -> None:
        self._pool = pool
        self._beginning = beginning
        self.limit = limit
        self.is_open = False

    @property
    def connection(self) -> asyncpg.Connection:
        """The connection, as long as the transaction is open."""
        if not self.is_open:
            raise OutsideTransaction("the transaction has ended")
        return self._connection

    def read_only(self) -> "Transaction":
        """The same, begun READ ONLY: PostgreSQL refuses every write, whatever the role may do elsewhere."""
        self._beginning = self._beginning.replace("BEGIN", "BEGIN READ ONLY", 1)
        return self

    async def __aenter__(self) -> asyncpg.Connection:
        outer = _current.get()
        if outer is not None and outer.is_open:
            raise NestedTransaction("a transaction is open already")
        self._connection = await self._begun()
        self.is_open = True
        self._binding = BoundTransaction(self._connection)
        self._token: Token[Transaction | None] = _current.set(self)
        self._piccolo_token = ENGINE.current_transaction.set(self._binding)
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await (self.commit() if error is None else self.rollback())
        finally:
            _current.reset(self._token)
            ENGINE.current_transaction.reset(self._piccolo_token)

    async def commit(self) -> None:
        """Commit now; nothing can be asked afterwards. Raises NotCommitted if PostgreSQL rolled back instead."""
        if self.is_open and await self._end("COMMIT") != "COMMIT":
            raise NotCommitted("an error inside the transaction was swallowed; nothing has been written")

    async def rollback(self) -> None:
        """Undo everything now; nothing can be asked afterwards."""
        if not self.is_open:
            return
        try:
            await self._end("ROLLBACK")
        except LOST:
            # A connection that is gone has rolled back by itself; the reason for the roll-back is what matters.
            return

    async def _begun(self) -> asyncpg.Connection:
        here = await self._pool.acquire()
        try:
            await here.execute(self._beginning)
        except LOST:
            # Nothing was asked yet, so that a new connection may begin again.
            here = await self._pool.replace(here)
            await self._first(here)
        except BaseException:
            self._pool.discard(here)
            raise
        return here

    async def _first(self, here: asyncpg.Connection) -> None:
        try:
            await here.execute(self._beginning)
        except BaseException:
            self._pool.discard(here)
            raise

    async def _end(self, how: str) -> str:
        self.is_open = False
        self._binding.connection = CLOSED
        try:
            answer: str = await self._connection.execute(how)
        except asyncpg.PostgresError:
            self._pool.release(self._connection)
            raise
        except BaseException:
            self._pool.discard(self._connection)
            raise
        self._pool.release(self._connection)
        return answer


def _beginning(  # noqa: PLR0913  (one for each fence)
    affiliate: UUID | None,
    client: UUID | None,
    node: str | None,
    link: UUID | None,
    session: bytes | None,
    shopper: UUID | None,
    limit: str,
) -> str:
    """BEGIN and what the policies read, in one message. Only hexadecimal digits and the signs of paths and lists."""
    statement = "BEGIN"
    if affiliate is not None:
        statement += f";SET LOCAL app.affiliate='{_id(affiliate)}'"
    if client is not None:
        statement += f";SET LOCAL app.client='{_id(client)}'"
    if node is not None:
        if not NODE_PATH.fullmatch(node):
            raise ValueError("not the path of a location")
        statement += f";SET LOCAL app.node='{node}'"
    if link is not None:
        statement += f";SET LOCAL app.link='{_id(link)}'"
    if session is not None:
        statement += f";SET LOCAL app.session='{session.hex()}'"
    if shopper is not None:
        statement += f";SET LOCAL app.shopper='{_id(shopper)}'"
    if limit:
        statement += f";SET LOCAL app.clients='{limit}'"
    return statement


def _id(value: UUID) -> str:
    # asyncpg's own UUID is a subclass; anything else has no business in a statement.
    if not isinstance(value, UUID):
        raise TypeError("an id must be a UUID")
    return str(value)
