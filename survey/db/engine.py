"""Piccolo's engine without a pool of its own: outside `transaction()` it cannot reach the database at all."""

from typing import Any, NoReturn

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from .errors import OutsideTransaction


class BorrowingEngine(PostgresEngine):
    """Runs queries on the connection that `transaction()` has bound to the current task, and on no other."""

    async def check_version(self) -> None:
        """Nothing to ask at import; `doctor` asks for the version."""

    async def prep_database(self) -> None:
        """The schema uses no extension."""

    async def get_new_connection(self) -> NoReturn:
        """Piccolo asks for this outside a transaction, and for `.batch()`, which would leave the tenant's fence."""
        raise OutsideTransaction("Piccolo was asked to query outside survey.db.transaction()")


ENGINE = BorrowingEngine(config={"database": "candour"})


class _Closed:
    """Stands where a connection was: a task that outlives its transaction fails instead of writing into another."""

    def __getattr__(self, name: str) -> NoReturn:
        raise OutsideTransaction("the transaction has ended")


CLOSED: Any = _Closed()


class BoundTransaction(PostgresTransaction):
    """A transaction that is open already, in the shape in which Piccolo looks for it."""

    __slots__ = ()

    def __init__(self, connection: asyncpg.Connection) -> None:
        # Not super().__init__: that one looks for an outer transaction and opens its own connection.
        self.engine = ENGINE
        self.connection = connection
        self._parent = None
        self._savepoint_id = 0
        self._committed = False
        self._rolled_back = False
