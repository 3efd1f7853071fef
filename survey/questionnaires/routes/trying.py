"""Trying a questionnaire out: the test bench and the preview. Neither keeps anything."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from litestar.params import FromPath
from msgspec.structs import replace

from survey.web import Form, Page, Request, form_of, get_page, now_of, post_form, render, scope_of, staff

from .. import queries
from ..domain import (
    SHOWN_FIELD,
    Compiled,
    Version,
    compile_definition,
    next_section,
    previous_section,
    read_items,
    replay,
    summary,
    trial,
    visible_items,
    visible_sections,
)
from .views import EDITORS, said

PREVIEW = "/questionnaires/{questionnaire_id:uuid}/preview"
PREVIEW_BYTES = 256 * 1024
OWN_FIELDS = frozenset({"csrf", "at", "go", SHOWN_FIELD})


@get_page("/questionnaires/{questionnaire_id:uuid}/bench", staff(*EDITORS))
async def test_bench(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Answers, and which sections and questions they show. The answers are in the URL, so a case can be kept."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    compiled = compile_definition(version.definition)
    asked = [item for item in version.definition.items() if item.id in compiled.read_names]
    values = request.query_params.dict()
    parsed = read_items(compiled, (item.id for item in asked), values, now_of(request).date())
    return render(
        request,
        "questionnaires/bench.html",
        version=version,
        items=[replace(item, is_required=True) for item in asked],
        values=values,
        errors=parsed.errors,
        trial=trial(compiled, parsed.coded),
        rules={item.id: said(item.show_if, version.definition) for item in version.definition.items()},
    )


@get_page(PREVIEW, staff(*EDITORS))
async def preview(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """The first page as a respondent sees it."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    compiled = compile_definition(version.definition)
    return _preview_page(request, version, compiled, next_section(compiled, {}, -1), Form())


@post_form(PREVIEW, staff(*EDITORS), limit_bytes=PREVIEW_BYTES)
async def preview_next(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """The page that follows. What was typed travels in the form itself and is kept nowhere."""
    form = await form_of(request)
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    compiled = compile_definition(version.definition)
    answers, _, steps = replay(compiled, form.raw, now_of(request).date())
    at = _place(form["at"], len(steps))
    if at is None:
        return _preview_page(request, version, compiled, next_section(compiled, answers, -1), form)
    if form["go"] == "back":
        return _preview_page(request, version, compiled, previous_section(compiled, answers, at), form)
    if not steps[at].is_complete:
        form.errors.update(steps[at].errors)
        return _preview_page(request, version, compiled, at, form)
    return _preview_page(request, version, compiled, next_section(compiled, answers, at), form)


def _place(text: str, sections: int) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
    return number if 0 <= number < sections else None


def _preview_page(request: Request, version: Version, compiled: Compiled, at: int | None, form: Form) -> Page:
    today = now_of(request).date()
    answers, verbatims, _ = replay(compiled, form.raw, today)
    order = visible_sections(compiled, answers)
    items = [] if at is None else visible_items(compiled, at, answers)
    offered = {item.id for item in items}
    context: dict[str, Any] = {
        "version": version,
        "at": at,
        "section": None if at is None else compiled.sections[at].section,
        "items": items,
        "values": form.raw,
        "errors": form.errors,
        "carried": list(_carried(form, offered)),
        "place": (order.index(at) + 1 if at in order else len(order), len(order)),
        "rows": summary(compiled, answers, verbatims) if at is None else [],
        "today": today.isoformat(),
        "lang": version.definition.language,
    }
    return render(request, "questionnaires/preview.html", 422 if form.errors else 200, **context)


def _carried(form: Form, offered: set[str]) -> Iterator[tuple[str, str]]:
    """The fields of the sections that are not on the page."""
    for name, values in form.raw.items():
        if name not in OWN_FIELDS and name.partition("-")[0] not in offered:
            yield from ((name, value) for value in values)
