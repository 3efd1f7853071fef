"""Making the copy: a ZIP of files, JSON and one page to read, written while it is gathered and sealed while it is kept.

Runs in the worker, which may be killed at any line: the file's name stands in the row before there is a file, and what
is made again takes its place.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from privacy.audit import Event, record
from privacy.errors import KeyShredded
from privacy.vault import DataKey
from survey.db import NotFound, Scope, connection
from survey.media import Media, media_of
from survey.media.recordings import HEAD_BYTES, form_of
from survey.rights import queries
from survey.rights.domain import readable
from survey.rights.domain.copies import KINDS, Kind
from survey.settings import Settings
from survey.shoppers import service as shoppers

from .archive import Archive, Put, piped
from .copy_plan import FILES, Source, sources_of, told_of
from .gathering import Gathering, Row, gathering_of, with_files
from .schema import schema
from .sealed_files import sealed

LARGEST_BYTES = 50_000_000_000
# What a file is called by its first bytes; whatever is not known keeps no ending that could be opened by mistake.
ENDINGS: Mapping[bytes, str] = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"%PDF": "pdf"}
FORM_ENDINGS = {"matroska": "webm", "mov": "mp4"}


def parts_to_make() -> int:
    """Of how many parts the progress of a copy is told."""
    return len(with_files()) + len(KINDS)


async def make(settings: Settings, scope: Scope, copy_id: UUID, media_key: str, now: datetime) -> None:
    """Make a copy, and tell its owner. Twice is once; where nobody waits for it any more its file goes."""
    gathering, media = gathering_of(scope, settings.keyring), media_of(settings)
    if not await _is_wanted(gathering, copy_id):
        await _forget_file(gathering, media, copy_id, media_key)
        return
    key = await gathering.own_key()
    if key is None:
        return
    async with gathering.as_the_person():
        company = await queries.affiliate_name(scope.affiliate_id)
    made = _Making(gathering, media, key, company, now)
    content = sealed(key, copy_id, piped(partial(made.write, copy_id)))
    await media.put_at(media_key, content, limit_bytes=LARGEST_BYTES)
    if not await _finish(settings, gathering, (copy_id, await media.size_bytes(media_key)), now):
        await _forget_file(gathering, media, copy_id, media_key)


async def _is_wanted(gathering: Gathering, copy_id: UUID) -> bool:
    async with gathering.as_the_person():
        return await queries.copies.note_progress(gathering.scope, copy_id, 0)


async def _forget_file(gathering: Gathering, media: Media, copy_id: UUID, media_key: str) -> None:
    """Remove what a killed worker has left of a copy that nobody waits for; one that is ready stays."""
    async with gathering.as_the_person():
        kept = await queries.copies.find_copy(gathering.scope)
    if kept is None or kept.id != copy_id:
        await media.delete(media_key)


async def _finish(settings: Settings, gathering: Gathering, made: tuple[UUID, int], now: datetime) -> bool:
    """Whether there is still somebody to keep it for. made: the copy and its size."""
    scope, (copy_id, size_bytes) = gathering.scope, made
    try:
        async with gathering.as_the_person():
            if not await queries.copies.finish_copy(scope, copy_id, size_bytes, now):
                return False
            detail = {"unreadable": len(gathering.unreadable)} if gathering.unreadable else {}
            event = Event(
                scope.affiliate_id, "system", None, "shopper.copy_make", "shopper", scope.shopper_id, scope.shopper_id,
                detail=detail,
            )  # fmt: skip
            await record(connection(), event, now)
            await shoppers.tell_oneself(scope, settings, shoppers.COPY_KIND, now)
    except KeyShredded:
        return False
    return True


class _Making:
    """One copy on its way."""

    def __init__(self, gathering: Gathering, media: Media, key: DataKey, company: str, now: datetime) -> None:
        self._gathering, self._media, self._key = gathering, media, key
        self._company, self._now, self._done = company, now, 0

    async def write(self, copy_id: UUID, put: Put) -> None:
        """All of it, in order: files first, so that what speaks of a file knows whether it is there."""
        archive = Archive(put, self._now)
        for source in with_files():
            # All names first: no transaction waits while files are fetched.
            for file in [each async for each in self._gathering.named_files(source)]:
                await self._add_file(archive, source, *file)
            await self._come_further(copy_id)
        for kind in KINDS:
            await archive.add(f"{kind.name}.json", self._json(kind))
            await self._come_further(copy_id)
        await archive.add("schema.json", _once(schema(self._company, self._now)))
        await archive.add("index.html", self._page())
        await archive.close()

    async def _come_further(self, copy_id: UUID) -> None:
        self._done += 1
        async with self._gathering.as_the_person():
            await queries.copies.note_progress(self._gathering.scope, copy_id, self._done)

    async def _add_file(self, archive: Archive, source: Source, row_id: UUID, column: str, media_key: str) -> None:
        content = self._content(source, row_id, column, media_key)
        try:
            first = await anext(content)
        except (NotFound, StopAsyncIteration):
            self._gathering.files[media_key] = None
            return
        folder = source.table.rpartition(".")[2]
        path = f"files/{folder}/{row_id}-{column.removesuffix('_key')}.{_ending(first)}"
        await archive.add(path, _from(first, content), is_packed=False)
        self._gathering.files[media_key] = path

    async def _content(self, source: Source, row_id: UUID, column: str, media_key: str) -> AsyncGenerator[bytes, None]:
        place = f"{source.table}.{column}"
        if FILES[place]:
            yield await shoppers.files.opened(self._media, self._key, place, row_id, media_key)
            return
        async for some in self._media.stream(media_key):
            yield some

    async def _json(self, kind: Kind) -> AsyncGenerator[bytes, None]:
        """A file of one kind: an object with a list for each table."""
        yield b"{"
        for place, source in enumerate(sources_of(kind)):
            name = source.table.rpartition(".")[2]
            yield (b",\n" if place else b"\n") + msgspec.json.encode(name) + b": ["
            before = b"\n"
            async with aclosing(self._gathering.rows(source)) as rows:
                async for row in rows:
                    yield before + msgspec.json.encode(row)
                    before = b",\n"
            yield b"\n]"
        yield b"\n}\n"

    async def _page(self) -> AsyncGenerator[bytes, None]:
        yield readable.opening(self._company, self._now, KINDS).encode()
        for kind in KINDS:
            yield readable.part_opening(kind, _told(kind)).encode()
            is_empty = True
            for source in sources_of(kind):
                async with aclosing(self._shown(source)) as shown:
                    async for some in shown:
                        is_empty = False
                        yield some
            if is_empty:
                yield readable.NOTHING.encode()
        yield readable.closing().encode()

    async def _shown(self, source: Source) -> AsyncGenerator[bytes, None]:
        is_open = False
        async with aclosing(self._gathering.rows(source)) as rows:
            async for row in rows:
                if not is_open:
                    yield readable.rows_opening(source.table).encode()
                    is_open = True
                yield readable.row_shown(_for_eyes(row)).encode()
        if is_open:
            yield readable.ROWS_CLOSING.encode()


def _told(kind: Kind) -> dict[str, Sequence[str]]:
    told = told_of(kind)
    held_back = [f"{name}: {reason}" for name, reason in told.held_back]
    return {"purposes": told.purposes, "kept": told.kept, "held_back": held_back}


def _for_eyes(row: Row) -> dict[str, Any]:
    """The row as a reader wants it: answers in words stand for codes; where there are none the codes do."""
    return row if row.get("answers") or "coded" not in row else row | {"answers": row["coded"]}


def _ending(first: bytes) -> str:
    for start, ending in ENDINGS.items():
        if first.startswith(start):
            return ending
    form = form_of(first[:HEAD_BYTES])
    return FORM_ENDINGS.get(form, form) if form else "bin"


async def _from(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    yield first
    async for some in rest:
        yield some


async def _once(content: bytes) -> AsyncGenerator[bytes, None]:
    yield content
