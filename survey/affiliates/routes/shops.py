"""What an affiliate decides for all of its mystery shops, for its administrators."""

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

from .. import forms, service

ADMINISTRATORS = staff("affiliate_admin")


@get_page("/settings/shops", ADMINISTRATORS)
async def shop_terms_page(request: Request) -> Page:
    """How long editors, shoppers and clients have, and when shops are paid."""
    return await _page(request, forms.shown_terms(await service.shop_terms_in(scope_of(request))))


@post_form("/settings/shops", ADMINISTRATORS)
async def save_shop_terms(request: Request) -> Page:
    """Put them in place."""
    form = await form_of(request)
    wanted = forms.shop_terms_of(form)
    if wanted is None:
        return await _page(request, form, 422)
    if await service.change_shop_terms(scope_of(request), wanted, now_of(request)):
        flash(request, "good", "Saved. Campaigns that exist keep their own terms.")
    return redirect("/settings/shops")


async def _page(request: Request, form: Form, status: int = 200) -> Page:
    least_age = await service.least_shopper_age_in(scope_of(request))
    return render(request, "affiliates/shops.html", status, form=form, errors=form.errors, least_age=least_age)
