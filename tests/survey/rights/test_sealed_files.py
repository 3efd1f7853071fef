"""Files of any size under seal, and archives that are sent while they are packed."""

import asyncio
from collections.abc import AsyncGenerator
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from privacy.crypto import random_bytes
from privacy.errors import SealBroken
from privacy.vault import DataKey, KeyRing
from privacy.vault.domain import new_data_key
from survey.rights.service.archive import Archive, Put, piped
from survey.rights.service.sealed_files import PIECE_BYTES, opened, sealed
from tests.conftest import NOW

ROW = uuid4()
SIZES = (0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 3 * PIECE_BYTES + 17)


async def pieces(content: bytes, size: int = 70_001) -> AsyncGenerator[bytes, None]:
    """The content in parts of no special size."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def whole(content: AsyncGenerator[bytes, None]) -> bytes:
    """All of it."""
    return b"".join([some async for some in content])


@pytest.fixture(scope="module")
def key() -> DataKey:
    """Somebody's key."""
    return new_data_key(KeyRing(1, {1: random_bytes(32)}), uuid4())[0]


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_sealed_opens_whatever_its_size(key: DataKey, size: int) -> None:
    content = random_bytes(size)
    stored = await whole(sealed(key, ROW, pieces(content)))
    assert await whole(opened(key, ROW, pieces(stored, 33_333))) == content


@pytest.mark.parametrize("size", SIZES)
async def test_a_file_that_was_cut_at_a_piece_does_not_open(key: DataKey, size: int) -> None:
    frames = [frame async for frame in sealed(key, ROW, pieces(random_bytes(size)))]
    for some in (frames[:-1], frames[1:], [*frames, frames[-1]], []):
        with pytest.raises(SealBroken):
            await whole(opened(key, ROW, pieces(b"".join(some))))


async def test_pieces_cannot_change_places_nor_files(key: DataKey) -> None:
    frames = [frame async for frame in sealed(key, ROW, pieces(random_bytes(2 * PIECE_BYTES + 1)))]
    with pytest.raises(SealBroken):
        await whole(opened(key, ROW, pieces(b"".join([frames[1], frames[0], frames[2]]))))
    with pytest.raises(SealBroken):
        await whole(opened(key, uuid4(), pieces(b"".join(frames))))


async def test_a_length_that_nobody_wrote_is_refused_before_it_is_waited_for(key: DataKey) -> None:
    with pytest.raises(SealBroken):
        await whole(opened(key, ROW, pieces(b"\xff" * 100)))


async def test_an_archive_goes_on_while_it_is_packed_and_is_never_held_whole() -> None:
    large = 20 * PIECE_BYTES
    sent: list[int] = []

    async def write(put: Put) -> None:
        archive = Archive(put, NOW)
        await archive.add("large.bin", pieces(bytes(large)), is_packed=False)
        await archive.add("words.json", pieces(b"{}"))
        await archive.close()

    received = bytearray()
    async for some in piped(write):
        sent.append(len(some))
        received += some
    assert max(sent) < PIECE_BYTES
    with ZipFile(BytesIO(bytes(received))) as archive:
        assert archive.testzip() is None
        assert (archive.getinfo("large.bin").file_size, archive.read("words.json")) == (large, b"{}")


async def test_what_goes_wrong_while_packing_reaches_whoever_reads() -> None:
    async def write(put: Put) -> None:
        await put(b"some")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await whole(piped(write))


async def test_a_reader_that_stops_stops_the_packing() -> None:
    states: list[str] = []

    async def write(put: Put) -> None:
        try:
            while True:
                await put(b"some")
        finally:
            states.append("stopped")

    content = piped(write)
    assert await anext(content) == b"some"
    # The writer runs ahead until there is no more room.
    await asyncio.sleep(0.01)
    await content.aclose()
    assert states == ["stopped"]
