"""Putting an application together from routes. Stops at a route that does not say who it is for."""

import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from survey.db import Database
from survey.settings import Environment, Settings

from .bodies import remove_left_behind, uploads_of
from .errors import answered
from .middleware import RequestMiddleware
from .rendering import Renderer
from .routing import TERMS

Clock = Callable[[], datetime]
Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]
JSON_BODY_BYTES = 1024 * 1024


class Unguarded(RuntimeError):
    """Routes that do not say who they are for."""


def utc_now() -> datetime:
    """The clock of a real process."""
    return datetime.now(UTC)


def application(
    settings: Settings,
    routes: Sequence[HTTPRouteHandler],
    renderer: Renderer,
    *,
    clock: Clock = utc_now,
    lifespan: Sequence[Lifespan] = (),
) -> Litestar:
    """One Litestar application: our middleware, our error table, nothing that writes requests to a log."""
    if settings.environment in (Environment.DEMO, Environment.PRODUCTION):
        renderer.compile_all()
    app = Litestar(
        route_handlers=list(routes),
        middleware=[RequestMiddleware(settings, renderer, clock)],
        exception_handlers={Exception: answered},
        openapi_config=None,
        logging_config=None,
        debug=False,
        request_max_body_size=JSON_BODY_BYTES,
        state=State({"settings": settings, "renderer": renderer, "clock": clock}),
        lifespan=list(lifespan),
    )
    check_guards(app)
    return app


def check_guards(app: Litestar) -> None:
    """Raises Unguarded for a handler that was not made by `routing.py`."""
    found = [str(handler) for route in app.routes for handler in _handlers(route) if TERMS not in handler.opt]
    if found:
        raise Unguarded(f"use get_page or post_form: {', '.join(found)}")


def set_apart() -> None:
    """Keep what a process has loaded, and has for as long as it lives, out of the collector's sight.

    Large pages set the collector going, and it spent a fifth of their time on looking through all of that again.
    """
    gc.collect()
    gc.freeze()


def with_database(settings: Settings) -> Lifespan:
    """Connect when the process starts, disconnect when it ends; sweep out what a killed one has left on disk."""

    @asynccontextmanager
    async def connected(_: Litestar) -> AsyncIterator[None]:
        remove_left_behind(uploads_of(settings), utc_now().timestamp())
        database = Database()
        await database.start(settings)
        set_apart()
        try:
            yield
        finally:
            await database.stop()

    return connected


def _handlers(route: Any) -> list[Any]:
    if not isinstance(route, HTTPRoute):
        return [route.route_handler]
    return [handler for handler in route.route_handlers if handler.http_methods != {"OPTIONS"}]
