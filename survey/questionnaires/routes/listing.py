"""The list of questionnaires, beginning one, copying, putting away; and the builder's own page."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import ListFilter, Sort
from .views import EDITORS, outline_of


@get_page("/questionnaires", staff(*EDITORS))
async def questionnaire_list(request: Request) -> Page:
    """The list, as its URL says."""
    asked = request.query_params
    sort = Sort(asked["sort"]) if asked.get("sort") in set(Sort) else Sort.CHANGED
    wanted = ListFilter(asked.get("q", "").strip()[:100], asked.get("state") == "archived", sort)
    page = await queries.questionnaires_of(scope_of(request), wanted, keyset_of(request))
    return render(
        request,
        "questionnaires/list.html",
        wanted=wanted,
        rows=page.rows,
        next_cursor=page.next_cursor,
        is_first_page="after" not in asked,
    )


@get_page("/questionnaires/new", staff(*EDITORS))
async def new_page(request: Request) -> Page:
    """Begin a questionnaire."""
    return render(request, "questionnaires/new.html", form=form_with({}), errors={}, languages=forms.LANGUAGES)


@post_form("/questionnaires/new", staff(*EDITORS))
async def create(request: Request) -> Page:
    """Begin a questionnaire, empty or from the sample."""
    form = await form_of(request)
    wanted = forms.new_questionnaire(form)
    if not form.is_valid:
        context = {"form": form, "errors": form.errors, "languages": forms.LANGUAGES}
        return render(request, "questionnaires/new.html", 422, **context)
    created = await service.create(scope_of(request), wanted.name, wanted.definition, now_of(request))
    flash(request, "good", "The questionnaire has been created. Nobody sees it until a study uses it.")
    return redirect(f"/questionnaires/{created}")


@get_page("/questionnaires/{questionnaire_id:uuid}", staff(*EDITORS))
async def builder(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """All sections and questions in their order."""
    version = await queries.latest_version_in(scope_of(request), questionnaire_id)
    return render(request, "questionnaires/builder.html", **outline_of(version))


@post_form("/questionnaires/{questionnaire_id:uuid}/copy", staff(*EDITORS))
async def copy(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """A new questionnaire with the same questions."""
    copied = await service.copy(scope_of(request), questionnaire_id, now_of(request))
    flash(request, "good", "This is the copy. Changes here leave the original as it is.")
    return redirect(f"/questionnaires/{copied}")


@post_form("/questionnaires/{questionnaire_id:uuid}/archive", staff(*EDITORS))
async def archive(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Put it away."""
    await service.archive(scope_of(request), questionnaire_id, now_of(request))
    flash(request, "good", "The questionnaire is in the archive. Studies that use it go on.")
    return redirect(f"/questionnaires/{questionnaire_id}")


@post_form("/questionnaires/{questionnaire_id:uuid}/unarchive", staff(*EDITORS))
async def unarchive(request: Request, questionnaire_id: FromPath[UUID]) -> Page:
    """Bring it back."""
    await service.unarchive(scope_of(request), questionnaire_id, now_of(request))
    flash(request, "good", "The questionnaire is back in the list.")
    return redirect(f"/questionnaires/{questionnaire_id}")
