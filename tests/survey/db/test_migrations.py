"""Migrations: one process at a time, forwards, backwards and forwards again, and who may run them."""

import asyncio

import asyncpg
import pytest

from survey.db import Database, Role, transaction
from survey.db.migrations import Step, migrate_backwards, migrate_forwards, steps

SCHEMA = """
SELECT format('%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attacl)
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
WHERE attnum > 0 AND relnamespace::regnamespace::text = ANY ($1) AND NOT attisdropped
UNION ALL
SELECT format('%s %s', oid::regclass, relacl) FROM pg_class WHERE relnamespace::regnamespace::text = ANY ($1)
UNION ALL
SELECT format('%s %s %s %s %s %s', polrelid::regclass, polname, polcmd, polroles::regrole[],
              pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy
UNION ALL
SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
WHERE connamespace::regnamespace::text = ANY ($1)
UNION ALL
SELECT format('%s %s', oid::regprocedure, proacl) FROM pg_proc WHERE pronamespace::regnamespace::text = ANY ($1)
ORDER BY 1
"""
NEWER_ROWS = {
    "identity.deactivation": "(affiliate_id, shopper_id, code, reason, decided_at)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), 'double', 'x', now())",
    "ops.bulk_action": "(id, affiliate_id, account_id, kind, done_at)"
    " VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'window', now())",
    "field.report_submission": "(report_id, number, affiliate_id, sealed, submitted_at)"
    " VALUES (gen_random_uuid(), -1, gen_random_uuid(), 'x', now())",
}
SOMEWHERE = "'00000000-0000-4000-8000-000000000001'"
ONCE, LATER, LEFT = (f"'00000000-0000-4000-8000-00000000000{number}'" for number in (2, 3, 4))
A_LIST = "(id, affiliate_id, client_id, file_key, file_digest, file_kind, created_by, created_at, rows_done)"
SOMEBODY = "(id, affiliate_id, role, email, email_index, name, status, created_at)"
# Named by a list of May and perhaps by one of June; a list of July named nobody. One account was disabled in March.
OF_BEFORE = {
    "field.affiliate": [
        "(id, kind, name, slug, postal_address, contact_email, created_at)"
        f" VALUES ({SOMEWHERE}, 'affiliate', 'Here', 'here', 'x', 'x', now())"
    ],
    "field.client": [
        f"(id, affiliate_id, name, created_at) VALUES ({SOMEWHERE}, {SOMEWHERE}, 'Brightwater Coffee', now())"
    ],
    "identity.contact_import": [
        f"{A_LIST} VALUES ({each}, {SOMEWHERE}, {SOMEWHERE}, '', '', 'csv', {SOMEWHERE}, '{day} 12:00+00', {rows})"
        for each, day, rows in ((ONCE, "2026-05-01", 3), (LATER, "2026-06-05", 2), (LEFT, "2026-07-01", 0))
    ],
    "identity.contact": [
        "(id, affiliate_id, client_id, import_id, email, email_index, suppression_key, created_on)"
        f" VALUES ({SOMEWHERE}, {SOMEWHERE}, {SOMEWHERE}, {ONCE}, 'x', 'x', 'x', '2026-05-01')"
    ],
    "identity.account": [
        f"{SOMEBODY} VALUES ({each}, {SOMEWHERE}, 'manager', 'x', '{n}', 'x', '{status}', '2026-01-0{n}')"
        for n, each, status in ((1, ONCE, "disabled"), (2, LATER, "active"))
    ],
    "ledger.event": [
        "(affiliate_id, at, actor_kind, action, object_kind, object_id)"
        f" VALUES ({SOMEWHERE}, '2026-03-04 12:00+00', 'staff', 'account.disable', 'account', {each})"
        for each in (ONCE, LATER)
    ],
}
PLANES = ["field", "identity", "ledger", "ops", "release", "vault"]


async def test_nobody_but_the_owner_can_change_the_schema(database: Database) -> None:
    for role in set(Role) - {Role.OWNER}:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _as(role, "CREATE TABLE ops.mine (a int)")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _as(role, "CREATE SCHEMA mine")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _as(role, "CREATE TABLE public.mine (a int)")


