"""Pictures: what gets in, what is left of it, and who may see it."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from survey.db import Database, NotFound
from survey.media import media_of
from survey.media.pictures import FILE_BYTES
from survey.queue import JobContext
from survey.settings import Settings
from survey.shops.fieldwork.domain import MOST_PICTURES
from survey.shops.fieldwork.jobs import remove_media
from tests.conftest import NOW
from tests.shop_world import ShopWorld
from tests.web_client import Site

from .conftest import Visit, photo, visit_by

SERIAL = "SN-8841-CANARY"
ORIENTATION, MAKE, GPS, BODY_SERIAL = 0x0112, 0x010F, 0x8825, 0xA431
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def from_a_camera() -> bytes:
    """A photo with a place, a serial number, a comment and an orientation in it."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "CANARY-CAMERA"
    exif.get_ifd(GPS)[2] = (53.0, 47.0, 47.4)
    exif.get_ifd(0x8769)[BODY_SERIAL] = SERIAL
    return photo(size=(640, 480), exif=exif, comment=b"CANARY-COMMENT", icc_profile=b"CANARY-PROFILE" * 20)


def bomb() -> bytes:
    """A small PNG that says it is 60,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


HOSTILE = {
    "an svg": (SVG, "is no photo"),
    "a page that says it is a picture": (b"<html><script>alert(1)</script></html>", "is no photo"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is no photo"),
    "a bomb": (bomb(), "too many pixels"),
    "a picture that is cut off": (photo(size=(900, 700))[:3000], "damaged or cut off"),
    "a GIF": (photo(form="GIF"), "is no photo"),
    "a TIFF": (photo(form="TIFF"), "is no photo"),
    "a page of one pixel": (photo(size=(1, 1), form="PNG"), "too small"),
    "nothing": (b"", "is empty"),
}


async def kept(visit: Visit, number: int = 0) -> bytes:
    """A picture of the tray as the media store holds it."""
    rows = await visit.pictures()
    return await media_of(visit.there.settings).read(rows[number]["media_key"], limit_bytes=FILE_BYTES)


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_good_picture_is_refused_and_nothing_else_is_lost(visit: Visit, what: str) -> None:
    content, words = HOSTILE[what]
    await visit.answer_all()
    await visit.picture(kind="photo")
    answer = await visit.picture(content, name="holiday.jpg")
    assert answer.status_code == 422
    assert words in answer.text
    assert len(await visit.pictures()) == 1
    assert '"reason"' in (await visit.report())["coded"]


async def test_without_a_file_the_page_asks_for_one(visit: Visit) -> None:
    await visit.start()
    answer = await visit.browser.post(visit.at("evidence"), {"kind": "receipt"})
    assert answer.status_code == 422
    assert "Choose a picture first" in answer.text


@pytest.mark.parametrize(("cap_cents", "kind"), [(800, "receipt"), (0, "photo")])
async def test_a_picture_is_taken_for_a_receipt_only_where_something_is_bought(
    visit: Visit, cap_cents: int, kind: str
) -> None:
    await visit.start()
    await visit.there.owner.execute(
        "UPDATE field.shop SET reimbursement_cap_cents = $2 WHERE id = $1", visit.shop_id, cap_cents
    )
    page = (await visit.get("evidence")).text
    chosen = [choice for choice in ("receipt", "photo", "card") if f'value="{choice}" checked' in page]
    assert chosen == [kind]


async def test_a_kind_that_is_none_is_refused(visit: Visit) -> None:
    await visit.start()
    assert (await visit.picture(kind="selfie")).status_code == 422


async def test_a_file_that_is_too_large_says_how_to_go_on(visit: Visit) -> None:
    await visit.start()
    answer = await visit.picture(photo() + b"\0" * FILE_BYTES)
    assert answer.status_code == 422
    assert "smaller size" in answer.text


async def test_only_so_many_pictures_fit_in(visit: Visit) -> None:
    await visit.start()
    await visit.picture()
    await visit.there.owner.execute(
        "INSERT INTO field.evidence (affiliate_id, report_id, kind, media_key, digest, size_bytes, width, height,"
        " created_at) SELECT affiliate_id, report_id, kind, left(media_key, -2) || lpad(to_hex(n), 2, '0'), digest,"
        " 1, 1, 1, created_at"
        " FROM field.evidence, generate_series(2, $2::integer) AS n WHERE report_id = $1",
        (await visit.report())["id"],
        MOST_PICTURES,
    )
    answer = await visit.picture(photo("red"))
    assert answer.status_code == 422
    assert "Remove one first" in answer.text


async def test_nothing_of_what_a_camera_wrote_is_left(visit: Visit) -> None:
    await visit.start()
    original = from_a_camera()
    assert SERIAL.encode() in original
    await visit.picture(original)
    left = await kept(visit)
    assert b"CANARY" not in left
    assert b"Exif" not in left
    with Image.open(BytesIO(left)) as opened:
        assert dict(opened.getexif()) == {}
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


async def test_a_picture_taken_upright_stands_upright(visit: Visit) -> None:
    await visit.start()
    await visit.picture(from_a_camera())
    (row,) = await visit.pictures()
    assert (row["width"], row["height"]) == (480, 640)


async def test_what_hangs_behind_the_end_of_a_picture_does_not_get_in(visit: Visit) -> None:
    await visit.start()
    await visit.picture(photo() + b"PK\x03\x04CANARY<script>alert(1)</script>")
    assert b"CANARY" not in await kept(visit)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
async def test_other_usual_pictures_become_jpeg(visit: Visit, form: str) -> None:
    await visit.start()
    await visit.picture(photo(form=form))
    assert (await kept(visit)).startswith(b"\xff\xd8\xff")


async def test_of_two_pictures_in_one_file_the_first_is_taken(visit: Visit) -> None:
    await visit.start()
    second = Image.new("RGB", (64, 64), "red")
    await visit.picture(photo(form="MPO", save_all=True, append_images=[second]))
    assert [(row["width"], row["height"]) for row in await visit.pictures()] == [(640, 480)]


async def test_a_large_picture_is_made_smaller(visit: Visit) -> None:
    await visit.start()
    await visit.picture(photo(size=(4000, 3000)))
    (row,) = await visit.pictures()
    assert (row["width"], row["height"]) == (2400, 1800)


async def test_the_same_picture_in_another_file_has_the_same_digest(visit: Visit, shops: ShopWorld, site: Site) -> None:
    second = await visit_by(shops, site)
    await visit.start()
    await second.start()
    await visit.picture(photo(form="PNG"))
    await second.picture(photo(form="PNG", compress_level=0))
    assert (await visit.pictures())[0]["digest"] == (await second.pictures())[0]["digest"]


async def test_the_same_picture_sent_twice_is_there_once(visit: Visit) -> None:
    await visit.start()
    await visit.picture()
    assert (await visit.picture()).status_code == 303
    assert len(await visit.pictures()) == 1


async def test_its_writer_sees_a_picture_and_no_cache_keeps_it(visit: Visit) -> None:
    await visit.start()
    await visit.picture(photo(size=(1200, 900)))
    (row,) = await visit.pictures()
    address = visit.at(f"evidence/{row['id']}")
    whole, small = await visit.browser.get(address), await visit.browser.get(f"{address}?small")
    assert whole.headers["cache-control"] == small.headers["cache-control"] == "no-store"
    assert whole.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(small.content)) as opened:
        assert opened.size == (320, 240)


async def test_a_picture_is_not_there_for_anybody_else(visit: Visit, shops: ShopWorld, site: Site) -> None:
    await visit.start()
    await visit.picture()
    (row,) = await visit.pictures()
    other = await visit_by(shops, site)
    await other.start()
    for base in (visit.base, other.base):
        address = f"{base}/report/evidence/{row['id']}"
        assert (await other.browser.get(address)).status_code == 404
        assert (await other.browser.post(f"{address}/remove")).status_code == 404
    assert len(await visit.pictures()) == 1


async def test_ones_own_picture_can_be_taken_out_before_it_is_sent(
    visit: Visit, settings: Settings, database: Database
) -> None:
    await visit.start()
    await visit.picture()
    (row,) = await visit.pictures()
    await visit.browser.post(visit.at(f"evidence/{row['id']}/remove"))
    assert await visit.pictures() == []
    context = JobContext(settings, database, lambda: NOW)
    await remove_media.handler(context, {"media_key": row["media_key"]})
    with pytest.raises(NotFound):
        await media_of(settings).size_bytes(row["media_key"])


async def test_adding_and_removing_are_recorded_without_words(visit: Visit) -> None:
    await visit.start()
    await visit.picture()
    (row,) = await visit.pictures()
    await visit.browser.post(visit.at(f"evidence/{row['id']}/remove"))
    events = await visit.there.events((await visit.report())["id"])
    assert [event["action"] for event in events] == ["report.picture_added", "report.picture_removed"]
    assert {event["actor_kind"] for event in events} == {"shopper"}


async def test_after_the_report_was_sent_its_pictures_stay(visit: Visit) -> None:
    await visit.fill_in()
    (row,) = await visit.pictures()
    await visit.hand_in()
    assert (await visit.browser.post(visit.at(f"evidence/{row['id']}/remove"))).status_code == 303
    assert (await visit.picture(photo("red"))).headers["location"] == f"{visit.base}/report"
    assert len(await visit.pictures()) == 1
    assert (await visit.browser.get(visit.at(f"evidence/{row['id']}"))).status_code == 200
