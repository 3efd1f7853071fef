"""All that a file says to whoever opens it: parts of a workbook, words of a PDF, what stands beside a picture. Pure."""

import re
import zlib
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from PIL import Image, UnidentifiedImageError

PDF, PACKED = b"%PDF-", b"PK\x03\x04"
MOST_UNPACKED_BYTES = 50_000_000
PICTURES = (b"\xff\xd8\xff", b"\x89PNG")
DATA = re.compile(rb"data:image/(?:jpeg|png);base64,([A-Za-z0-9+/=]+)")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
HEX = rb"<([0-9A-Fa-f]+)>\s*"
CHARS, CHAR = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL), re.compile(HEX + HEX)
RANGES, RANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL), re.compile(HEX + HEX + HEX)
# Parentheses that are balanced stand in a literal as they are (ISO 32000-1, 7.3.4.2); deeper than this none was seen.
FLAT = rb"(?:\\.|[^\\()])*"
NESTED = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()]|\(" + FLAT + rb"\))*\))*"
LITERAL = re.compile(rb"\((" + NESTED + rb")\)", re.DOTALL)
OCTAL = b"01234567"
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def is_picture(body: bytes) -> bool:
    """Whether it is a JPEG or a PNG."""
    return body.startswith(PICTURES)


def is_packed(body: bytes) -> bool:
    """Whether its words can only be read unpacked."""
    return body.startswith((PDF, PACKED))


def everything_in(body: bytes) -> bytes:
    """The body, and whatever it holds that its bytes do not show."""
    if body.startswith(PDF):
        return words_of(body)
    if body.startswith(PACKED):
        return b"\n".join([body, *(_held(part) for part in _parts(body))])
    if is_picture(body):
        return body + b"\n" + beside(body)
    return b"\n".join([body, *(beside(picture) for picture in _within(body))])


def words_of(pdf: bytes) -> bytes:
    """All that a PDF holds: its bytes, its streams unpacked, and its letters, which on a page are numbers of glyphs.

    Each text is read with the letters of each font (ISO 32000-1, 9.10.3): the wrong ones make nonsense, not words.
    """
    streams = list(_unpacked(pdf))
    alphabets = [_alphabet(stream) for stream in streams if b"begincmap" in stream]
    texts = [_text(stream, alphabet) for stream in streams if b"BT" in stream for alphabet in alphabets]
    return b"\n".join([pdf, *streams, *(text.encode() for text in texts)])


def beside(picture: bytes) -> bytes:
    """What a picture says beside its pixels; nothing for what cannot be read as one."""
    try:
        with Image.open(BytesIO(picture)) as opened:
            exif = opened.getexif()
            blocks = {block: dict(exif.get_ifd(block)) for block in (0x8769, 0x8825)}
            return repr((opened.info, dict(exif), blocks)).encode()
    except (UnidentifiedImageError, OSError, ValueError):
        return b""


def _held(part: bytes) -> bytes:
    """A part of an archive: of a file in it that is packed itself, its words. No deeper: none of ours goes further."""
    if part.startswith(PDF):
        return words_of(part)
    return b"\n".join([part, *_parts(part)]) if part.startswith(PACKED) else part


def _parts(archive: bytes) -> Iterator[bytes]:
    try:
        with ZipFile(BytesIO(archive)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED_BYTES:
                return
            yield from (parts.read(name) for name in parts.namelist())
    except BadZipFile:
        return


def _within(page: bytes) -> Iterator[bytes]:
    for found in DATA.findall(page):
        try:
            yield b64decode(found)
        except Error:
            continue


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
    # One by one: between the texts stand others that are no glyphs, such as a language, with any number of bytes.
    literals = (ESCAPED.sub(_meant, literal) for literal in LITERAL.findall(stream))
    glyphs = (
        int.from_bytes(codes[place : place + 2], "big") for codes in literals for place in range(0, len(codes), 2)
    )
    return "".join(alphabet.get(glyph, "\N{REPLACEMENT CHARACTER}") for glyph in glyphs)


def _meant(escaped: re.Match[bytes]) -> bytes:
    code = escaped[1]
    # An 8 or a 9 is no octal digit: it stands for itself. Of three digits the byte counts, and no more than it holds.
    is_octal = code[:1] in OCTAL
    return bytes([int(code, 8) & 0xFF]) if is_octal else MEANT.get(code, code)
