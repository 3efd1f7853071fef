"""The list of campaigns, and beginning one."""

from uuid import UUID

from survey.clients import service as clients
from survey.web import (
    MADE,
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    id_once,
    is_there,
    keyset_of,
    now_of,
    once,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import KIND_WORDS, ListFilter, Status

PLANNERS = ("affiliate_admin", "manager", "scheduler")


@get_page("/campaigns", staff(*PLANNERS))
async def campaign_list(request: Request) -> Page:
    """Campaigns, the newest first, as the URL asks."""
    scope, wanted = scope_of(request), _wanted(request)
    page = await queries.campaigns_of(scope, wanted, keyset_of(request))
    return render(
        request,
        "campaigns/list.html",
        rows=page.rows,
        next_cursor=page.next_cursor,
        wanted=wanted,
        clients=await clients.client_names(scope),
        kinds=KIND_WORDS,
        is_first_page="after" not in request.query_params,
    )


@get_page("/campaigns/new", staff(*PLANNERS))
async def new_page(request: Request) -> Page:
    """Begin a campaign."""
    values: dict[str, str | list[str]] = {"client": request.query_params.get("client", ""), "kind": "in_person"}
    return await _new_page(request, form_with(values))


@post_form("/campaigns/new", staff(*PLANNERS))
async def create(request: Request) -> Page:
    """Begin a campaign."""
    scope, form = scope_of(request), await form_of(request)
    draft, wanted_id = forms.draft(form), id_once(scope, form)
    if draft is not None:
        try:
            campaign_id = await service.create(scope, draft, now_of(request), wanted_id)
        except service.Taken:
            if await is_there(queries.campaign_in(scope, wanted_id)):
                flash(request, "info", MADE)
                return redirect(f"/campaigns/{wanted_id}")
            form.refuse("name", "This client has a campaign of this name already")
        else:
            flash(request, "good", "The campaign has been begun. Nobody sees it before you publish a wave.")
            return redirect(f"/campaigns/{campaign_id}")
    return await _new_page(request, form, 422)


async def _new_page(request: Request, form: Form, status: int = 200) -> Page:
    names = await clients.client_names(scope_of(request))
    context = {"form": once(form), "errors": form.errors, "clients": names, "kinds": list(KIND_WORDS.items())}
    return render(request, "campaigns/new.html", status, **context)


def _wanted(request: Request) -> ListFilter:
    asked = request.query_params
    status = asked["state"] if asked.get("state") in set(Status) else ""
    try:
        client_id = UUID(asked.get("client", ""))
    except ValueError:
        client_id = None
    return ListFilter(asked.get("q", "").strip()[:100], status, client_id)
