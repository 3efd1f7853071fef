"""Looking at people, asking for an audience, erasing; and what is left of files afterwards."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from privacy.errors import KeyShredded
from privacy.optouts import Source, StopScope, is_stopped, stop, suppression_key
from privacy.vault import data_key
from survey.contacts import queries, service
from survey.contacts.domain import Audience, ContactFilter, ImportStatus, Shown
from survey.contacts.jobs import clear_import, erase_contact, sweep_imports
from survey.db import Database, Keyset, NotFound, Role, Scope, transaction
from survey.queue import JobContext
from survey.settings import Settings
from tests.conftest import NOW, World, unheard_of

from .conftest import Lists

HEADER = "email,first name,last name,store,visit date,language,note\n"


@asynccontextmanager
async def staff(scope: Scope) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of staff."""
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id) as here:
        yield here


async def only(lists: Lists) -> UUID:
    """The one contact of the client."""
    async with staff(lists.scope):
        page = await queries.contacts_of(lists.scope, lists.client_id, ContactFilter(), Keyset())
    (contact,) = page.rows
    return contact.id


async def found(lists: Lists, **wanted: object) -> int:
    """How many contacts a filter leaves."""
    async with staff(lists.scope):
        return await queries.count_contacts(lists.scope, lists.client_id, ContactFilter(**wanted))  # type: ignore[arg-type]


async def events(superuser: asyncpg.Connection, contact_id: UUID) -> list[tuple[str, str | None]]:
    query = "SELECT action, purpose FROM ledger.event WHERE subject_id = $1 ORDER BY recorded_at, action"
    return [(row["action"], row["purpose"]) for row in await superuser.fetch(query, contact_id)]


async def test_another_affiliate_finds_nobody(lists: Lists, world: World) -> None:
    await lists.bring_in(HEADER + "a@example.com,Ada,Xu,CK-001,2026-08-02,de,\n")
    contact_id, stranger = await only(lists), world.charlies
    async with staff(stranger) as here:
        with pytest.raises(NotFound):
            await service.open_contact(stranger, lists.safe, contact_id, "request", NOW)
        with pytest.raises(NotFound):
            await service.ask_erasure(stranger, contact_id, NOW)
        assert await service.people_of(here, lists.safe.ring, [contact_id]) == {}
        assert (await service.audience_count(stranger, lists.client_id, Audience())).total == 0


async def test_opening_a_person_is_recorded_with_its_purpose(lists: Lists, superuser: asyncpg.Connection) -> None:
    await lists.bring_in(HEADER + "a@example.com,Ada,Xu,CK-001,2026-08-02,de,likes tea\n")
    contact_id = await only(lists)
    async with staff(lists.scope):
        opened = await service.open_contact(lists.scope, lists.safe, contact_id, "complaint", NOW)
    assert (opened.person.email, opened.person.first_name, opened.person.note) == ("a@example.com", "Ada", "likes tea")
    assert (opened.listed.store_code, opened.listed.visited_on) == ("CK-001", date(2026, 8, 2))
    assert await events(superuser, contact_id) == [("contact.read", "complaint")]


async def test_a_person_is_found_by_any_spelling_of_the_address(lists: Lists, superuser: asyncpg.Connection) -> None:
    await lists.bring_in("email\nAda@example.com\n")
    async with staff(lists.scope):
        ask = (lists.scope, lists.safe, lists.client_id)
        assert await service.find_by_address(*ask, "nobody@example.com", NOW) is None
        assert await service.find_by_address(*ask, "no address", NOW) is None
        found_id = await service.find_by_address(*ask, " ADA@Example.com ", NOW)
    assert found_id == await only(lists)
    assert [action for action, _ in await events(superuser, found_id)] == ["contact.find"]


async def test_composers_get_names_and_languages_and_not_who_was_erased(lists: Lists) -> None:
    await lists.bring_in(HEADER + "a@example.com,Ada,Xu,,,de,\nb@example.com,,,,,,\n")
    async with staff(lists.scope) as here:
        page = await queries.contacts_of(lists.scope, lists.client_id, ContactFilter(), Keyset())
        people = await service.people_of(here, lists.safe.ring, [*[row.id for row in page.rows], uuid4()])
    assert sorted(people.values()) == [("a@example.com", "Ada", "Xu", "de"), ("b@example.com", "", "", "en")]


