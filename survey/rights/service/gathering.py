"""A person's own rows, opened for the person, batch by batch; nobody else's, and nothing that is held back.

Read as the shopper: row-level security stands behind every statement. A value that cannot be opened any more is named.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from privacy.errors import SealBroken
from privacy.vault import DataKey, KeyRing, Place, data_keys, unseal_text
from survey.db import Role, Scope, Transaction, connection, transaction
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Item
from survey.rights import queries
from survey.rights.domain.copies import KINDS, Kind
from survey.rights.queries.copies import Wanted
from survey.shoppers.domain import OTHERWISE_SEEN, SEEN
from survey.shops.reviews.domain import COMPARING, FLAG_WORDS

from .copy_plan import Source, sources_of

BATCH = 100
LOST = {"lost": "This can no longer be opened."}
GONE = {"gone": "This file is no longer in our store."}
# Sealed as a whole: a record of several values.
RECORDS = frozenset({"identity.shopper.address", "field.report_submission.sealed"})
NOWHERE = (None, None)
NAMED = ("client_id", "field_id", "kind_id")

Row = dict[str, Any]


@dataclass(slots=True)
class Gathering:
    """What is known while one person's copy is gathered. files: where each file stands in the copy, None: it is gone.

    unreadable: the values that could not be opened, each by column and row.
    """

    scope: Scope
    ring: KeyRing
    files: dict[str, str | None] = field(default_factory=dict)
    unreadable: set[Place] = field(default_factory=set)
    _readable: set[tuple[str, str]] = field(default_factory=set)
    _items: dict[UUID, dict[str, Item]] = field(default_factory=dict)

    def as_the_person(self) -> Transaction:
        """A transaction that sees what the person may see."""
        return transaction(Role.SHOPPER, affiliate=self.scope.affiliate_id, shopper=self.scope.shopper_id)

    async def rows(self, source: Source) -> AsyncGenerator[Row, None]:
        """The person's rows of one table, ready to be read."""
        async with self.as_the_person():
            wanted = await self._wanted(source)
            async for batch in queries.copies.rows_of(self.scope, wanted, BATCH):
                for row in await self._opened(source, batch):
                    yield row

    async def named_files(self, source: Source) -> AsyncGenerator[tuple[UUID, str, str], None]:
        """The row's id, the column and the name in the store of each file that a table names."""
        async with self.as_the_person():
            first = "shopper_id" if source.table == "identity.portrait" else "id"
            wanted = Wanted(source.table, source.link, (first, *source.files), source.order)
            async for batch in queries.copies.rows_of(self.scope, wanted, BATCH):
                for row in batch:
                    for column in (name for name in source.files if row[name] is not None):
                        yield row[first], column, row[column]

    async def own_key(self) -> DataKey | None:
        """The person's key; None once they were erased."""
        shopper_id = self.scope.shopper_id
        assert shopper_id is not None
        async with self.as_the_person() as here:
            return (await data_keys(here, self.ring, [shopper_id])).get(shopper_id)

    async def _wanted(self, source: Source) -> Wanted:
        """The columns of a table that the person may read; one about the person that is closed to them raises."""
        if not self._readable:
            tables = [one.table for kind in KINDS for one in sources_of(kind)]
            self._readable = await queries.copies.readable_columns(tables)
        beside = [name for name in source.beside if (source.table, name) in self._readable]
        bound = () if source.seal is None else (source.seal.row, source.seal.subject, source.seal.part)
        columns = dict.fromkeys(name for name in (*beside, *source.told, *bound) if name)
        return Wanted(source.table, source.link, tuple(columns), source.order, source.only)

    async def _opened(self, source: Source, batch: Sequence[Record]) -> list[Row]:
        keys = await self._keys(source, batch)
        rows = [self._row(source, record, keys) for record in batch]
        await self._explain(rows)
        return rows

    async def _keys(self, source: Source, batch: Sequence[Record]) -> Mapping[UUID, DataKey]:
        if source.seal is None:
            return {}
        return await data_keys(connection(), self.ring, list({row[source.seal.subject] for row in batch}))

    def _row(self, source: Source, record: Record, keys: Mapping[UUID, DataKey]) -> Row:
        row = {name: record[name] for name in (*source.told, *source.beside) if name in record}
        for name in source.sealed:
            row[name] = self._text(source, name, record, keys)
        for name in source.files:
            row[name] = self._file(record[name])
        if source.table == "ledger.event":
            row["seen"] = SEEN.get(record["action"], OTHERWISE_SEEN)
        if "flags" in row:
            row["flags"] = [FLAG_WORDS[flag] for flag in row["flags"] if flag in FLAG_WORDS and flag not in COMPARING]
        return row

    def _text(self, source: Source, name: str, record: Record, keys: Mapping[UUID, DataKey]) -> object:
        seal, sealed = source.seal, record[name]
        if sealed is None or seal is None:
            return None
        key, column = keys.get(record[seal.subject]), f"{source.table}.{name}"
        place = Place(f"{column}#{record[seal.part]}" if seal.part else column, record[seal.row], record[seal.subject])
        try:
            if key is None:
                raise SealBroken(column)
            text = unseal_text(key, place, sealed)
        except SealBroken:
            self.unreadable.add(place)
            return LOST
        return msgspec.json.decode(text) if column in RECORDS else text

    def _file(self, media_key: str | None) -> object:
        if media_key is None:
            return None
        path = self.files.get(media_key)
        return GONE if path is None else {"file": path}

    async def _explain(self, rows: list[Row]) -> None:
        """Say in words what ids lead to: the shop, the business, the question."""
        placed = await queries.copies.reports_placed(self.scope, _ids(rows, "report_id"))
        reports = await queries.copies.reports_placed(self.scope, [row["id"] for row in rows if "coded" in row])
        shops = [*_ids(rows, "shop_id"), *(shop for _, shop in (*placed.values(), *reports.values()) if shop)]
        called = await queries.copies.shops_named(self.scope, shops)
        names = {column: await queries.copies.names_of(self.scope, column, _ids(rows, column)) for column in NAMED}
        for row in rows:
            version_id, shop_id = _placed(placed, row.get("report_id")) or _placed(reports, row.get("id")) or NOWHERE
            row |= _shop(called, row, row.get("shop_id") or shop_id)
            for column in NAMED:
                row |= _said(names[column], {column.removesuffix("_id"): row.get(column)})
            items = await self._items_of(version_id) if version_id else {}
            row |= _asked(items, row)

    async def _items_of(self, version_id: UUID) -> Mapping[str, Item]:
        """The questions of a version by id; each version is read once."""
        if version_id not in self._items:
            stored = await queries.copies.definition_of(self.scope, version_id)
            sections = questionnaire.from_json(dict(stored)).sections if stored else ()
            self._items[version_id] = {item.id: item for section in sections for item in section.items}
        return self._items[version_id]


