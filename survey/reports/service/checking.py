"""Whether what somebody was given is ours and unchanged: a signed copy, or a file and its signature."""

import asyncio
from pathlib import Path

from privacy.crypto import sha256_of
from survey.settings import Settings

from ..domain import Statement, read_copy, require_file

CHUNK_BYTES = 1024 * 1024


async def checked(settings: Settings, copy: Path, file: Path | None) -> Statement:
    """What the copy or the signature says, if both are to be believed. file: the one that the signature is of.

    Nothing of the file is opened or understood: it is hashed as it lies. Raises NotACopy, UnknownKey, Changed, Struck,
    FileMissing, OtherFile, Unsigned.
    """
    raw = await asyncio.to_thread(copy.read_bytes)
    said = read_copy(raw, settings.known_token_keys, settings.struck_keys)
    require_file(said, await asyncio.to_thread(_sha256_of, file) if file else None)
    return said


def _sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return sha256_of(iter(lambda: content.read(CHUNK_BYTES), b"")).hex()