async def test_nothing_of_a_person_stands_in_the_database_in_clear(lists: Lists, superuser: asyncpg.Connection) -> None:
    canary = f"canary{unheard_of()}"
    await lists.bring_in(
        f"email,first name,last name,company,city,note\n{canary}@example.com" + f",{canary}" * 5 + "\n"
    )
    for table in ("identity.contact", "identity.contact_import", "ledger.event", "ops.job", "vault.subject_key"):
        rows = await superuser.fetch(f"SELECT t::text, encode(t::text::bytea, 'escape') FROM {table} AS t")
        assert not [row for row in rows if canary in str(row)], table


async def test_nothing_of_an_upload_stands_in_the_store_in_clear(lists: Lists, settings: Settings) -> None:
    canary = f"canary{unheard_of()}"
    import_id = await lists.upload(f"email\n{canary}@example.com\n")
    await lists.check(import_id)
    files = [path for path in (settings.data_path / "media").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if canary.encode() in path.read_bytes()]


async def test_the_list_is_narrowed_by_all_that_can_be_asked(lists: Lists, superuser: asyncpg.Connection) -> None:
    one = await lists.bring_in(HEADER + "a@example.com,,,CK-001,2026-08-02,de,\nb@example.com,,,CK-002,2026-09-02,,\n")
    await lists.bring_in(HEADER + f"{(out := unheard_of())}@example.com,,,,,,\n")
    await opt_out(lists, f"{out}@example.com")
    query = "SELECT path FROM field.location WHERE client_id = $1 AND code = $2"
    store, root = [await superuser.fetchval(query, lists.client_id, code) for code in ("CK-001", "HQ")]
    assert await found(lists) == 3
    assert (await found(lists, node_path=store), await found(lists, node_path=root)) == (1, 2)
    assert (await found(lists, language="de"), await found(lists, language="en")) == (1, 2)
    assert await found(lists, visited_from=date(2026, 8, 3), visited_until=date(2026, 9, 2)) == 1
    assert await found(lists, import_id=one.id) == 2
    assert (await found(lists, shown=Shown.OPTED_OUT), await found(lists, shown=Shown.INVITABLE)) == (1, 2)
    assert (await found(lists, shown=Shown.BOUNCED), await found(lists, shown=Shown.RESTRICTED)) == (0, 0)


async def test_pages_of_the_list_hold_everybody_once(lists: Lists) -> None:
    await lists.bring_in("email\n" + "".join(f"p{number}@example.com\n" for number in range(7)))
    seen, cursor = [], None
    async with staff(lists.scope):
        while True:
            keyset = Keyset.read(cursor, 3)
            page = await queries.contacts_of(lists.scope, lists.client_id, ContactFilter(), keyset)
            seen += [row.id for row in page.rows]
            if (cursor := page.next_cursor) is None:
                break
    assert len(seen) == len(set(seen)) == 7


async def test_an_audience_says_whom_it_passes_over(lists: Lists, superuser: asyncpg.Connection) -> None:
    out = f"{unheard_of()}@example.com"
    await lists.bring_in(
        HEADER + f"a@example.com,,,CK-001,2026-08-02,de,\n{out},,,CK-001,,de,\nb@example.com,,,,,en,\n"
    )
    await opt_out(lists, out)
    await superuser.execute(
        "UPDATE identity.contact SET status = 'bounced' WHERE client_id = $1 AND language = 'en'", lists.client_id
    )
    async with staff(lists.scope):
        everybody = await service.audience_count(lists.scope, lists.client_id, Audience())
        dated = await service.audience_count(lists.scope, lists.client_id, Audience(visited_from=date(2026, 8, 1)))
    assert (everybody.total, everybody.suppressed, everybody.invitable) == (2, 1, 1)
    assert (dated.total, dated.suppressed) == (1, 0)


async def test_the_fragment_of_an_audience_stands_in_a_statement_of_others(lists: Lists) -> None:
    await lists.bring_in(HEADER + "a@example.com,,,CK-001,2026-08-02,de,\nb@example.com,,,CK-002,,es,\n")
    audience = Audience(node_path="/", language="de", visited_from=date(2026, 8, 2), visited_until=date(2026, 8, 2))
    async with staff(lists.scope) as here:
        part = service.audience_sql(lists.scope, lists.client_id, audience, first_parameter=2)
        query = f"SELECT $1::text AS marker, a.* FROM ({part.sql}) AS a WHERE NOT a.is_suppressed"
        (row,) = await here.fetch(query, "mine", *part.values)
    assert list(row.keys())[1:] == [
        "contact_id", "affiliate_id", "client_id", "suppression_key", "location_id", "language", "visited_on",
        "status", "is_suppressed",
    ]  # fmt: skip
    assert (row["marker"], row["language"], row["visited_on"]) == ("mine", "de", date(2026, 8, 2))


