"""Which role may do what, tried for real and compared with role_matrix.txt.

After a change that is meant, run this file with CANDOUR_WRITE_MATRIX=1 and read the diff.
"""

import os
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from survey.db import Database, Role
from survey.db.embedded import Cluster
from tests.attacks.roles import TRIED, granted_on, matrix, may, runs, scratch
from tests.conftest import SHARED, World

EXPECTED = Path(__file__).parent / "role_matrix.txt"
PEOPLE = ("identity.contact", "identity.panelist", "identity.account", "identity.response_link", "vault.subject_key")

MEMBERS = """
SELECT g.rolname, m.rolname
  FROM pg_auth_members a
  JOIN pg_roles g ON g.oid = a.roleid
  JOIN pg_roles m ON m.oid = a.member
 WHERE m.rolname = ANY ($1)
"""
PRIVILEGES = {
    "SELECT": "select", "SELECT (told)": "select(told)", "INSERT": "insert", "INSERT (told)": "insert(told)",
    "UPDATE": "update", "UPDATE (told)": "update(told)", "DELETE": "delete", "TRUNCATE": "truncate",
    "REFERENCES": "references", "REFERENCES (id)": "references", "TRIGGER": "trigger",
}  # fmt: skip


async def test_every_role_may_do_what_the_checked_in_table_says_and_nothing_else(
    database: Database, superuser: asyncpg.Connection
) -> None:
    found = await matrix(database, superuser)
    if os.environ.get("CANDOUR_WRITE_MATRIX"):
        EXPECTED.write_text(found)
    assert found == EXPECTED.read_text()


async def test_no_role_can_sign_in_that_the_table_leaves_out_and_none_acts_for_another(
    database: Database, superuser: asyncpg.Connection
) -> None:
    # The owner is left out of the table: it may do everything, and only migrations sign in as it.
    rows = await superuser.fetch("SELECT rolname FROM pg_roles WHERE rolcanlogin AND NOT rolsuper")
    assert {row["rolname"] for row in rows} == {role.login for role in (*TRIED, Role.OWNER)}
    rows = await superuser.fetch(MEMBERS, [role.login for role in TRIED])
    assert [tuple(row) for row in rows] == []


async def test_whatever_is_granted_is_found(database: Database, superuser: asyncpg.Connection) -> None:
    table, numbers = (f"ops.granted_{uuid4().hex[:8]}" for _ in range(2))
    await superuser.execute(f"CREATE TABLE {table} (id uuid PRIMARY KEY, told int); CREATE SEQUENCE {numbers}")
    connection = await database.connect(Role.CLIENT)
    try:
        async with scratch(superuser):
            await superuser.execute(f"GRANT USAGE ON SCHEMA ops TO {Role.CLIENT.login}")
            assert await granted_on(connection, table, ["id", "told"]) == []
            for privilege, verb in PRIVILEGES.items():
                await superuser.execute(f"GRANT {privilege} ON {table} TO {Role.CLIENT.login}")
                assert verb in await granted_on(connection, table, ["id", "told"]), privilege
                await superuser.execute(f"REVOKE ALL ON {table} FROM {Role.CLIENT.login}")
            await superuser.execute(f"GRANT USAGE ON SEQUENCE {numbers} TO {Role.CLIENT.login}")
            assert await granted_on(connection, numbers, ["last_value"]) == ["usage"]
    finally:
        await connection.close()
        await superuser.execute(f"DROP TABLE {table}; DROP SEQUENCE {numbers}")


@pytest.mark.parametrize("relation", PEOPLE)
async def test_the_clients_role_cannot_reach_a_person_by_any_trick(database: Database, relation: str) -> None:
    schema, name = relation.split(".")
    connection = await database.connect(Role.CLIENT)
    try:
        assert not await runs(connection, f"SELECT 1 FROM {relation}")
        assert not await runs(connection, f"SET LOCAL search_path = {schema}; SELECT 1 FROM {name}")
        assert not await runs(connection, f"CREATE TEMP VIEW v AS SELECT * FROM {relation}")
        for role in Role:
            assert not await runs(connection, f"SET ROLE {role.login}; SELECT 1 FROM {relation}")
        assert not await runs(connection, f"COPY {relation} TO STDOUT")
        assert not await runs(connection, f"SELECT query_to_xml('SELECT * FROM {relation}', true, false, '')")
    finally:
        await connection.close()


async def test_the_tricks_work_for_a_role_that_is_granted_the_table(database: Database) -> None:
    connection = await database.connect(Role.CLIENT)
    try:
        assert await runs(connection, "SET LOCAL search_path = release; SELECT 1 FROM cell")
        assert await runs(connection, "SELECT query_to_xml('SELECT * FROM release.cell', true, false, '')")
    finally:
        await connection.close()


async def test_a_new_table_is_invisible_until_it_is_granted(cluster: Cluster, database: Database) -> None:
    owner = await asyncpg.connect(cluster.url(SHARED, as_superuser=True))
    table = f"field.new_{uuid4().hex}"
    await owner.execute(f"SET ROLE {Role.OWNER.login}; CREATE TABLE {table} (id uuid)")
    try:
        for role in TRIED:
            connection = await database.connect(role)
            assert not await may(connection, f"SELECT id FROM {table}")
            assert not await may(connection, f"INSERT INTO {table} SELECT NULL WHERE false")
            await connection.close()
    finally:
        await owner.execute(f"DROP TABLE {table}; RESET ROLE")
        await owner.close()


async def tenant_tables(connection: asyncpg.Connection) -> list[str]:
    """Every table with a tenant key that staff may read."""
    rows = await connection.fetch(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.columns"
        " WHERE column_name = 'affiliate_id' AND table_schema IN ('identity', 'field', 'ops', 'vault', 'ledger')"
        " ORDER BY 1"
    )
    return [row["name"] for row in rows]


async def test_without_a_tenant_staff_see_no_row_and_with_one_no_row_of_another(
    database: Database, world: World, superuser: asyncpg.Connection
) -> None:
    for affiliate_id in (world.alices.affiliate_id, world.charlies.affiliate_id):
        await superuser.execute(
            "INSERT INTO field.client (affiliate_id, name, created_at) VALUES ($1, 'Planted', now())", affiliate_id
        )
    connection = await database.connect(Role.STAFF)
    try:
        for table in await tenant_tables(connection):
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
        await connection.execute("SELECT set_config('app.affiliate', $1, false)", str(world.alices.affiliate_id))
        seen = await connection.fetch("SELECT affiliate_id FROM field.client")
        assert {row["affiliate_id"] for row in seen} == {world.alices.affiliate_id}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "INSERT INTO field.client (affiliate_id, name, created_at) VALUES ($1, 'Smuggled', now())",
                world.charlies.affiliate_id,
            )
    finally:
        await connection.close()
