"""The tables of the house: every column classified, every class as the live schema is, every tenant fenced."""

import importlib
from collections import Counter
from pathlib import Path

import asyncpg
import pytest
from piccolo.columns import Array, Column, ForeignKey
from piccolo.table import Table

from privacy.inventory import check
from survey.db import Role

ROOT = Path(__file__).parents[2]
SCHEMAS = ["field", "identity", "ledger", "ops", "release", "vault"]

# Tables that libraries make for themselves, in the schema that holds nobody's data.
FOREIGN = {"ops.migration"}
FOREIGN_PREFIX = "ops.pgqueuer"

# Piccolo's names for what PostgreSQL spells out.
SPELLINGS = {"timestamp with time zone": "TIMESTAMPTZ", "timestamp without time zone": "TIMESTAMP"}

# An enumeration is text to Piccolo, which has no column for one that a library has made.
LIVE_COLUMNS = """
SELECT n.nspname || '.' || c.relname AS relation, a.attname AS name,
       CASE t.typtype WHEN 'e' THEN 'text' ELSE format_type(a.atttypid, a.atttypmod) END AS type,
       NOT a.attnotnull AS is_nullable
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
"""

UNFENCED = """
SELECT n.nspname || '.' || c.relname
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND a.attname = 'affiliate_id' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
"""

POWERFUL = """
SELECT rolname
FROM pg_roles
WHERE rolname LIKE 'candour\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
"""

MEMBERSHIPS = """
SELECT member::regrole || ' is a ' || roleid::regrole
FROM pg_auth_members
WHERE member::regrole::text LIKE 'candour\\_%'
"""

# A view reads with the rights of whoever made it, unless it is told otherwise.
CARELESS_VIEWS = """
SELECT oid::regclass::text
FROM pg_class
WHERE relkind = 'v' AND relnamespace::regnamespace::text = ANY ($1)
  AND NOT coalesce(reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on']
"""

# Functions without an access list may be called by everybody: that is PostgreSQL's default.
OPEN_TO_PUBLIC = """
WITH lists AS (
    SELECT 'database ' || datname AS what, coalesce(datacl, acldefault('d', datdba)) AS acl
    FROM pg_database WHERE datname = current_database()
    UNION ALL
    SELECT 'schema ' || nspname, coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace WHERE nspname = ANY ($1) OR nspname = 'public'
    UNION ALL
    SELECT 'relation ' || c.oid::regclass, relacl
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname = ANY ($1) AND relacl IS NOT NULL
    UNION ALL
    SELECT 'column ' || attrelid::regclass || '.' || attname, attacl
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE attacl IS NOT NULL AND relnamespace::regnamespace::text = ANY ($1)
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure, coalesce(proacl, acldefault('f', proowner))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = ANY ($1)
)
SELECT DISTINCT what FROM lists, aclexplode(acl) WHERE grantee = 0 ORDER BY what
"""


def declared_tables() -> list[type[Table]]:
    """Every table class of the product and of the privacy library."""
    found: list[type[Table]] = []
    for package in ("survey", "privacy"):
        for path in sorted((ROOT / package).glob("**/tables.py")) + sorted((ROOT / package).glob("**/tables/*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            module = importlib.import_module(name)
            found += [thing for thing in vars(module).values() if _is_table(thing) and thing.__module__ == name]
    return found


def _is_table(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, Table) and thing is not Table


def _relation(table: type[Table]) -> str:
    return f"{table._meta.schema or 'public'}.{table._meta.tablename}"


TABLES = declared_tables()


@pytest.fixture
async def live(superuser: asyncpg.Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    """Relation -> column -> (type, whether it may be null), as PostgreSQL has it."""
    relations: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in await superuser.fetch(LIVE_COLUMNS, SCHEMAS):
        columns = relations.setdefault(row["relation"], {})
        columns[row["name"]] = (SPELLINGS.get(row["type"], row["type"].upper()), row["is_nullable"])
    return relations


def test_every_column_says_what_it_is() -> None:
    check(TABLES)


def test_no_table_is_declared_twice() -> None:
    assert [name for name, count in Counter(map(_relation, TABLES)).items() if count > 1] == []


@pytest.mark.parametrize("table", TABLES, ids=_relation)
async def test_a_table_class_is_as_the_database_is(
    table: type[Table], live: dict[str, dict[str, tuple[str, bool]]]
) -> None:
    declared = {column._meta.db_column_name: (_type(column), column._meta.null) for column in table._meta.columns}
    assert declared == live.get(_relation(table))


async def test_every_table_has_a_class(live: dict[str, dict[str, tuple[str, bool]]]) -> None:
    unknown = set(live) - FOREIGN - {_relation(table) for table in TABLES}
    assert sorted(name for name in unknown if not name.startswith(FOREIGN_PREFIX)) == []


async def test_every_tenant_table_is_fenced_even_from_its_owner(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, UNFENCED) == []


async def test_no_role_of_ours_has_power_over_the_fences(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, POWERFUL) == []
    assert await _names(superuser, MEMBERSHIPS) == []


async def test_there_are_no_roles_but_those_that_are_known(superuser: asyncpg.Connection) -> None:
    ours = await _names(superuser, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'candour\\_%'")
    assert set(ours) == {role.login for role in Role}


async def test_nothing_is_open_to_everybody(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, OPEN_TO_PUBLIC, SCHEMAS) == []


async def test_no_function_runs_with_its_owners_rights(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef") == []


async def test_no_copy_of_data_escapes_its_fence_in_a_materialised_view(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, "SELECT relname FROM pg_class WHERE relkind = 'm'") == []


async def test_no_view_reads_past_the_fences(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, CARELESS_VIEWS, SCHEMAS) == []


async def test_no_extension_is_needed(superuser: asyncpg.Connection) -> None:
    assert await _names(superuser, "SELECT extname FROM pg_extension") == ["plpgsql"]


async def _names(connection: asyncpg.Connection, query: str, *arguments: object) -> list[str]:
    return [row[0] for row in await connection.fetch(query, *arguments)]


def _type(column: Column) -> str:
    if isinstance(column, Array):
        return f"{_type(column.base_column)}[]"
    if isinstance(column, ForeignKey):
        return _type(column._foreign_key_meta.resolved_references._meta.primary_key)
    return str(column.column_type)
