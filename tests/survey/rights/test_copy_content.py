"""What a copy holds, against what the database's superuser finds of the person: all of it, and nobody else."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from privacy.inventory import Erase, MappedColumn, Personal, data_map
from privacy.vault import Place, data_key, unseal_text
from survey.db import Database
from survey.promises.checks.seals import SEALED
from survey.promises.inventory import every_table
from survey.rights.domain.copies import HELD_BACK, KINDS
from survey.settings import Settings
from survey.shops.reviews.domain import FLAG_WORDS, Flag
from tests.conftest import World
from tests.shop_world import shop_world
from tests.web_client import Site

from .planting import MENTIONED, Planted, planted
from .taking import Taken, taker_of

RECORDS = {"identity.shopper.address", "field.report_submission.sealed"}
BESIDES = (
    ("agreements", "ledger.consent", "subject_id"),
    ("looks", "ledger.event", "subject_id"),
    ("mail", "ops.delivery", "recipient_id"),
)
# What stands beside ids and codes, as the schema's note says.
WORDS = {"shop", "currency", "client", "field", "kind", "question", "answers", "seen"}
PART_OF = {table: kind.name for kind in KINDS for table in kind.tables}


def _is_about(column: MappedColumn) -> bool:
    """By the words of the declaration alone: what the product derives from them is what is tried here."""
    declared = column.declaration
    if not isinstance(declared, Personal):
        return False
    is_profile = column.schema == "identity" and column.table == "shopper" and declared.subject == "id"
    return is_profile or declared.subject == "shopper_id" or declared.subject.startswith("the shopper")


ABOUT = [column for column in data_map(every_table()) if _is_about(column)]


@pytest.fixture
async def one(superuser: asyncpg.Connection, settings: Settings, world: World) -> Planted:
    """Somebody of whom something stands in every column."""
    return await planted(await shop_world(superuser, settings, world.alices.affiliate_id))


@pytest.fixture
async def copy(site: Site, one: Planted, database: Database) -> Taken:
    """Their copy."""
    taker = await taker_of(site, one.there, one.me, database)
    return await taker.taken()


async def _held(one: Planted, column: MappedColumn) -> list[Any]:
    """What the superuser finds in a column of the person, opened."""
    relation, row, subject, part = f"{column.schema}.{column.table}", "NULL::uuid", "NULL::uuid", "NULL"
    seal = next((each for each in SEALED if f"{each.relation}.{each.name}" == column.place), None)
    if seal is not None:
        row, subject, part = seal.key, seal.subject or seal.key, f"{seal.part}::text" if seal.part else "NULL"
    rows = await one.there.owner.fetch(
        f"SELECT {column.column} AS value, {row} AS row, {subject} AS subject, {part} AS part"
        f" FROM {relation} WHERE {await _found_by(one, relation)} AND {column.column} IS NOT NULL"
    )
    return [await _opened(one, column.place, each) if seal is not None else each["value"] for each in rows]


async def _found_by(one: Planted, relation: str) -> str:
    if relation == "identity.shopper":
        return f"id = '{one.me.id}'"
    reports = (
        "SELECT r.id FROM field.report r JOIN identity.assignment a USING (shop_id) WHERE a.state IN ('held', 'done')"
        f" AND a.shopper_id = '{one.me.id}'"
        f" UNION SELECT report_id FROM identity.draft WHERE shopper_id = '{one.me.id}'"
    )
    if relation.startswith("field."):
        return f"{'id' if relation == 'field.report' else 'report_id'} IN ({reports})"
    return f"shopper_id = '{one.me.id}'"


async def _opened(one: Planted, place: str, row: asyncpg.Record) -> Any:
    key = await data_key(one.there.owner, one.there.settings.keyring, row["subject"])
    where = Place(f"{place}#{row['part']}" if row["part"] else place, row["row"], row["subject"])
    text = unseal_text(key, where, row["value"])
    return json.loads(text) if place in RECORDS else text


def _expected(one: Planted, copy: Taken, column: MappedColumn, value: Any, found: list[Any]) -> bool:
    """Whether the copy says what was found, as JSON says it; of a file, whether it is there byte by byte."""
    if isinstance(value, str) and value in one.stored:
        paths = [each["file"] for each in found if each]
        return one.stored[value] in [copy.zip.read(path) for path in paths]
    if column.column == "flags":
        return [FLAG_WORDS[Flag.FAR_AWAY]] in found
    known = json.loads(value) if isinstance(value, str) and value[:1] in ("{", '"') else value
    return json.loads(msgspec.json.encode(known)) in found


def test_every_column_about_a_shopper_that_is_sealed_is_opened_by_the_oracle() -> None:
    shredded = {column.place for column in ABOUT if column.declaration.on_erase is Erase.SHRED}  # type: ignore[union-attr]
    assert shredded - {f"{each.relation}.{each.name}" for each in SEALED} == set()


async def test_every_column_about_the_person_is_in_the_copy_or_held_back_with_a_reason(
    one: Planted, copy: Taken
) -> None:
    parts = {name: copy.part(name) for name in set(PART_OF.values())}
    empty, missing, leaked = [], [], []
    for column in ABOUT:
        values = await _held(one, column)
        relation = f"{column.schema}.{column.table}"
        found = (
            [row.get(column.column) for row in parts[PART_OF[relation]].get(column.table, ())]
            if relation in PART_OF
            else []
        )
        if not values:
            empty.append(column.place)
        elif column.place in HELD_BACK:
            leaked += [column.place for value in found if value is not None]
        else:
            missing += [column.place for value in values if not _expected(one, copy, column, value, found)]
    assert empty == [], "nothing stands there of the planted person, so that this test proves nothing of it"
    assert leaked == []
    assert missing == []


async def test_what_is_held_back_is_nowhere_in_the_copy(one: Planted, copy: Taken) -> None:
    for place in ("identity.payout.handle", "identity.tax_identity.number"):
        (column,) = (each for each in ABOUT if each.place == place)
        (value,) = await _held(one, column)
        assert value.encode() not in copy.everything, place
    assert copy.part("pay")["payout"][0]["last4"] == "zw74"
    assert copy.part("pay")["tax_identity"][0]["last4"] == "6321"
    for planted_there in (b"zqw-digest", b"zqw-fingerprint", b"zqw-index", b"zqw-suppression", b"4711471147114711"):
        assert planted_there not in copy.everything


async def test_nobody_else_is_in_the_copy(one: Planted, copy: Taken) -> None:
    everything = copy.everything
    assert len(one.staff) >= 10, "hardly anybody of the staff has done anything: it proves nothing"
    assert [who for who in one.staff if str(who).encode() in everything] == []
    assert MENTIONED.encode() not in everything
    assert str(one.me.account_id).encode() not in everything
    assert FLAG_WORDS[Flag.SAME_TEXT].encode() not in everything


async def test_looks_mail_and_agreements_are_in_it(one: Planted, copy: Taken) -> None:
    for part, table, subject in BESIDES:
        found = await one.there.owner.fetch(f"SELECT id FROM {table} WHERE {subject} = $1", one.me.id)
        told = {row["id"] for row in copy.part(part)[table.rpartition(".")[2]]}
        # What happened since the copy was begun, and what is no look at anybody, is not in it.
        assert told <= {str(row["id"]) for row in found}
        assert len(told) >= (2 if part == "mail" else 1)
    assert copy.part("looks")["event"][0]["purpose"].startswith("zqw-")
    assert copy.part("agreements")["consent"][0]["wording"].startswith("zqw-")
    assert {row["kind"][:4] for row in copy.part("mail")["delivery"]} == {"zqw-"}


async def test_a_company_that_somebody_typed_is_in_it_and_not_whose_client_it_is(one: Planted, copy: Taken) -> None:
    typed = next(row for row in copy.part("standing")["conflict"] if row["source"] == "self")
    assert typed["company"].startswith("zqw")
    assert typed.get("client") is None
    assert typed["client_id"] is None
    assert "checked_at" not in typed


async def test_ids_are_followed_by_words(one: Planted, copy: Taken) -> None:
    report = next(row for row in copy.part("reports")["report"] if row["id"] == str(one.report_id))
    assert (report["shop"][:2], report["currency"]) == ("T-", "USD")
    assert report["shop"].endswith("Riverside, Leeds")
    assert all(set(each) == {"question", "answer"} for each in report["answers"])
    (told,) = copy.part("told")["profile_answer"]
    assert told["field"] == "Your days"
    recorded = next(row for row in copy.part("standing")["conflict"] if row["source"] == "staff")
    assert recorded["client"].startswith("Copperkettle")
    assert copy.part("reports")["report_text"][0]["question"]


async def test_the_page_to_read_says_the_same_and_asks_for_nothing_from_elsewhere(one: Planted, copy: Taken) -> None:
    page = copy.zip.read("index.html").decode()
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    words = await _words_of(one)
    assert len(words) > 20, "too few words were planted: it proves nothing"
    assert {word for word in words if word not in page} == set()
    assert "USD 12.01" in page


async def _words_of(one: Planted) -> set[str]:
    """Every word in clear that was planted and is not held back."""
    words: set[str] = set()
    for column in (each for each in ABOUT if each.place not in HELD_BACK):
        words |= {value for value in await _held(one, column) if isinstance(value, str) and value.startswith("zqw-")}
    return words


async def test_every_file_of_the_copy_is_named_in_it_and_every_field_is_explained(copy: Taken) -> None:
    schema: Mapping[str, Any] = json.loads(copy.zip.read("schema.json"))
    names = set(copy.zip.namelist())
    assert set(schema["files"]) == {f"{kind.name}.json" for kind in KINDS}
    assert names == {*schema["files"], "schema.json", "index.html"} | {n for n in names if n.startswith("files/")}
    assert sum(name.startswith("files/") for name in names) == 6
    for name, part in schema["files"].items():
        assert all(part[word] for word in ("categories", "source", "purposes", "kept", "shown_to")), name
        for table, rows in json.loads(copy.zip.read(name)).items():
            columns = {column for row in rows for column in row}
            assert columns - WORDS <= set(part["tables"][table]), (name, table)


def _ids(rows: list[dict[str, Any]]) -> set[UUID]:
    return {UUID(row["id"]) for row in rows}


async def test_of_a_neighbour_at_the_same_company_there_is_nothing(
    site: Site, one: Planted, database: Database
) -> None:
    neighbour = await planted(one.there)
    copy = await (await taker_of(site, one.there, one.me, database)).taken()
    everything = copy.everything
    assert str(neighbour.me.id).encode() not in everything
    assert str(neighbour.report_id).encode() not in everything
    assert f"-{neighbour.me.id.hex[:8]}".encode() not in everything
    assert not _ids(copy.part("messages")["message"]) & {
        row["id"]
        for row in await one.there.owner.fetch("SELECT id FROM identity.message WHERE shopper_id = $1", neighbour.me.id)
    }


async def test_somebody_of_the_same_household_is_not_in_it_though_rotation_counts_their_visits(
    site: Site, one: Planted, database: Database
) -> None:
    sibling = await one.there.shopper("Zqw Sibling", household_index=one.me.id.bytes)
    theirs = await one.there.visited(sibling, one.day())
    copy = await (await taker_of(site, one.there, one.me, database)).taken()
    assert str(theirs).encode() not in copy.everything
    assert len(copy.part("shops")["assignment"]) >= 4


async def test_of_a_shop_that_went_to_somebody_else_the_report_is_theirs(
    site: Site, one: Planted, database: Database
) -> None:
    shop_id = await one.there.visited(await one.there.shopper("Zqw Successor"), one.day())
    await one.there.assignment(shop_id, one.me, "given_back")
    report_id = await one.there.report(shop_id, {"clean": 5})
    copy = await (await taker_of(site, one.there, one.me, database)).taken()
    assert str(report_id).encode() not in copy.everything
    assert str(shop_id) in {row["shop_id"] for row in copy.part("shops")["assignment"]}


async def test_what_an_editor_has_not_sent_or_decided_is_not_in_it_and_the_copy_says_so(
    site: Site, one: Planted, database: Database
) -> None:
    await one.there.owner.execute("UPDATE field.report_note SET sent_at = NULL WHERE report_id = $1", one.report_id)
    await one.there.owner.execute("UPDATE field.review SET decision = '' WHERE report_id = $1", one.report_id)
    copy = await (await taker_of(site, one.there, one.me, database)).taken()
    assert (copy.part("edits")["report_note"], copy.part("grades")["review"]) == ([], [])
    for words in (b"what an editor has not sent to you is not finished", b"what is not decided yet"):
        assert words in copy.zip.read("index.html")
        assert words in copy.zip.read("schema.json")
