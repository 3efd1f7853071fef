"""The web kernel: who asks, in which transaction, and how the answer looks. No area is known here.

An area writes `routes.py` against these names and lists its handlers in `ROUTES`; `survey/app.py` (or, for a client's
viewers, `survey/portal.py`) includes them. A whole area handler file:

    # survey/clients/routes.py, after its docstring

    from uuid import UUID

    from litestar.params import FromPath

    from survey.clients import forms, queries, service
    from survey.web import (
        Page, Request, flash, form_of, form_with, get_page, keyset_of, now_of, post_form, redirect, render, scope_of,
        staff,
    )

    @get_page("/clients", staff("affiliate_admin", "manager"))
    async def client_list(request: Request) -> Page:
        page = await queries.clients_of(scope_of(request), keyset_of(request))
        return render(request, "clients/list.html", clients=page.rows, next_cursor=page.next_cursor)

    @get_page("/clients/{client_id:uuid}", staff("affiliate_admin", "manager"))
    async def client_page(request: Request, client_id: FromPath[UUID]) -> Page:
        client = await queries.client_in(scope_of(request), client_id)      # raises NotFound: the 404 page
        return render(request, "clients/detail.html", client=client)

    @get_page("/clients/new", staff("affiliate_admin"))
    async def new_client(request: Request) -> Page:
        return render(request, "clients/new.html", form=form_with({}))

    @post_form("/clients/new", staff("affiliate_admin"))
    async def create_client(request: Request) -> Page:
        form = await form_of(request)
        draft = forms.client_draft(form)                # leaves messages with form.refuse("name", "Enter a name")
        if not form.is_valid:
            return render(request, "clients/new.html", 422, form=form, errors=form.errors)
        client = await service.create_client(scope_of(request), draft, now_of(request))
        flash(request, "good", "The client has been added.")
        return redirect(f"/clients/{client.id}")

    ROUTES = (client_list, client_page, new_client, create_client)

What happens around it:

* A GET runs in a READ ONLY transaction, a POST in a writing one, as the database role of the plane (`guards.py`).
  An answer below 400 commits, 400 and above rolls back, both before the first byte leaves. `connection()` of
  `survey.db` is the transaction's. What must outlive a refusal: `survive(request, work)`.
* A GET that writes says so: `get_page(..., writes="reading a contact is recorded")`.
* The form is read (64 KiB unless `limit_bytes` says otherwise) and its token checked before the handler runs. Each
  `<form method="post">` holds `{{ csrf_field() }}`; htmx without a form sends the header `X-CSRF-Token`.
* `takes_files=True` streams uploads to disk: `form.files["list"].path`. Move the file, or it is gone with the request.
* Links: `bearer("why", purpose=Purpose.SURVEY)` on `/s/{token:str}` verifies the token, and `link_of(request)` is the
  id inside; the transaction runs as Role.RESPONDENT with that link. Other roles: `role=Role.DESK`; `role=None`: none.
* Public pages: `public("why", role=Role.GATE)`. Their POSTs take `limits=(Limit("sign-in", 20, minutes=10),
  Limit("sign-in account", 10, minutes=10, by="email"))`.
* Counting failures only (sign-in): `throttle.attempts`, `throttle.spend` inside `survive`, `throttle.forgive`.
* Sessions are begun and ended in `sessions.py`: `open_session`, `with_session`, `renew`, `close_session`,
  `without_session`, `sessions_of`, `revoke`, `revoke_all`; all as Role.GATE (`public(role=Role.GATE)`, `signed_in()`).
* `signed_in()` pages are about the person's own account, whatever the role; `signed_in("password")` is the page that
  asks for the second factor, `signed_in("enrol", "full")` the one that sets it up.
* `is_partial(request)`: htmx wants a fragment; render `_x.html`. `.announcing("Saved")` tells a screen reader.
* Raise NotFound, Conflict (`survey.db`), Refused, Gone, TooMany (here): `errors.py` has the page for each.
* Templates get `static()`, `csrf_field()`, `path`, `flashes`, and on pages with a session `role` and `nav`.
"""

from .errors import ForeignForm, Gone, NotSignedIn, Refused, TooMany
from .forms import Form, Malformed, TooLarge, Upload, form_with
from .guards import Access, Plane, bearer, provider, public, shopper, signed_in, staff, viewer
from .once import MADE, id_once, is_there, once
from .page import Page, Stream, download, local_path, redirect, streamed
from .playing import played
from .rendering import Entry, render
from .routing import get_page, post_form
from .throttle import Limit
from .visit import (
    Request,
    Session,
    brand_of,
    flash,
    form_of,
    is_partial,
    keyset_of,
    link_of,
    now_of,
    scope_of,
    session_of,
    settings_of,
    survive,
    visit_of,
)

__all__ = [
    "MADE",
    "Access",
    "Entry",
    "ForeignForm",
    "Form",
    "Gone",
    "Limit",
    "Malformed",
    "NotSignedIn",
    "Page",
    "Plane",
    "Refused",
    "Request",
    "Session",
    "Stream",
    "TooLarge",
    "TooMany",
    "Upload",
    "bearer",
    "brand_of",
    "download",
    "flash",
    "form_of",
    "form_with",
    "get_page",
    "id_once",
    "is_partial",
    "is_there",
    "keyset_of",
    "link_of",
    "local_path",
    "now_of",
    "once",
    "played",
    "post_form",
    "provider",
    "public",
    "redirect",
    "render",
    "scope_of",
    "session_of",
    "settings_of",
    "shopper",
    "signed_in",
    "staff",
    "streamed",
    "survive",
    "viewer",
    "visit_of",
]
