"""A new affiliate with its first administrator, for the provider; who then sees nobody of it."""

from survey.affiliates import service as affiliates
from survey.affiliates.domain import TakenName, TakenSlug
from survey.web import (
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    provider,
    redirect,
    render,
    scope_of,
)

from .. import forms, service
from .browser import settings_of


@get_page("/provider/new", provider())
async def new_affiliate(request: Request) -> Page:
    """Add an affiliate."""
    return render(request, "accounts/new_affiliate.html", form=form_with({}), errors={})


@post_form("/provider/new", provider())
async def open_affiliate(request: Request) -> Page:
    """Add it, and invite its first administrator by mail."""
    form, scope, now = await form_of(request), scope_of(request), now_of(request)
    wanted = forms.new_affiliate_of(form)
    try:
        if form.is_valid:
            affiliate_id = await affiliates.create_affiliate(scope, wanted.draft, now)
            await service.invite(scope, settings_of(request), affiliate_id, wanted.administrator, now)
    except TakenSlug:
        form.refuse("slug", "Another affiliate has this short name")
    except TakenName:
        form.refuse("name", "Another affiliate has a name that looks like this one")
    if not form.is_valid:
        return render(request, "accounts/new_affiliate.html", 422, form=form, errors=form.errors)
    flash(request, "good", "The affiliate has been added, and its first administrator is invited by mail.")
    return redirect("/provider")
