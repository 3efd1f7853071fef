"""The list of a client's contacts, which names nobody, and one contact's page, which does when it is told why."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.clients.domain import Level
from survey.contacts import forms, queries, service
from survey.contacts.domain import LANGUAGES
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
    streamed,
)

MANAGERS = ("affiliate_admin", "manager")
CSV = "text/csv; charset=utf-8"


@get_page("/clients/{client_id:uuid}/contacts", staff(*MANAGERS))
async def contact_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """A client's contacts, narrowed as the URL asks."""
    return await _list(request, client_id, form_with({}))


@post_form("/clients/{client_id:uuid}/contacts/find", staff(*MANAGERS))
async def find_contact(request: Request, client_id: FromPath[UUID]) -> Page:
    """The contact with an address. Posted, since an address has no place in a URL."""
    form, scope = await form_of(request), scope_of(request)
    client = await clients.client_in(scope, client_id)
    safe = service.safe_of(request.app.state.settings)
    found = await service.find_by_address(scope, safe, client.id, form["address"], now_of(request))
    if found:
        return redirect(f"/contacts/{found}")
    form.refuse("address", f"Nobody on {client.name}'s list has this address")
    return await _list(request, client_id, form, 422)


@get_page("/clients/{client_id:uuid}/contacts/export", staff(*MANAGERS), writes="a list that leaves is recorded")
async def export_list(request: Request, client_id: FromPath[UUID]) -> Page:
    """The narrowed list as a file, names and addresses opened, once a purpose is given; every look is recorded."""
    scope, form = scope_of(request), form_with({"purpose": request.query_params.get("purpose", "")})
    await clients.client_in(scope, client_id)
    purpose = forms.export_purpose_in(form)
    if not form.is_valid:
        return await _list(request, client_id, form, 422)
    view = forms.list_view(request.query_params, await clients.locations_of(scope, client_id))
    await service.note_export(scope, client_id, view.wanted, purpose, now_of(request))
    safe = service.safe_of(request.app.state.settings)
    leaving = service.exported(scope, safe, client_id, view.wanted, purpose, now_of(request))
    return streamed(leaving, "contacts.csv", CSV)


@get_page("/contacts/{contact_id:uuid}", staff(*MANAGERS))
async def contact_page(request: Request, contact_id: FromPath[UUID]) -> Page:
    """What is known of a contact without opening the name."""
    return await _person(request, contact_id, form_with({}))


@post_form("/contacts/{contact_id:uuid}", staff(*MANAGERS))
async def open_contact(request: Request, contact_id: FromPath[UUID]) -> Page:
    """The same with name and address, once a purpose is given; the look is recorded."""
    form, scope = await form_of(request), scope_of(request)
    purpose = forms.purpose_in(form)
    if not form.is_valid:
        return await _person(request, contact_id, form, 422)
    safe = service.safe_of(request.app.state.settings)
    opened = await service.open_contact(scope, safe, contact_id, purpose, now_of(request))
    client = await clients.client_in(scope, opened.client_id)
    words = forms.PURPOSES[purpose].lower()
    return render(request, "contacts/opened.html", client=client, contact=opened.listed, person=opened.person,
                  state_words=forms.SHOWN_WORDS, languages=LANGUAGES, purpose=words)  # fmt: skip


@get_page("/contacts/{contact_id:uuid}/erase", staff(*MANAGERS))
async def erase_page(request: Request, contact_id: FromPath[UUID]) -> Page:
    """Ask before what cannot be undone."""
    contact = await queries.contact_in(scope_of(request), contact_id)
    client = await clients.client_in(scope_of(request), contact.client_id)
    return render(request, "contacts/erase.html", client=client, contact=contact.listed)


@post_form("/contacts/{contact_id:uuid}/erase", staff(*MANAGERS))
async def erase_contact(request: Request, contact_id: FromPath[UUID]) -> Page:
    """Erase a contact."""
    client_id = await service.ask_erasure(scope_of(request), contact_id, now_of(request))
    flash(request, "good", "The contact is being erased. A wish not to be written to stays in force.")
    return redirect(f"/clients/{client_id}/contacts")


async def _person(request: Request, contact_id: UUID, form: Form, status: int = 200) -> Page:
    contact = await queries.contact_in(scope_of(request), contact_id)
    client = await clients.client_in(scope_of(request), contact.client_id)
    return render(
        request, "contacts/person.html", status, client=client, contact=contact.listed, form=form, errors=form.errors,
        purposes=list(forms.PURPOSES.items()), state_words=forms.SHOWN_WORDS, languages=LANGUAGES,
    )  # fmt: skip


async def _list(request: Request, client_id: UUID, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    client = await clients.client_in(scope, client_id)
    locations = await clients.locations_of(scope, client_id)
    view = forms.list_view(request.query_params, locations)
    page = await queries.contacts_of(scope, client_id, view.wanted, keyset_of(request))
    return render(
        request, "contacts/list.html", status, client=client, rows=page.rows, next_cursor=page.next_cursor, view=view,
        total=await queries.count_contacts(scope, client_id, view.wanted), most=queries.COUNTED_AT_MOST,
        places=[(place.id, place.name) for place in locations if place.level != Level.STORE],
        languages=LANGUAGES, state_words=forms.SHOWN_WORDS, form=form, errors=form.errors,
        purposes=list(forms.EXPORT_PURPOSES.items()),
    )  # fmt: skip
