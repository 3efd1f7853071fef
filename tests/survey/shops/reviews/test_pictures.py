"""What a client may see of a picture: a second file, filled solid, with nothing under the boxes."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from survey.media import media_of
from survey.shops.reviews import service
from survey.shops.reviews.domain import BadBox, Box, checked_boxes
from survey.shops.reviews.service.picturing import blacked_out
from tests.conftest import new_affiliate
from tests.survey.shops.reviews.conftest import Desk, photo
from tests.web_client import Site


async def redacted(desk: Desk, **fields: str) -> object:
    """A picture with one box drawn on it: its row."""
    picture_id = await desk.picture()
    box = {"x-1": "100", "y-1": "50", "width-1": "200", "height-1": "100"} | fields
    await desk.do(f"pictures/{picture_id}", **box)
    return picture_id


def brightest(content: bytes, part: tuple[int, int, int, int]) -> int:
    """The brightest value of any colour in a part of a picture (left, top, right, bottom)."""
    return max(Image.open(BytesIO(content)).convert("RGB").crop(part).tobytes())


async def test_boxes_outside_the_picture_are_refused(desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await desk.picture()
    answer = await desk.do(f"pictures/{picture_id}", **{"x-1": "900", "y-1": "1", "width-1": "5", "height-1": "5"})
    assert answer.status_code == 422
    assert "Box 1 covers nothing of the picture" in answer.text


async def test_no_copy_is_made_with_a_box_that_would_cover_nothing(desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await desk.picture()
    answer = await desk.do(f"pictures/{picture_id}", **{"x-1": "10", "y-1": "10", "width-1": "50", "height-1": "-4"})
    assert answer.status_code == 422
    assert "Box 1 covers nothing of the picture" in answer.text
    assert (await desk.editor.get(f"{desk.base}/pictures/{picture_id}/file?client")).status_code == 404


async def test_words_in_place_of_numbers_are_refused(desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await desk.picture()
    answer = await desk.do(f"pictures/{picture_id}", **{"x-1": "left", "y-1": "1", "width-1": "5", "height-1": "5"})
    assert "four whole numbers" in answer.text


async def test_the_clients_copy_is_black_under_the_box_and_the_original_stays(desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await redacted(desk)
    url = f"{desk.base}/pictures/{picture_id}/file"
    copy, original = (await desk.editor.get(f"{url}?client")).content, (await desk.editor.get(url)).content
    assert brightest(copy, (112, 64, 288, 144)) < 8
    assert brightest(copy, (320, 170, 640, 480)) > 100
    assert brightest(original, (100, 50, 300, 150)) > 100
    assert not Image.open(BytesIO(copy)).getexif()


def test_nothing_of_what_was_under_a_box_is_in_the_copy() -> None:
    boxes = [Box(100, 50, 200, 100)]
    copies = set()
    for colour in ("white", "red", "black"):
        plain = Image.new("RGB", (640, 480), "teal")
        plain.paste(Image.new("RGB", (200, 100), colour), (100, 50))
        written = BytesIO()
        plain.save(written, "PNG")
        copies.add(blacked_out(written.getvalue(), boxes))
    assert len(copies) == 1


async def test_the_copy_lies_under_another_name(desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await redacted(desk)
    row = await desk.there.owner.fetchrow("SELECT * FROM field.evidence WHERE id = $1", picture_id)
    assert row["client_key"] not in (None, row["media_key"])
    [event] = await desk.there.events(desk.report_id)
    assert event["action"] == "review.redact"


async def test_of_a_receipt_that_stays_no_copy_is_asked_for(desk: Desk) -> None:
    await desk.there.configure(receipt_mode="amount", picture_mode="redacted")
    await desk.pick_up()
    receipt, photo_id = await desk.picture("receipt"), await desk.picture()
    stays = (await desk.editor.get(f"{desk.base}/pictures/{receipt}")).text
    assert "this campaign shows its client no receipts" in stays
    assert "Make the client’s copy" not in stays
    assert "Make the client’s copy" in (await desk.editor.get(f"{desk.base}/pictures/{photo_id}")).text


async def test_a_withheld_picture_has_no_copy_and_the_old_one_is_to_be_removed(desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await redacted(desk)
    key = await desk.there.owner.fetchval("SELECT client_key FROM field.evidence WHERE id = $1", picture_id)
    assert await media_of(desk.settings).size_bytes(key) > 0
    await desk.do(f"pictures/{picture_id}/withhold")
    assert (await desk.editor.get(f"{desk.base}/pictures/{picture_id}/file?client")).status_code == 404
    jobs = await desk.there.owner.fetch("SELECT dedupe_key FROM ops.job WHERE entrypoint = 'fieldwork.remove_media'")
    assert any(key in str(job["dedupe_key"]) for job in jobs)


async def test_only_who_holds_the_report_makes_the_copy(site: Site, desk: Desk) -> None:
    await desk.pick_up()
    picture_id = await desk.picture()
    second = await site.signed_in(desk.there.affiliate_id, "editor")
    await second.post(f"{desk.base}/pictures/{picture_id}/withhold")
    answer = await second.post(f"{desk.base}/pictures/{picture_id}")
    assert (answer.status_code, answer.headers["location"]) == (303, desk.base)
    assert (
        await desk.there.owner.fetchval("SELECT count(*) FROM field.picture_review WHERE evidence_id = $1", picture_id)
        == 0
    )


async def looks_at(desk: Desk, picture_id: object) -> list[tuple[str, object, str]]:
    """The recorded looks at a picture: action, whose it is, and what for."""
    query = "SELECT action, subject_id, purpose FROM ledger.event WHERE object_id = $1 ORDER BY recorded_at"
    return [tuple(row) for row in await desk.there.owner.fetch(query, picture_id)]


async def test_a_stranger_who_asks_for_a_picture_leaves_no_look(site: Site, desk: Desk) -> None:
    picture_id = await desk.picture()
    stranger = await site.signed_in((await new_affiliate("Kestrel")).affiliate_id, "editor")
    assert (await stranger.get(f"{desk.base}/pictures/{picture_id}/file")).status_code == 404
    assert await looks_at(desk, picture_id) == []


async def test_each_picture_that_somebody_looks_at_is_recorded_once(desk: Desk) -> None:
    first, second = await desk.picture(), await desk.picture(content=photo("red"))
    for picture_id in (first, second, first):
        assert (await desk.editor.get(f"{desk.base}/pictures/{picture_id}/file")).status_code == 200
    for picture_id in (first, second):
        assert await looks_at(desk, picture_id) == [("picture.read", desk.shopper.id, service.REVIEW)]


async def test_the_shopper_reads_who_looked_at_report_and_pictures(site: Site, desk: Desk) -> None:
    await desk.editor.get(desk.base)
    await desk.editor.get(f"{desk.base}/pictures/{await desk.picture()}/file")
    page = (await (await desk.there.signed_in(site, desk.shopper)).get("/shopper/profile/looks")).text
    for words in ("What you reported of a visit", "A picture of yours", service.REVIEW, "An editor of"):
        assert words in page
    assert str(desk.editor.account_id) not in page


async def test_a_picture_of_another_report_is_not_found_under_this_one(desk: Desk) -> None:
    other = await desk.there.report(await desk.there.shop("SUBMITTED"))
    picture_id = await desk.picture(report_id=other)
    assert (await desk.editor.get(f"{desk.base}/pictures/{picture_id}/file")).status_code == 404


numbers = st.integers(-2000, 2000)


@given(st.lists(st.builds(Box, numbers, numbers, numbers, numbers), max_size=8))
def test_boxes_that_are_kept_lie_within_the_picture(boxes: list[Box]) -> None:
    inside = [box for box in boxes if _touches(box)]
    kept = checked_boxes(inside, 640, 480)
    assert all(box.x >= 0 and box.y >= 0 and box.width > 0 and box.height > 0 for box in kept)
    assert all(box.x + box.width <= 640 and box.y + box.height <= 480 for box in kept)


def _touches(box: Box) -> bool:
    is_solid = box.width > 0 and box.height > 0
    return is_solid and box.x < 640 and box.y < 480 and box.x + box.width > 0 and box.y + box.height > 0


@pytest.mark.parametrize(
    "box",
    [Box(5, 5, 0, 10), Box(5, 5, 10, -4), Box(5, 500, 1, 1)],
    ids=["no-width", "height-below-zero", "beside-the-picture"],
)
def test_a_box_that_covers_nothing_is_refused(box: Box) -> None:
    with pytest.raises(BadBox) as refusal:
        checked_boxes([Box(1, 1, 2, 2), box], 640, 480)
    assert refusal.value.number == 2
