"""One table from what went wrong to what the visitor reads. Never a value, never a traceback."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Request as LitestarRequest
from litestar.exceptions import HTTPException

from privacy.crypto import random_bytes
from privacy.errors import BadToken, ExpiredToken
from survey.db import Conflict, DatabaseUnavailable, NotFound
from survey.db.errors import BadCursor

from .forms import Disconnected, Malformed, TooLarge
from .page import HTML, PROBLEM, Page
from .rendering import Renderer

log = structlog.get_logger("candour.web")


class Refused(Exception):
    """Known, and not allowed. The text is for the visitor's eyes: no values."""

    def __init__(self, text: str = "Your role does not open this page.") -> None:
        super().__init__(text)
        self.text = text


class Gone(Exception):
    """What was here has ended for good. Title and text are for the visitor's eyes: no values."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self.words = Words(410, title, text)


class NotSignedIn(Exception):
    """Nobody is signed in, or not far enough. `url` is where to go."""

    def __init__(self, url: str) -> None:
        super().__init__("not signed in")
        self.url = url


class ForeignForm(Exception):
    """A form without the token our pages put into it, or from another site."""


class TooMany(Exception):
    """More attempts than the limit allows."""

    def __init__(self, retry_seconds: int) -> None:
        super().__init__("too many attempts")
        self.retry_seconds = retry_seconds


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one kind of error."""

    status: int
    title: str
    text: str


MISSING = Words(404, "There is no such page", "The address may be mistyped, or what was here is gone or not yours.")
BAD_LINK = Words(404, "This link does not work", "It may have been cut in two by the mail program. "
                 "Copy the whole link from the message into the address bar.")  # fmt: skip
EXPIRED = Words(404, "This link is no longer valid", "Links like this work for a limited time. Ask for a new one.")
REFUSED = Words(403, "You cannot open this", "Your role does not open this page.")
FOREIGN = Words(403, "Please send this again", "The page was open too long, or the form did not come from this site. "
                "Go back, load the page again and send it once more.")  # fmt: skip
SIGNED_OUT = Words(401, "Please sign in", "This page is for people who are signed in.")
CONFLICT = Words(409, "Somebody was faster", "This was changed in the meantime. Load the page again and look first.")
LARGE = Words(413, "That is too much", "What you sent is larger than this page takes.")
UNREADABLE = Words(400, "That could not be read", "What was sent is not a form of this site.")
LIMITED = Words(429, "Too many attempts", "Please wait a while, then try again.")
BROKEN = Words(500, "Something went wrong", "It is our fault, not yours, and it has been noted.")
AWAY = Words(503, "Back in a moment", "We cannot reach our database just now. Please try again in a minute.")

TABLE: Mapping[type[Exception], Words] = MappingProxyType(
    {
        NotFound: MISSING,
        ExpiredToken: EXPIRED,
        BadToken: BAD_LINK,
        Refused: REFUSED,
        ForeignForm: FOREIGN,
        NotSignedIn: SIGNED_OUT,
        Conflict: CONFLICT,
        asyncpg.UniqueViolationError: CONFLICT,
        asyncpg.SerializationError: CONFLICT,
        asyncpg.DeadlockDetectedError: CONFLICT,
        TooLarge: LARGE,
        BadCursor: MISSING,
        Malformed: UNREADABLE,
        Disconnected: UNREADABLE,
        TooMany: LIMITED,
        DatabaseUnavailable: AWAY,
        asyncpg.PostgresConnectionError: AWAY,
        asyncpg.InternalClientError: AWAY,
        asyncpg.OperatorInterventionError: AWAY,
        asyncpg.InsufficientResourcesError: AWAY,
        ConnectionError: AWAY,
    }
)
BY_STATUS: Mapping[int, Words] = MappingProxyType(
    {
        400: UNREADABLE,
        401: SIGNED_OUT,
        403: REFUSED,
        404: MISSING,
        405: Words(405, "This address takes no such request", "Go back and use the page's own buttons."),
        409: CONFLICT,
        413: LARGE,
        422: Words(422, "Some answers need another look", "Go back and check what you filled in."),
        429: LIMITED,
        503: AWAY,
    }
)


