"""The list of studies, and beginning one."""

from uuid import UUID

from survey.clients import service as clients
from survey.questionnaires import service as questionnaires
from survey.web import (
    Form,
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
from ..domain import ListFilter, Status

MANAGERS = ("affiliate_admin", "manager")


@get_page("/studies", staff(*MANAGERS))
async def study_list(request: Request) -> Page:
    """Studies, the newest first, as the URL asks."""
    wanted = _wanted(request)
    page = await queries.studies_of(scope_of(request), wanted, keyset_of(request))
    return render(
        request,
        "studies/list.html",
        rows=page.rows,
        next_cursor=page.next_cursor,
        wanted=wanted,
        clients=await clients.client_names(scope_of(request)),
        is_first_page="after" not in request.query_params,
    )


@get_page("/studies/new", staff(*MANAGERS))
async def new_page(request: Request) -> Page:
    """Begin a study."""
    return await _new_page(request, form_with({"client": request.query_params.get("client", "")}))


@post_form("/studies/new", staff(*MANAGERS))
async def create(request: Request) -> Page:
    """Begin a study."""
    form = await form_of(request)
    draft = forms.draft(form)
    if draft is None:
        return await _new_page(request, form, 422)
    study_id = await service.create(scope_of(request), draft, now_of(request))
    flash(request, "good", "The study has been begun. Nobody is asked before you launch it.")
    return redirect(f"/studies/{study_id}")


async def _new_page(request: Request, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    return render(
        request,
        "studies/new.html",
        status,
        form=form,
        errors=form.errors,
        clients=await clients.client_names(scope),
        versions=[
            (each.version_id, f"{each.name}, version {each.number}")
            for each in await questionnaires.usable_versions(scope)
        ],
    )


def _wanted(request: Request) -> ListFilter:
    asked = request.query_params
    status = Status(asked["state"]) if asked.get("state") in set(Status) else None
    try:
        client_id = UUID(asked.get("client", ""))
    except ValueError:
        client_id = None
    return ListFilter(asked.get("q", "").strip()[:100], status, client_id)
