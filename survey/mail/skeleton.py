"""A campaign's message as bytes with gaps: headers and texts are encoded once, and each person's copy is a join."""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from privacy.crypto import random_bytes

from .addresses import addressed
from .checking import code_of
from .domain import Bulk, Claimed, Frame, Letter, Outgoing
from .domain.letters import filled, one_line, slots_in
from .envelope import (
    Letterhead,
    footer_of,
    list_headers,
    list_id_of,
    own_values,
    stopping_headers,
    token_for,
)
from .quoted import Body, body_of, quoted, quoted_html
from .rendering import html_of, text_of

LONGEST_HEADER_LINE = 76
COMPILED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The part of a campaign's messages that is the same for everybody."""

    headers: bytes  # whole lines
    subject: bytes | None  # None: it has slots
    text: Body
    html: Body
    opening: bytes  # MIME headers up to the text
    between: bytes  # from the text to the HTML
    closing: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready for the relay: what MAIL and RCPT are told, and the bytes, lines ended by CRLF."""

    row: Claimed
    sender: bytes
    recipient: bytes
    content: bytes


def message_of(outgoing: Outgoing, letterhead: Letterhead, now: datetime, *, is_to_people: bool) -> Message:
    """One person's copy. Raises BadLetter: EnvelopeIncomplete, HeaderInjection, BadAddress or a missing value.

    A mail program is not invited to stop all mail beside a new password; the link stands below the message.
    """
    token = token_for(outgoing.row, letterhead)
    skeleton = skeleton_of(outgoing.letter, outgoing.frame, letterhead)
    offered = token if is_to_people or not outgoing.row.is_asked else None
    code = code_of(letterhead.index_key, outgoing.row.message_id)
    values = {**outgoing.values, **own_values(letterhead, token, code)}
    recipient = addressed(outgoing.to)
    content = b"".join(
        (
            skeleton.headers,
            skeleton.subject or _subject_line(filled(outgoing.letter.subject, values)),
            _own_headers(outgoing, letterhead, recipient, offered, now),
            skeleton.opening,
            skeleton.text.filled(values),
            skeleton.between,
            skeleton.html.filled(values),
            skeleton.closing,
        )
    )
    return Message(outgoing.row, letterhead.sender_of(outgoing.frame).encode("ascii"), recipient, content)


@lru_cache(maxsize=COMPILED_AT_ONCE)
def skeleton_of(letter: Letter, frame: Frame, letterhead: Letterhead) -> Skeleton:
    """Compile a campaign. Cached by value: composers may build the same letter anew for every batch."""
    footer = footer_of(frame, letterhead.base_url)
    # "=_" cannot occur in quoted-printable, so no text can end its part.
    boundary = f"=_{random_bytes(12).hex()}"
    return Skeleton(
        headers=_static_headers(frame, letterhead),
        subject=None if slots_in(letter.subject) else _subject_line(letter.subject),
        text=body_of(text_of(letter, frame, footer), quoted),
        html=body_of(html_of(letter, frame, footer), quoted_html),
        opening=_lines(
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
            "",
            f"--{boundary}",
            *_part_headers("plain"),
        ),
        between=_lines("", f"--{boundary}", *_part_headers("html")),
        closing=_lines("", f"--{boundary}--"),
    )


def _part_headers(subtype: str) -> tuple[str, ...]:
    return (f'Content-Type: text/{subtype}; charset="utf-8"', "Content-Transfer-Encoding: quoted-printable", "")


def _static_headers(frame: Frame, letterhead: Letterhead) -> bytes:
    """What is the same in every copy, encoded and folded by the standard library."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=one_line(frame.from_name), addr_spec=letterhead.sender_of(frame))
    message["Reply-To"] = frame.sender.contact_email
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    head = message.as_bytes().partition(b"\r\n\r\n")[0] + b"\r\n"
    if isinstance(frame, Bulk):
        head += _list_id_line(frame, letterhead.mail_domain)
    return head


def _list_id_line(frame: Bulk, mail_domain: str) -> bytes:
    name = _words(frame.list_name, len("List-ID: "))
    phrase = name if name.startswith("=?") else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _lines(f"List-ID: {phrase}", f" <{list_id_of(frame, mail_domain)}>")


def _own_headers(
    outgoing: Outgoing, letterhead: Letterhead, recipient: bytes, token: str | None, now: datetime
) -> bytes:
    """The headers of one copy. Everything in them is made of ids, tokens and an address that was checked."""
    row, frame = outgoing.row, outgoing.frame
    lines = [f"To: {recipient.decode()}", f"Message-ID: <{row.message_id}>", f"Date: {format_datetime(now)}"]
    named: tuple[tuple[str, str], ...] = ()
    if token is not None:
        named = stopping_headers(frame, letterhead.base_url, token)
    if isinstance(frame, Bulk):
        named += list_headers(frame, row, letterhead)
    lines += [f"{name}: {_folded(one_line(value))}" for name, value in named]
    return _lines(*lines)


def _folded(value: str) -> str:
    """One address a line."""
    return value.replace(", ", ",\r\n ")


def _subject_line(subject: str) -> bytes:
    return _lines("Subject: " + _words(one_line(subject), len("Subject: ")))


def _words(text: str, used: int) -> str:
    """Text for a header: as it is while it is short and plain, in encoded words (RFC 2047) otherwise."""
    if text.isascii() and text.isprintable() and len(text) + used <= LONGEST_HEADER_LINE and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=LONGEST_HEADER_LINE, header_name="x" * (used - 2)).encode(linesep="\r\n")


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
