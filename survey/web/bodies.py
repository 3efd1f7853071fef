"""Reading what was sent, within the route's limit and before any transaction begins. Files go to disk as they come."""

import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

from litestar.types import Receive
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,
)

from survey.settings import Settings

from .forms import MAXIMUM_FIELDS, Disconnected, Form, Malformed, TooLarge, Upload, add_field, parse_urlencoded

URLENCODED = b"application/x-www-form-urlencoded"
MULTIPART = b"multipart/form-data"
FIELD_BYTES = 1024 * 1024
PREFIX = "upload-"
LONGEST_UPLOAD_SECONDS = 6 * 60 * 60

Headers = Mapping[bytes, bytes]


async def read_form(headers: Headers, receive: Receive, limit_bytes: int, files_to: Path | None = None) -> Form:
    """The form in a body; empty for a body of another kind, which is left unread.

    files_to: the folder that takes uploads; None drops them. Raises TooLarge, Malformed, Disconnected.
    """
    kind = headers.get(b"content-type", b"")
    announced = headers.get(b"content-length", b"")
    if announced.isdigit() and int(announced) > limit_bytes:
        raise TooLarge(limit_bytes)
    if kind.startswith(URLENCODED):
        return parse_urlencoded(await _whole(receive, limit_bytes))
    if kind.startswith(MULTIPART):
        return await _multipart(kind, _chunks(receive, limit_bytes), files_to)
    return Form()


def uploads_of(settings: Settings) -> Path:
    """Where uploads wait for their handler: beside the media, so that a file can be moved instead of copied."""
    return settings.data_path / "uploads"


def remove_files(form: Form) -> None:
    """Take away what the handler has not moved."""
    for upload in form.files.values():
        upload.path.unlink(missing_ok=True)


async def _whole(receive: Receive, limit_bytes: int) -> bytes:
    """A body in one piece, as most come. Raises TooLarge, Disconnected."""
    message = await receive()
    if message["type"] != "http.request":
        raise Disconnected
    first = message.get("body", b"")
    if len(first) > limit_bytes:
        raise TooLarge(limit_bytes)
    if not message.get("more_body", False):
        return first
    return b"".join([first, *[chunk async for chunk in _chunks(receive, limit_bytes, len(first))]])


async def _chunks(receive: Receive, limit_bytes: int, seen_bytes: int = 0) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Disconnected
        chunk = message.get("body", b"")
        seen_bytes += len(chunk)
        if seen_bytes > limit_bytes:
            raise TooLarge(limit_bytes)
        if chunk:
            yield chunk
        if not message.get("more_body", False):
            return


async def _multipart(kind: bytes, chunks: AsyncIterator[bytes], files_to: Path | None) -> Form:
    boundary = parse_options_header(kind.decode("latin-1"))[1].get("boundary", "")
    receiver = _Receiver(files_to)
    try:
        with PushMultipartParser(boundary.encode("latin-1"), max_segment_count=MAXIMUM_FIELDS) as parser:
            async for chunk in chunks:
                for part in parser.parse(chunk):
                    receiver.take(part)
    except (MultipartError, UnicodeDecodeError, ValueError) as error:
        receiver.abandon()
        raise Malformed("not a form") from error
    except BaseException:
        receiver.abandon()
        raise
    return receiver.form


class _Receiver:
    """Puts the parts of a multipart body where they belong."""

    def __init__(self, files_to: Path | None) -> None:
        self.form = Form()
        self._files_to = files_to
        self._segment: MultipartSegment | None = None
        self._text = bytearray()
        self._file: BufferedWriter | None = None

    def take(self, part: MultipartSegment | bytearray | None) -> None:
        """A header, a piece of content, or None at the end of a part."""
        if isinstance(part, MultipartSegment):
            self._begin(part)
        elif part:
            self._add(part)
        else:
            self._end()

    def abandon(self) -> None:
        """Leave nothing on disk."""
        if self._file is not None:
            self._file.close()
            Path(self._file.name).unlink(missing_ok=True)
        remove_files(self.form)

    def _begin(self, segment: MultipartSegment) -> None:
        self._segment = segment
        self._text.clear()
        if segment.filename and self._files_to:
            self._file = _new_file(self._files_to)

    def _add(self, content: bytearray) -> None:
        if self._file is not None:
            self._file.write(content)
        elif self._segment is not None and not self._segment.filename:
            if len(self._text) + len(content) > FIELD_BYTES:
                raise TooLarge(FIELD_BYTES)
            self._text += content

    def _end(self) -> None:
        segment, self._segment = self._segment, None
        if segment is None:
            raise Malformed("a part without a beginning")
        if self._file is not None:
            file, self._file = self._file, None
            size_bytes = file.tell()
            file.close()
            upload = Upload(Path(file.name), segment.filename or "", segment.content_type or "", size_bytes)
            with suppress(KeyError):
                self.form.files.pop(segment.name).path.unlink(missing_ok=True)
            self.form.files[segment.name] = upload
        elif not segment.filename:
            add_field(self.form, segment.name, self._text.decode("utf-8"))


def _new_file(folder: Path) -> BufferedWriter:
    """A file nobody else may read: lists of people pass through here."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=PREFIX, dir=folder)
    os.close(descriptor)
    return Path(name).open("wb")


def remove_left_behind(folder: Path, now_seconds: float) -> None:
    """Remove what a process that was killed has left, when it is older than any upload can take."""
    for path in folder.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):
            if now_seconds - path.stat().st_mtime > LONGEST_UPLOAD_SECONDS:
                path.unlink()
