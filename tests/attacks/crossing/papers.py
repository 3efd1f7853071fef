"""What a file says to whoever opens it: the words of a PDF, and what a picture carries beside its pixels."""

import re
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from io import BytesIO

from PIL import Image

GPS = 0x8825
# The colour of the canary's photo, which is on no other picture: its pixels can hold no words.
FACE = (214, 40, 168)
NEAR = 12
DATA = re.compile(rb"data:image/jpeg;base64,([A-Za-z0-9+/=]+)")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
HEX = rb"<([0-9A-Fa-f]+)>\s*"
CHARS, CHAR = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL), re.compile(HEX + HEX)
RANGES, RANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL), re.compile(HEX + HEX + HEX)
LITERAL = re.compile(rb"\(((?:\\.|[^\\()])*)\)", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> bytes:
    """All that a PDF holds: its bytes, its streams unpacked, and its letters, which on a page are numbers of glyphs.

    Each text is read with the letters of each font (ISO 32000-1, 9.10.3): the wrong ones make nonsense, not words.
    """
    streams = list(_unpacked(pdf))
    alphabets = [_alphabet(stream) for stream in streams if b"begincmap" in stream]
    texts = [_text(stream, alphabet) for stream in streams if b"BT" in stream for alphabet in alphabets]
    return b"\n".join([pdf, *streams, *(text.encode() for text in texts)])


def beside_pixels(picture: bytes) -> bytes:
    """What a picture says beside its pixels; a place, and the canary's own photo, are marks wherever they lie."""
    with Image.open(BytesIO(picture)) as opened:
        exif = opened.getexif()
        place = b"zqxgps " if exif.get_ifd(GPS) else b""
        face = b"zqxface" if _is_face(opened) else b""
        return repr((opened.info, dict(exif))).encode() + place + face


def pictures_within(page: bytes) -> bytes:
    """What the pictures say that stand in a page as data."""
    return b"\n".join(beside_pixels(b64decode(found)) for found in DATA.findall(page))


def _is_face(picture: Image.Image) -> bool:
    middle = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(middle, tuple)
    return all(abs(one - other) <= NEAR for one, other in zip(middle, FACE, strict=True))


def _unpacked(pdf: bytes) -> Iterator[bytes]:
    for found in STREAM.finditer(pdf):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def _alphabet(cmap: bytes) -> Mapping[int, str]:
    letters: dict[int, str] = {}
    for body in CHARS.findall(cmap):
        letters |= {int(glyph, 16): _letters(word) for glyph, word in CHAR.findall(body)}
    for body in RANGES.findall(cmap):
        for first, last, word in RANGE.findall(body):
            start, known = int(first, 16), _letters(word)
            for step in range(int(last, 16) - start + 1):
                letters[start + step] = known[:-1] + chr(ord(known[-1]) + step)
    return letters


def _letters(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _text(stream: bytes, alphabet: Mapping[int, str]) -> str:
    codes = b"".join(ESCAPED.sub(_meant, literal) for literal in LITERAL.findall(stream))
    glyphs = (int.from_bytes(codes[place : place + 2], "big") for place in range(0, len(codes), 2))
    return "".join(alphabet.get(glyph, "\N{REPLACEMENT CHARACTER}") for glyph in glyphs)


def _meant(escaped: re.Match[bytes]) -> bytes:
    code = escaped[1]
    return bytes([int(code, 8)]) if code.isdigit() else MEANT.get(code, code)
