"""The pages: who may open them, the whole way through the wizard without JavaScript, and what is shown of people."""

import re
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from selectolax.lexbor import LexborNode

from survey.contacts import service
from survey.contacts.domain import ImportStatus
from tests.chance import without_chance
from tests.conftest import NOW, World
from tests.web_client import Browser, Site

from .conftest import LISTS, Lists

ANSWERS = {"source": "till receipts, 2026", "legal_basis": "consent", "attested": "yes"}


@pytest.fixture
async def manager(site: Site, world: World) -> Browser:
    """alice's manager, signed in."""
    return await site.signed_in(world.alices.affiliate_id)


async def upload(manager: Browser, client_id: UUID, content: bytes, name: str = "list.csv") -> httpx.Response:
    files = {"list": (name, content, "application/octet-stream")}
    return await manager.post(f"/clients/{client_id}/imports/new", {}, files=files)


async def uploaded(manager: Browser, client_id: UUID, content: bytes, name: str = "list.csv") -> str:
    """Upload a list; the import's path."""
    answer = await upload(manager, client_id, content, name)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removesuffix("/columns")


def node(page: str, selector: str) -> LexborNode:
    """The one place of a page that a selector means."""
    found = HTMLParser(page).css_first(selector)
    assert found is not None, selector
    return found


def columns_in(page: str) -> dict[str, str]:
    """The fields of the columns form as the page proposes them."""
    form = node(page, "form[action$='/columns']")
    fields = {}
    for select in form.css("select"):
        chosen = select.css_first("option[selected]")
        fields[select.attributes["name"] or ""] = (chosen.attributes.get("value") if chosen else "") or ""
    for radio in form.css("input[type=radio]"):
        if "checked" in radio.attributes:
            fields[radio.attributes["name"] or ""] = radio.attributes["value"] or ""
    return fields


async def checked(manager: Browser, lists: Lists, content: bytes, name: str = "list.csv") -> str:
    """Take a list through the wizard up to the result of the check; the import's path."""
    path = await uploaded(manager, lists.client_id, content, name)
    page = await manager.get(f"{path}/columns")
    answer = await manager.post(f"{path}/columns", columns_in(page.text))
    assert answer.headers["location"] == f"{path}/source", answer.text
    assert (await manager.post(f"{path}/source", ANSWERS)).headers["location"] == path
    await service.check_import(lists.safe, lists.scope, UUID(path.rpartition("/")[2]), lambda: NOW)
    return path


async def imported(manager: Browser, lists: Lists, content: bytes) -> str:
    """The whole way; the import's path."""
    path = await checked(manager, lists, content)
    await manager.submit(path, {"version": version_in((await manager.get(path)).text)}, f"{path}/begin")
    await service.run_import(lists.safe, lists.scope, UUID(path.rpartition("/")[2]), lambda: NOW)
    return path


def version_in(page: str) -> str:
    return node(page, "input[name=version]").attributes["value"] or ""


GETS = ["/clients/{client}/contacts", "/clients/{client}/contacts/export", "/clients/{client}/imports",
        "/clients/{client}/imports/new", "/imports/{entry}", "/imports/{entry}/columns", "/imports/{entry}/source",
        "/imports/{entry}/problems", "/contacts/{contact}", "/contacts/{contact}/erase"]  # fmt: skip
POSTS = ["/clients/{client}/contacts/find", "/clients/{client}/imports/new", "/imports/{entry}/columns",
         "/imports/{entry}/source", "/imports/{entry}/begin", "/imports/{entry}/cancel", "/contacts/{contact}",
         "/contacts/{contact}/erase"]  # fmt: skip


@pytest.mark.parametrize("url", GETS)
async def test_another_affiliate_gets_404(
    url: str, site: Site, world: World, lists: Lists, ids: dict[str, UUID]
) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id)
    assert (await stranger.get(url.format(**ids))).status_code == 404


@pytest.mark.parametrize("url", POSTS)
async def test_another_affiliate_can_send_nothing(
    url: str, site: Site, world: World, lists: Lists, ids: dict[str, UUID]
) -> None:
    stranger = await site.signed_in(world.charlies.affiliate_id)
    fields = ANSWERS | {"purpose": "request", "address": "a@example.com", "version": "x"}
    assert (await stranger.post(url.format(**ids), fields)).status_code == 404


@pytest.mark.parametrize("url", GETS)
async def test_the_provider_never_sees_a_tenants_people(
    url: str, site: Site, world: World, ids: dict[str, UUID]
) -> None:
    provider = await site.signed_in(world.alices.affiliate_id, "provider")
    assert (await provider.get(url.format(**ids))).status_code == 403


