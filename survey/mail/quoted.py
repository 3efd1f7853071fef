"""Quoted-printable in pieces (RFC 2045, 6.7): what is the same for everybody is encoded once."""

from binascii import b2a_qp
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from .domain.letters import SLOT, cleaned, value_of

LONGEST_LINE = 76
SOFT_BREAK = b"=\r\n"
ESCAPED_BYTES = 3

Encoded = Callable[[str], bytes]


def quoted(text: str) -> bytes:
    """Text as quoted-printable whose last line has room for a soft break, so that pieces can be joined."""
    encoded = b2a_qp(text.replace("\r", "").encode(), istext=True).replace(b"\n", b"\r\n")
    begins = encoded.rfind(b"\n") + 1
    if len(encoded) - begins < LONGEST_LINE:
        return encoded
    # The last character must not be torn apart: an escaped byte has three.
    last = ESCAPED_BYTES if encoded[-ESCAPED_BYTES:-2] == b"=" else 1
    return encoded[:-last] + SOFT_BREAK + encoded[-last:]


def quoted_html(text: str) -> bytes:
    """A value for the HTML part, where it may stand in text or in an attribute."""
    return quoted(escape(text))


@dataclass(frozen=True, slots=True)
class Body:
    """One part of a message: pieces that are encoded already, and between them the names of the slots."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]
    encode: Encoded

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The part for one person."""
        if not self.names:
            return self.pieces[0]
        encoded = {name: self.encode(cleaned(value_of(values, name))) for name in dict.fromkeys(self.names)}
        parts = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            parts += (encoded[name], piece)
        return SOFT_BREAK.join(parts)


def body_of(text: str, encode: Encoded) -> Body:
    """Cut a text with slots into what is the same for everybody and what is not. encode: for the slots' values."""
    cut: Sequence[str] = SLOT.split(text)
    return Body(tuple(quoted(cleaned(piece)) for piece in cut[::2]), tuple(cut[1::2]), encode)