async def test_a_new_table_is_invisible_until_it_is_granted(fresh_database: Database) -> None:
    await _as(Role.OWNER, "CREATE TABLE field.new_thing (a int)")
    for role in set(Role) - {Role.OWNER}:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _as(role, "SELECT a FROM field.new_thing")


async def test_a_new_function_cannot_be_called_until_it_is_granted(fresh_database: Database) -> None:
    await _as(Role.OWNER, "CREATE FUNCTION field.new_function() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await _as(Role.STAFF, "SELECT field.new_function()")


async def test_the_owner_sees_no_tenants_rows(fresh_database: Database) -> None:
    async with transaction(Role.PROVIDER) as here:
        await here.execute(
            "INSERT INTO field.affiliate (kind, name, slug, postal_address, contact_email, created_at)"
            " VALUES ('affiliate', 'x', 'x', 'x', 'x', now())"
        )
    async with transaction(Role.OWNER) as here:
        assert await here.fetchval("SELECT count(*) FROM field.affiliate") == 0


async def test_a_migration_gives_up_waiting_for_a_lock(database: Database) -> None:
    async with transaction(Role.OWNER) as here:
        assert await here.fetchval("SHOW lock_timeout") == "4s"
        assert await here.fetchval("SHOW statement_timeout") == "10min"


async def test_forwards_backwards_and_forwards_again_is_the_same_schema(fresh_database: Database) -> None:
    before, all_steps = await _schema(fresh_database), await steps()
    for step in reversed(all_steps):
        await migrate_backwards(fresh_database, step.app, step.id)
    assert [step.is_applied for step in await steps()] == [False] * len(all_steps)
    emptied = await _schema(fresh_database)
    assert [line for line in emptied if "migration" not in line] == []
    assert await migrate_forwards(fresh_database) == [Step(step.app, step.id, False) for step in all_steps]
    assert await _schema(fresh_database) == before


async def test_a_way_back_takes_rows_along_that_the_older_schema_does_not_know(fresh_database: Database) -> None:
    first = next(step for step in await steps() if step.id.endswith("000046"))
    async with transaction(Role.OWNER) as here:
        for table, values in NEWER_ROWS.items():
            await here.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            for constraint in await here.fetch(
                "SELECT conname FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype = 'f'", table
            ):
                await here.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint[0]}")
            await here.execute(f"INSERT INTO {table} {values}")
            await here.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    await migrate_backwards(fresh_database, first.app, first.id)
    async with transaction(Role.OWNER) as here:
        for table in NEWER_ROWS:
            await here.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        assert await here.fetchval("SELECT code FROM identity.deactivation") == "other"
        assert await here.fetchval("SELECT count(*) FROM ops.bulk_action") == 0
        assert await here.fetchval("SELECT count(*) FROM field.report_submission") == 0


async def test_from_when_people_of_before_are_kept_is_found_in_what_was_recorded(fresh_database: Database) -> None:
    first = next(step for step in await steps() if step.id.endswith("000080"))
    await migrate_backwards(fresh_database, first.app, first.id)
    async with transaction(Role.OWNER) as here:
        for table in OF_BEFORE:
            await here.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for table, values in OF_BEFORE.items():
            for each in values:
                await here.execute(f"INSERT INTO {table} {each}")
        for table in OF_BEFORE:
            await here.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    await migrate_forwards(fresh_database)
    async with transaction(Role.WORKER) as here:
        named = await here.fetchval("SELECT named_on::text FROM identity.contact")
        since = await here.fetch("SELECT disabled_at::date::text AS day FROM identity.account ORDER BY created_at")
    assert (named, since[0]["day"], since[1]["day"]) == ("2026-06-05", "2026-03-04", None)


async def test_two_that_migrate_at_once_do_it_once(fresh_database: Database) -> None:
    all_steps = await steps()
    for step in reversed(all_steps):
        await migrate_backwards(fresh_database, step.app, step.id)
    results = await asyncio.gather(migrate_forwards(fresh_database), migrate_forwards(fresh_database))
    assert sorted(map(len, results)) == [0, len(all_steps)]


async def _as(role: Role, statement: str) -> None:
    async with transaction(role) as here:
        await here.execute(statement)


async def _schema(database: Database) -> list[str]:
    connection = await database.connect(Role.OWNER)
    rows = await connection.fetch(SCHEMA, PLANES)
    await connection.close()
    return [row[0] for row in rows]
