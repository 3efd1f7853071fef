"""Declarations stay with their columns, and a column that says nothing is named."""

import pytest
from piccolo.columns import UUID, Bytea, Text
from piccolo.table import Table

from privacy.errors import Unclassified
from privacy.inventory import (
    Category,
    Erase,
    Personal,
    Plain,
    Release,
    Retention,
    check,
    data_map,
    declaration_of,
    personal,
    plain,
)

A_YEAR = Retention("a year", 365, "the last visit")


def declared(column: Bytea, on_erase: Erase = Erase.SHRED, release: Release = Release.NEVER) -> Bytea:
    """The column, declared as a contact's."""
    return personal(
        column,
        category=Category.CONTACT,
        subject="self",
        purposes=("invite",),
        retention=A_YEAR,
        on_erase=on_erase,
        release=release,
    )


class Guest(Table, schema="identity", tablename="guest"):
    """A table whose every column says what it is."""

    id = plain(UUID(primary_key=True), "random id")
    email = declared(Bytea(secret=True))


class Stranger(Table, schema="identity", tablename="stranger"):
    """A table with two columns that say nothing, one of them made by Piccolo."""

    shoe_size = Text()
    note = plain(Text(), "our own words")


def test_unclassified_columns_are_all_named() -> None:
    with pytest.raises(Unclassified) as refused:
        check([Guest, Stranger])
    assert set(refused.value.columns) == {"identity.stranger.id", "identity.stranger.shoe_size"}


def test_the_data_map_of_an_unclassified_table_is_refused() -> None:
    with pytest.raises(Unclassified):
        list(data_map([Stranger]))


def test_a_column_that_says_nothing_has_no_declaration() -> None:
    with pytest.raises(Unclassified, match=r"identity\.stranger\.shoe_size"):
        declaration_of(Stranger.shoe_size)
    with pytest.raises(Unclassified):
        declaration_of(Text())


@pytest.mark.parametrize("release", [Release.AGGREGATE, Release.CODED])
@pytest.mark.parametrize("on_erase", [Erase.SHRED, Erase.DELETE])
def test_a_sealed_column_is_never_released(release: Release, on_erase: Erase) -> None:
    with pytest.raises(ValueError, match="never released"):
        declared(Bytea(secret=True), on_erase=on_erase, release=release)


def test_a_column_that_is_not_sealed_cannot_be_shredded() -> None:
    with pytest.raises(ValueError, match="shredded"):
        declared(Bytea(), on_erase=Erase.SHRED)


def test_a_declaration_returns_the_column_itself() -> None:
    column = Bytea(secret=True)
    assert declared(column) is column
    assert plain(column, "for the test") is column


def test_a_classified_table_passes() -> None:
    check([Guest])


def test_the_data_map_lists_every_column_with_its_declaration() -> None:
    rows = list(data_map([Guest]))
    assert [row.place for row in rows] == ["identity.guest.id", "identity.guest.email"]
    assert isinstance(rows[0].declaration, Plain)
    assert isinstance(rows[1].declaration, Personal)
    assert rows[1].declaration.category is Category.CONTACT


def test_the_declaration_is_read_from_the_tables_own_column() -> None:
    declaration = declaration_of(Guest.email)
    assert isinstance(declaration, Personal)
    assert declaration.on_erase is Erase.SHRED
