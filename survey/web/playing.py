"""Sound and film for a player, which asks for a file in parts (RFC 9110, section 14)."""

import re

from survey.media import Media

from .page import TEXT, Headers, Page, Stream

MOST_BYTES = 1_000_000  # at once; a player asks for the rest by itself
IN_PARTS = (b"accept-ranges", b"bytes")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def played(media: Media, file: tuple[str, int, bytes], wanted: str) -> Page:
    """The part that a Range header names, cut to what is sent at once; without one the whole.

    file: its key, how large it is, and what a player is told that it is. Raises NotFound.
    """
    key, size_bytes, kind = file
    span = span_of(wanted, size_bytes)
    if span is None:
        return Stream(media.stream(key), kind, [IN_PARTS])
    start, end = span
    if start >= end:
        return Page(b"", 416, TEXT, [(b"content-range", b"bytes */%d" % size_bytes)])
    body = await media.piece(key, start, min(end, start + MOST_BYTES))
    headers: Headers = [IN_PARTS, (b"content-range", b"bytes %d-%d/%d" % (start, start + len(body) - 1, size_bytes))]
    return Page(body, 206, kind, headers)


def span_of(wanted: str, size_bytes: int) -> tuple[int, int] | None:
    """From where up to where, without the last; None for no header, one that asks for several parts, or none at all."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return max(size_bytes - int(last), 0), size_bytes
    return int(first), min(int(last) + 1, size_bytes) if last else size_bytes
