"""One section a page: show it, keep it, go on or back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.params import FromPath

from privacy.vault import KeyRing
from survey.questionnaires.domain import Item, Parsed, form_values, merged, visible_items
from survey.responses import service
from survey.responses.domain import AnswersSent, Door, DoorMoved, place_after, place_before, place_to_go_on, position_of
from survey.web import Form, Page, Request, form_of, get_page, now_of, post_form, redirect, render

from .kept import kept
from .link import EACH_ALONE, NO_CSRF, door_of, door_to_write, is_answering

ANSWER_BYTES = 256 * 1024

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """A respondent at a section. `number` is the section's place in the address, from 1."""

    request: Request
    token: str
    door: Door
    study: service.Study
    number: int

    def to(self, place: str) -> Page:
        """Send the browser to another page of the same survey."""
        return redirect(f"/s/{self.token}{place}")


@dataclass(frozen=True, slots=True)
class View:
    """What a section shows for the answers so far: which of how many it is (None: it does not show), and its items."""

    place: tuple[int, int] | None
    items: list[Item]


@get_page("/s/{token:str}/{number:int}", EACH_ALONE)
async def show_section(request: Request, token: FromPath[str], number: FromPath[int]) -> Page:
    """A section, with what was answered before."""
    step = Step(request, token, *await door_of(request), number)
    if not is_answering(request, step.door):
        return step.to("")
    view = _view(step, step.door.coded)
    if view.place is None:
        return step.to("/" + place_to_go_on(step.study.compiled, step.door))
    service.remember(step.door, now_of(request))
    return _shown(step, view)


@post_form("/s/{token:str}/{number:int}", EACH_ALONE, without_csrf=NO_CSRF, limit_bytes=ANSWER_BYTES)
async def keep_section(request: Request, token: FromPath[str], number: FromPath[int]) -> Page:
    """Keep a section and go on or back, or stay when something is missing or the draft saves itself."""
    form = await form_of(request)
    try:
        return await _keep(Step(request, token, *await door_to_write(request), number), form)
    except DoorMoved:
        # What was remembered is no longer so, and forgotten: this time the door is looked up.
        return await _keep(Step(request, token, *await door_to_write(request), number), form)


async def _keep(step: Step, form: Form) -> Page:
    if not is_answering(step.request, step.door):
        if step.door.is_remembered:
            raise DoorMoved  # perhaps the study has been given more time
        return step.to("")
    if not 1 <= step.number <= len(step.study.compiled.sections):
        return step.to("/" + place_to_go_on(step.study.compiled, step.door))
    try:
        return _after(step, form, await _kept(step, form))
    except AnswersSent:
        return step.to("")


async def _kept(step: Step, form: Form) -> Parsed:
    posted = service.Posted(step.number - 1, form.raw, now_of(step.request))
    return await service.save(_ring(step), step.door, step.study, posted)


def _after(step: Step, form: Form, parsed: Parsed) -> Page:
    """Where a kept section leads. What was valid stays kept also when the page is shown again with errors."""
    answers = merged(step.door.coded, parsed)
    compiled = step.study.compiled
    if "autosave" in form:
        return render(step.request, "responses/_saved.html", at=now_of(step.request))
    if form["go"] == "back":
        return step.to(place_before(compiled, answers, step.number))
    if parsed.errors:
        return _rendered(step, _view(step, answers), form.raw, parsed.errors, status=422)
    if parsed.revealed:
        return step.to(f"/{step.number}#{min(parsed.revealed)}")
    return step.to("/" + ("check" if form["go"] == "check" else place_after(compiled, answers, step.number)))


def _view(step: Step, answers: Mapping[str, object]) -> View:
    place = position_of(step.study.compiled, answers, step.number)
    return View(place, visible_items(step.study.compiled, step.number - 1, answers) if place else [])


def _shown(step: Step, view: View) -> Page:
    answers = step.door.coded
    texts = service.texts_of(_ring(step), step.door) if any(map(service.is_text, view.items)) else {}
    values: dict[str, list[str]] = {}
    for item in view.items:
        values |= form_values(item, answers, texts)
    query = step.request.query_params
    if "missing" in query:
        return _rendered(step, view, values, service.missing_in(step.study, step.number - 1, values, answers))
    if values or query:
        return _rendered(step, view, values, {})
    return _blank(step, view)


def _blank(step: Step, view: View) -> Page:
    """A section nobody has answered yet looks the same to all: its links are relative and it holds no token."""
    shown = tuple(item.id for item in view.items)
    today = now_of(step.request).date()
    key = (step.door.study_id, step.door.study_revision, step.number, shown, view.place, today)
    return Page(kept(key, lambda: _rendered(step, view, {}, {}).body))


def _rendered(step: Step, view: View, values: Values, errors: Mapping[str, str], status: int = 200) -> Page:
    section = step.study.definition.sections[step.number - 1]
    context: dict[str, Any] = {
        "face": step.study.face,
        "branding": step.study.face.brand,
        "section": section,
        "items": view.items,
        "values": values,
        "errors": errors,
        "number": step.number,
        "place": view.place or (step.number, step.number),
        "is_from_check": "check" in step.request.query_params,
        "today": now_of(step.request).date().isoformat(),
        "lang": step.study.definition.language,
    }
    return render(step.request, "responses/section.html", status, **context)


def _ring(step: Step) -> KeyRing:
    ring: KeyRing = step.request.app.state.settings.keyring
    return ring