@pytest.fixture
async def ids(lists: Lists, superuser: asyncpg.Connection) -> dict[str, UUID]:
    """A client, an import with a report, and a contact of alice's."""
    entry = await lists.bring_in("email,first name\na@example.com,Ada\nnone,Bo\n")
    query = "SELECT id FROM identity.contact WHERE client_id = $1"
    return {"client": lists.client_id, "entry": entry.id, "contact": await superuser.fetchval(query, lists.client_id)}


@pytest.mark.parametrize(
    ("name", "words"),
    [("empty.csv", "The file is empty"), ("header_only.csv", "There are no people"), ("not_a_table.csv", "no table"),
     ("fake.xlsx", "The workbook cannot be opened")],
)  # fmt: skip
async def test_a_file_that_is_no_list_is_refused_in_words_beside_the_field(
    name: str, words: str, manager: Browser, lists: Lists
) -> None:
    answer = await upload(manager, lists.client_id, (LISTS / name).read_bytes(), name)
    assert answer.status_code == 422
    assert words in node(answer.text, "#list-error").text()


async def test_no_file_at_all_is_asked_for(manager: Browser, lists: Lists) -> None:
    answer = await manager.post(f"/clients/{lists.client_id}/imports/new")
    assert (answer.status_code, "Choose the file" in answer.text) == (422, True)


async def test_the_whole_way_from_a_file_to_contacts(manager: Browser, lists: Lists) -> None:
    content = (LISTS / "customers.csv").read_bytes()
    path = await checked(manager, lists, content)
    page = await manager.get(path)
    assert "887 people in 900 rows" in page.text
    assert "unknown store CK-999" in page.text
    await manager.submit(path, {"version": version_in(page.text)}, f"{path}/begin")
    assert "Importing the list" in (await manager.get(path)).text
    await service.run_import(lists.safe, lists.scope, UUID(path.rpartition("/")[2]), lambda: NOW)
    assert "887 people are in" in (await manager.get(path)).text
    people = await manager.get(f"/clients/{lists.client_id}/contacts")
    assert "Showing 50 of 887 contacts" in people.text
    assert "example.com" not in people.text


