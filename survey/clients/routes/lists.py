"""Locations as a file that can be edited and taken in again, and the stores that have no time zone."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import forms, queries, service
from survey.db import NotFound
from survey.web import (
    Page,
    Request,
    download,
    flash,
    form_of,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .clients import MANAGERS

CSV = "text/csv; charset=utf-8"


@get_page("/clients/{client_id:uuid}/locations/export", staff(*MANAGERS))
async def export_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """Every location of a client, in the columns that an import reads."""
    await queries.client_in(scope_of(request), client_id)
    places = await queries.locations_of(scope_of(request), client_id)
    return download(b"".join(forms.list_of(places)), "locations.csv", CSV)


@get_page("/clients/{client_id:uuid}/locations/template", staff(*MANAGERS))
async def template_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """The columns alone, to be filled in."""
    await queries.client_in(scope_of(request), client_id)
    return download(b"".join(forms.list_of([])), "locations-template.csv", CSV)


@get_page("/clients/{client_id:uuid}/locations/zones", staff(*MANAGERS))
async def zones_page(request: Request, client_id: FromPath[UUID]) -> Page:
    """Stores without a time zone, each with what its address says of it."""
    client = await queries.client_in(scope_of(request), client_id)
    page = await service.without_zone(scope_of(request), client_id, keyset_of(request))
    guessed = [place.id for place, guess in page.rows if guess.zone]
    context = {"client": client, "rows": page.rows, "next_cursor": page.next_cursor, "guessed": guessed}
    return render(request, "clients/zones.html", **context)


@post_form("/clients/{client_id:uuid}/locations/zones", staff(*MANAGERS))
async def take_guesses(request: Request, client_id: FromPath[UUID]) -> Page:
    """Take the guesses that were shown."""
    chosen = forms.ids_in(await form_of(request), "place")
    count = await service.take_guesses(scope_of(request), client_id, chosen, now_of(request))
    flash(request, "good", f"{count:,} stores have their time zone." if count != 1 else "1 store has its time zone.")
    return redirect(f"/clients/{client_id}/locations/zones")


@post_form("/clients/{client_id:uuid}/locations/zones/utc", staff(*MANAGERS))
async def keep_utc(request: Request, client_id: FromPath[UUID]) -> Page:
    """Say of one store that UTC is its own time."""
    chosen = forms.ids_in(await form_of(request), "utc")
    if not chosen:
        raise NotFound("location")
    await service.keep_utc(scope_of(request), client_id, chosen[0], now_of(request))
    flash(request, "good", "UTC is the time of this store.")
    return redirect(f"/clients/{client_id}/locations/zones")
