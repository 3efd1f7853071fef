"""Recordings: where one is taken, what is left of it, who may hear it, and when it goes."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import asyncpg
import av
import httpx
import pytest

from survey.db import Database, NotFound
from survey.media import media_of
from survey.media.recordings import KEPT_BYTES, LIMITS, Unreadable, convert
from survey.queue import JobContext
from survey.settings import Settings
from survey.shops.fieldwork.domain import GIVEN_UP_AFTER, MOST_RECORDINGS
from survey.shops.fieldwork.jobs import give_up_recordings, prepare_recording, remove_media, sweep_drafts
from survey.shops.fieldwork.service import preparing
from tests.conftest import NOW
from tests.recordings import CANARY, film, sound
from tests.shop_world import ShopWorld
from tests.web_client import Site

from .conftest import Visit, visit_by, words_of

PLAYLIST = b"#EXTM3U\n#EXTINF:10,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n"
HOSTILE = {
    "a text with the name of a recording": b"Dear all, this is no recording at all. " * 20,
    "a playlist that names other files": PLAYLIST,
    "a picture": b"\xff\xd8\xff\xe0" + b"\x00\x10JFIF" * 40,
    "a zip": b"PK\x03\x04" + b"\0" * 400,
    "an svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>" * 5,
}


async def send(visit: Visit, content: bytes, kind: str = "audio", **fields: str) -> httpx.Response:
    """Hand a recording in."""
    typed = {"kind": kind, "lawful": "yes"} | fields
    files = {"recording": ("visit.m4a", content, "audio/mp4")}
    return await visit.browser.post(visit.at("recordings"), {k: v for k, v in typed.items() if v}, files=files)


async def rows(visit: Visit) -> list[asyncpg.Record]:
    """The recordings as they are stored."""
    report = await visit.report()
    found: list[asyncpg.Record] = await visit.there.owner.fetch(
        "SELECT * FROM field.recording WHERE report_id = $1 ORDER BY created_at, id", report["id"]
    )
    return found


async def prepared(visit: Visit, database: Database) -> asyncpg.Record:
    """The worker does its work; the last recording afterwards."""
    context = JobContext(visit.there.settings, database, lambda: NOW)
    for row in await rows(visit):
        await prepare_recording.handler(context, {"recording_id": str(row["id"])})
    return (await rows(visit))[-1]


async def kept(visit: Visit, row: asyncpg.Record) -> bytes:
    """What the store keeps of a recording."""
    return await media_of(visit.there.settings).read(row["media_key"], limit_bytes=KEPT_BYTES)


async def is_stored(settings: Settings, key: str) -> bool:
    """Whether there is such a file."""
    try:
        await media_of(settings).size_bytes(key)
    except NotFound:
        return False
    return True


async def to_remove(visit: Visit) -> set[str]:
    """The files that jobs will remove."""
    found = await visit.there.owner.fetch(
        "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'media_key' AS key FROM ops.job"
        " WHERE entrypoint = 'fieldwork.remove_media'"
    )
    return {row["key"] for row in found}


def stored(settings: Settings) -> set[str]:
    """The names of all recordings that are kept."""
    folder = settings.data_path / "media" / preparing.KEPT_KIND
    return {f"{preparing.KEPT_KIND}/{file.name}" for file in folder.glob("*")}


@pytest.fixture
async def heard(visit: Visit) -> Visit:
    """A visit that was begun, of a campaign that asks for film and sound."""
    await visit.there.configure(recording_mode="video")
    await visit.start()
    return visit


async def test_where_the_campaign_asks_for_none_the_page_says_so_and_takes_none(visit: Visit) -> None:
    await visit.start()
    page = await visit.get("evidence")
    assert "asks for no recording" in words_of(page)
    assert "Add this recording" not in page.text
    answer = await send(visit, sound())
    assert answer.status_code == 422
    assert "asks for no recording" in answer.text
    assert await rows(visit) == []


@pytest.mark.parametrize("place", [("CA", "US"), ("florida", "US"), ("", "US")])
async def test_where_everybody_must_agree_no_recording_is_taken(heard: Visit, place: tuple[str, str]) -> None:
    await heard.there.owner.execute(
        "UPDATE field.location SET region = $1, country = $2 WHERE id = (SELECT location_id FROM field.shop"
        " WHERE id = $3)",
        *place,
        heard.shop_id,
    )
    page = await heard.get("evidence")
    assert "must agree" in page.text
    assert "Add this recording" not in page.text
    answer = await send(heard, sound())
    assert (answer.status_code, "must agree" in answer.text) == (422, True)
    assert await rows(heard) == []


async def test_a_campaign_of_sound_takes_no_film(heard: Visit) -> None:
    await heard.there.configure(recording_mode="audio")
    assert "What is it?" not in (await heard.get("evidence")).text
    answer = await send(heard, film(), "film")
    assert (answer.status_code, "sound alone" in answer.text) == (422, True)
    assert (await send(heard, sound(), "selfie")).status_code == 422
    assert await rows(heard) == []


async def test_without_the_declaration_nothing_is_kept(heard: Visit) -> None:
    answer = await send(heard, sound(), lawful="")
    assert answer.status_code == 422
    assert "was lawful where you made it" in answer.text
    assert await rows(heard) == []


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_recording_is_refused_at_once(heard: Visit, what: str) -> None:
    answer = await send(heard, HOSTILE[what])
    assert answer.status_code == 422
    assert "is no recording" in answer.text
    assert await rows(heard) == []


async def test_without_a_file_or_with_an_empty_one_the_page_says_what_to_do(heard: Visit) -> None:
    answer = await heard.browser.post(heard.at("recordings"), {"kind": "audio", "lawful": "yes"})
    assert (answer.status_code, "Choose a recording first" in answer.text) == (422, True)
    assert "is empty" in (await send(heard, b"")).text


async def test_a_file_that_is_too_large_says_how_to_go_on(heard: Visit) -> None:
    answer = await send(heard, sound("wav") + b"\0" * LIMITS["audio"].file_bytes)
    assert answer.status_code == 422
    assert "larger than 25 MB. Record at a lower quality" in answer.text


async def test_a_recording_is_declared_waits_and_is_then_made_anew(heard: Visit, database: Database) -> None:
    assert (await send(heard, sound(seconds=3))).status_code == 303
    (row,) = await rows(heard)
    assert (row["state"], row["declared_at"], row["media_key"]) == ("waiting", NOW, None)
    assert "Being prepared" in (await heard.get("evidence")).text
    ready = await prepared(heard, database)
    assert (ready["state"], ready["duration_seconds"], ready["original_key"]) == ("ready", 3, None)
    assert "Ready" in (await heard.get(f"recordings/{row['id']}")).text
    with av.open(BytesIO(await kept(heard, ready))) as opened:
        (stream,) = opened.streams.audio
        assert (opened.format.name, stream.codec_context.name) == ("ogg", "opus")
        assert (len(opened.streams), stream.channels) == (1, 1)


async def test_the_file_as_sent_goes_once_it_is_made_anew(heard: Visit, database: Database) -> None:
    await send(heard, sound())
    (row,) = await rows(heard)
    await prepared(heard, database)
    assert row["original_key"] in await to_remove(heard)
    context = JobContext(heard.there.settings, database, lambda: NOW)
    await remove_media.handler(context, {"media_key": row["original_key"]})
    assert not await is_stored(heard.there.settings, row["original_key"])
    assert not (heard.there.settings.data_path / preparing.FOLDER / str(row["id"])).exists()


@pytest.mark.parametrize("form", ["mp4", "ipod", "ogg", "webm", "wav", "mp3"])
async def test_nothing_of_what_a_device_wrote_is_left_in_sound(heard: Visit, database: Database, form: str) -> None:
    original = sound(form)
    assert original.count(b"CANARY") >= 3
    await send(heard, original)
    left = await kept(heard, await prepared(heard, database))
    assert b"CANARY" not in left
    assert CANARY.encode("utf-16-be") not in left
    with av.open(BytesIO(left)) as opened:
        assert opened.chapters() == []
        assert {name.lower() for name in opened.metadata} <= {"encoder"}
        assert {name.lower() for stream in opened.streams for name in stream.metadata} <= {"encoder"}


async def test_nothing_of_what_a_device_wrote_is_left_in_film(heard: Visit, database: Database) -> None:
    original = film(2, (1280, 720))
    assert b"CANARY" in original
    assert b"x264 - core" in original  # what an encoder writes within the pictures
    await send(heard, original, "film")
    ready = await prepared(heard, database)
    left = await kept(heard, ready)
    assert b"CANARY" not in left
    assert b"x264" not in left
    with av.open(BytesIO(left)) as opened:
        assert [stream.codec_context.name for stream in opened.streams] == ["vp9", "opus"]
        shown = opened.streams.video[0].codec_context
        assert (opened.format.name, shown.width, shown.height) == ("matroska,webm", 640, 360)


async def test_a_film_handed_in_as_sound_keeps_the_sound_alone(heard: Visit, database: Database) -> None:
    await send(heard, film(), "audio")
    with av.open(BytesIO(await kept(heard, await prepared(heard, database)))) as opened:
        assert [stream.type for stream in opened.streams] == ["audio"]


@pytest.mark.parametrize(
    ("made", "kind", "words"),
    [
        (lambda: film(is_silent=True), "audio", "there is no sound in it"),
        (lambda: sound("mp4"), "film", "there is no film in it"),
        (lambda: b"\0\0\0\x18ftypM4A " + b"\xa5" * 4000, "audio", "damaged or cut off"),
        (lambda: sound("ogg")[:60], "audio", "damaged or cut off"),
        (lambda: b"\xff\xfb" + b"\xff\xfb\x90\x00" * 2, "audio", "damaged or cut off"),
        (lambda: film(0.5, (4096, 4096)), "film", "too large or too small"),
    ],
    ids=["film without sound", "sound alone", "nothing within", "cut off", "no frames", "too large"],
)
async def test_what_cannot_be_made_anew_is_refused_in_words_and_nothing_is_kept(
    heard: Visit, database: Database, made: Callable[[], bytes], kind: str, words: str
) -> None:
    await send(heard, made(), kind)
    (row,) = await rows(heard)
    refused = await prepared(heard, database)
    assert (refused["state"], refused["original_key"], refused["media_key"]) == ("refused", None, None)
    assert words in (await heard.get("evidence")).text
    assert row["original_key"] in await to_remove(heard)


async def test_a_recording_longer_than_its_limit_stops_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "long").write_bytes(sound("ogg", seconds=8))
    monkeypatch.setitem(LIMITS, "audio", type(LIMITS["audio"])(LIMITS["audio"].file_bytes, 5))
    with pytest.raises(Unreadable, match="too_long"):
        await convert("audio", tmp_path / "long", tmp_path / "made")


async def test_the_same_file_sent_twice_is_there_once(heard: Visit) -> None:
    content = sound()
    await send(heard, content)
    assert (await send(heard, content)).status_code == 303
    assert len(await rows(heard)) == 1


async def test_only_so_many_recordings_fit_in(heard: Visit) -> None:
    for number in range(MOST_RECORDINGS):
        await send(heard, sound("wav", 0.2 + number / 5))
    answer = await send(heard, sound("wav", 3))
    assert (answer.status_code, "Remove one first" in answer.text) == (422, True)


async def test_its_shopper_hears_it_in_parts_and_no_cache_keeps_it(heard: Visit, database: Database) -> None:
    await send(heard, sound())
    ready = await prepared(heard, database)
    address, content = heard.at(f"recordings/{ready['id']}/file"), await kept(heard, ready)
    whole = await heard.browser.get(address)
    part = await heard.browser.client.get(address, headers={"range": "bytes=10-19"})
    tail = await heard.browser.client.get(address, headers={"range": "bytes=-5"})
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, content, "audio/ogg")
    assert (part.status_code, part.content) == (206, content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(content)}"
    assert tail.content == content[-5:]
    assert (await heard.browser.client.get(address, headers={"range": "bytes=99999999-"})).status_code == 416
    assert whole.headers["cache-control"] == part.headers["cache-control"] == "no-store"
    assert "media-src 'self'" in whole.headers["content-security-policy"]


async def test_nobody_else_hears_or_removes_it(heard: Visit, shops: ShopWorld, site: Site, database: Database) -> None:
    await send(heard, sound())
    ready = await prepared(heard, database)
    other = await visit_by(shops, site)
    await other.start()
    for base in (heard.base, other.base):
        address = f"{base}/report/recordings/{ready['id']}"
        assert (await other.browser.get(address)).status_code == 404
        assert (await other.browser.get(f"{address}/file")).status_code == 404
        assert (await other.browser.post(f"{address}/remove")).status_code == 404
    assert len(await rows(heard)) == 1


async def test_before_it_is_ready_there_is_nothing_to_hear(heard: Visit) -> None:
    await send(heard, sound())
    (row,) = await rows(heard)
    assert (await heard.browser.get(heard.at(f"recordings/{row['id']}/file"))).status_code == 404


async def test_ones_own_recording_can_be_taken_out_with_all_its_files(heard: Visit, database: Database) -> None:
    await send(heard, sound())
    ready = await prepared(heard, database)
    await heard.browser.post(heard.at(f"recordings/{ready['id']}/remove"))
    assert await rows(heard) == []
    assert ready["media_key"] in await to_remove(heard)


async def test_what_was_taken_out_while_it_was_made_leaves_no_file(
    heard: Visit, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(heard, sound())
    (row,), before = await rows(heard), stored(heard.there.settings)

    async def taken_out(kind: str, source: Path, target: Path) -> int:
        await heard.browser.post(heard.at(f"recordings/{row['id']}/remove"))
        return await convert(kind, source, target)

    monkeypatch.setattr(preparing, "convert", taken_out)
    context = JobContext(heard.there.settings, database, lambda: NOW)
    await prepare_recording.handler(context, {"recording_id": str(row["id"])})
    assert await rows(heard) == []
    assert stored(heard.there.settings) == before


async def test_a_worker_that_was_killed_leaves_nothing_that_the_next_does_not_find(
    heard: Visit, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(heard, sound())
    (row,), before = await rows(heard), stored(heard.there.settings)

    async def killed(recording_id: UUID, original_key: str, made: tuple[int, int], now: object) -> bool:
        raise KeyboardInterrupt  # after the new file was written, before its row says so

    with monkeypatch.context() as patched:
        patched.setattr(preparing, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            await prepared(heard, database)
    (half,) = await rows(heard)
    assert (half["state"], half["original_key"]) == ("waiting", row["original_key"])
    ready = await prepared(heard, database)
    assert ready["media_key"] == half["media_key"]
    assert stored(heard.there.settings) - before == {ready["media_key"]}


async def test_what_no_worker_comes_back_to_is_given_up_with_its_files(
    heard: Visit, database: Database, settings: Settings
) -> None:
    await send(heard, sound())
    (row,) = await rows(heard)
    later = NOW + GIVEN_UP_AFTER + timedelta(minutes=1)
    await give_up_recordings.handler(JobContext(settings, database, lambda: NOW), {})
    assert (await rows(heard))[0]["state"] == "waiting"
    await give_up_recordings.handler(JobContext(settings, database, lambda: later), {})
    assert (await rows(heard))[0]["state"] == "refused"
    assert "could not be prepared" in (await heard.get("evidence")).text
    assert row["original_key"] in await to_remove(heard)


async def test_adding_preparing_and_removing_are_recorded_without_words(heard: Visit, database: Database) -> None:
    await send(heard, sound())
    ready = await prepared(heard, database)
    await heard.browser.post(heard.at(f"recordings/{ready['id']}/remove"))
    events = await heard.there.events((await heard.report())["id"])
    assert [event["action"] for event in events] == [
        "report.recording_added",
        "report.recording_prepared",
        "report.recording_removed",
    ]


async def test_after_the_report_was_sent_no_recording_comes_or_goes(visit: Visit) -> None:
    await visit.there.configure(recording_mode="audio")
    await visit.fill_in()
    await send(visit, sound())
    (row,) = await rows(visit)
    await visit.hand_in()
    assert (await send(visit, sound(seconds=2))).headers["location"] == f"{visit.base}/report"
    assert (await visit.browser.post(visit.at(f"recordings/{row['id']}/remove"))).status_code == 303
    assert len(await rows(visit)) == 1
    assert "Recordings" in (await visit.browser.get(f"{visit.base}/report")).text


async def test_an_old_draft_of_a_lost_shop_goes_with_its_recordings(
    heard: Visit, settings: Settings, database: Database
) -> None:
    await send(heard, sound())
    ready = await prepared(heard, database)
    await send(heard, sound(seconds=2))
    (waiting,) = [row for row in await rows(heard) if row["state"] == "waiting"]
    await heard.there.owner.execute("UPDATE identity.assignment SET state = 'flaked' WHERE shop_id = $1", heard.shop_id)
    await sweep_drafts.handler(JobContext(settings, database, lambda: NOW + timedelta(days=31)), {})
    left = "SELECT count(*) FROM field.recording WHERE report_id = $1"
    assert await heard.there.owner.fetchval(left, ready["report_id"]) == 0
    assert not await is_stored(settings, ready["media_key"])
    assert not await is_stored(settings, waiting["original_key"])
