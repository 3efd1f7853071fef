"""The floors: bare Litestar handlers that do what the product's pages cannot do without, and nothing else."""

from typing import Any
from uuid import uuid4

from litestar import Litestar, Request, Response, get, post

from bench.answering import one_page
from survey.app import build
from survey.db import Role, transaction
from survey.questionnaires.domain import Definition
from survey.settings import settings
from survey.web.application import with_database
from survey.web.rendering import Renderer
from tests.field_study import fill

ROW = "INSERT INTO ops.throttle (key, window_start, count) VALUES ($1, now(), 1)"


def create() -> Litestar:
    """Two handlers with the product's templates and transactions and none of its rules."""
    renderer: Renderer = build(settings()).main.state.renderer  # type: ignore[attr-defined]
    blank = _context(one_page(), {})
    filled = _context(one_page(), fill(one_page(), 0))

    @get("/page")
    async def page() -> Response[bytes]:
        return Response(renderer.text("responses/section.html", blank).encode(), media_type="text/html")

    @get("/answered")
    async def answered() -> Response[bytes]:
        return Response(renderer.text("responses/section.html", filled).encode(), media_type="text/html")

    @post("/row", status_code=303)
    async def row(request: Request[Any, Any, Any]) -> Response[bytes]:
        await request.form()
        async with transaction(Role.GATE, affiliate=uuid4()) as connection:
            await connection.execute(ROW, uuid4().bytes)
        return Response(b"", status_code=303, headers={"location": "/page"})

    return Litestar(
        [page, answered, row], lifespan=[with_database(settings())], openapi_config=None, logging_config=None
    )


def _context(definition: Definition, values: dict[str, list[str]]) -> dict[str, Any]:
    section = definition.sections[0]
    return {
        "face": {"title": "Your last visit", "client": "Brightwater Coffee", "affiliate": "Bench"},
        "section": section,
        "items": section.items,
        "values": values,
        "errors": {},
        "number": 1,
        "place": (1, 4),
        "is_from_check": False,
        "today": "2026-11-22",
        "lang": "en",
        "path": "/page",
        "flashes": (),
        "csrf_field": str,
    }
