"""A copy of a shopper's data forgets no column: what is about a shopper is in it, or is held back with a reason."""

from typing import TypeVar

import pytest
from piccolo.columns import UUID, Bytea, Text
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Personal, Release, Retention, data_map, personal, plain
from survey.db import Database, Role, transaction
from survey.promises.checks.seals import SEALED
from survey.promises.inventory import every_table
from survey.rights import queries
from survey.rights.domain.copies import HELD_BACK, KINDS
from survey.rights.service.copy_plan import FILES, SEALS, sources_of, told_of, unnamed

C = TypeVar("C", bound=Column)
KNOWN = {column.place: column.declaration for column in data_map(every_table())}
SOURCES = [source for kind in KINDS for source in sources_of(kind)]


def _about_a_shopper(column: C, subject: str) -> C:
    return personal(
        column, Category.FREE_TEXT, subject=subject, purposes=("try a test",), on_erase=Erase.DELETE,
        retention=Retention("tests", 1, "the test"), release=Release.NEVER,
    )  # fmt: skip


class Diary(Table, schema="identity", tablename="diary"):
    """A table that somebody adds tomorrow."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    shopper_id = plain(UUID(default=None), "the shopper; leads to the person")
    words = _about_a_shopper(Text(default=None), "shopper_id")


class Doodle(Table, schema="field", tablename="doodle"):
    """Another, of a report."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    drawing = _about_a_shopper(Bytea(default=None), "the shopper, by the shop's assignment")


@pytest.mark.parametrize(
    ("table", "column"), [(Diary, "identity.diary.words"), (Doodle, "field.doodle.drawing")]
)  # fmt: skip
def test_a_new_column_about_a_shopper_that_nobody_has_thought_of_is_found(table: type[Table], column: str) -> None:
    assert unnamed([table]) == [column]


def test_every_column_about_a_shopper_is_in_the_copy_or_held_back() -> None:
    assert unnamed() == []


def test_what_is_declared_of_shoppers_anywhere_is_seen() -> None:
    """Whatever module it stands in: the plan reads the areas that it knows."""
    named = {f"{source.table}.{column}" for source in SOURCES for column in source.told} | set(HELD_BACK)
    meant = {
        place for place, declared in KNOWN.items() if isinstance(declared, Personal) and "shopper" in declared.subject
    }
    assert meant - named == set()


@pytest.mark.parametrize("place", sorted(HELD_BACK))
def test_what_is_held_back_is_there_and_says_why(place: str) -> None:
    assert isinstance(KNOWN[place], Personal)
    assert len(HELD_BACK[place].split()) >= 6


def test_nothing_is_in_two_parts() -> None:
    tables = [name for kind in KINDS for name in kind.tables]
    assert len(tables) == len(set(tables))
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_part_says_where_from_what_for_and_for_how_long(kind: object) -> None:
    told = told_of(kind)
    assert told.kind.source
    assert told.kind.shown_to
    assert all((told.purposes, told.kept, told.categories))


def test_sealed_values_are_opened_where_the_daily_check_opens_them() -> None:
    known = {f"{each.relation}.{each.name}": (each.key, each.subject or each.key, each.part) for each in SEALED}
    sealed = [(source.table, name) for source in SOURCES for name in source.sealed]
    assert len(sealed) > 20
    for table, name in sealed:
        seal = SEALS[table]
        assert (seal.row, seal.subject, seal.part) == known[f"{table}.{name}"], f"{table}.{name}"


def test_a_column_that_names_a_file_brings_the_file() -> None:
    named = {f"{source.table}.{name}" for source in SOURCES for name in source.told if name.endswith("_key")}
    assert named == set(FILES)


async def test_every_column_of_the_copy_is_open_to_the_shoppers_own_role(database: Database) -> None:
    async with transaction(Role.SHOPPER):
        open_to_them = await queries.copies.readable_columns([source.table for source in SOURCES])
    told = {(source.table, name) for source in SOURCES for name in (*source.told, *source.order[:1])}
    assert told - open_to_them == set()


def test_no_id_of_anybody_stands_beside() -> None:
    beside = {f"{source.table}.{name}" for source in SOURCES for name in source.beside}
    leads = {place for place in beside if "leads to" in getattr(KNOWN[place], "reason", "")}
    assert leads == set()
