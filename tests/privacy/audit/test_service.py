"""The ledger takes events from everybody, gives them to few, and shows when somebody has been at it."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.audit import Event, Head, chain, record, record_look, record_many, verify_chain
from privacy.audit.domain import BEGINNING
from survey.db import Database, Role, transaction

AFFILIATE = uuid4()

NEW_TENANT = "UPDATE ledger.event SET affiliate_id = gen_random_uuid() WHERE id = $1"
OTHER_ACTION = "UPDATE ledger.event SET action = 'nothing.happened' WHERE id = $1"
MORE_DETAIL = "UPDATE ledger.event SET detail = detail || '{\"rows\": 4}' WHERE id = $1"
EARLIER = "UPDATE ledger.event SET at = at - interval '1 second' WHERE id = $1"
OTHER_HASH = "UPDATE ledger.event_link SET hash = sha256(hash) WHERE event_id = $1"
NO_LINK = "DELETE FROM ledger.event_link WHERE event_id = $1"
BACKDATED = """
    INSERT INTO ledger.event (id, affiliate_id, at, actor_kind, action, object_kind, recorded_at)
    VALUES ($1, gen_random_uuid(), now(), 'staff', 'contact.erased', 'contact', now() - interval '2 days')
"""


def event(**changed: object) -> Event:
    """Somebody has read a contact."""
    facts: dict[str, object] = {
        "affiliate_id": AFFILIATE,
        "actor_kind": "staff",
        "actor_id": uuid4(),
        "action": "contact.read",
        "object_kind": "contact",
        "object_id": uuid4(),
        "subject_id": uuid4(),
        "purpose": "answer a question",
        "detail": {"rows": 3},
    }
    return Event(**(facts | changed))  # type: ignore[arg-type]


async def laid_chain(now: datetime, length: int = 5) -> list[UUID]:
    """A chain of so many events; their ids in its order."""
    async with transaction(Role.WORKER) as connection:
        await record_many(connection, [event() for _ in range(length)], now)
        assert await chain(connection) == length
        rows = await connection.fetch("SELECT event_id FROM ledger.event_link ORDER BY seq")
    return [row["event_id"] for row in rows]


async def tamper(statement: str, *values: object) -> None:
    """Do as the owner of the tables, the one role that can, what nobody should."""
    async with transaction(Role.OWNER) as connection:
        await connection.execute(statement, *values)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
@pytest.mark.parametrize("statement", [OTHER_ACTION, "DELETE FROM ledger.event WHERE id = $1", OTHER_HASH, NO_LINK])
async def test_nobody_may_change_or_remove_an_event_or_a_link(database: Database, role: Role, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=AFFILIATE) as connection:
            await connection.execute(statement, uuid4())


async def test_staff_record_nothing_for_another_affiliate(database: Database, now: datetime) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(Role.STAFF, affiliate=uuid4()) as connection:
            await record(connection, event(), now)


@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.RELEASER, Role.GATE, Role.PROVIDER])
async def test_those_who_only_write_cannot_read(database: Database, role: Role, now: datetime) -> None:
    async with transaction(role, affiliate=AFFILIATE) as connection:
        await record(connection, event(), now)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with transaction(role, affiliate=AFFILIATE) as connection:
            await connection.fetchval("SELECT count(*) FROM ledger.event")


async def test_the_same_look_within_a_minute_is_recorded_once(database: Database, now: datetime) -> None:
    look = event()
    async with transaction(Role.STAFF, affiliate=AFFILIATE) as connection:
        written = [await record_look(connection, look, now + timedelta(seconds=each)) for each in (0, 1, 60, 61, 120)]
    assert written == [True, False, True, False, True]


@pytest.mark.parametrize("other", ["actor_id", "object_id", "subject_id", "purpose", "action"])
async def test_a_look_that_differs_in_anything_is_recorded(database: Database, now: datetime, other: str) -> None:
    facts: dict[str, object] = {"actor_id": uuid4(), "object_id": uuid4(), "subject_id": uuid4()}
    fresh = {"purpose": "pay somebody", "action": "contact.export.read"}
    async with transaction(Role.STAFF, affiliate=AFFILIATE) as connection:
        assert await record_look(connection, event(**facts), now)
        assert await record_look(connection, event(**facts | {other: fresh.get(other) or uuid4()}), now)


async def test_an_event_does_not_outlive_the_write_it_tells_of(database: Database, now: datetime) -> None:
    told = event()
    with suppress(LookupError):
        async with transaction(Role.STAFF, affiliate=AFFILIATE) as connection:
            await record(connection, told, now)
            raise LookupError
    async with transaction(Role.WORKER) as connection:
        assert not await connection.fetchval("SELECT count(*) FROM ledger.event WHERE object_id = $1", told.object_id)


async def test_an_event_is_stored_as_it_was_told(database: Database, now: datetime) -> None:
    told = event(detail={"rows": 3, "kind": "csv", "is_dry": False, "key": None})
    async with transaction(Role.STAFF, affiliate=AFFILIATE) as connection:
        await record(connection, told, now)
        row = await connection.fetchrow(
            "SELECT affiliate_id, actor_kind, actor_id, action, object_kind, object_id, subject_id, purpose, detail, at"
            " FROM ledger.event WHERE object_id = $1",
            told.object_id,
        )
    assert Event(*list(row)[:-1]) == told
    assert row["at"] == now


@pytest.mark.parametrize("statement", [OTHER_ACTION, MORE_DETAIL, EARLIER, NEW_TENANT, OTHER_HASH, NO_LINK])
async def test_what_was_edited_or_unlinked_is_found(fresh_database: Database, statement: str, now: datetime) -> None:
    ids = await laid_chain(now)
    await tamper(statement, ids[2])
    async with transaction(Role.WORKER) as connection:
        verdict = await verify_chain(connection, batch_size=2)
    assert (verdict.ok, verdict.events) == (False, 2)
    assert verdict.first_broken == (ids[3] if statement == NO_LINK else ids[2])


async def test_a_removed_event_is_found_even_with_its_link(fresh_database: Database, now: datetime) -> None:
    ids = await laid_chain(now)
    await tamper(NO_LINK, ids[1])
    await tamper("DELETE FROM ledger.event WHERE id = $1", ids[1])
    async with transaction(Role.DESK) as connection:
        verdict = await verify_chain(connection)
    assert (verdict.ok, verdict.events, verdict.first_broken) == (False, 1, ids[2])


async def test_a_backdated_event_is_found_and_never_joins_the_chain(fresh_database: Database, now: datetime) -> None:
    await laid_chain(now)
    slipped_in = uuid4()
    await tamper(BACKDATED, slipped_in)
    async with transaction(Role.WORKER) as connection:
        assert await chain(connection) == 0
        verdict = await verify_chain(connection)
    assert (verdict.ok, verdict.events, verdict.first_broken) == (False, 5, slipped_in)


async def test_a_link_that_was_forged_for_an_inserted_event_is_found(fresh_database: Database, now: datetime) -> None:
    await laid_chain(now)
    slipped_in = uuid4()
    await tamper(BACKDATED, slipped_in)
    await tamper("INSERT INTO ledger.event_link (seq, event_id, hash) VALUES (6, $1, sha256('forged'))", slipped_in)
    async with transaction(Role.WORKER) as connection:
        verdict = await verify_chain(connection)
    assert (verdict.ok, verdict.events, verdict.first_broken) == (False, 5, slipped_in)


async def test_an_end_that_was_cut_off_shows_against_a_head_kept_elsewhere(
    fresh_database: Database, now: datetime
) -> None:
    ids = await laid_chain(now)
    async with transaction(Role.WORKER) as connection:
        kept = (await verify_chain(connection)).head
    await tamper(NO_LINK, ids[-1])
    await tamper("DELETE FROM ledger.event WHERE id = $1", ids[-1])
    async with transaction(Role.WORKER) as connection:
        assert (await verify_chain(connection)).ok
        assert not (await verify_chain(connection, kept)).ok


async def test_a_chain_laid_anew_shows_against_a_head_kept_elsewhere(fresh_database: Database, now: datetime) -> None:
    ids = await laid_chain(now)
    async with transaction(Role.WORKER) as connection:
        kept = (await verify_chain(connection)).head
    await tamper(OTHER_ACTION, ids[2])
    await tamper("DELETE FROM ledger.event_link")
    async with transaction(Role.WORKER) as connection:
        await chain(connection)
        assert (await verify_chain(connection)).ok
        assert (await verify_chain(connection, kept)).first_broken == ids[-1]


async def test_a_chain_that_has_grown_still_agrees_with_a_head_kept_before(
    fresh_database: Database, now: datetime
) -> None:
    await laid_chain(now)
    async with transaction(Role.WORKER) as connection:
        kept = (await verify_chain(connection)).head
        await record(connection, event(), now)
        await chain(connection)
        verdict = await verify_chain(connection, kept)
    assert (verdict.ok, verdict.events, verdict.first_broken) == (True, 6, None)
    assert verdict.head.seq == 6


async def test_an_empty_ledger_holds(fresh_database: Database) -> None:
    async with transaction(Role.WORKER) as connection:
        verdict = await verify_chain(connection)
    assert (verdict.ok, verdict.events, verdict.head) == (True, 0, BEGINNING)


async def test_events_that_wait_for_their_link_do_no_harm(fresh_database: Database, now: datetime) -> None:
    await laid_chain(now)
    async with transaction(Role.WORKER) as connection:
        await record(connection, event(), now)
        verdict = await verify_chain(connection)
    assert (verdict.ok, verdict.events) == (True, 5)


async def test_the_chain_is_laid_in_batches_until_nothing_waits(fresh_database: Database, now: datetime) -> None:
    async with transaction(Role.WORKER) as connection:
        await record_many(connection, [event() for _ in range(5)], now)
        assert [await chain(connection, 2) for _ in range(4)] == [2, 2, 1, 0]
        verdict = await verify_chain(connection, batch_size=3)
    assert (verdict.ok, verdict.events) == (True, 5)
    assert isinstance(verdict.head, Head)


async def test_processes_that_chain_at_once_lay_one_chain(fresh_database: Database, now: datetime) -> None:
    async with transaction(Role.WORKER) as connection:
        await record_many(connection, [event() for _ in range(40)], now)

    async def lay() -> int:
        async with transaction(Role.WORKER) as connection:
            return await chain(connection, 10)

    assert sum(await asyncio.gather(*[lay() for _ in range(4)])) == 40
    async with transaction(Role.WORKER) as connection:
        assert (await verify_chain(connection)).events == 40
