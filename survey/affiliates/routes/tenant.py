"""The settings of an affiliate, for its administrators."""

from dataclasses import replace

from survey.db import Role, transaction
from survey.web import Page, Request, flash, form_of, get_page, now_of, post_form, redirect, render, scope_of, staff
from survey.web.sessions import shorten_all_of

from .. import forms, service

ADMINISTRATORS = staff("affiliate_admin")


@get_page("/settings", ADMINISTRATORS)
async def settings_page(request: Request) -> Page:
    """How our people sign in; how the company looks stands at `brand`."""
    form = forms.shown(await service.settings_in(scope_of(request)))
    return render(request, "affiliates/settings.html", form=form, errors={})


# Settings are the staff's, sessions the gate's: two roles, so two transactions.
@post_form("/settings", replace(ADMINISTRATORS, role=None))
async def save_settings(request: Request) -> Page:
    """Put the settings in place."""
    form, scope = await form_of(request), scope_of(request)
    wanted = forms.settings_of(form)
    if not form.is_valid:
        return render(request, "affiliates/settings.html", 422, form=form, errors=form.errors)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        is_changed = await service.change_settings(scope, wanted, now_of(request))
    if is_changed:
        async with transaction(Role.GATE):
            await shorten_all_of(scope.affiliate_id)
        flash(request, "good", "The settings have been saved.")
    return redirect("/settings")
