"""The settings of an affiliate, for its administrators."""

from survey.web import Page, Request, flash, form_of, get_page, now_of, post_form, redirect, render, scope_of, staff

from .. import forms, service

ADMINISTRATORS = staff("affiliate_admin")


@get_page("/settings", ADMINISTRATORS)
async def settings_page(request: Request) -> Page:
    """Who we are, and how our people sign in."""
    form = forms.shown(await service.settings_in(scope_of(request)))
    return render(request, "affiliates/settings.html", form=form, errors={})


@post_form("/settings", ADMINISTRATORS)
async def save_settings(request: Request) -> Page:
    """Put the settings in place."""
    form = await form_of(request)
    wanted = forms.settings_of(form)
    if not form.is_valid:
        return render(request, "affiliates/settings.html", 422, form=form, errors=form.errors)
    if await service.change_settings(scope_of(request), wanted, now_of(request)):
        flash(request, "good", "The settings have been saved.")
    return redirect("/settings")