def gathering_of(scope: Scope, ring: KeyRing) -> Gathering:
    """A gathering for the shopper of this scope."""
    return Gathering(scope, ring)


async def counts_of(scope: Scope) -> dict[str, int]:
    """How many things of each kind are held of the person. Role.SHOPPER."""
    sources = {kind: sources_of(kind) for kind in KINDS}
    wanted = [Wanted(one.table, one.link, (), (), one.only) for each in sources.values() for one in each]
    counted = await queries.copies.count_rows(scope, wanted)
    return {kind.name: sum(counted[one.table] for one in each) for kind, each in sources.items()}


def with_files(kinds: Iterable[Kind] = KINDS) -> list[Source]:
    """The tables that name files."""
    return [source for kind in kinds for source in sources_of(kind) if source.files]


def _ids(rows: list[Row], column: str) -> list[UUID]:
    return [row[column] for row in rows if row.get(column) is not None]


def _placed(places: Mapping[UUID, tuple[UUID, UUID | None]], one: UUID | None) -> tuple[UUID, UUID | None] | None:
    return None if one is None else places.get(one)


def _shop(called: Mapping[UUID, tuple[str, str]], row: Row, shop_id: UUID | None) -> Row:
    if shop_id is None or shop_id not in called:
        return {}
    words, currency = called[shop_id]
    return {"shop": words} | ({"currency": currency} if "receipt_cents" in row else {})


def _said(names: Mapping[UUID, str], ids: Mapping[str, UUID | None]) -> Row:
    return {word: names[one] for word, one in ids.items() if one is not None and one in names}


def _asked(items: Mapping[str, Item], row: Row) -> Row:
    """The question's own words, beside its id; of a report each question with its answer."""
    said: Row = {}
    if row.get("question_id") in items:
        said["question"] = items[row["question_id"]].title
    if isinstance(row.get("coded"), dict):
        said["answers"] = [
            {"question": items[name].title, "answer": list(questionnaire.answer_lines(items[name], row["coded"], {}))}
            for name in row["coded"]
            if name in items
        ]
    return said