async def test_an_exported_list_is_narrowed_and_harmless(lists: Lists) -> None:
    await lists.bring_in(HEADER + "a@example.com,=1+1,Xu,CK-001,2026-08-02,de,@note\nb@example.com,Bo,,,,en,\n")
    (row,) = csv.DictReader(io.StringIO(await lists.export(language="de"), newline=""))
    assert (row["first_name"], row["note"], row["store"], row["state"]) == ("'=1+1", "'@note", "CK-001", "invitable")


async def test_more_people_than_a_chunk_leave_in_one_file(lists: Lists, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.contacts.service.people.EXPORT_ROWS", 3)
    await lists.bring_in("email\n" + "".join(f"p{number}@example.com\n" for number in range(7)))
    assert len((await lists.export()).splitlines()) == 8


async def test_an_erased_contact_is_gone_with_its_key_and_the_wish_stays(
    lists: Lists, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    address = f"{unheard_of()}@example.com"
    await lists.bring_in(f"email,first name\n{address},Ada\n")
    await opt_out(lists, address)
    contact_id = await only(lists)
    async with staff(lists.scope):
        assert await service.ask_erasure(lists.scope, contact_id, NOW) == lists.client_id
    payload = {"affiliate_id": lists.scope.affiliate_id, "contact_id": contact_id, "account_id": lists.scope.account_id}
    await erase_contact(JobContext(settings, database, lambda: NOW), payload)
    await erase_contact(JobContext(settings, database, lambda: NOW), payload)
    async with transaction(Role.WORKER) as here:
        with pytest.raises(KeyShredded):
            await data_key(here, lists.safe.ring, contact_id)
        assert await is_stopped(here, suppression_key(lists.safe.index_key, address))
    assert await superuser.fetchval("SELECT count(*) FROM identity.contact WHERE id = $1", contact_id) == 0
    assert [action for action, _ in await events(superuser, contact_id)] == ["contact.ask_erasure", "contact.erase"]
    assert (await lists.bring_in(f"email\n{address}\n")).counts.suppressed == 1


async def test_nothing_is_sent_to_a_contact_whose_erasure_is_asked_for(lists: Lists) -> None:
    await lists.bring_in("email\na@example.com\n")
    async with staff(lists.scope):
        await service.ask_erasure(lists.scope, await only_in(lists), NOW)
        assert (await service.audience_count(lists.scope, lists.client_id, Audience())).total == 0


async def only_in(lists: Lists) -> UUID:
    page = await queries.contacts_of(lists.scope, lists.client_id, ContactFilter(), Keyset())
    return page.rows[0].id


async def test_a_list_that_nobody_imports_is_given_up_after_seven_days(
    lists: Lists, settings: Settings, database: Database, superuser: asyncpg.Connection
) -> None:
    import_id = await lists.upload("email\na@example.com\n")
    file_key = (await lists.entry(import_id)).file_key
    for days in (6, 8):
        now = NOW + timedelta(days=days)
        await sweep_imports(JobContext(settings, database, lambda now=now: now), {})  # type: ignore[misc]
        entry = await lists.entry(import_id)
        assert (entry.status, entry.file_key) == (
            (ImportStatus.UPLOADED, file_key) if days == 6 else (ImportStatus.CANCELLED, "")
        )
    assert await superuser.fetchval("SELECT count(*) FROM vault.subject_key WHERE id = $1", import_id) == 0


async def test_a_report_is_kept_for_thirty_days_and_then_goes_with_its_key(
    lists: Lists, settings: Settings, database: Database
) -> None:
    entry = await lists.bring_in("email\na@example.com\nnone\n")
    assert await lists.problems(entry)
    later = NOW + timedelta(days=31)
    await sweep_imports(JobContext(settings, database, lambda: later), {})
    with pytest.raises(NotFound):
        await lists.report(await lists.entry(entry.id))
    with pytest.raises(NotFound):
        await lists.report(entry)
    assert (await lists.entry(entry.id)).status is ImportStatus.FINISHED


async def test_clearing_leaves_an_import_alone_that_is_not_over(
    lists: Lists, settings: Settings, database: Database
) -> None:
    import_id = await lists.upload("email\na@example.com\n")
    payload = {"affiliate_id": lists.scope.affiliate_id, "import_id": import_id}
    await clear_import(JobContext(settings, database, lambda: NOW), payload)
    assert (await lists.entry(import_id)).file_key


async def opt_out(lists: Lists, address: str) -> None:
    """A person stops everything."""
    key = suppression_key(lists.safe.index_key, address)
    async with transaction(Role.DESK) as here:
        await stop(here, key, StopScope.EVERYTHING, None, Source.PAGE, NOW)
