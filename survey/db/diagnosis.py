"""What is wrong with a database, in plain words, for `candour doctor`."""

from datetime import UTC, datetime

import asyncpg

from .bootstrap import refuse_unsafe_roles
from .database import Database
from .errors import DatabaseUnavailable, UnsafeRole
from .migrations import steps
from .roles import Role

OLDEST_VERSION = 150000
CLOCK_SECONDS = 5

PUBLIC_SCHEMA = "SELECT has_schema_privilege('public', 'public', 'CREATE')"


async def findings(database: Database) -> list[str]:
    """One sentence a fault; empty when all is well."""
    found = []
    for role in Role:
        try:
            await (await database.connect(role)).close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DatabaseUnavailable) as error:
            found.append(f"{role.login} cannot sign in ({type(error).__name__}): run `candour migrate` as the owner")
    return found or await _findings_inside(database)


async def _findings_inside(database: Database) -> list[str]:
    found = []
    connection = await database.connect(Role.OWNER)
    try:
        if connection.get_server_version()[0] * 10000 < OLDEST_VERSION:
            found.append("PostgreSQL is older than 15: upgrade it")
        if await connection.fetchval(PUBLIC_SCHEMA):
            found.append("everybody may create tables in the schema public: REVOKE ALL ON SCHEMA public FROM PUBLIC")
        drift = abs((datetime.now(UTC) - await connection.fetchval("SELECT clock_timestamp()")).total_seconds())
        if drift > CLOCK_SECONDS:
            found.append(f"the clocks of this machine and the database differ by {drift:.0f} seconds")
        await refuse_unsafe_roles(connection)
    except UnsafeRole as error:
        found.append(str(error))
    finally:
        await connection.close()
    pending = [step.id for step in await steps() if not step.is_applied]
    return [*found, *([f"{len(pending)} migrations are pending: run `candour migrate`"] if pending else [])]
