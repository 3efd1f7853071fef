"""Who said stop is not written to: by no client where everything was meant, until they undo it themselves."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy import optouts
from privacy.optouts import Source, StopScope, suppression_key
from survey.db import Database, Role, transaction

EVERYTHING, CLIENT = StopScope.EVERYTHING, StopScope.CLIENT


@pytest.fixture
def key(index_key: bytes) -> bytes:
    """An address nobody else in the tests has."""
    return suppression_key(index_key, f"{uuid4().hex}@example.com")


async def stop(key: bytes, scope: StopScope, client: UUID | None, now: datetime) -> None:
    """The person presses the button."""
    async with transaction(Role.DESK) as connection:
        await optouts.stop(connection, key, scope, client, Source.PAGE, now)


async def is_stopped(key: bytes, client: UUID | None = None) -> bool:
    """What a mailing of any affiliate finds."""
    async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
        return await optouts.is_stopped(connection, key, client)


@pytest.mark.parametrize("role", [Role.STAFF, Role.WORKER, Role.GATE, Role.CLIENT, Role.RESPONDENT])
async def test_only_the_desk_writes_to_the_suppression_list(
    database: Database, key: bytes, role: Role, now: datetime
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=uuid4()) as connection:
            await optouts.stop(connection, key, EVERYTHING, None, Source.STAFF, now)


@pytest.mark.parametrize("statement", ["DELETE FROM ledger.opt_out", "UPDATE ledger.opt_out SET source = 'undo'"])
async def test_nobody_takes_a_stop_back_out_of_the_list(database: Database, statement: str) -> None:
    for role in (Role.DESK, Role.STAFF, Role.WORKER):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(role, affiliate=uuid4()) as connection:
                await connection.execute(statement)


async def test_scope_and_client_must_agree(database: Database, key: bytes, now: datetime) -> None:
    for scope, client in ((CLIENT, None), (EVERYTHING, uuid4())):
        with pytest.raises(ValueError, match="client"):
            await stop(key, scope, client, now)
    assert not await is_stopped(key)


async def test_a_key_of_the_wrong_length_is_refused_rather_than_found_nowhere(
    database: Database, key: bytes, now: datetime
) -> None:
    for broken in (key[:16], key + key, b""):
        with pytest.raises(ValueError, match="32 bytes"):
            await stop(broken, EVERYTHING, None, now)
        with pytest.raises(ValueError, match="32 bytes"):
            await is_stopped(broken)
        async with transaction(Role.DESK) as connection:
            with pytest.raises(ValueError, match="32 bytes"):
                await optouts.resume(connection, broken, EVERYTHING, None, now)
            with pytest.raises(ValueError, match="32 bytes"):
                await optouts.active_stops(connection, broken)


async def test_a_stop_of_everything_holds_for_every_client_of_every_affiliate(
    database: Database, key: bytes, now: datetime
) -> None:
    await stop(key, EVERYTHING, None, now)
    assert await is_stopped(key)
    assert await is_stopped(key, uuid4())


async def test_a_stop_of_one_client_leaves_the_others(database: Database, key: bytes, now: datetime) -> None:
    client = uuid4()
    await stop(key, CLIENT, client, now)
    assert await is_stopped(key, client)
    assert not await is_stopped(key, uuid4())
    assert not await is_stopped(key)


async def test_stopping_twice_is_stopping_once(database: Database, key: bytes, now: datetime) -> None:
    client = uuid4()
    for moment in (now, now + timedelta(days=1)):
        await stop(key, EVERYTHING, None, moment)
        await stop(key, CLIENT, client, moment)
    async with transaction(Role.DESK) as connection:
        stops = await optouts.active_stops(connection, key)
    assert {(one.scope, one.client_id, one.source, one.at) for one in stops} == {
        (EVERYTHING, None, Source.PAGE, now),
        (CLIENT, client, Source.PAGE, now),
    }


async def test_an_undo_lifts_the_stops_of_its_reach_and_no_others(
    database: Database, key: bytes, now: datetime
) -> None:
    client, other = uuid4(), uuid4()
    await stop(key, EVERYTHING, None, now)
    await stop(key, CLIENT, client, now)
    async with transaction(Role.DESK) as connection:
        await optouts.resume(connection, key, EVERYTHING, None, now)
        await optouts.resume(connection, key, EVERYTHING, None, now)
    assert await is_stopped(key, client)
    assert not await is_stopped(key, other)


async def test_the_evidence_of_a_lifted_stop_stays(database: Database, key: bytes, now: datetime) -> None:
    await stop(key, EVERYTHING, None, now)
    async with transaction(Role.DESK) as connection:
        await optouts.resume(connection, key, EVERYTHING, None, now + timedelta(hours=1))
        rows = await connection.fetch(
            "SELECT source, lifts IS NULL FROM ledger.opt_out WHERE suppression_key = $1 ORDER BY at", key
        )
    assert [tuple(row) for row in rows] == [("page", True), ("undo", False)]


async def test_a_stop_after_an_undo_holds_again(database: Database, key: bytes, now: datetime) -> None:
    await stop(key, EVERYTHING, None, now)
    async with transaction(Role.DESK) as connection:
        await optouts.resume(connection, key, EVERYTHING, None, now)
    await stop(key, EVERYTHING, None, now)
    assert await is_stopped(key)


async def test_two_stops_of_the_same_moment_are_both_lifted_by_one_undo(
    database: Database, key: bytes, now: datetime
) -> None:
    async with transaction(Role.DESK) as connection:
        await connection.executemany(
            "INSERT INTO ledger.opt_out (suppression_key, scope, source, at) VALUES ($1, 'everything', 'page', $2)",
            [(key, now), (key, now)],
        )
        await optouts.resume(connection, key, EVERYTHING, None, now)
    assert not await is_stopped(key)


async def test_many_addresses_are_looked_up_at_once(
    database: Database, index_key: bytes, key: bytes, now: datetime
) -> None:
    client, free = uuid4(), suppression_key(index_key, "free@example.com")
    narrow = suppression_key(index_key, f"{uuid4().hex}@example.com")
    await stop(key, EVERYTHING, None, now)
    await stop(narrow, CLIENT, client, now)
    async with transaction(Role.WORKER) as connection:
        assert await optouts.stopped_keys(connection, [key, narrow, free], client) == {key, narrow}
        assert await optouts.stopped_keys(connection, [key, narrow, free]) == {key}


async def test_a_link_to_nothing_is_not_found(database: Database) -> None:
    async with transaction(Role.DESK) as connection:
        assert await optouts.find_link(connection, uuid4()) is None


async def test_an_affiliate_does_not_see_anothers_link(database: Database, key: bytes) -> None:
    affiliate = uuid4()
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        link_id = await optouts.link_for(connection, key, affiliate, None)
    async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
        assert await optouts.find_link(connection, link_id) is None


async def test_the_link_of_an_address_is_the_same_every_time(database: Database, key: bytes) -> None:
    affiliate, client = uuid4(), uuid4()
    async with transaction(Role.STAFF, affiliate=affiliate) as connection:
        links = [await optouts.link_for(connection, key, affiliate, one) for one in (client, client, None, None)]
    assert links[0] == links[1] != links[2] == links[3]


async def test_links_for_many_are_those_of_each_and_no_clients(database: Database, key: bytes) -> None:
    affiliate, other = uuid4(), uuid4()
    async with transaction(Role.WORKER) as connection:
        one = await optouts.link_for(connection, key, affiliate, None)
        pairs = [(key, affiliate), (key, other), (key, affiliate)]
        links = await optouts.links_for(connection, pairs)
        again = await optouts.links_for(connection, pairs)
        nothing = await optouts.links_for(connection, [])
    assert (links[key, affiliate], len(set(links.values())), again, nothing) == (one, 2, links, {})


async def test_links_for_what_is_no_key_are_refused(database: Database) -> None:
    async with transaction(Role.WORKER) as connection:
        with pytest.raises(ValueError, match="key"):
            await optouts.links_for(connection, [(b"short", uuid4())])


async def test_the_desk_finds_what_stands_behind_a_link(database: Database, key: bytes) -> None:
    affiliate, client = uuid4(), uuid4()
    async with transaction(Role.WORKER) as connection:
        link_id = await optouts.link_for(connection, key, affiliate, client)
    async with transaction(Role.DESK) as connection:
        assert await optouts.find_link(connection, link_id) == optouts.Link(link_id, key, affiliate, client)
