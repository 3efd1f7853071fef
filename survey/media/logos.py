"""Logos as they come in: the pixels of a PNG, JPEG or WebP on white, as a small PNG with nothing else in it."""

from io import BytesIO

from PIL import Image

from .pictures import BadPicture, Fault, pixels_from

FILE_BYTES = 2_000_000
LONGEST_SIDE, HEIGHT = 480, 96  # twice as large as it is shown, for sharp screens
LIGHT_BYTES = 8_000  # above this, 64 colours have to do: a page with a logo stays a light page
FEWER_COLOURS = 64
LOOKED_AT_BYTES = 2048

AS_WHAT = "Choose a PNG, JPEG or WebP"
SVG = (
    "An SVG is not only a picture: it can hold scripts and fetch things from other servers, so we show none. "
    "Save the logo as a PNG from the program that drew it"
)
WORDS = {
    Fault.EMPTY: f"The file is empty. {AS_WHAT}",
    Fault.LARGE: f"The file is larger than {FILE_BYTES // 1_000_000} MB. Save the logo at a smaller size",
    Fault.UNKNOWN: f"This file is no picture that we know. {AS_WHAT}",
    Fault.PIXELS: "This picture has too many pixels. Save the logo at a smaller size",
    Fault.SMALL: "This picture is too small to be sharp. Choose one that is 32 pixels or more on each side",
    Fault.DAMAGED: f"This file is damaged or cut off. Save it again. {AS_WHAT}",
}


def check_size(size_bytes: int) -> None:
    """Raises BadPicture for a file that is not even looked into."""
    if size_bytes > FILE_BYTES:
        raise BadPicture(WORDS[Fault.LARGE], Fault.LARGE)


def logo_from(content: bytes) -> bytes:
    """What was sent, made anew as a small PNG. Raises BadPicture, in the words of logos. Slow: give it a thread."""
    if b"<svg" in content[:LOOKED_AT_BYTES].lower():
        raise BadPicture(SVG, Fault.UNKNOWN)
    try:
        pixels = pixels_from(content, FILE_BYTES)
    except BadPicture as error:
        raise BadPicture(WORDS[error.fault] if error.fault else str(error), error.fault) from None
    pixels.thumbnail((LONGEST_SIDE, HEIGHT), Image.Resampling.LANCZOS)
    whole = _encoded(pixels)
    return whole if len(whole) <= LIGHT_BYTES else _encoded(pixels.quantize(FEWER_COLOURS))


def _encoded(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
