"""Media: names that give nothing away, whole files or none, and no way out of the folder."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from survey.db import NotFound
from survey.media import Media, TooLarge, media_of
from survey.settings import load
from tests.conftest import TEST_ENVIRONMENT

LIMIT_BYTES = 20_000_000


@pytest.fixture
def media(tmp_path: Path) -> Media:
    """Media in a folder of the test."""
    return media_of(load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(tmp_path)}))


@pytest.mark.parametrize(
    "key", ["../secrets.json", "imports/../../secrets.json", "/etc/passwd", "", "imports/x", "a/" + "f" * 33]
)
async def test_a_name_that_was_not_given_out_is_not_found(media: Media, tmp_path: Path, key: str) -> None:
    (tmp_path / "secrets.json").write_text("{}")
    with pytest.raises(NotFound):
        await media.read(key, limit_bytes=LIMIT_BYTES)
    with pytest.raises(NotFound):
        await media.delete(key)
    with pytest.raises(NotFound):
        await media.size_bytes(key)
    assert (tmp_path / "secrets.json").exists()


async def test_a_file_that_is_not_there_is_not_found(media: Media) -> None:
    key = "imports/" + "0" * 32
    with pytest.raises(NotFound):
        await media.read(key, limit_bytes=LIMIT_BYTES)
    with pytest.raises(NotFound):
        await media.size_bytes(key)


@pytest.mark.parametrize("kind", ["", "../up", "Imports", "a b", "a/b"])
async def test_a_kind_is_a_plain_word(media: Media, kind: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        await media.put(kind, b"x", limit_bytes=LIMIT_BYTES)


async def test_of_a_file_that_is_too_large_nothing_is_kept(media: Media, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        await media.put("imports", _zeros(30, 1_000_000), limit_bytes=LIMIT_BYTES)
    assert _files(tmp_path) == []


async def test_of_an_upload_that_breaks_off_nothing_is_kept(media: Media, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 10_000_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await media.put("imports", broken(), limit_bytes=LIMIT_BYTES)
    assert _files(tmp_path) == []


async def test_what_was_put_comes_back(media: Media) -> None:
    for content in (b"", b"x", bytes(range(256)) * 40_000):
        key = await media.put("imports", content, limit_bytes=LIMIT_BYTES)
        assert await media.read(key, limit_bytes=LIMIT_BYTES) == content
        assert await media.size_bytes(key) == len(content)


async def test_a_large_file_comes_back_in_pieces(media: Media) -> None:
    key = await media.put("imports", _zeros(15, 1_000_000), limit_bytes=LIMIT_BYTES)
    sizes = [len(piece) async for piece in media.stream(key)]
    assert sum(sizes) == 15_000_000
    assert max(sizes) < 5_000_000


async def test_reading_more_than_was_asked_for_is_refused(media: Media) -> None:
    key = await media.put("imports", b"twelve bytes", limit_bytes=LIMIT_BYTES)
    with pytest.raises(TooLarge):
        await media.read(key, limit_bytes=11)


async def test_names_are_random_and_say_nothing(media: Media) -> None:
    keys = {await media.put("imports", b"same", limit_bytes=LIMIT_BYTES) for _ in range(20)}
    assert len(keys) == 20
    assert all(re.fullmatch(r"imports/[0-9a-f]{32}", key) for key in keys)


async def test_a_deleted_file_is_gone_and_deleting_again_is_fine(media: Media, tmp_path: Path) -> None:
    key = await media.put("imports", b"x", limit_bytes=LIMIT_BYTES)
    await media.delete(key)
    await media.delete(key)
    assert _files(tmp_path) == []


def test_the_local_folder_is_closed_to_others(media: Media, tmp_path: Path) -> None:
    assert (tmp_path / "media").stat().st_mode & 0o777 == 0o700


async def test_another_store_is_chosen_by_its_url(tmp_path: Path) -> None:
    settings = load(TEST_ENVIRONMENT | {"CANDOUR_DATA": str(tmp_path)})
    elsewhere = media_of(replace(settings, media_url="memory:///"))
    key = await elsewhere.put("imports", b"x", limit_bytes=LIMIT_BYTES)
    assert await elsewhere.read(key, limit_bytes=1) == b"x"
    assert _files(tmp_path) == []


async def _zeros(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield bytes(size)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "secrets.json"]
