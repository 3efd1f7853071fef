"""Taking in a list: judged before anything is stored, then kept sealed until it has been imported or given up.

The file as it came holds everything, even columns and values that must not come in. It is sealed with a key of its
own and removed with that key's last use; a preview and a report show nothing of what is refused.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from privacy.crypto import derive_key, hmac_sha256, random_id, sha256_of
from privacy.vault import create_subject, data_key
from survey.clients import service as clients
from survey.db import Scope, connection

from .. import queries
from ..domain import (
    FRAME_BYTES,
    HEAD_BYTES,
    UPLOAD,
    FileKind,
    Import,
    Inspection,
    Mapping,
    Shape,
    guessed_mapping,
    guessed_shape,
    kind_of,
    preview,
    refusal_of,
    refused_positions,
)
from .notes import note, note_look
from .safe import Safe, keep, pieces_of
from .workbooks import text_of_workbook

DIGEST_KEY = "contact import file"


class Upload(NamedTuple):
    """A file on disk that its owner will remove, and what whoever sent it calls it."""

    path: Path
    name: str


class FirstRows(NamedTuple):
    """The beginning of a list for the eyes of staff; what is refused is not in it."""

    header: list[str]
    width: int
    refused: list[int]  # positions of columns that must not be imported
    rows: list[tuple[int, list[str]]]


async def receive(scope: Scope, safe: Safe, client_id: UUID, upload: Upload, now: datetime) -> UUID:
    """Take in a list for a client and return the import's id. Raises Unreadable, NotFound; then nothing is stored."""
    client = await clients.client_in(scope, client_id)
    kind, text, shape_note = await _as_text(upload)
    try:
        seen, digest = await asyncio.to_thread(_inspected, text)
        shape = replace(guessed_shape(seen), note=shape_note)
        header, rows = preview(seen.head, shape)
        mapping = guessed_mapping(header, [cells for _, cells in rows], await queries.stores_of(scope, client.id))
        import_id = random_id()
        key = await create_subject(connection(), safe.ring, scope.affiliate_id, import_id)
        file_key = await keep(safe, key, UPLOAD, _pieces(text))
    finally:
        if text != upload.path:
            text.unlink(missing_ok=True)
    keyed = hmac_sha256(derive_key(safe.index_key, DIGEST_KEY), scope.affiliate_id.bytes + digest)
    await queries.insert_import(scope, import_id, client.id, (file_key, keyed, kind), shape, mapping, now)
    await note(scope, "contact_import.upload", import_id, now, client_id=str(client.id), kind=kind.value)
    return import_id


async def first_rows(scope: Scope, safe: Safe, entry: Import, now: datetime) -> FirstRows:
    """The beginning of an uploaded list; the look is recorded. Raises NotFound where the file is gone already."""
    shown = await asyncio.to_thread(_shown, await _head_of(safe, entry), entry.shape)
    await note_look(scope, "contact_import.preview", entry.id, now, rows=len(shown.rows))
    return shown


async def guessed_again(scope: Scope, safe: Safe, entry: Import, shape: Shape) -> Mapping:
    """The mapping proposed when a list is cut in another way."""
    stores = await queries.stores_of(scope, entry.client_id)
    header, rows = preview(await _head_of(safe, entry), shape)
    return guessed_mapping(header, [cells for _, cells in rows], stores)


async def _head_of(safe: Safe, entry: Import) -> bytes:
    key = await data_key(connection(), safe.ring, entry.id)
    pieces = pieces_of(safe, key, UPLOAD, entry.file_key)
    head = await anext(pieces, b"")
    await pieces.aclose()
    return head[:HEAD_BYTES]


def _shown(head: bytes, shape: Shape) -> FirstRows:
    header, rows = preview(head, shape)
    refused = refused_positions(header)
    width = max((len(cells) for cells in (header, *(cells for _, cells in rows))), default=0)
    shown = [(row, [_masked(cell, at in refused) for at, cell in enumerate(cells)]) for row, cells in rows]
    return FirstRows(header, width, refused, shown)


def _masked(cell: str, is_refused_column: bool) -> str:
    if is_refused_column:
        return ""
    return "left out" if refusal_of(cell) else cell


async def _as_text(upload: Upload) -> tuple[FileKind, Path, str]:
    with upload.path.open("rb") as file:
        kind = kind_of(upload.name, file.read(8))
    if kind is FileKind.TEXT:
        return kind, upload.path, ""
    text = upload.path.with_name(f"{upload.path.name}.text")
    try:
        return kind, text, await text_of_workbook(upload.path, text)
    except BaseException:
        text.unlink(missing_ok=True)
        raise


def _inspected(path: Path) -> tuple[Inspection, bytes]:
    seen = Inspection()

    def fed() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(FRAME_BYTES):
                seen.feed(piece)
                yield piece

    return seen, sha256_of(fed())


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, FRAME_BYTES):
            yield piece
