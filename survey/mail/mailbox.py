"""Where mail is kept that must not leave this machine: a folder of .eml files and an index, one line a message."""

import os
import re
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.policy import default
from pathlib import Path

import msgspec

from privacy.crypto import random_bytes
from survey.settings import Settings

INDEX = "index.jsonl"
_ID = re.compile(r"[0-9a-f]{24}")
_line = msgspec.json.Encoder()


class Caught(msgspec.Struct, frozen=True):
    """A message in the mailbox. `id` grows with time."""

    id: str
    to: str
    subject: str
    sent_at: datetime


_lines = msgspec.json.Decoder(Caught)


def folder_of(settings: Settings) -> Path:
    """The mailbox of this deployment."""
    return settings.data_path / "mailbox"


def keep(folder: Path, recipient: str, content: bytes, now: datetime) -> Caught:
    """Store a message; it is in the index once its file is whole."""
    headers = BytesHeaderParser(policy=default).parsebytes(content)
    id_ = f"{int(now.timestamp() * 1000):012x}{random_bytes(6).hex()}"
    caught = Caught(id_, recipient, str(headers["Subject"] or ""), now)
    # Its links open what they are sent for, so other users of this machine have no business here.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _file_of(folder, id_).write_bytes(content)
    # One write of one line: another process may be appending too.
    index = os.open(folder / INDEX, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(index, _line.encode(caught) + b"\n")
    finally:
        os.close(index)
    return caught


def messages(folder: Path) -> list[Caught]:
    """Everything that was caught, the newest first."""
    try:
        index = (folder / INDEX).read_bytes()
    except FileNotFoundError:
        return []
    # A line that is being written this moment is not there yet.
    whole = index[: index.rfind(b"\n") + 1]
    return sorted(_lines.decode_lines(whole), key=lambda caught: caught.id, reverse=True)


def find_source(folder: Path, id_: str) -> bytes | None:
    """A message as it came, if there is one of this id."""
    if not _ID.fullmatch(id_):
        return None
    try:
        return _file_of(folder, id_).read_bytes()
    except FileNotFoundError:
        return None


def parsed(source: bytes) -> EmailMessage:
    """The message, to be read."""
    return BytesParser(policy=default).parsebytes(source)


def part_of(message: EmailMessage, subtype: str) -> str:
    """The text or the HTML of a message, or nothing."""
    part = message.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""


def _file_of(folder: Path, id_: str) -> Path:
    return folder / f"{id_}.eml"
