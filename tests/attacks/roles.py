"""What each LOGIN role may do with each relation, found by trying; columns are named where not all are meant."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg

from survey.db import Database, Role

# Where every role may make a table: without it no attempt to refer to somebody else's would get far enough to count.
SCRATCH = "scratch"
# Whatever schema a migration may add, and whatever holds or shows rows; sequences count how many there were. What the
# database works out by itself nobody can write, whatever is granted.
RELATIONS = f"""
SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       coalesce(array_agg(a.attname::text) FILTER (WHERE a.attgenerated <> ''), '{{}}') AS generated
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname !~ '^pg_|^information_schema$|^{SCRATCH}$'
   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
 GROUP BY 1, 2
 ORDER BY 1, 2
"""
BY_COLUMN = {
    "select": 'SELECT "{column}" FROM {relation} LIMIT 0',
    "insert": 'INSERT INTO {relation} ("{column}") SELECT NULL WHERE false',
    "update": 'UPDATE {relation} SET "{column}" = NULL WHERE false',
}
WHOLE = {
    "references": f"CREATE TABLE {SCRATCH}.child (parent uuid, FOREIGN KEY (parent) REFERENCES {{relation}})",
    "trigger": "CREATE TRIGGER spy BEFORE UPDATE ON {relation} FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "maintain": "REINDEX TABLE {relation}",
    "usage": "SELECT nextval('{relation}')",
    "delete": "DELETE FROM {relation} WHERE false",
    "truncate": "TRUNCATE {relation} CASCADE",
    "lock": "LOCK TABLE {relation} IN ACCESS EXCLUSIVE MODE",
}
TRIED = [role for role in Role if role is not Role.OWNER]


async def matrix(database: Database, superuser: asyncpg.Connection) -> str:
    """The whole table as text. Every attempt is made for real and undone."""
    lines = []
    async with scratch(superuser):
        for role in TRIED:
            lines.append(role.login)
            connection = await database.connect(role)
            try:
                lines += await _rows(connection)
            finally:
                await connection.close()
    return "\n".join(lines) + "\n"


@asynccontextmanager
async def scratch(superuser: asyncpg.Connection) -> AsyncIterator[None]:
    """The schema SCRATCH, open to every role, for as long as the block lasts."""
    everybody = ", ".join(role.login for role in TRIED)
    await superuser.execute(
        f"DROP SCHEMA IF EXISTS {SCRATCH} CASCADE; CREATE SCHEMA {SCRATCH};"
        f" GRANT USAGE, CREATE ON SCHEMA {SCRATCH} TO {everybody}"
    )
    try:
        yield
    finally:
        await superuser.execute(f"DROP SCHEMA {SCRATCH} CASCADE")


async def _rows(connection: asyncpg.Connection) -> list[str]:
    rows = []
    for relation in await connection.fetch(RELATIONS):
        name = f"{relation['schema']}.{relation['name']}"
        if granted := await granted_on(connection, name, relation["columns"], relation["generated"]):
            rows.append(f"  {name:34}{' '.join(granted)}")
    return rows


async def granted_on(
    connection: asyncpg.Connection, relation: str, columns: Sequence[str], generated: Sequence[str] = ()
) -> list[str]:
    """Every verb that the role may use on the relation."""
    granted = []
    for verb, statement in BY_COLUMN.items():
        wanted = [column for column in columns if verb == "select" or column not in generated]
        allowed = [
            column for column in wanted if await may(connection, statement.format(relation=relation, column=column))
        ]
        if allowed:
            granted.append(verb if len(allowed) == len(wanted) else f"{verb}({','.join(allowed)})")
    for verb, statement in WHOLE.items():
        if await may(connection, statement.format(relation=relation)):
            granted.append(verb)
    return granted


async def runs(connection: asyncpg.Connection, statement: str) -> bool:
    """Whether a statement gets through at all, for whatever reason it might not. Whatever it does is undone."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        await connection.execute(statement)
    except (asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    else:
        return True
    finally:
        await attempt.rollback()


async def may(connection: asyncpg.Connection, statement: str) -> bool:
    """Whether the role's privileges let the statement run. Whatever it does is undone."""
    attempt = connection.transaction()
    await attempt.start()
    try:
        await connection.execute(statement)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.WrongObjectTypeError):
        # The second: nobody can do this to a relation of this kind, whatever he is granted.
        return False
    except asyncpg.PostgresError:
        # Refused for another reason, which comes after the privilege was found.
        return True
    else:
        return True
    finally:
        await attempt.rollback()
