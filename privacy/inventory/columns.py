"""Declarations on Piccolo columns, and the data map that is read from them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from piccolo.columns import Bytea, Column
from piccolo.table import Table

from ..errors import Unclassified
from .domain import Category, Declaration, Erase, Personal, Plain, Release, Retention, require_fit

ColumnT = TypeVar("ColumnT", bound=Column)

# Piccolo copies a column's attributes when it builds the table, and otherwise takes no notice of this one.
ATTRIBUTE = "privacy_declaration"


class MappedColumn(NamedTuple):
    """One line of the data map."""

    schema: str
    table: str
    column: str
    declaration: Declaration

    @property
    def place(self) -> str:
        """The name that seals, indexes and reports use."""
        return f"{self.schema}.{self.table}.{self.column}"


def personal(  # noqa: PLR0913  (a declaration, not a call: each word is named)
    column: ColumnT,
    category: Category,
    *,
    subject: str,
    purposes: tuple[str, ...],
    retention: Retention,
    on_erase: Erase,
    release: Release,
    keep_reason: str = "",
) -> ColumnT:
    """Declare a column that holds something about a person; the column itself is returned.

    subject: "self", or the column that leads to the person. keep_reason: required with Erase.KEEP. Raises ValueError.
    """
    declaration = Personal(category, subject, purposes, retention, on_erase, release, keep_reason)
    require_fit(declaration, is_sealed=isinstance(column, Bytea) and column._meta.secret)
    setattr(column, ATTRIBUTE, declaration)
    return column


def plain(column: ColumnT, reason: str) -> ColumnT:
    """Declare a column that holds nothing about a person, and why; the column itself is returned. Raises ValueError."""
    setattr(column, ATTRIBUTE, Plain(reason))
    return column


def declaration_of(column: Column) -> Declaration:
    """What the column says of itself. Raises Unclassified."""
    declaration: Declaration | None = getattr(column, ATTRIBUTE, None)
    if declaration is None:
        raise Unclassified([_place(column)])
    return declaration


def check(tables: Iterable[type[Table]]) -> None:
    """Raises Unclassified, naming every column that declares nothing."""
    silent = [column for table in tables for column in table._meta.columns if not hasattr(column, ATTRIBUTE)]
    if silent:
        raise Unclassified([_place(column) for column in silent])


def data_map(tables: Iterable[type[Table]]) -> Iterator[MappedColumn]:
    """Every column of the tables with its declaration. Raises Unclassified at the first that has none."""
    for table in tables:
        for column in table._meta.columns:
            schema = table._meta.schema or "public"
            yield MappedColumn(schema, table._meta.tablename, column._meta.db_column_name, declaration_of(column))


def _place(column: Column) -> str:
    if column._meta._table is None:
        return column._meta._name or "a column outside any table"
    table = column._meta.table._meta
    return f"{table.schema or 'public'}.{table.tablename}.{column._meta.db_column_name}"
