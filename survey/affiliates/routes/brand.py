"""How an affiliate looks to people outside: set by its administrators, and served to whoever has an address of it."""

from dataclasses import replace

from litestar.params import FromPath

from survey.db import NotFound
from survey.media.pictures import BadPicture
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    is_partial,
    now_of,
    post_form,
    public,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)
from survey.web.brands import Brand, sheet_at
from survey.web.colours import digits_of, weakest_of
from survey.web.static import IMMUTABLE

from .. import forms, service
from ..domain import TakenName

ADMINISTRATORS = staff("affiliate_admin")
BRAND = "/settings/brand"
UPLOAD_BYTES = 4_000_000  # what is too large is told so on the page, not by a broken connection
ANYBODY = public("whoever was sent to a page of the affiliate sees its colour and its logo")
CSS, PNG = b"text/css; charset=utf-8", b"image/png"
KEPT = (b"cache-control", IMMUTABLE)
CLIENTS_LATER = "Clients who are signed in see it from their next sign-in on."
TAKEN = "Another company here has a name that looks like this one. Enter a name that people can tell from it"


@get_page(BRAND, ADMINISTRATORS)
async def brand_page(request: Request) -> Page:
    """The name, the colour, the logo and the contact that people outside see, with a preview."""
    scope = scope_of(request)
    form = forms.shown_appearance(await service.appearance_in(scope))
    return _page(request, form, await service.brand_in(scope.affiliate_id))


@post_form(BRAND, ADMINISTRATORS)
async def save_brand(request: Request) -> Page:
    """Look so from now on; or show how it would look."""
    form, scope = await form_of(request), scope_of(request)
    if form["instead"]:
        form.raw["accent"] = [form["instead"]]
    present = await service.brand_in(scope.affiliate_id)
    wanted = forms.appearance_of(form)
    if "preview" in form:
        return _preview(request, form, present)
    try:
        if form.is_valid and await service.change_appearance(scope, wanted, now_of(request)):
            flash(request, "good", f"Saved. People see it from the next page and the next mail on. {CLIENTS_LATER}")
    except TakenName:
        form.refuse("name", TAKEN)
    if not form.is_valid:
        return _page(request, form, present, 422)
    return redirect(BRAND)


@post_form(f"{BRAND}/logo", ADMINISTRATORS, takes_files=True, limit_bytes=UPLOAD_BYTES)
async def save_logo(request: Request) -> Page:
    """Add or replace the logo."""
    form, scope = await form_of(request), scope_of(request)
    upload = form.files.get("logo")
    try:
        if upload is None:
            raise BadPicture("Choose a file first")
        sent = upload.path, upload.size_bytes
        await service.set_logo(scope, settings_of(request), sent, now_of(request))
    except BadPicture as error:
        shown = forms.shown_appearance(await service.appearance_in(scope))
        shown.refuse("logo", str(error))
        return _page(request, shown, await service.brand_in(scope.affiliate_id), 422)
    flash(request, "good", f"The logo has been saved. {CLIENTS_LATER}")
    return redirect(BRAND)


@post_form(f"{BRAND}/logo/remove", ADMINISTRATORS)
async def remove_logo(request: Request) -> Page:
    """Show the name alone again."""
    await service.remove_logo(scope_of(request), now_of(request))
    flash(request, "good", f"The logo has been removed. Pages show the name instead. {CLIENTS_LATER}")
    return redirect(BRAND)


@get_page("/brand/{kind:str}/{name:str}", ANYBODY)
async def sheet(request: Request, kind: FromPath[str], name: FromPath[str]) -> Page:
    """The style sheet of a colour, which is the address's first word. It says nothing that its address does not."""
    found = sheet_at(settings_of(request).index_key, kind, name)
    if found is None:
        raise NotFound("sheet")
    return Page(found.encode(), 200, CSS, [KEPT])


@get_page("/brand/{name:str}", ANYBODY)
async def logo(request: Request, name: FromPath[str]) -> Page:
    """A logo, for whoever knows the random name of its file."""
    return Page(await service.logo_file(settings_of(request), name), 200, PNG, [KEPT])


def _preview(request: Request, form: Form, present: Brand) -> Page:
    """What is typed, as people would see it; a browser without scripts gets the whole page."""
    if is_partial(request):
        return render(request, "affiliates/_brand_preview.html", sample=_sample(form, present), errors=form.errors)
    return _page(request, form, present)


def _page(request: Request, form: Form, present: Brand, status: int = 200) -> Page:
    return render(
        request, "affiliates/brand.html", status, form=form, errors=form.errors, present=present,
        sample=_sample(form, present), offered=forms.readable_tone(form),
    )  # fmt: skip


def _sample(form: Form, present: Brand) -> Brand:
    """What the preview wears: what is typed where it could be saved, what is there in the place of the rest."""
    digits = digits_of(form["accent"])
    accent = present.accent if "accent" in form.errors else digits if digits and weakest_of(digits).is_enough else None
    typed = {
        name: form[field]
        for name, field in (("email", "contact_email"), ("phone", "contact_phone"), ("name", "name"))
        if field not in form.errors and field in form
    }
    return replace(present, accent=accent, **typed)


# What pages fetch: wherever pages are served.
FETCHED = (sheet, logo)
ROUTES = (brand_page, save_brand, save_logo, remove_logo, *FETCHED)
