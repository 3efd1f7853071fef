"""Lists on their way in: what comes of each, and what is left of it afterwards."""

import csv
import io
from uuid import UUID

import asyncpg
import pytest

from survey.contacts.domain import ImportStatus, Unreadable
from survey.contacts.domain.refusals import refusal_of

from .conftest import EXPECTED, LISTS, Lists

REFUSED = [name for name, expected in EXPECTED.items() if "message" in expected]
READ = [name for name in EXPECTED if name not in REFUSED]
WORDS = {
    "empty.csv": "is empty",
    "header_only.csv": "no people",
    "not_a_table.csv": "no table",
    "fake.xlsx": "workbook",
}


async def stored(superuser: asyncpg.Connection, client_id: UUID) -> int:
    return int(await superuser.fetchval("SELECT count(*) FROM identity.contact WHERE client_id = $1", client_id))


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_is_refused_in_words_and_nothing_is_stored(
    name: str, lists: Lists, superuser: asyncpg.Connection
) -> None:
    before = await superuser.fetchval("SELECT count(*) FROM vault.subject_key")
    with pytest.raises(Unreadable, match=WORDS[name]):
        await lists.upload((LISTS / name).read_bytes(), name)
    assert await superuser.fetchval("SELECT count(*) FROM vault.subject_key") == before
    query = "SELECT count(*) FROM identity.contact_import WHERE client_id = $1"
    assert await superuser.fetchval(query, lists.client_id) == 0


@pytest.mark.parametrize("name", READ)
async def test_each_list_has_exactly_the_outcome_it_must_have(
    name: str, lists: Lists, superuser: asyncpg.Connection
) -> None:
    expected = EXPECTED[name]
    entry = await lists.bring_in((LISTS / name).read_bytes(), name)
    counts = entry.counts
    assert entry.status is ImportStatus.FINISHED
    assert counts.rows == expected["rows"]
    assert counts.people == await stored(superuser, lists.client_id) == expected.get("accepted_people", counts.rows)
    assert counts.refused == expected.get("refused_invalid_email", 0)
    assert counts.merged == expected.get("merged_duplicates", 0)
    problems = await lists.problems(entry)
    assert counts.warnings == len(expected.get("warnings", []))  # type: ignore[arg-type]
    assert set(expected.get("warnings", [])) <= set(problems)  # type: ignore[call-overload]
    assert entry.shape.encoding.removesuffix("-sig") == expected.get("encoding", "utf-8")
    assert {"\t": "tab"}.get(entry.shape.delimiter, entry.shape.delimiter) == expected.get("delimiter", ",")


async def test_formulas_of_a_list_are_made_harmless_on_the_way_out(lists: Lists) -> None:
    await lists.bring_in((LISTS / "customers.csv").read_bytes())
    cells = [cell for row in csv.reader(io.StringIO(await lists.export(), newline="")) for cell in row]
    assert sum(cell.startswith("'") for cell in cells) == EXPECTED["customers.csv"]["neutralised_on_export"]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


async def test_a_formula_of_a_workbook_never_leaves_alive(lists: Lists) -> None:
    await lists.bring_in((LISTS / "customers.xlsx").read_bytes(), "customers.xlsx")
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO(await lists.export(), newline=""))}
    assert rows["formula@example.com"]["first_name"] == ""


@pytest.mark.parametrize("name", ["with_ssn.csv", "card_in_notes.csv"])
async def test_what_is_refused_is_found_nowhere_afterwards(
    name: str, lists: Lists, superuser: asyncpg.Connection
) -> None:
    entry = await lists.bring_in((LISTS / name).read_bytes())
    text = (LISTS / name).read_text()
    refused = [cell for row in csv.reader(io.StringIO(text)) for cell in row if refusal_of(cell)]
    report, export = (await lists.report(entry)).decode(), await lists.export()
    row = str(await superuser.fetchrow("SELECT * FROM identity.contact_import WHERE id = $1", entry.id))
    assert refused
    assert not [value for value in refused if value in report + export + row]
    assert entry.file_key == ""
    assert EXPECTED["with_ssn.csv"]["stored_of_refused_columns"] == 0


async def test_a_value_refused_by_its_pattern_is_reported_without_it(lists: Lists) -> None:
    entry = await lists.bring_in((LISTS / "card_in_notes.csv").read_bytes())
    problems = await lists.problems(entry)
    assert entry.counts.refused_values == len(problems) == 14
    assert "row 2: note held a social security number, which was left out" in problems


async def test_a_list_that_comes_twice_changes_nothing(lists: Lists, superuser: asyncpg.Connection) -> None:
    content = (LISTS / "customers.csv").read_bytes()
    query = "SELECT * FROM identity.contact WHERE client_id = $1 ORDER BY id"
    await lists.bring_in(content)
    before = await superuser.fetch(query, lists.client_id)
    counts = (await lists.bring_in(content)).counts
    assert await superuser.fetch(query, lists.client_id) == before
    assert (counts.new, counts.updated, counts.unchanged, counts.merged) == (0, 0, 887, 5)


async def test_a_later_list_corrects_and_adds(lists: Lists) -> None:
    await lists.bring_in("email,first name,city\na@example.com,Ada,Leeds\nb@example.com,Bo,\n")
    counts = (await lists.bring_in("email,first name\nA@example.com,Adah\nb@example.com,\nc@example.com,Cy\n")).counts
    assert (counts.new, counts.updated, counts.unchanged) == (1, 1, 1)
    rows = {row["email"]: row for row in csv.DictReader(io.StringIO(await lists.export(), newline=""))}
    assert (rows["a@example.com"]["first_name"], rows["a@example.com"]["city"]) == ("Adah", "Leeds")
    assert rows["b@example.com"]["first_name"] == "Bo"
