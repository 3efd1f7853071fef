"""The pages of one section, and of what concerns the questionnaire as a whole."""

from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound
from survey.web import (
    Form,
    Page,
    Request,
    form_of,
    form_with,
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
from ..domain import Section, Version, add_section, earlier_items, edit_section, section_in
from .saving import replace_revision, revision_in, saved, tell_saved
from .views import EDITORS, remarks_on

NEW = "/questionnaires/{questionnaire_id:uuid}/sections/new"
ONE = "/questionnaires/{questionnaire_id:uuid}/sections/{slug:str}"
SETTINGS = "/questionnaires/{questionnaire_id:uuid}/settings"


@get_page(NEW, staff(*EDITORS))
async def add_section_page(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """The form of a new section at the end."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    return _page(request, version, Section("", ""))


@post_form(NEW, staff(*EDITORS))
async def create_section(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Add a section."""
    form = await form_of(request)
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    section = forms.section_from(form, Section("", ""), earlier_items(version.definition, ""))
    if form["act"] != "save" or not form.is_valid:
        return _again(request, version, section, form)
    written = await service.arrange(
        scope_of(request), questionnaire_id, lambda latest: add_section(latest, section), now_of(request)
    )
    tell_saved(request, version, written)
    return redirect(f"/questionnaires/{questionnaire_id}#{written.definition.sections[-1].id}")


@get_page(ONE, staff(*EDITORS))
async def section_page(request: Request, questionnaire_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """The form of a section."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    if slug not in {section.id for section in version.definition.sections}:
        raise NotFound("section")
    return _page(request, version, section_in(version.definition, slug))


@post_form(ONE, staff(*EDITORS))
async def save_section(request: Request, questionnaire_id: FromPath[UUID], slug: FromPath[str]) -> Page:
    """Save a section."""
    form = await form_of(request)
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    section = forms.section_from(form, Section(slug, ""), earlier_items(version.definition, slug))
    if form["act"] != "save" or not form.is_valid:
        return _again(request, version, section, form)
    try:
        written = await saved(request, version, form, lambda latest: edit_section(latest, section))
    except service.StaleDraft as stale:
        return _page(request, stale.version, section, status=409, is_stale=True)
    tell_saved(request, version, written)
    return redirect(f"/questionnaires/{questionnaire_id}#{slug}")


def _again(request: Request, version: Version, section: Section, form: Form) -> Page:
    version = replace_revision(version, revision_in(form))
    return _page(request, version, section, status=200 if form.is_valid else 422, errors=form.errors)


def _page(request: Request, version: Version, section: Section, **said: Any) -> Page:
    name = "questionnaires/_section_form.html" if is_partial(request) else "questionnaires/section.html"
    is_known = section.id in {known.id for known in version.definition.sections}
    base = f"/questionnaires/{version.questionnaire_id}/sections"
    context = {
        "version": version,
        "section": section,
        "rule": forms.rule_view(section.show_if, earlier_items(version.definition, section.id)),
        "action": f"{base}/{section.id}" if is_known else f"{base}/new",
        "is_new": not is_known,
        "is_stale": said.get("is_stale", False),
        "errors": said.get("errors", {}),
        **remarks_on(version.definition, section.id or "?"),
    }
    return render(request, name, said.get("status", 200), **context)


@get_page(SETTINGS, staff(*EDITORS))
async def settings_page(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Name, title and language."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    typed = {
        "name": version.name,
        "title": version.definition.title,
        "language": version.definition.language,
        "revision": str(version.revision),
    }
    return _settings(request, version, form_with(dict(typed)))


@post_form(SETTINGS, staff(*EDITORS))
async def save_settings(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Save name, title and language."""
    form = await form_of(request)
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    name, changed = forms.settings_from(form, version.definition)
    if not form.is_valid:
        return _settings(request, version, form, 422)
    try:
        written = await saved(request, version, form, lambda _: changed)
    except service.StaleDraft as stale:
        return _settings(request, stale.version, form, 409)
    if name != version.name:
        await service.rename(scope_of(request), questionnaire_id, name, now_of(request))
    tell_saved(request, version, written)
    return redirect(f"/questionnaires/{questionnaire_id}")


def _settings(request: Request, version: Version, form: Form, status: int = 200) -> Page:
    return render(
        request,
        "questionnaires/settings.html",
        status,
        version=version,
        form=form,
        revision=version.revision if status == 409 else revision_in(form),
        errors=form.errors,
        is_stale=status == 409,
        languages=forms.LANGUAGES,
    )