async def test_the_page_says_where_the_job_is_with_and_without_scripts(manager: Browser, lists: Lists) -> None:
    path = await checked(manager, lists, b"email\na@example.com\n")
    await manager.submit(path, {"version": version_in((await manager.get(path)).text)}, f"{path}/begin")
    whole = await manager.get(path)
    part = await manager.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "See how far it is now" in whole.text
    assert ("<html" in part.text, 'hx-trigger="every 2s"' in part.text) == (False, True)
    await service.run_import(lists.safe, lists.scope, UUID(path.rpartition("/")[2]), lambda: NOW)
    ended = await manager.get(path, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert ended.headers["hx-redirect"] == path


async def test_columns_are_proposed_and_shown_with_the_first_people(manager: Browser, lists: Lists) -> None:
    path = await uploaded(manager, lists.client_id, (LISTS / "kunden_excel_de.csv").read_bytes())
    page = await manager.get(f"{path}/columns")
    chosen = columns_in(page.text)
    assert [chosen[f"column-{at}"] for at in range(4)] == ["first_name", "last_name", "email", "store"]
    assert (chosen["encoding"], chosen["delimiter"], chosen["header"]) == ("cp1252", "semicolon", "yes")
    assert "Søren" in page.text


async def test_the_wizard_asks_whether_the_first_row_is_a_person(manager: Browser, lists: Lists) -> None:
    path = await uploaded(manager, lists.client_id, (LISTS / "no_header.csv").read_bytes())
    page = await manager.get(f"{path}/columns")
    assert columns_in(page.text)["header"] == "no"
    changed = columns_in(page.text) | {"header": "yes", "act": "show"}
    assert (await manager.post(f"{path}/columns", changed)).headers["location"] == f"{path}/columns"
    assert columns_in((await manager.get(f"{path}/columns")).text)["header"] == "yes"


async def test_showing_the_rows_again_keeps_what_was_chosen_and_stays(manager: Browser, lists: Lists) -> None:
    path = await uploaded(manager, lists.client_id, b"email,extra\na@example.com,Bo\n")
    chosen = columns_in((await manager.get(f"{path}/columns")).text) | {"column-1": "first_name"}
    answer = await manager.post(f"{path}/columns", chosen | {"act": "show"})
    assert answer.headers["location"] == f"{path}/columns"
    assert columns_in((await manager.get(f"{path}/columns")).text)["column-1"] == "first_name"
    assert (await manager.post(f"{path}/columns", chosen)).headers["location"] == f"{path}/source"


async def test_another_encoding_is_tried_on_the_same_rows(manager: Browser, lists: Lists) -> None:
    content = "name;email\nДимитър;d@example.com\nИван;i@example.com\n".encode("cp1251")
    path = await uploaded(manager, lists.client_id, content)
    page = await manager.get(f"{path}/columns")
    await manager.post(f"{path}/columns", columns_in(page.text) | {"encoding": "cp1252"})
    assert "Äèìèòúð" in (await manager.get(f"{path}/columns")).text
    await manager.post(f"{path}/columns", columns_in(page.text) | {"encoding": "cp1251"})
    assert "Димитър" in (await manager.get(f"{path}/columns")).text


async def test_a_list_needs_a_column_of_addresses_and_only_one(manager: Browser, lists: Lists) -> None:
    path = await uploaded(manager, lists.client_id, b"email,mail\na@example.com,b@example.com\n")
    fields = columns_in((await manager.get(f"{path}/columns")).text)
    for at_1, words in (("", "Choose the column that holds"), ("email", "choose one column")):
        chosen = fields | {"column-0": "email" if at_1 else "", "column-1": at_1}
        answer = await manager.post(f"{path}/columns", chosen)
        assert (answer.status_code, words in answer.text) == (422, True)


async def test_a_refused_column_cannot_be_chosen_and_is_not_shown(manager: Browser, lists: Lists) -> None:
    path = await uploaded(manager, lists.client_id, (LISTS / "with_ssn.csv").read_bytes())
    page = await manager.get(f"{path}/columns")
    assert ("column-8" in page.text, "249-30-6472" in page.text) == (False, False)
    assert "must not come in" in page.text
    await manager.post(f"{path}/columns", columns_in(page.text) | {"column-8": "note"})
    entry = await lists.entry(UUID(path.rpartition("/")[2]))
    assert 8 not in entry.mapping.columns


async def test_a_refused_value_is_not_shown_in_the_preview_or_the_result(manager: Browser, lists: Lists) -> None:
    path = await checked(manager, lists, (LISTS / "card_in_notes.csv").read_bytes())
    pages = [without_chance((await manager.get(url)).text) for url in (f"{path}/columns", path, f"{path}/problems")]
    assert not [page for page in pages if re.search(r"4111|219-09-9999", page)]
    assert "left out" in pages[0]


async def test_a_look_at_rows_of_a_file_is_recorded_with_its_purpose(
    manager: Browser, lists: Lists, superuser: asyncpg.Connection
) -> None:
    path = await checked(manager, lists, b"email\na@example.com\nnobody\n")
    for url in (f"{path}/columns", f"{path}/problems"):
        await manager.get(url)
    query = "SELECT DISTINCT action, purpose FROM ledger.event WHERE object_id = $1 AND purpose IS NOT NULL ORDER BY 1"
    rows = await superuser.fetch(query, UUID(path.rpartition("/")[2]))
    assert [tuple(row) for row in rows] == [
        ("contact_import.preview", "bring a client's list in"),
        ("contact_import.report", "bring a client's list in"),
    ]


@pytest.mark.parametrize("missing", ANSWERS)
async def test_a_list_without_evidence_is_not_even_checked(missing: str, manager: Browser, lists: Lists) -> None:
    path = await uploaded(manager, lists.client_id, b"email\na@example.com\n")
    answer = await manager.post(f"{path}/source", {**ANSWERS, missing: ""})
    assert answer.status_code == 422
    assert (await lists.entry(UUID(path.rpartition("/")[2]))).status is ImportStatus.UPLOADED


async def test_going_back_to_a_step_that_is_over_leads_to_where_the_import_stands(
    manager: Browser, lists: Lists
) -> None:
    path = await imported(manager, lists, b"email\na@example.com\n")
    for step in ("columns", "source"):
        assert (await manager.get(f"{path}/{step}")).headers["location"] == path
    assert (await manager.post(f"{path}/begin", {"version": ""})).headers["location"] == path
    assert (await manager.post(f"{path}/cancel")).headers["location"] == path
    assert (await lists.entry(UUID(path.rpartition("/")[2]))).status is ImportStatus.FINISHED


async def test_a_tab_that_shows_old_columns_is_told_to_look_again(manager: Browser, lists: Lists) -> None:
    path = await checked(manager, lists, b"email,city\na@example.com,York\n")
    version = version_in((await manager.get(path)).text)
    fields = columns_in((await manager.get(f"{path}/columns")).text)
    await manager.post(f"{path}/columns", fields | {"column-1": ""})
    await manager.post(f"{path}/begin", {"version": version})
    page = await manager.get(f"{path}/columns")
    assert "changed in another window" in page.text


async def test_a_second_list_waits_for_the_first(manager: Browser, lists: Lists) -> None:
    first, second = [await checked(manager, lists, f"email\n{name}@example.com\n".encode()) for name in "ab"]
    for path in (first, second):
        await manager.submit(path, {"version": version_in((await manager.get(path)).text)}, f"{path}/begin")
    assert "Another list of this client is coming in" in (await manager.get(second)).text


async def test_a_stopped_import_says_that_nobody_has_come_in(manager: Browser, lists: Lists) -> None:
    path = await checked(manager, lists, b"email\na@example.com\n")
    await manager.post(f"{path}/cancel")
    page = (await manager.get(path)).text
    assert ("The import was stopped" in page, "Nobody has come in" in page) == (True, True)


async def test_a_file_that_comes_twice_is_noticed(manager: Browser, lists: Lists) -> None:
    await imported(manager, lists, b"email\na@example.com\n")
    path = await uploaded(manager, lists.client_id, b"email\na@example.com\n")
    assert "has been imported before" in (await manager.get(f"{path}/columns")).text


async def test_the_history_names_sources_and_numbers(manager: Browser, lists: Lists) -> None:
    await imported(manager, lists, b"email\na@example.com\n")
    page = await manager.get(f"/clients/{lists.client_id}/imports")
    assert ("till receipts, 2026" in page.text, "Imported" in page.text) == (True, True)


async def test_a_person_is_shown_only_when_a_purpose_is_given(
    manager: Browser, lists: Lists, ids: dict[str, UUID]
) -> None:
    url = f"/contacts/{ids['contact']}"
    closed = await manager.get(url)
    refused = await manager.post(url, {"purpose": "curiosity"})
    opened = await manager.post(url, {"purpose": "request"})
    assert ["a@example.com" in page.text for page in (closed, refused, opened)] == [False, False, True]
    assert refused.status_code == 422


async def test_a_person_is_found_by_the_address_without_it_standing_in_a_url(
    manager: Browser, ids: dict[str, UUID]
) -> None:
    url = f"/clients/{ids['client']}/contacts/find"
    found = await manager.post(url, {"address": "A@example.com"})
    missed = await manager.post(url, {"address": "b@example.com"})
    assert found.headers["location"] == f"/contacts/{ids['contact']}"
    assert (missed.status_code, "has this address" in missed.text) == (422, True)


@pytest.mark.parametrize("purpose", ["", "?purpose=curiosity"])
async def test_no_list_leaves_without_a_purpose(
    manager: Browser, ids: dict[str, UUID], superuser: asyncpg.Connection, purpose: str
) -> None:
    answer = await manager.get(f"/clients/{ids['client']}/contacts/export{purpose}")
    assert (answer.status_code, "Choose why the list has to leave" in answer.text) == (422, True)
    assert "a@example.com" not in answer.text
    query = "SELECT count(*) FROM ledger.event WHERE action = 'contact.export' AND object_id = $1"
    assert await superuser.fetchval(query, ids["client"]) == 0


async def test_an_exported_list_is_recorded_with_its_purpose_for_each_of_its_people(
    manager: Browser, ids: dict[str, UUID], superuser: asyncpg.Connection
) -> None:
    answer = await manager.get(f"/clients/{ids['client']}/contacts/export?language=en&purpose=return")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "a@example.com" in answer.text
    query = "SELECT detail ->> 'people', purpose FROM ledger.event WHERE action = 'contact.export' AND object_id = $1"
    assert tuple(await superuser.fetchrow(query, ids["client"])) == ("1", "return")
    query = "SELECT purpose FROM ledger.event WHERE action = 'contact.read' AND actor_id = $1 AND subject_id = $2"
    assert await superuser.fetchval(query, manager.account_id, ids["contact"]) == "return"


async def test_filters_live_in_the_url_and_come_back_into_their_fields(manager: Browser, ids: dict[str, UUID]) -> None:
    base = f"/clients/{ids['client']}/contacts"
    page = await manager.get(f"{base}?language=de&state=bounced&from=2026-08-01&import={ids['entry']}")
    assert ("Nobody fits" in page.text, 'value="2026-08-01"' in page.text) == (True, True)
    assert "no location with the code" in (await manager.get(f"{base}?store=XX")).text
    odd = f"{base}?place={uuid4()}&import=x&from=y&until=z&state=q&language=xx&store="
    assert (await manager.get(odd)).status_code == 200


async def test_erasing_asks_first_and_then_hides_the_contact(manager: Browser, ids: dict[str, UUID]) -> None:
    url = f"/contacts/{ids['contact']}/erase"
    assert "cannot be undone" in (await manager.get(url)).text
    answer = await manager.submit(url)
    assert answer.headers["location"] == f"/clients/{ids['client']}/contacts"
    assert "is being erased" in (await manager.get(answer.headers["location"])).text


async def test_a_client_without_contacts_is_offered_the_next_act(manager: Browser, lists: Lists) -> None:
    page = await manager.get(f"/clients/{lists.client_id}/contacts")
    assert "No contacts yet" in page.text
    assert "No lists yet" in (await manager.get(f"/clients/{lists.client_id}/imports")).text
