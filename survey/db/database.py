"""The pools of one database, one per role; the one that was started last serves `transaction()`."""

from functools import partial

import asyncpg

from survey.settings import Settings

from .address import located
from .codecs import set_codecs
from .errors import OutsideTransaction, RoleRefused
from .pool import Pool
from .roles import ALLOWANCES, Role, password_of, session_settings

CONNECT_SECONDS = 10

# Migrations alone run as the owner: a process that serves people cannot become it.
EVERY_ROLE = frozenset(Role)
EVERYDAY = EVERY_ROLE - {Role.OWNER}

_started: list["Database"] = []


class Database:
    """Connections to PostgreSQL for this process, as the roles it may take. Nothing is opened before it is wanted."""

    def __init__(self, roles: frozenset[Role] = EVERYDAY) -> None:
        self._roles = roles
        self._pools: dict[Role, Pool] = {}
        self._url = ""
        self._secret = b""

    async def start(self, settings: Settings) -> None:
        """Learn where the database is and become the one that `transaction()` uses."""
        self._url = located(settings)
        self._secret = settings.database_secret
        self._pools = {role: Pool(partial(self.connect, role), ALLOWANCES[role].connections) for role in self._roles}
        _started.append(self)

    async def stop(self) -> None:
        """Close every connection."""
        if self in _started:
            _started.remove(self)
        for pool in self._pools.values():
            await pool.close()

    def pool(self, role: Role) -> Pool:
        """The role's pool. Raises RoleRefused."""
        try:
            return self._pools[role]
        except KeyError:
            raise RoleRefused(role.login) from None

    async def connect(self, role: Role) -> asyncpg.Connection:
        """A connection outside the pools, for LISTEN and the like; the caller closes it. Raises RoleRefused."""
        if role not in self._roles:
            raise RoleRefused(role.login)
        connection = await asyncpg.connect(
            self._url,
            user=role.login,
            password=password_of(role, self._secret),
            server_settings=session_settings(role),
            timeout=CONNECT_SECONDS,
        )
        await set_codecs(connection)
        return connection


def active() -> Database:
    """The database that this process has started."""
    if not _started:
        raise OutsideTransaction("no database has been started in this process")
    return _started[-1]
