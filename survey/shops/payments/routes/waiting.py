"""Payroll asks shoppers where their pay is to go: what would come of it, and doing it."""

from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import forms, service
from .items import PAYERS


@post_form("/pay/ask/preview", staff(*PAYERS))
async def ask_preview(request: Request) -> Page:
    """Who would get a mail. Nothing is sent."""
    form = await form_of(request)
    if not forms.items_in(form):
        flash(request, "info", "Tick the items whose shoppers you want to ask.")
        return redirect("/pay")
    return await _preview(request, form)


@post_form("/pay/ask", staff(*PAYERS))
async def ask(request: Request) -> Page:
    """Ask them; where more would be asked than was shown, show it again."""
    form = await form_of(request)
    items, shown = forms.items_in(form), forms.shown_in(form)
    try:
        count = await service.ask_where(scope_of(request), settings_of(request), items, shown, now_of(request))
    except service.MoreThanShown:
        flash(request, "attention", "Others wait by now than before. This is who would be asked.")
        return await _preview(request, form)
    flash(request, "good", f"{count} {'mail is' if count == 1 else 'mails are'} on the way.")
    return redirect("/pay")


async def _preview(request: Request, form: Form) -> Page:
    items = forms.items_in(form)
    found = await service.asking_of(scope_of(request), items, now_of(request))
    return render(request, "payments/ask.html", found=found, items=items)


ROUTES = (ask_preview, ask)
