"""The outer door: static files, the fixed headers on every answer, and one line in the access log."""

from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from time import perf_counter
from typing import Any

import structlog
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Send
from litestar.types import Scope as AsgiScope

from survey.settings import Settings

from .guards import Access
from .headers import NO_STORE, VARY, fixed_headers
from .logs import write_access
from .page import TEXT, Page
from .routing import TERMS
from .static import PREFIX, Assets

FILES = "/static/*"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MILLISECONDS = 1000
MOST_HEADERS = 100
HEAD_BYTES = 32 * 1024
CLOSE = (b"connection", b"close")

log = structlog.get_logger("candour.access")


class Interrupted(Exception):
    """An answer that could not be brought to its end."""


class Front:
    """An ASGI app around the applications. rooms: (path prefix, application), the first that fits takes the request."""

    def __init__(self, settings: Settings, assets: Assets, rooms: Sequence[tuple[str, ASGIApp]]) -> None:
        self.assets = assets
        self.rooms = tuple(rooms)
        self.main = self.rooms[-1][1]
        self.always = fixed_headers(settings)
        self.on_pages = [*self.always, NO_STORE, VARY]

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """One request; the process's start and stop go to the last room."""
        if scope["type"] != ScopeType.HTTP:
            await self._other(scope, receive, send)
            return
        began = perf_counter()
        is_file = scope["path"].startswith(PREFIX)
        answer = _Adding(send, self.always if is_file else self.on_pages)
        goal = _refused if _is_overlong(scope) else self.assets if is_file else self._room(scope["path"])
        try:
            await goal(scope, receive, answer)
        except Exception as error:
            await self._broken(scope, receive, answer, error)
        finally:
            method = scope["method"]
            write_access(
                FILES if is_file else scope.get("path_template") or "-",
                method if method in METHODS else "-",
                answer.status,
                round((perf_counter() - began) * MILLISECONDS, 1),
            )

    def _room(self, path: str) -> ASGIApp:
        for prefix, room in self.rooms:
            if path.startswith(prefix) and (len(path) == len(prefix) or prefix == "/" or path[len(prefix)] == "/"):
                return room
        return self.main

    def pages(self) -> list[tuple[str, Access]]:
        """The path templates that answer GET, and who each is for; in the order of their names."""
        rooms = [room for _, room in self.rooms if isinstance(room, Litestar)]
        routes = [route for room in rooms for route in room.routes if isinstance(route, HTTPRoute)]
        handlers = [(route.path, each) for route in routes for each in route.route_handlers if TERMS in each.opt]
        found = {path: each.opt[TERMS].access for path, each in handlers if "GET" in each.http_methods}
        return sorted(found.items(), key=itemgetter(0))

    async def _other(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.main(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})

    async def _broken(self, scope: HTTPScope, receive: Receive, answer: "_Adding", error: Exception) -> None:
        """What even the error page could not catch: say which kind it was, and as little as possible."""
        log.error("broken", kind=type(error).__qualname__, route=scope.get("path_template") or "-")
        if answer.status:
            # Half a file must not look like a whole one: the server cuts the connection. No cause, no values.
            raise Interrupted from None
        await Page(b"Something went wrong. It is our fault, not yours.", 500, TEXT)(scope, receive, answer)


def _is_overlong(scope: HTTPScope) -> bool:
    """Whether a head is larger than any browser's. Here, because not every server has limits of its own."""
    headers = tuple(scope["headers"])
    if len(headers) > MOST_HEADERS:
        return True
    return len(scope["raw_path"]) + len(scope["query_string"]) + sum(map(len, chain(*headers))) > HEAD_BYTES


async def _refused(scope: AsgiScope, receive: Receive, send: Send) -> None:
    await Page(b"The request's headers are too large.", 431, TEXT, [CLOSE])(scope, receive, send)


class _Adding:
    """Sends on, with the fixed headers added, and remembers the status."""

    __slots__ = ("headers", "send", "status")

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        self.send = send
        self.headers = headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            # A page may say one of them itself: the mailbox shows a letter in a frame, which needs a policy of its own.
            said = dict(message["headers"])
            message["headers"] = [*message["headers"], *[header for header in self.headers if header[0] not in said]]
        await self.send(message)
