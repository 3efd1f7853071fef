"""Pictures as they come in: told by their content, turned upright, re-encoded with nothing left but the pixels.

What a camera writes beside the picture (place, time to the millisecond, serial number, thumbnail) and whatever
somebody has hidden behind its end does not get through: a new file is made of the pixels alone.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import pairwise
from typing import TypeVar

from PIL import Image, ImageOps, UnidentifiedImageError

from privacy.crypto import sha256_of

T = TypeVar("T")

FORMATS = ("JPEG", "PNG", "WEBP")  # a JPEG with a second picture in it, as some telephones make, is one of these
FILE_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
LEAST_SIDE = 32
LONGEST_SIDE = 2400
THUMBNAIL_SIDE = 320
SQUARE_SIDE = 480
QUALITY = 85
LOOK_WIDTH, LOOK_HEIGHT = 9, 8
FLAT_GREYS = 12  # a picture with fewer greys from its darkest to its lightest part has no look

# The library warns above this and refuses above twice as much, before it unpacks anything;
# `_check_pixels` refuses at it.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# A picture unpacked may take 150 MB: two at a time, however many people send some.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="pictures")

WHAT_TO_DO = "Choose a photo as JPEG, PNG or WebP: a screenshot of it works too"
TOO_MANY_PIXELS = "This picture has too many pixels. Take the photo at a smaller size"


class Fault(StrEnum):
    """What is wrong with a picture."""

    EMPTY = "empty"
    LARGE = "large"
    UNKNOWN = "unknown"
    PIXELS = "pixels"
    SMALL = "small"
    DAMAGED = "damaged"


class BadPicture(ValueError):
    """This is no picture that we can take. The message says what to do; fault: why, where it was looked into."""

    def __init__(self, words: str, fault: Fault | None = None) -> None:
        super().__init__(words)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Picture:
    """A re-encoded picture (JPEG), a digest of the pixels as they came, and how it looks: see `look_of`."""

    content: bytes
    digest: bytes
    look: int | None
    width: int
    height: int


def picture_from(content: bytes) -> Picture:
    """Read what was sent and make a new picture of it. Raises BadPicture. Slow: give it a thread."""
    upright = pixels_from(content)
    digest = sha256_of([f"{upright.width}x{upright.height}".encode(), upright.tobytes()])
    look = look_of(upright)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return Picture(_encoded(upright), digest, look, upright.width, upright.height)


def look_of(picture: Image.Image) -> int | None:
    """64 bits, as a signed number, that stay nearly the same when a picture is saved anew or made smaller.

    A difference hash (dHash): of eight rows of nine greys, whether each is lighter than the next. None for a picture
    without light and shade, of which noise would decide.
    """
    small = picture.convert("L").resize((LOOK_WIDTH, LOOK_HEIGHT), Image.Resampling.HAMMING)
    greys = small.tobytes()
    if max(greys) - min(greys) < FLAT_GREYS:
        return None
    rows = [greys[at : at + LOOK_WIDTH] for at in range(0, len(greys), LOOK_WIDTH)]
    bits = "".join(str(int(left > right)) for row in rows for left, right in pairwise(row))
    return int.from_bytes(int(bits, 2).to_bytes(8), signed=True)


def pixels_from(content: bytes, limit_bytes: int = FILE_BYTES) -> Image.Image:
    """The upright pixels of what was sent, on white, and nothing beside them. Raises BadPicture. Slow, as above."""
    if not content:
        raise BadPicture("The file is empty. " + WHAT_TO_DO, Fault.EMPTY)
    check_size(len(content), limit_bytes)
    return _pixels_of(content)


def square_from(content: bytes) -> bytes:
    """The middle of what was sent, as a small square (JPEG) made of its pixels. Raises BadPicture. Slow, as above."""
    upright = pixels_from(content)
    side = min(SQUARE_SIDE, *upright.size)
    return _encoded(ImageOps.fit(upright, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.5)))


async def in_a_thread(work: Callable[[], T]) -> T:
    """Let the slow work of pictures be done aside; where many come, they wait for one another here."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)


def thumbnail_of(content: bytes) -> bytes:
    """One of our own pictures, small. Raises BadPicture."""
    small = _pixels_of(content)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _encoded(small)


def check_size(size_bytes: int, limit_bytes: int = FILE_BYTES) -> None:
    """Raises BadPicture for a file that is not even looked into."""
    if size_bytes > limit_bytes:
        words = f"The file is larger than {limit_bytes // 1_000_000} MB. Take the photo at a smaller size"
        raise BadPicture(words, Fault.LARGE)


def _pixels_of(content: bytes) -> Image.Image:
    """Upright pixels without anything beside them. The size is asked before anything is unpacked."""
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            _check_pixels(opened)
            opened.load()
            return _plain(ImageOps.exif_transpose(opened))
    except BadPicture:
        raise
    except UnidentifiedImageError:
        raise BadPicture("This file is no photo. " + WHAT_TO_DO, Fault.UNKNOWN) from None
    except Image.DecompressionBombError:
        raise BadPicture(TOO_MANY_PIXELS, Fault.PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        # Pillow's decoders say in many ways that a file is cut off or broken.
        words = "This file is damaged or cut off. Send it again, or take the photo again"
        raise BadPicture(words, Fault.DAMAGED) from None


def _check_pixels(opened: Image.Image) -> None:
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise BadPicture(TOO_MANY_PIXELS, Fault.PIXELS)
    if min(width, height) < LEAST_SIDE:
        raise BadPicture("This picture is too small to show anything. Choose another", Fault.SMALL)


def _plain(opened: Image.Image) -> Image.Image:
    """The same pixels in a picture that has never seen the file: no profile, comment, EXIF or palette comes along."""
    if opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info:
        layered = opened.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    same = opened.convert("RGB")
    return Image.frombytes("RGB", same.size, same.tobytes())


def _encoded(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
