"""What is wrong with a database, in plain words, for `candour doctor`."""

from datetime import UTC, datetime, timedelta

import asyncpg

from survey.settings import Settings

from .bootstrap import refuse_unsafe_roles
from .database import EVERY_ROLE, Database
from .errors import DatabaseUnavailable, UnsafeRole
from .migrations import steps
from .roles import Role

OLDEST_MAJOR_VERSION = 15
CLOCK_SECONDS = 5

FACTS = """
SELECT has_schema_privilege('public', 'public', 'CREATE'),
       NOT ssl AND inet_client_addr() IS NOT NULL AND inet_client_addr() <> inet_server_addr(),
       clock_timestamp()
FROM pg_stat_ssl
WHERE pid = pg_backend_pid()
"""


async def findings(settings: Settings) -> list[str]:
    """One sentence a fault; empty when all is well."""
    database = Database(EVERY_ROLE)
    try:
        await database.start(settings)
        return await _closed_doors(database) or await _faults_inside(database)
    except DatabaseUnavailable as error:
        return [str(error)]
    finally:
        await database.stop()


def judged(major_version: int, drift: timedelta, *, is_in_clear: bool) -> list[str]:
    """What is wrong with a server. is_in_clear: whether we reach it on another machine, without TLS."""
    found = []
    if major_version < OLDEST_MAJOR_VERSION:
        found.append(f"PostgreSQL {major_version} is older than {OLDEST_MAJOR_VERSION}: upgrade it")
    if abs(drift.total_seconds()) > CLOCK_SECONDS:
        off = abs(drift.total_seconds())
        found.append(f"the clocks of this machine and of the database differ by {off:.0f} seconds: set them by NTP")
    if is_in_clear:
        found.append("people's data travels to the database in clear: add sslmode=verify-full to DATABASE_URL")
    return found


async def _closed_doors(database: Database) -> list[str]:
    found = []
    for role in Role:
        try:
            await (await database.connect(role)).close()
        except OSError as error:
            return [f"the database does not answer ({type(error).__name__}): is the address right, and does it run?"]
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            found.append(f"{role.login} cannot sign in ({type(error).__name__}): run `candour migrate`")
    return found


async def _faults_inside(database: Database) -> list[str]:
    connection = await database.connect(Role.OWNER)
    try:
        found = await _faults_of_server(connection)
    finally:
        await connection.close()
    pending = [step.id for step in await steps() if not step.is_applied]
    return [*found, *([f"{len(pending)} migrations are pending: run `candour migrate`"] if pending else [])]


async def _faults_of_server(connection: asyncpg.Connection) -> list[str]:
    open_schema, is_in_clear, clock = await connection.fetchrow(FACTS)
    found = judged(connection.get_server_version().major, datetime.now(UTC) - clock, is_in_clear=is_in_clear)
    if open_schema:
        found.append("everybody may create tables in the schema public: REVOKE ALL ON SCHEMA public FROM PUBLIC")
    try:
        await refuse_unsafe_roles(connection)
    except UnsafeRole as error:
        found.append(str(error))
    return found
