"""What exists before the first migration: the LOGIN roles, the database, the schema `ops`, and nothing for PUBLIC."""

import asyncpg

from .database import Database
from .errors import UnsafeRole
from .roles import Role, password_of
from .scram import verifier_of

# Any number, the same in every process: two that start together would both find a role missing.
LOCK_NUMBER = 0x43414E44

# Imports are copied into a temporary table first: COPY refuses to write where row-level security stands.
MAY_MAKE_TEMPORARY_TABLES = (Role.OWNER, Role.WORKER)

# A function may be called by PUBLIC, and a type used, unless this is said; a table is closed to all by itself.
FIRST_OBJECTS = """
CREATE SCHEMA IF NOT EXISTS ops;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
"""

UNSAFE = """
SELECT rolname
FROM pg_roles
WHERE rolname = ANY ($1) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)
ORDER BY rolname
"""


async def create_database(superuser_url: str, name: str, *, template: str = "template1") -> None:
    """Make a database, unless it is there."""
    connection = await asyncpg.connect(superuser_url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {_identifier(name)} TEMPLATE {_identifier(template)}")
    finally:
        await connection.close()


async def drop_database(superuser_url: str, name: str) -> None:
    """Remove a database and cut whoever is connected to it."""
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {_identifier(name)} WITH (FORCE)")
    finally:
        await connection.close()


async def ensure_roles(admin_url: str, database_secret: bytes) -> None:
    """Make or mend the LOGIN roles. The URL's user is a superuser, or may at least create roles.

    Raises UnsafeRole if one of them could step over row-level security.
    """
    connection = await asyncpg.connect(admin_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK_NUMBER)
            for role in Role:
                await _ensure_role(connection, role, password_of(role, database_secret))
        await refuse_unsafe_roles(connection)
    finally:
        await connection.close()


async def ensure_database(admin_url: str, database: Database) -> None:
    """Close the database and its public schema to PUBLIC; make the schema `ops`. Both name the same database."""
    admin = await asyncpg.connect(admin_url)
    try:
        await _grant_database(admin)
    finally:
        await admin.close()
    owner = await database.connect(Role.OWNER)
    try:
        await owner.execute(FIRST_OBJECTS)
    finally:
        await owner.close()


async def refuse_unsafe_roles(connection: asyncpg.Connection) -> None:
    """Raise UnsafeRole if a LOGIN role of ours has power over roles or row-level security."""
    unsafe = await connection.fetch(UNSAFE, [role.login for role in Role])
    if unsafe:
        raise UnsafeRole(f"these roles can step over row-level security: {', '.join(row[0] for row in unsafe)}")


async def _ensure_role(connection: asyncpg.Connection, role: Role, password: str) -> None:
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role.login)
    # ALTER may not even mention SUPERUSER or BYPASSRLS on a managed server; what is found is checked afterwards.
    attributes = "LOGIN NOINHERIT" if exists else "LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(f"{verb} ROLE {role.login} {attributes} PASSWORD '{verifier_of(password)}'")


async def _grant_database(admin: asyncpg.Connection) -> None:
    name = _identifier(await admin.fetchval("SELECT current_database()"))
    everybody = ", ".join(role.login for role in Role)
    temporary = ", ".join(role.login for role in MAY_MAKE_TEMPORARY_TABLES)
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await admin.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    await admin.execute(f"GRANT CONNECT ON DATABASE {name} TO {everybody}")
    await admin.execute(f"GRANT TEMPORARY ON DATABASE {name} TO {temporary}")
    await admin.execute(f"GRANT CREATE ON DATABASE {name} TO {Role.OWNER.login}")
    if await admin.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        await admin.execute(f"ALTER DATABASE {name} OWNER TO {Role.OWNER.login}")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
