"""What is wrong with a database, in plain words, for `candour doctor`."""

from datetime import UTC, datetime

import asyncpg

from survey.settings import Settings

from .bootstrap import refuse_unsafe_roles
from .database import EVERY_ROLE, Database
from .errors import DatabaseUnavailable, UnsafeRole
from .migrations import steps
from .roles import Role

OLDEST_MAJOR_VERSION = 15
CLOCK_SECONDS = 5

PUBLIC_SCHEMA = "SELECT has_schema_privilege('public', 'public', 'CREATE')"


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


async def _closed_doors(database: Database) -> list[str]:
    found = []
    for role in Role:
        try:
            await (await database.connect(role)).close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
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
    found = []
    if connection.get_server_version().major < OLDEST_MAJOR_VERSION:
        found.append(f"PostgreSQL is older than {OLDEST_MAJOR_VERSION}: upgrade it")
    if await connection.fetchval(PUBLIC_SCHEMA):
        found.append("everybody may create tables in the schema public: REVOKE ALL ON SCHEMA public FROM PUBLIC")
    drift = abs((datetime.now(UTC) - await connection.fetchval("SELECT clock_timestamp()")).total_seconds())
    if drift > CLOCK_SECONDS:
        found.append(f"the clocks of this machine and of the database differ by {drift:.0f} seconds")
    try:
        await refuse_unsafe_roles(connection)
    except UnsafeRole as error:
        found.append(str(error))
    return found
