"""A client's tree: one level a page, with everything above it as the way back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar.params import FromPath

from survey.clients import forms, queries, service
from survey.clients.domain import UNKNOWN, BadMove, Client, Location, box_of, hours_text, projected
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

from .clients import MANAGERS


@get_page("/clients/{client_id:uuid}/locations", staff(*MANAGERS))
async def location_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """What hangs below a location (`?below=`), what a search finds (`?q=`), what lies in a piece of map (`?box=`)."""
    scope, asked = scope_of(request), request.query_params
    client = await queries.client_in(scope, client_id)
    here = await _here(request, client)
    wanted = queries.Wanted(here, asked.get("q", "").strip()[:100], box_of(asked.get("box", "")))
    page = await queries.listed(scope, client_id, wanted, keyset_of(request))
    context = {"rows": page.rows, "next_cursor": page.next_cursor, "wanted": wanted, "client": client, "here": here}
    chart = projected(await queries.points_of(scope, client_id, wanted))
    line = await queries.line_to(scope, here)
    zoneless = await queries.count_without_zone(scope, client_id)
    return render(
        request, "clients/locations.html", line=line, zoneless=zoneless, chart=chart, box=_box_text(wanted), **context
    )


@get_page("/clients/{client_id:uuid}/locations/new", staff(*MANAGERS))
async def add_page(request: Request, client_id: FromPath[UUID]) -> Page:
    """Enter a location."""
    client = await queries.client_in(scope_of(request), client_id)
    here = await _here(request, client)
    form = form_with({"parent": str(here.id), "time_zone": _shown_zone(here), "level": "store"})
    return await _form_page(request, client, form)


@post_form("/clients/{client_id:uuid}/locations/new", staff(*MANAGERS))
async def add_place(request: Request, client_id: FromPath[UUID]) -> Page:
    """Enter a location."""
    scope = scope_of(request)
    client = await queries.client_in(scope, client_id)
    form = await form_of(request)
    draft, wanted_id = forms.location_draft(form), id_once(scope, form)
    if form.is_valid:
        try:
            await service.add_location(scope, client_id, draft, forms.parent_id(form), now_of(request), wanted_id)
        except (BadMove, service.Taken) as error:
            if isinstance(error, service.Taken) and await is_there(queries.location_in(scope, wanted_id)):
                return _leading_to(request, wanted_id)
            _refuse(form, error)
        else:
            flash(request, "good", "The location has been added.")
            return redirect(f"/clients/{client_id}/locations?below={forms.parent_id(form)}")
    return await _form_page(request, client, form, status=422)


@get_page("/locations/{location_id:uuid}", staff(*MANAGERS))
async def place_page(request: Request, location_id: FromPath[UUID]) -> Page:
    """A location's own page, to look at and to change."""
    place = await queries.location_in(scope_of(request), location_id)
    client = await queries.client_in(scope_of(request), place.client_id)
    return await _form_page(request, client, _filled(place), place)


@post_form("/locations/{location_id:uuid}", staff(*MANAGERS))
async def change_place(request: Request, location_id: FromPath[UUID]) -> Page:
    """Change a location, or hang it elsewhere with all its branches."""
    scope = scope_of(request)
    place = await queries.location_in(scope, location_id)
    form = await form_of(request)
    draft = forms.location_draft(form, "hq" if place.parent_id is None else None)
    parent = None if place.parent_id is None else forms.parent_id(form)
    if form.is_valid:
        try:
            await service.edit_location(scope, location_id, draft, parent, now_of(request))
        except (BadMove, service.Taken) as error:
            _refuse(form, error)
        else:
            flash(request, "good", "The location has been changed.")
            return redirect(f"/locations/{location_id}")
    return await _form_page(request, await queries.client_in(scope, place.client_id), form, place, status=422)


@post_form("/locations/{location_id:uuid}/close", staff(*MANAGERS))
async def close_place(request: Request, location_id: FromPath[UUID]) -> Page:
    """Mark a location as closed. Its results stay."""
    await service.set_location_status(scope_of(request), location_id, "closed", now_of(request))
    flash(request, "good", "The location is marked as closed.")
    return redirect(f"/locations/{location_id}")


@post_form("/locations/{location_id:uuid}/pause", staff(*MANAGERS))
async def pause_place(request: Request, location_id: FromPath[UUID]) -> Page:
    """Mark a location as closed for a time. No wave sends anybody there meanwhile."""
    await service.set_location_status(scope_of(request), location_id, "temporarily_closed", now_of(request))
    flash(request, "good", "The location is marked as closed for a time. No wave sends anybody there meanwhile.")
    return redirect(f"/locations/{location_id}")


@post_form("/locations/{location_id:uuid}/reopen", staff(*MANAGERS))
async def reopen_place(request: Request, location_id: FromPath[UUID]) -> Page:
    """Mark a location as open again."""
    await service.set_location_status(scope_of(request), location_id, "open", now_of(request))
    flash(request, "good", "The location is open again.")
    return redirect(f"/locations/{location_id}")


def _leading_to(request: Request, made_id: UUID) -> Page:
    flash(request, "info", MADE)
    return redirect(f"/locations/{made_id}")


async def _here(request: Request, client: Client) -> Location:
    """The location that the URL names, or the headquarters."""
    scope = scope_of(request)
    try:
        here = await queries.location_in(scope, UUID(request.query_params.get("below", "")))
    except ValueError:
        return await queries.root_of(scope, client.id)
    return here if here.client_id == client.id else await queries.root_of(scope, client.id)


async def _form_page(
    request: Request, client: Client, form: Form, place: Location | None = None, *, status: int = 200
) -> Page:
    parents = await queries.possible_parents(scope_of(request), client.id)
    if place is not None:
        parents = [parent for parent in parents if not parent.path.startswith(place.path)]
    context: dict[str, Any] = {
        "client": client,
        "place": place,
        "parents": parents,
        "form": form if place else once(form),
        "errors": form.errors,
    }
    context["shops_out"] = await queries.shops_out_at(scope_of(request), place.id) if place else None
    context["board"] = urlencode({"client": client.id, "q": place.code}) if place else ""
    return render(request, "clients/location.html", status, **context)


def _filled(place: Location) -> Form:
    names = ("code", "name", "level", "street", "city", "region", "postal_code", "country", "time_zone")
    values: dict[str, str | list[str]] = {name: getattr(place, name) for name in names}
    values |= {name: "" if (at := getattr(place, name)) is None else f"{at}" for name in ("latitude", "longitude")}
    values["time_zone"] = _shown_zone(place)
    values |= {"opening_hours": hours_text(place.opening_hours), "parent": str(place.parent_id or "")}
    ticked: dict[str, str | list[str]] = {
        name: "yes" if getattr(place, name) else "" for name in ("is_single_staffed", "is_competitor")
    }
    return form_with(values | ticked)


def _shown_zone(place: Location) -> str:
    # What nobody has given is not shown as if somebody had.
    return "" if place.time_zone == UNKNOWN else place.time_zone


def _box_text(wanted: queries.Wanted) -> str:
    return ",".join(f"{edge:.5f}" for edge in wanted.box) if wanted.box else ""


def _refuse(form: Form, error: BadMove | service.Taken) -> None:
    if isinstance(error, BadMove):
        form.refuse("parent", str(error))
    else:
        form.refuse("code", "Another location of this client has this code. Codes must differ.")
