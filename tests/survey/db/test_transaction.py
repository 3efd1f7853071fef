"""Transactions: what they refuse, what they let through, and that every connection comes back."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import asyncpg
import pytest
from piccolo import columns
from piccolo.table import Table

from survey.db import Database, DatabaseUnavailable, Role, Scope, connection, current, savepoint, transaction
from survey.db import pool as pool_module
from survey.db.engine import ENGINE
from survey.db.errors import NestedTransaction, NotCommitted, OutsideTransaction
from survey.db.pool import Pool
from tests.conftest import World

TENANT = "SELECT nullif(current_setting('app.affiliate', true), '')"


class Affiliate(Table, tablename="affiliate", schema="field"):
    """Just enough of the tenants' table to ask Piccolo something."""

    id = columns.UUID(primary_key=True)
    name = columns.Text()


async def test_a_statement_outside_a_transaction_is_refused(database: Database) -> None:
    with pytest.raises(OutsideTransaction):
        connection()


async def test_piccolo_is_refused_outside_a_transaction(database: Database) -> None:
    with pytest.raises(OutsideTransaction):
        await Affiliate.select(Affiliate.name)


async def test_piccolos_batch_would_leave_the_fence_and_is_refused(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        with pytest.raises(OutsideTransaction):
            await Affiliate.select(Affiliate.name).batch()


async def test_a_transaction_inside_another_is_refused(database: Database) -> None:
    async with transaction(Role.STAFF, affiliate=uuid4()):
        with pytest.raises(NestedTransaction):
            async with transaction(Role.WORKER):
                pytest.fail("the inner transaction was opened")


@pytest.mark.parametrize("node", ["'; DROP SCHEMA field; --", "/", "/abc/", "/" + "A" * 32 + "/", "/" + "a" * 32])
async def test_a_node_that_is_no_path_is_refused(database: Database, node: str) -> None:
    with pytest.raises(ValueError, match="path"):
        transaction(Role.CLIENT, node=node)


async def test_an_id_that_is_no_uuid_is_refused(database: Database) -> None:
    with pytest.raises(TypeError):
        transaction(Role.STAFF, affiliate="' or true --")  # type: ignore[arg-type]


async def test_another_affiliate_is_not_seen(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here:
        assert [row["name"] for row in await here.fetch("SELECT name FROM field.affiliate")] == ["alice's"]


async def test_without_an_affiliate_nothing_is_seen(database: Database, world: World) -> None:
    async with transaction(Role.STAFF) as here:
        assert await here.fetch("SELECT name FROM field.affiliate") == []


async def test_piccolo_sees_what_the_transaction_sees(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.charlies.affiliate_id):
        assert await Affiliate.select(Affiliate.name) == [{"name": "charlie's"}]
    assert ENGINE.current_transaction.get() is None


async def test_everything_that_is_named_reaches_the_policies(database: Database) -> None:
    names = {name: uuid4() for name in ("affiliate", "client", "link")}
    node, session = f"/{uuid4().hex}/{uuid4().hex}/", b"\x00\xff" * 16
    affiliate, client, link = names.values()
    named = transaction(Role.STAFF, affiliate=affiliate, client=client, link=link, node=node, session=session)
    async with named as here:
        for name, value in names.items():
            assert await here.fetchval(f"SELECT current_setting('app.{name}')::uuid") == value
        assert await here.fetchval("SELECT current_setting('app.node')") == node
        assert await here.fetchval("SELECT decode(current_setting('app.session'), 'hex')") == session


async def test_nothing_of_a_transaction_is_left_for_the_next(database: Database) -> None:
    for _ in range(2 * database.pool(Role.STAFF).limit):
        async with transaction(Role.STAFF, affiliate=uuid4()) as here:
            await here.execute("SET LOCAL statement_timeout = 1234")
        async with transaction(Role.STAFF) as here:
            assert await here.fetchval(TENANT) is None
            assert await here.fetchval("SHOW statement_timeout") == "30s"


async def test_many_tenants_at_once_never_mix(database: Database) -> None:
    async def asked(affiliate_id: UUID) -> bool:
        async with transaction(Role.STAFF, affiliate=affiliate_id) as here:
            await here.fetchval("SELECT pg_sleep(0.001)")
            return str(await connection().fetchval(TENANT)) == str(affiliate_id)

    assert all(await asyncio.gather(*(asked(uuid4()) for _ in range(200))))


async def test_an_exception_rolls_back_and_travels_on(database: Database, world: World) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        await _rename(world.alices, "changed", then="SELECT 1 / 0")
    assert await _name(world.alices) == "alice's"


async def test_an_early_commit_closes_the_transaction(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here:
        await here.execute("UPDATE field.affiliate SET name = 'kept'")
        await current().commit()
        with pytest.raises(OutsideTransaction):
            connection()
        with pytest.raises(OutsideTransaction):
            await Affiliate.select(Affiliate.name)
    assert await _name(world.alices) == "kept"


async def test_after_an_early_commit_a_second_transaction_may_follow(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        await current().rollback()
        assert await _name(world.charlies) == "charlie's"
    assert _all_back(database, Role.STAFF)


async def test_a_swallowed_error_is_not_taken_for_a_commit(database: Database, world: World) -> None:
    async def careless() -> None:
        async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here:
            with contextlib.suppress(asyncpg.DivisionByZeroError):
                await here.execute("SELECT 1 / 0")

    with pytest.raises(NotCommitted):
        await careless()
    assert _all_back(database, Role.STAFF)


async def test_a_savepoint_fails_alone(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here:
        await here.execute("UPDATE field.affiliate SET name = 'outside'")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await _part("UPDATE field.affiliate SET name = 'inside'; SELECT 1 / 0")
    assert await _name(world.alices) == "outside"


async def test_savepoints_nest(database: Database, world: World) -> None:
    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id) as here, savepoint():
        await here.execute("UPDATE field.affiliate SET name = 'first'")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await _part("UPDATE field.affiliate SET name = 'second'; SELECT 1 / 0")
    assert await _name(world.alices) == "first"


async def test_failing_commits_give_their_connections_back(fresh_database: Database) -> None:
    async with transaction(Role.OWNER) as here:
        await here.execute("CREATE TABLE ops.early (a int PRIMARY KEY)")
        await here.execute("CREATE TABLE ops.late (a int REFERENCES ops.early DEFERRABLE INITIALLY DEFERRED)")

    async def failing() -> None:
        async with transaction(Role.OWNER) as here:
            await here.execute("INSERT INTO ops.late VALUES (1)")

    for _ in range(8):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await failing()
        assert ENGINE.current_transaction.get() is None
    assert _all_back(fresh_database, Role.OWNER)


async def test_cancelled_tasks_give_their_connections_back(database: Database) -> None:
    started = asyncio.Event()

    async def slow() -> None:
        async with transaction(Role.STAFF, affiliate=uuid4()) as here:
            started.set()
            await here.execute("SELECT pg_sleep(30)")

    tasks = [asyncio.create_task(slow()) for _ in range(2 * database.pool(Role.STAFF).limit)]
    await started.wait()
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
    assert _all_back(database, Role.STAFF)
    async with transaction(Role.STAFF) as here:
        assert await here.fetchval(TENANT) is None


async def test_a_task_that_outlives_its_transaction_cannot_write(database: Database, world: World) -> None:
    is_over = asyncio.Event()

    async def straggler(ask: Callable[[], Awaitable[object]]) -> object:
        await is_over.wait()
        return await ask()

    async def raw() -> object:
        return await connection().fetchval("SELECT 1")

    async with transaction(Role.STAFF, affiliate=world.alices.affiliate_id):
        tasks = [asyncio.create_task(straggler(ask)) for ask in (raw, Affiliate.select(Affiliate.name).run)]
    is_over.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [OutsideTransaction, OutsideTransaction]


async def test_a_connection_that_was_cut_while_idle_is_replaced(
    database: Database, superuser: asyncpg.Connection
) -> None:
    async with transaction(Role.DESK) as here:
        process = await here.fetchval("SELECT pg_backend_pid()")
    await superuser.execute("SELECT pg_terminate_backend($1, 5000)", process)
    async with transaction(Role.DESK) as here:
        assert await here.fetchval("SELECT pg_backend_pid()") != process
    assert _all_back(database, Role.DESK)


async def test_a_connection_that_is_cut_in_the_middle_does_not_hide_the_first_error(
    database: Database, superuser: asyncpg.Connection
) -> None:
    async def unlucky() -> None:
        async with transaction(Role.DESK) as here:
            process = await here.fetchval("SELECT pg_backend_pid()")
            await superuser.execute("SELECT pg_terminate_backend($1, 5000)", process)
            raise LookupError

    with pytest.raises(LookupError):
        await unlucky()
    assert _all_back(database, Role.DESK)


async def test_when_all_connections_are_busy_the_next_one_waits_and_then_gives_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool_module, "WAIT_SECONDS", 0.05)
    narrow = Pool(lambda: database.connect(Role.DESK), 1)
    held = await narrow.acquire()
    with pytest.raises(DatabaseUnavailable, match="busy"):
        await narrow.acquire()
    narrow.release(held)
    assert await narrow.acquire() is held
    narrow.release(held)
    await narrow.close()


async def test_an_unreachable_server_is_said_to_be_unavailable_and_blocks_nobody() -> None:
    async def refused() -> asyncpg.Connection:
        raise ConnectionRefusedError

    narrow = Pool(refused, 1)
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable, match="ConnectionRefusedError"):
            await narrow.acquire()


@pytest.mark.parametrize("value", [{"a": [1, None, "é"]}, [], 3, None, {"nested": {"text": 'quote " and \\'}}])
async def test_json_goes_in_and_comes_out_as_python(database: Database, value: object) -> None:
    async with transaction(Role.STAFF) as here:
        assert await here.fetchval("SELECT $1::jsonb", value) == value
        assert await here.fetchval("SELECT $1::json", value) == value


async def test_json_that_is_written_already_is_not_written_twice(database: Database) -> None:
    async with transaction(Role.STAFF) as here:
        assert await here.fetchval("SELECT $1::jsonb", '{"a": 1}') == {"a": 1}


def _all_back(database: Database, role: Role) -> bool:
    return database.pool(role).held_count == 0


async def _name(scope: Scope) -> object:
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as here:
        return await here.fetchval("SELECT name FROM field.affiliate")


async def _rename(scope: Scope, name: str, then: str) -> None:
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as here:
        await here.execute("UPDATE field.affiliate SET name = $1", name)
        await here.execute(then)


async def _part(statements: str) -> None:
    async with savepoint():
        await connection().execute(statements)
