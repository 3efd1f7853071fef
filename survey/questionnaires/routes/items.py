"""The page of one question, new or not: its buttons change what was typed, only Save writes."""

from typing import Any
from uuid import UUID

from litestar.params import FromPath
from msgspec.structs import replace

from survey.db import NotFound
from survey.web import (
    Form,
    Page,
    Request,
    form_of,
    get_page,
    is_partial,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import (
    Definition,
    Item,
    Kind,
    Version,
    add_item,
    earlier_items,
    edit_item,
    item_in,
    items_up_to,
    section_in,
)
from .saving import replace_revision, revision_in, saved, tell_saved
from .views import EDITORS, KIND_WORDS, remarks_on

NEW = "/questionnaires/{questionnaire_id:uuid}/sections/{slug:str}/items/new"
ONE = "/questionnaires/{questionnaire_id:uuid}/items/{slug:str}"


@get_page(NEW, staff(*EDITORS))
async def add_item_page(request: Request, questionnaire_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """The form of a new question at the end of a section."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    _require_section(version.definition, slug)
    item = forms.blank_item(_kind(request.query_params.get("kind", "")))
    editing = forms.editing_of(item, items_up_to(version.definition, slug))
    return _page(request, version, editing, request.scope["path"])


@post_form(NEW, staff(*EDITORS))
async def create_item(request: Request, questionnaire_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """Add a question, or show the form again after one of its buttons."""
    form = await form_of(request)
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    _require_section(version.definition, slug)
    sources = items_up_to(version.definition, slug)
    item = forms.item_from(form, forms.blank_item(_kind(form["kind"])), sources)
    if form["act"] != "save" or not form.is_valid:
        return _again(request, version, forms.editing_of(item, sources, form), form)
    written = await service.arrange(
        scope_of(request), questionnaire_id, lambda latest: add_item(latest, slug, item), now_of(request)
    )
    return _saved(request, version, written, section_in(written.definition, slug).items[-1].id)


@get_page(ONE, staff(*EDITORS))
async def item_page(request: Request, questionnaire_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """The form of a question."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    if slug not in _ids(version.definition):
        raise NotFound("question")
    item = item_in(version.definition, slug)
    editing = forms.editing_of(item, earlier_items(version.definition, slug))
    return _page(request, version, editing, request.scope["path"])


@post_form(ONE, staff(*EDITORS))
async def save_item(request: Request, questionnaire_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """Save a question, or show the form again after one of its buttons."""
    form = await form_of(request)
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    sources = earlier_items(version.definition, slug)
    item = forms.item_from(form, replace(forms.blank_item(_kind(form["kind"])), id=slug), sources)
    editing = forms.editing_of(item, sources, form)
    if form["act"] != "save" or not form.is_valid:
        return _again(request, version, editing, form)
    try:
        written = await saved(request, version, form, lambda latest: edit_item(latest, item))
    except service.StaleDraft as stale:
        return _conflict(request, stale.version, editing)
    return _saved(request, version, written, slug)


def _kind(value: str) -> Kind:
    if value not in set(Kind):
        raise NotFound("kind of question")
    return Kind(value)


def _ids(definition: Definition) -> set[str]:
    return {item.id for item in definition.items()}


def _require_section(definition: Definition, section_id: str) -> None:
    if section_id not in {section.id for section in definition.sections}:
        raise NotFound("section")


def _again(request: Request, version: Version, editing: forms.Editing, form: Form) -> Page:
    """The form as it was typed, with what its button did or with what must be put right. Nothing is written."""
    version = replace_revision(version, revision_in(form))
    status = 200 if form.is_valid else 422
    return _page(request, version, editing, request.scope["path"], status=status, errors=form.errors)


def _conflict(request: Request, version: Version, editing: forms.Editing) -> Page:
    """Somebody saved in the meantime: what was typed stays, and saving again replaces theirs knowingly."""
    action = request.scope["path"]
    if editing.item.id not in _ids(version.definition):
        last = version.definition.sections[-1].id if version.definition.sections else ""
        action = f"/questionnaires/{version.questionnaire_id}/sections/{last}/items/new"
    return _page(request, version, editing, action, status=409, is_stale=True)


def _page(request: Request, version: Version, editing: forms.Editing, action: str, **said: Any) -> Page:
    item = editing.item
    name = "questionnaires/_item_form.html" if is_partial(request) else "questionnaires/item.html"
    context = {
        "version": version,
        "editing": editing,
        "item": item,
        "look": replace(item, id="look", title=item.title or "Your question"),
        "kind": KIND_WORDS[item.kind],
        "action": action,
        "is_new": item.id not in _ids(version.definition),
        "is_stale": said.get("is_stale", False),
        "errors": said.get("errors", {}),
        **remarks_on(_with(version.definition, item), item.id),
    }
    return render(request, name, said.get("status", 200), **context)


def _with(definition: Definition, item: Item) -> Definition:
    """The definition as it would be with the item, so that problems show before anything is saved."""
    return edit_item(definition, item) if item.id in _ids(definition) else definition


def _saved(request: Request, opened: Version, written: Version, item_id: str) -> Page:
    tell_saved(request, opened, written)
    return redirect(f"/questionnaires/{written.questionnaire_id}#{item_id}")
