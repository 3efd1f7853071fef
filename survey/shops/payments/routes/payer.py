"""The affiliate's own account, and when it needs a tax number."""

from survey.db import Conflict
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from .items import PAYERS


@get_page("/pay/settings", staff(*PAYERS))
async def settings_page(request: Request) -> Page:
    """Which account pays, and from what amount on a tax number is needed."""
    return _page(request, forms.payer_form(await queries.payer_of(scope_of(request))))


@post_form("/pay/settings", staff(*PAYERS))
async def change_settings(request: Request) -> Page:
    """Put it in place."""
    form = await form_of(request)
    payer = forms.payer_in(form)
    if not form.is_valid:
        return _page(request, form, 422)
    try:
        is_new = await service.change_payer(scope_of(request), payer, now_of(request))
    except Conflict:
        form.refuse("", "Somebody else changed this in the meantime. Open the page again before you change it.")
        return _page(request, form, 409)
    flash(request, "good", "The settings of pay have been saved." if is_new else "Nothing was changed.")
    return redirect("/pay/settings")


def _page(request: Request, form: Form, status: int = 200) -> Page:
    return render(request, "payments/settings.html", status, form=form, errors=form.errors)


ROUTES = (settings_page, change_settings)
