"""What stands in a JPEG beside its pixels. Pure."""

from collections.abc import Iterator

START, SCAN, COMMENT = 0xD8, 0xDA, 0xFE
FIRST_APPLICATION, LAST_APPLICATION = 0xE1, 0xEF  # E0 is JFIF: the size of a pixel, nothing else
ADOBE = 0xEE  # how the colours are written
HEAD_BYTES = 2


def beside_pixels(content: bytes) -> set[str]:
    """The kinds of things that a camera or a program has written into a picture; empty for what is no JPEG.

    Source: ITU-T T.81, B.1.1: segments begin with FF and a marker, then their length in two bytes.
    """
    return {kind for marker in _markers(content) if (kind := _kind(marker))}


def _kind(marker: int) -> str:
    if marker == COMMENT:
        return "a comment"
    is_application = FIRST_APPLICATION <= marker <= LAST_APPLICATION and marker != ADOBE
    return "what a camera writes" if is_application else ""


def _markers(content: bytes) -> Iterator[int]:
    if content[:HEAD_BYTES] != bytes([0xFF, START]):
        return
    at = HEAD_BYTES
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != SCAN:
        yield content[at + 1]
        at += HEAD_BYTES + int.from_bytes(content[at + 2 : at + 4], "big")
