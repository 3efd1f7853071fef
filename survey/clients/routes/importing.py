"""Taking in a list of locations: paste or upload, see what would change, then do it."""

from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.clients import forms, queries, service
from survey.clients.domain import ImportPlan
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .clients import MANAGERS

LIST_BYTES = 8 * 1024 * 1024


@get_page("/clients/{client_id:uuid}/locations/import", staff(*MANAGERS))
async def import_page(request: Request, client_id: FromPath[UUID]) -> Page:
    """Choose a list."""
    client = await queries.client_in(scope_of(request), client_id)
    return render(request, "clients/import.html", client=client, form=form_with({}), errors={}, columns=forms.COLUMNS)


@post_form("/clients/{client_id:uuid}/locations/check", staff(*MANAGERS), limit_bytes=LIST_BYTES, takes_files=True)
async def check_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """Say what the list would change, and change nothing."""
    form = await form_of(request)
    text = _text(form)
    client = await queries.client_in(scope_of(request), client_id)
    try:
        plan = await _plan(request, client_id, text)
    except forms.NotAList as error:
        form.refuse("list", str(error))
        context = {"client": client, "form": form, "errors": form.errors, "columns": forms.COLUMNS}
        return render(request, "clients/import.html", 422, **context)
    unread = forms.unread_columns(text)
    return render(request, "clients/import_check.html", client=client, plan=plan, text=text, unread=unread)


@post_form("/clients/{client_id:uuid}/locations/import", staff(*MANAGERS), limit_bytes=LIST_BYTES)
async def import_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """Take the list in. The same list once more changes nothing."""
    form = await form_of(request)
    await queries.client_in(scope_of(request), client_id)
    try:
        drafts, _ = forms.location_list(form.exact("text"))
    except forms.NotAList:
        return redirect(f"/clients/{client_id}/locations/import")
    plan = await service.import_locations(scope_of(request), client_id, drafts, now_of(request))
    added = "1 location" if len(plan.added) == 1 else f"{len(plan.added):,} locations"
    flash(request, "good", f"{added} added, {len(plan.changed):,} changed.")
    return redirect(f"/clients/{client_id}/locations")


async def _plan(request: Request, client_id: UUID, text: str) -> ImportPlan:
    drafts, unread = forms.location_list(text)
    plan = await service.plan(scope_of(request), client_id, drafts)
    return replace(plan, problems=tuple(sorted((*unread, *plan.problems), key=lambda problem: problem.row)))


def _text(form: Form) -> str:
    upload = form.files.get("list")
    return forms.decoded(upload.path.read_bytes()) if upload and upload.size_bytes else form.exact("text")
