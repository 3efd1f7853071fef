"""Logos: what gets in, and what is left of it."""

from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from survey.media.logos import FILE_BYTES, HEIGHT, LIGHT_BYTES, LONGEST_SIDE, logo_from
from survey.media.pictures import BadPicture
from tests.survey.shops.fieldwork.conftest import photo
from tests.survey.shops.fieldwork.test_evidence import SVG, bomb


def opened(content: bytes) -> Image.Image:
    """A logo as it is kept."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "can hold scripts"),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a logo -->\n<SVG xmlns="http://www.w3.org/2000/svg"/>',
            "can hold scripts",
        ),
        (b"<html><script>alert(1)</script></html>", "no picture that we know"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "no picture that we know"),
        (photo(form="GIF"), "no picture that we know"),
        (bomb(), "too many pixels"),
        (photo(size=(900, 700))[:3000], "damaged or cut off"),
        (photo(size=(8, 8), form="PNG"), "too small"),
        (b"", "is empty"),
        (photo() + b"\0" * FILE_BYTES, "larger than 2 MB"),
    ],
    ids=["svg", "svg after a comment", "page", "pdf", "gif", "bomb", "cut off", "too small", "empty", "too large"],
)
def test_what_is_no_good_logo_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BadPicture, match=words) as refused:
        logo_from(content)
    assert "photo" not in str(refused.value)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_logo_becomes_a_small_png(form: str) -> None:
    kept = opened(logo_from(photo(size=(1600, 400), form=form)))
    assert (kept.format, kept.size) == ("PNG", (HEIGHT * 4, HEIGHT))


def test_a_wide_logo_keeps_its_shape() -> None:
    assert opened(logo_from(photo(size=(2400, 120)))).size == (LONGEST_SIDE, 24)


def test_nothing_beside_the_pixels_is_kept() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "CANARY of the designer")
    written = BytesIO()
    Image.new("RGB", (200, 60), "teal").save(written, "PNG", pnginfo=said)
    kept = logo_from(written.getvalue() + b"CANARY behind the end")
    assert b"CANARY" not in kept
    assert opened(kept).info == {}


def test_what_is_clear_becomes_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (200, 60), (0, 0, 0, 0)).save(written, "PNG")
    assert opened(logo_from(written.getvalue())).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_logo_like_a_photo_is_light_all_the_same() -> None:
    noise, written = Image.effect_noise((960, 192), 90).convert("RGB"), BytesIO()
    noise.save(written, "PNG")
    assert len(logo_from(written.getvalue())) < 5 * LIGHT_BYTES