def words_for(error: Exception) -> Words:
    """The row of the table that fits: the nearest class, or the status of Litestar's own errors."""
    if isinstance(error, Gone):
        return error.words
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        # The database went away in the middle of the request.
        return AWAY
    for kind in type(error).__mro__:
        if kind in TABLE:
            return TABLE[kind]
    if isinstance(error, HTTPException) and error.status_code < 500:
        return BY_STATUS.get(error.status_code, BY_STATUS[400])
    return BROKEN


def wants(headers: list[tuple[bytes, bytes]]) -> str:
    """What the caller can read: `json`, `fragment` or `page`."""
    accept = b""
    for name, value in headers:
        if name == b"hx-request-type" and value == b"partial":
            return "fragment"
        if name == b"accept":
            accept = value
    return "json" if b"json" in accept and b"text/html" not in accept else "page"


def answer(renderer: Renderer, headers: list[tuple[bytes, bytes]], error: Exception, route: str = "") -> Page:
    """The page, fragment or RFC 9457 problem for an error; what nobody foresaw is logged under a reference."""
    words = words_for(error)
    reference = _noted(error, route) if words is BROKEN else ""
    kind = wants(headers)
    if isinstance(error, NotSignedIn) and kind != "json":
        return _to_sign_in(error.url, kind)
    page = (
        _problem(words, reference) if kind == "json" else _page(renderer, words, reference, kind, _text(error, words))
    )
    if isinstance(error, TooMany):
        page.with_header("retry-after", str(error.retry_seconds))
    if isinstance(error, HTTPException):
        for name, value in (error.headers or {}).items():
            if name.lower() == "allow":
                page.with_header("allow", value)
    return page


def answered(request: LitestarRequest[Any, Any, Any], error: Exception) -> Any:
    """Litestar's exception handler for everything."""
    scope = request.scope
    route = scope.get("path_template", "")
    return answer(scope["litestar_app"].state.renderer, list(scope["headers"]), error, route)


def _text(error: Exception, words: Words) -> str:
    return error.text if isinstance(error, Refused) else words.text


def _to_sign_in(url: str, kind: str) -> Page:
    # A fragment cannot be redirected: the browser would swap the sign-in page into the middle of another one.
    if kind == "fragment":
        return Page(b"", 200, HTML, [(b"hx-redirect", url.encode("ascii"))])
    return Page(b"", 303, HTML, [(b"location", url.encode("ascii"))])


def _page(renderer: Renderer, words: Words, reference: str, kind: str, text: str) -> Page:
    name = "errors/_error.html" if kind == "fragment" else "errors/error.html"
    context = {
        "status": words.status,
        "title": words.title,
        "text": text,
        "reference": reference,
        "path": "",
        "flashes": (),
        "csrf_field": str,
    }
    return Page(renderer.text(name, context).encode(), words.status)


def _problem(words: Words, reference: str) -> Page:
    problem = {"type": "about:blank", "title": words.title, "status": words.status, "detail": words.text}
    if reference:
        problem["instance"] = f"urn:candour:error:{reference}"
    return Page(msgspec.json.encode(problem), words.status, PROBLEM)


def _noted(error: Exception, route: str) -> str:
    """Write down where it happened and what kind it was; messages and values may hold personal data and stay out."""
    reference = random_bytes(5).hex()
    frames = [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in traceback.extract_tb(error.__traceback__)]
    log.error(
        "unhandled",
        kind=f"{type(error).__module__}.{type(error).__qualname__}",
        sqlstate=getattr(error, "sqlstate", None),
        route=route,
        reference=reference,
        where=frames[-8:],
    )
    return reference
