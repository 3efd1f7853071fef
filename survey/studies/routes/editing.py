"""The pages of a draft, one for each of its parts; each can be saved by itself, in any order."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.db import NotFound
from survey.panels.domain import AGE_BANDS, GENDERS, REGIONS
from survey.questionnaires import service as questionnaires
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import FIELDS, BadChange, NotDraft, Part, Study, long_day, promises
from .listing import MANAGERS

Context = dict[str, Any]
STALE = "Somebody changed this study since you opened the page. What you typed is still here: save again to keep it."
LANGUAGES = (("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"))
# Where a refusal of the service belongs on the page.
FIELD_OF = {Part.IDENTITY: "authorisation"}


@get_page("/studies/{study_id:uuid}/edit/{name:str}", staff(*MANAGERS))
async def edit_page(request: Request, study_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """One part of a draft."""
    part = _part(name)
    study = await queries.study_in(scope_of(request), study_id)
    if not study.is_draft:
        return redirect(f"/studies/{study_id}")
    return await _page(request, study, part, forms.filled(part, study))


@post_form("/studies/{study_id:uuid}/edit/{name:str}", staff(*MANAGERS))
async def save(request: Request, study_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Save one part of a draft."""
    part, form = _part(name), await form_of(request)
    changes = forms.CHANGES_OF[part](form)
    if not form.is_valid:
        return await _refused(request, study_id, part, form, 422)
    try:
        revision = forms.whole_number(form["revision"]) or 0
        await service.edit(scope_of(request), study_id, revision, changes, now_of(request))
    except (service.StaleDraft, NotDraft, BadChange) as error:
        return await _conflict(request, study_id, part, form, error)
    flash(request, "good", "Saved.")
    return redirect(f"/studies/{study_id}")


async def _conflict(
    request: Request, study_id: UUID, part: Part, form: Form, error: service.StaleDraft | NotDraft | BadChange
) -> Page:
    if isinstance(error, NotDraft):
        flash(request, "attention", "The study has been launched. What people were asked and told stays as it is.")
        return redirect(f"/studies/{study_id}")
    if isinstance(error, BadChange):
        form.refuse(FIELD_OF.get(part, ""), str(error))
        return await _refused(request, study_id, part, form, 422)
    form.raw["revision"] = [str(error.study.revision)]
    form.refuse("", STALE)
    return await _refused(request, study_id, part, form, 409)


async def _refused(request: Request, study_id: UUID, part: Part, form: Form, status: int) -> Page:
    study = await queries.study_in(scope_of(request), study_id)
    return await _page(request, study, part, form, status)


async def _page(request: Request, study: Study, part: Part, form: Form, status: int = 200) -> Page:
    more = await _CONTEXT_OF[part](request, study) if part in _CONTEXT_OF else {}
    context = {"study": study, "part": part.value, "form": form, "errors": form.errors, **more}
    return render(request, f"studies/edit_{part.value}.html", status, **context)


def _part(name: str) -> Part:
    if name not in set(Part):
        raise NotFound("page")
    return Part(name)


async def _basics(request: Request, study: Study) -> Context:
    usable = await questionnaires.usable_versions(scope_of(request))
    versions = [(each.version_id, f"{each.name}, version {each.number}") for each in usable]
    if study.version_id not in {version_id for version_id, _ in versions}:
        versions.insert(0, (study.version_id, f"{study.questionnaire_name}, version {study.version_number}"))
    return {"versions": versions}


async def _audience(request: Request, study: Study) -> Context:
    scope = scope_of(request)
    places = await clients.locations_of(scope, study.client_id)
    return {
        "places": [(place.id, f"{place.name} ({place.level_word.lower()})") for place in places],
        "panels": await queries.panel_names(scope),
        "languages": LANGUAGES,
        "age_bands": list(AGE_BANDS.items()),
        "genders": list(GENDERS.items()),
        "regions": list(REGIONS.items()),
        "reach": await service.reach_of(scope, study, now_of(request)),
    }


async def _identity(request: Request, study: Study) -> Context:
    today = now_of(request).date()
    given = await clients.authorisations_of(scope_of(request), study.client_id)
    live = [each for each in given if each.is_live(today)]
    return {"permissions": [(each.id, f"{each.reference}, until {long_day(each.valid_until)}") for each in live]}


async def _words(request: Request, study: Study) -> Context:
    return {"fields": FIELDS, "most_characters": forms.SUBJECT_CHARACTERS}


async def _checks(request: Request, study: Study) -> Context:
    return {"promises": promises(study)}


_CONTEXT_OF: Mapping[Part, Callable[[Request, Study], Awaitable[Context]]] = {
    Part.BASICS: _basics,
    Part.AUDIENCE: _audience,
    Part.IDENTITY: _identity,
    Part.INVITATION: _words,
    Part.REMINDERS: _words,
    Part.CHECKS: _checks,
}
