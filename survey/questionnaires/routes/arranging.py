"""One address for everything the outline's buttons do, and for dragging, which sends the same fields."""

from collections.abc import Callable, Mapping
from uuid import UUID

import msgspec
from litestar.params import FromPath

from survey.db import NotFound
from survey.web import Form, Page, Request, form_of, is_partial, now_of, post_form, redirect, render, scope_of, staff

from .. import queries, service
from ..domain import (
    Definition,
    Direction,
    UnknownPart,
    Version,
    duplicate_item,
    duplicate_section,
    move_item,
    move_section,
    put_item,
    put_section,
    remove_item,
    remove_section,
    restore,
)
from .saving import tell_saved
from .views import EDITORS, outline_of

Operation = Callable[[Definition, str, Form], Definition]

OPERATIONS: Mapping[str, tuple[Operation, str]] = {
    "item-up": (lambda definition, part, form: move_item(definition, part, Direction.UP), "Moved up"),
    "item-down": (lambda definition, part, form: move_item(definition, part, Direction.DOWN), "Moved down"),
    "item-put": (lambda definition, part, form: put_item(definition, part, *_target(form)), "Moved"),
    "item-copy": (lambda definition, part, form: duplicate_item(definition, part), "Copied"),
    "item-remove": (lambda definition, part, form: remove_item(definition, part), "Removed. You can put it back"),
    "section-up": (lambda definition, part, form: move_section(definition, part, Direction.UP), "Moved up"),
    "section-down": (lambda definition, part, form: move_section(definition, part, Direction.DOWN), "Moved down"),
    "section-put": (lambda definition, part, form: put_section(definition, part, _position(form) or 0), "Moved"),
    "section-copy": (lambda definition, part, form: duplicate_section(definition, part), "Copied"),
    "section-remove": (lambda definition, part, form: remove_section(definition, part), "Removed. You can put it back"),
    "restore": (lambda definition, part, form: restore(definition, part), "Put back"),
}


@post_form("/questionnaires/{questionnaire_id:uuid}/arrange", staff(*EDITORS))
async def arrange(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Move, copy, remove or put back a section or question."""
    form = await form_of(request)
    if form["act"] not in OPERATIONS:
        raise NotFound("operation")
    operation, done = OPERATIONS[form["act"]]
    opened = await queries.latest_version_in(scope_of(request), questionnaire_id)
    try:
        written = await service.arrange(
            scope_of(request), questionnaire_id, lambda latest: operation(latest, form["part"], form), now_of(request)
        )
    except UnknownPart as error:
        raise NotFound("part of the questionnaire") from error
    return _arranged(request, (opened, written), (form["act"], form["part"]), done)


def _arranged(request: Request, versions: tuple[Version, Version], what: tuple[str, str], done: str) -> Page:
    opened, written = versions
    if is_partial(request):
        page = render(request, "questionnaires/_outline.html", **outline_of(written, what))
        return page.with_header("hx-trigger", msgspec.json.encode({"announce": done}).decode())
    if written.number > opened.number:
        tell_saved(request, opened, written)
    return redirect(f"/questionnaires/{written.questionnaire_id}#{what[1]}")


def _target(form: Form) -> tuple[str, int | None]:
    """Where to: a section, and the position in it; "section" may hold both as `section:3`."""
    section, _, position = form["section"].partition(":")
    return section, int(position) if position.isascii() and position.isdigit() else _position(form)


def _position(form: Form) -> int | None:
    position = form["position"]
    return int(position[:4]) if position.isascii() and position.isdigit() else None
