"""The privacy library's own tables are classified, and are those of the database."""

import pytest
from piccolo.table import Table

from privacy.audit.tables import LedgerEvent, LedgerEventLink
from privacy.consents.tables import ConsentRecord
from privacy.disclosures.tables import DisclosureRecord
from privacy.inventory import Personal, Release, check, data_map
from privacy.optouts.tables import OptOut, OptOutLink
from privacy.vault.tables import SubjectKey
from survey.db import Database, Role, transaction

TABLES: list[type[Table]] = [
    SubjectKey,
    LedgerEvent,
    LedgerEventLink,
    OptOut,
    OptOutLink,
    ConsentRecord,
    DisclosureRecord,
]

# pg_attribute and not information_schema, which hides from a role what it may not touch.
COLUMNS = """
    SELECT attname, NOT attnotnull AS is_nullable, format_type(atttypid, NULL) AS type
    FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
"""
TYPES = {"timestamp with time zone": "TIMESTAMPTZ"}


def test_every_column_is_classified() -> None:
    check(TABLES)


def test_nothing_of_a_person_in_these_tables_is_ever_released() -> None:
    declarations = [row.declaration for row in data_map(TABLES)]
    assert {one.release for one in declarations if isinstance(one, Personal)} == {Release.NEVER}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
async def test_a_table_mirrors_the_databases(database: Database, table: type[Table]) -> None:
    async with transaction(Role.OWNER) as connection:
        rows = await connection.fetch(COLUMNS, f"{table._meta.schema}.{table._meta.tablename}")
    stored = {row["attname"]: (row["is_nullable"], TYPES.get(row["type"], row["type"].upper())) for row in rows}
    declared = {column._meta.db_column_name: (column._meta.null, column.column_type) for column in table._meta.columns}
    assert stored == declared
