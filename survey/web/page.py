"""Answers: a page with its bytes ready, a redirect, a file, a stream."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

from litestar.types import Receive, Scope, Send

HTML = b"text/html; charset=utf-8"
JSON = b"application/json"
PROBLEM = b"application/problem+json"
TEXT = b"text/plain; charset=utf-8"

Headers = list[tuple[bytes, bytes]]


class Page:
    """A finished answer: an ASGI app with as little as possible between the bytes and the wire."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, body: bytes = b"", status: int = 200, media: bytes = HTML, headers: Headers | None = None
    ) -> None:
        self.body = body
        self.status = status
        self.headers: Headers = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
        if headers:
            self.headers += headers

    def with_header(self, name: str, value: str) -> "Page":
        """The same page with one more header."""
        self.headers.append((name.lower().encode("ascii"), value.encode("latin-1")))
        return self

    def with_cookie(self, cookie: bytes) -> "Page":
        """The same page with a Set-Cookie header; `cookies.py` makes the value."""
        self.headers.append((b"set-cookie", cookie))
        return self

    def announcing(self, text: str) -> "Page":
        """The same fragment; assistive technology says the text once it is swapped in. The text is our own words."""
        return self.with_header("hx-trigger", json.dumps({"announce": text}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the page; to HEAD only what GET would have said about it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = b"" if scope.get("method") == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def to_asgi_response(self, **_: Any) -> "Page":
        """What Litestar asks of the answer of an exception handler: it is its own ASGI app."""
        return self


class Stream(Page):
    """An answer of unknown length, sent as it is made."""

    __slots__ = ("chunks",)

    def __init__(self, chunks: AsyncIterator[bytes], media: bytes, headers: Headers | None = None) -> None:
        super().__init__(b"", 200, media, headers)
        self.headers = [header for header in self.headers if header[0] != b"content-length"]
        self.chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send chunk by chunk."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        if scope.get("method") != "HEAD":
            async for chunk in self.chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def local_path(raw: str, default: str = "/") -> str:
    """A path of this site to go on to, from a field or a query; `default` for anything that leads elsewhere."""
    leads_elsewhere = not raw.startswith("/") or raw.startswith(("//", "/\\")) or not raw.isprintable()
    return default if leads_elsewhere else raw


def redirect(url: str, status: int = 303) -> Page:
    """See other: what a form answers when it has done its work."""
    return Page(b"", status, TEXT, [(b"location", quote(url, safe="/?&=#%:;,+~@!$'()*[]-._").encode("ascii"))])


def download(body: bytes, filename: str, media: str) -> Page:
    """A file to be saved."""
    return Page(body, 200, media.encode("ascii"), [_attachment(filename)])


def streamed(chunks: AsyncIterator[bytes], filename: str, media: str) -> Page:
    """A file to be saved that is too large to hold in memory."""
    return Stream(chunks, media.encode("ascii"), [_attachment(filename)])


def _attachment(filename: str) -> tuple[bytes, bytes]:
    plain = "".join(character if character.isalnum() or character in "-_." else "-" for character in filename)
    value = f'attachment; filename="{plain.encode("ascii", "replace").decode().replace("?", "-")}"'
    return b"content-disposition", f"{value}; filename*=UTF-8''{quote(filename, safe='')}".encode("ascii")
