"""The list of clients, a client's own page, and its permissions."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import forms, queries, service
from survey.db import Scope
from survey.web import (
    MADE,
    Form,
    Page,
    Refused,
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

MANAGERS = ("affiliate_admin", "manager")


@get_page("/clients", staff(*MANAGERS))
async def client_list(request: Request) -> Page:
    """Clients by name, as the URL asks."""
    words = request.query_params.get("q", "").strip()[:100]
    status = "archived" if request.query_params.get("state") == "archived" else "active"
    page = await queries.clients_of(scope_of(request), words, status, keyset_of(request))
    context = {"rows": page.rows, "next_cursor": page.next_cursor, "words": words, "status": status}
    context["may_add"] = scope_of(request).clients is None
    return render(request, "clients/list.html", **context)


@get_page("/clients/new", staff(*MANAGERS))
async def new_page(request: Request) -> Page:
    """Enter a client."""
    _require_all_clients(scope_of(request))
    return render(request, "clients/new.html", form=once(form_with({})), errors={})


@post_form("/clients/new", staff(*MANAGERS))
async def create(request: Request) -> Page:
    """Enter a client with its headquarters."""
    scope, form = scope_of(request), await form_of(request)
    _require_all_clients(scope)
    name, wanted_id = forms.client_name(form), id_once(scope, form)
    if form.is_valid:
        try:
            client_id = await service.create_client(scope, name, now_of(request), wanted_id)
        except service.Taken:
            if await is_there(queries.client_in(scope, wanted_id)):
                flash(request, "info", MADE)
                return redirect(f"/clients/{wanted_id}")
            form.refuse("name", "You have a client of this name already. Choose another, or open that one.")
        else:
            flash(request, "good", "The client has been added. Next: its locations, then its customers.")
            return redirect(f"/clients/{client_id}")
    return render(request, "clients/new.html", 422, form=once(form), errors=form.errors)


@get_page("/clients/{client_id:uuid}", staff(*MANAGERS))
async def client_page(request: Request, client_id: FromPath[UUID]) -> Page:
    """Everything that belongs to a client."""
    return await _client_page(request, client_id, form_with({}))


@get_page("/clients/{client_id:uuid}/rename", staff(*MANAGERS))
async def rename_page(request: Request, client_id: FromPath[UUID]) -> Page:
    """Another name."""
    client = await queries.client_in(scope_of(request), client_id)
    return render(request, "clients/rename.html", client=client, form=form_with({"name": client.name}), errors={})


@post_form("/clients/{client_id:uuid}/rename", staff(*MANAGERS))
async def change_name(request: Request, client_id: FromPath[UUID]) -> Page:
    """Give a client another name."""
    form = await form_of(request)
    name = forms.client_name(form)
    if form.is_valid:
        try:
            await service.rename_client(scope_of(request), client_id, name, now_of(request))
        except service.Taken:
            form.refuse("name", "You have another client of this name.")
        else:
            return redirect(f"/clients/{client_id}")
    client = await queries.client_in(scope_of(request), client_id)
    return render(request, "clients/rename.html", 422, client=client, form=form, errors=form.errors)


@post_form("/clients/{client_id:uuid}/archive", staff(*MANAGERS))
async def archive(request: Request, client_id: FromPath[UUID]) -> Page:
    """Take a client out of the list."""
    await service.set_client_status(scope_of(request), client_id, "archived", now_of(request))
    flash(request, "good", "The client is archived. Its people and results stay, and you can bring it back.")
    return redirect(f"/clients/{client_id}")


@post_form("/clients/{client_id:uuid}/unarchive", staff(*MANAGERS))
async def unarchive(request: Request, client_id: FromPath[UUID]) -> Page:
    """Bring a client back."""
    await service.set_client_status(scope_of(request), client_id, "active", now_of(request))
    flash(request, "good", "The client is back in the list.")
    return redirect(f"/clients/{client_id}")


@post_form("/clients/{client_id:uuid}/authorisations", staff("affiliate_admin"))
async def authorise(request: Request, client_id: FromPath[UUID]) -> Page:
    """Record that the client permits studies whose answers carry names."""
    form = await form_of(request)
    reference, until = forms.authorisation(form, now_of(request).date())
    if not form.is_valid:
        return await _client_page(request, client_id, form, 422)
    await service.authorise_identified(scope_of(request), client_id, reference, until, now_of(request))
    flash(request, "good", "The permission has been recorded.")
    return redirect(f"/clients/{client_id}#permissions")


def _require_all_clients(scope: Scope) -> None:
    """Whoever works for certain clients adds none: it would be one more that an administrator has not ticked."""
    if scope.clients is not None:
        raise Refused("You work for certain clients. An administrator adds a client, and says who works for it.")


async def _client_page(request: Request, client_id: UUID, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    return render(
        request,
        "clients/detail.html",
        status,
        client=await queries.client_in(scope, client_id),
        authorisations=await queries.authorisations_of(scope, client_id),
        today=now_of(request).date(),
        form=form,
        errors=form.errors,
    )
