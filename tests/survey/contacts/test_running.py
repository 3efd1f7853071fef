"""Imports that are interrupted, repeated, stopped, or run beside one another."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from privacy.optouts import Source, StopScope, stop, suppression_key
from survey.contacts import queries, service
from survey.contacts.domain import Field, ImportStatus, Mapping
from survey.contacts.jobs import ATTEMPTS, run_import
from survey.contacts.service import running
from survey.db import Database, NotFound, Role, Scope, transaction
from survey.queue import JobContext
from survey.settings import Settings
from tests.conftest import NOW, World, unheard_of

from .conftest import Lists, make_client

PEOPLE = "email,first name\n" + "".join(f"person{number}@example.com,P{number}\n" for number in range(25))


class Killed(Exception):
    """The worker has died."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows a batch, so that a small list has several."""
    monkeypatch.setattr(running, "BATCH_ROWS", 10)


async def names_of(superuser: asyncpg.Connection, client_id: UUID) -> int:
    return int(await superuser.fetchval("SELECT count(*) FROM identity.contact WHERE client_id = $1", client_id))


async def ready(lists: Lists, content: str = PEOPLE) -> UUID:
    import_id = await lists.upload(content)
    await lists.check(import_id)
    return import_id


async def die_in_batch(lists: Lists, import_id: UUID, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Run until a batch is written, and die before it is committed."""
    seen = 0
    write = queries.write_progress

    async def killed(*arguments: object) -> bool:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Killed
        return await write(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(queries, "write_progress", killed)
        with pytest.raises(Killed):
            await service.run_import(lists.safe, lists.scope, import_id, lambda: NOW)


@pytest.mark.parametrize("batch", [1, 2, 3])
async def test_a_run_that_dies_is_gone_on_with_and_nobody_is_missing_or_double(
    batch: int, lists: Lists, superuser: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = PEOPLE + "person3@example.com,Other\n"
    import_id = await ready(lists, content)
    await lists.begin(import_id)
    await die_in_batch(lists, import_id, monkeypatch, batch)
    assert await names_of(superuser, lists.client_id) == (batch - 1) * 10
    await service.run_import(lists.safe, lists.scope, import_id, lambda: NOW)
    entry = await lists.entry(import_id)
    assert entry.status is ImportStatus.FINISHED
    assert (entry.counts.rows, entry.counts.new, entry.counts.merged) == (26, 25, 1)
    assert await names_of(superuser, lists.client_id) == 25


async def test_a_job_that_runs_twice_does_its_work_once(lists: Lists, superuser: asyncpg.Connection) -> None:
    import_id = await ready(lists)
    await lists.run(import_id)
    await service.run_import(lists.safe, lists.scope, import_id, lambda: NOW)
    assert await names_of(superuser, lists.client_id) == 25


async def test_two_workers_with_the_same_list_bring_everybody_in_once(
    lists: Lists, superuser: asyncpg.Connection
) -> None:
    import_id = await ready(lists)
    await lists.begin(import_id)
    runs = [service.run_import(lists.safe, lists.scope, import_id, lambda: NOW) for _ in range(2)]
    await asyncio.gather(*runs)
    entry = await lists.entry(import_id)
    assert (entry.status, entry.counts.new) == (ImportStatus.FINISHED, 25)
    assert await names_of(superuser, lists.client_id) == 25


async def test_the_button_pressed_twice_starts_one_import(lists: Lists, superuser: asyncpg.Connection) -> None:
    import_id = await ready(lists)
    await lists.begin(import_id)
    await lists.begin(import_id)
    asked = "SELECT count(*) FROM ops.job WHERE entrypoint = 'contacts.run_import' AND dedupe_key LIKE '%' || $1"
    assert await superuser.fetchval(asked, str(import_id)) == 1


async def test_what_another_tab_has_changed_must_be_checked_again(lists: Lists) -> None:
    import_id = await ready(lists)
    version = (await lists.entry(import_id)).version
    await lists.remap(import_id, Mapping({0: Field.EMAIL}))
    async with transaction(Role.STAFF, affiliate=lists.scope.affiliate_id):
        with pytest.raises(service.OutOfDate):
            await service.begin_import(lists.scope, import_id, version, NOW)


async def test_columns_cannot_change_while_people_come_in(lists: Lists) -> None:
    import_id = await ready(lists)
    await lists.begin(import_id)
    with pytest.raises(service.OutOfDate):
        await lists.remap(import_id, Mapping({0: Field.EMAIL}))


async def test_one_list_of_a_client_comes_in_at_a_time(lists: Lists) -> None:
    first, second = await ready(lists), await ready(lists)
    await lists.begin(first)
    with pytest.raises(service.AnotherList):
        await lists.begin(second)
    await service.run_import(lists.safe, lists.scope, first, lambda: NOW)
    await lists.begin(second)


async def test_an_import_stopped_in_the_middle_keeps_who_is_in_and_removes_the_file(
    lists: Lists, superuser: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = await ready(lists)
    await lists.begin(import_id)
    await die_in_batch(lists, import_id, monkeypatch, 2)
    file_key = (await lists.entry(import_id)).file_key
    async with transaction(Role.STAFF, affiliate=lists.scope.affiliate_id):
        await service.cancel(lists.scope, import_id, NOW)
    await service.run_import(lists.safe, lists.scope, import_id, lambda: NOW)
    await service.clear_import(lists.safe, lists.scope, import_id)
    entry = await lists.entry(import_id)
    assert (entry.status, entry.counts.new, entry.file_key) == (ImportStatus.CANCELLED, 10, "")
    assert await names_of(superuser, lists.client_id) == 10
    with pytest.raises(NotFound):
        await lists.safe.media.size_bytes(file_key)


async def test_a_list_that_turns_out_unreadable_fails_in_words_and_nobody_comes_in(
    lists: Lists, superuser: asyncpg.Connection
) -> None:
    people = "".join(f"person{number}@example.com,P\n" for number in range(100))
    broken = "email,first name\n" + people + 'last@example.com,"' + "x" * 140_000 + '"\n'
    import_id = await lists.upload(broken)
    entry = await lists.check(import_id)
    assert entry.status is ImportStatus.FAILED
    assert "row 101" in entry.message
    assert (entry.file_key, await names_of(superuser, lists.client_id)) == ("", 0)


async def test_a_job_that_fails_for_the_last_time_says_so_to_those_who_wait(
    lists: Lists, settings: Settings, database: Database
) -> None:
    import_id = await ready(lists)
    await lists.begin(import_id)
    await lists.safe.media.delete((await lists.entry(import_id)).file_key)
    context = JobContext(settings, database, lambda: NOW, attempt=ATTEMPTS)
    with pytest.raises(NotFound):
        await run_import(context, {"affiliate_id": lists.scope.affiliate_id, "import_id": import_id})
    entry = await lists.entry(import_id)
    assert (entry.status, entry.message[:20]) == (ImportStatus.FAILED, "Something went wrong")


async def test_a_duplicate_far_down_the_list_fills_gaps_and_counts_as_merged(lists: Lists) -> None:
    content = "email,first name,city\nperson0@example.com,,Leeds\n"
    content += "".join(f"other{number}@example.com,O,\n" for number in range(30))
    content += "PERSON0@example.com,Ada,York\n"
    first = (await lists.bring_in(content)).counts
    second = (await lists.bring_in(content)).counts
    assert (first.new, first.merged) == (31, 1)
    assert (second.new, second.updated, second.unchanged, second.merged) == (0, 0, 31, 1)
    assert "person0@example.com,Ada,,,Leeds" in await lists.export()


async def test_checking_counts_what_importing_then_does(lists: Lists) -> None:
    await lists.bring_in(PEOPLE)
    content = PEOPLE.replace("P3\n", "Q3\n") + "person1@example.com,\nnew@example.com,N\nnone,\n"
    import_id = await lists.upload(content)
    checked = (await lists.check(import_id)).counts
    imported = (await lists.run(import_id)).counts
    assert checked == imported
    assert (imported.new, imported.updated, imported.merged, imported.refused) == (1, 1, 1, 1)


async def test_checking_stores_nobody(lists: Lists, superuser: asyncpg.Connection) -> None:
    await ready(lists)
    assert await names_of(superuser, lists.client_id) == 0


async def test_who_has_opted_out_comes_in_and_is_counted_as_such(lists: Lists) -> None:
    one, two = f"{unheard_of()}@example.com", f"{unheard_of()}@example.com"
    await opt_out(lists, one, None)
    await opt_out(lists, two.upper(), lists.client_id)
    counts = (await lists.bring_in(f"email\n{one}\n{two}\n{unheard_of()}@example.com\n{one}\n")).counts
    assert (counts.new, counts.merged, counts.suppressed, counts.invitable) == (3, 1, 2, 1)


async def test_who_opted_out_of_another_clients_surveys_can_be_invited_to_ours(
    lists: Lists, world: World, superuser: asyncpg.Connection
) -> None:
    other = await make_client(superuser, world.alices, "Northwind")
    address = f"{unheard_of()}@example.com"
    await opt_out(lists, address, other)
    assert (await lists.bring_in(f"email\n{address}\n")).counts.suppressed == 0


async def opt_out(lists: Lists, address: str, client_id: UUID | None) -> None:
    """A person stops everything, or one client."""
    key = suppression_key(lists.safe.index_key, address)
    reach = StopScope.CLIENT if client_id else StopScope.EVERYTHING
    async with transaction(Role.DESK) as here:
        await stop(here, key, reach, client_id, Source.PAGE, NOW)


async def test_each_step_is_recorded_without_a_word_of_the_list(lists: Lists, superuser: asyncpg.Connection) -> None:
    entry = await lists.bring_in(PEOPLE)
    query = "SELECT action, detail::text FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at, action"
    events = await superuser.fetch(query, entry.id)
    steps = ["upload", "attest", "checked", "begin", "finished"]
    assert [event["action"] for event in events] == [f"contact_import.{step}" for step in steps]
    assert "example.com" not in "".join(event["detail"] for event in events)


async def test_another_affiliate_can_take_no_step(lists: Lists, world: World) -> None:
    import_id = await ready(lists)
    stranger: Scope = world.charlies
    async with transaction(Role.STAFF, affiliate=stranger.affiliate_id):
        with pytest.raises(NotFound):
            await service.begin_import(stranger, import_id, "", NOW)
        with pytest.raises(NotFound):
            await service.cancel(stranger, import_id, NOW)
        with pytest.raises(NotFound):
            await queries.import_in(stranger, import_id)
