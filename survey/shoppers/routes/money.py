"""Where a shopper's money goes, and the number that the tax office wants once there is some."""

from survey.db import NotFound
from survey.web import (
    Form,
    Page,
    Request,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    render,
    scope_of,
    settings_of,
)

from .. import forms
from ..domain import PAYOUT_WORDS, TAX_WORDS
from ..service import money
from .own import OWN, PROFILE, saved


@get_page(f"{PROFILE}/payout", OWN)
async def payout_page(request: Request) -> Page:
    """Where one's money goes."""
    return await _payout_page(request, form_with({}))


@post_form(f"{PROFILE}/payout", OWN)
async def save_payout(request: Request) -> Page:
    """Say where."""
    form = await form_of(request)
    payout = forms.own.payout(form)
    if not form.is_valid:
        return await _payout_page(request, form, 422)
    await money.set_payout(scope_of(request), settings_of(request), payout, now_of(request))
    return saved(request, "Saved. Your next pay goes there.")


@post_form(f"{PROFILE}/payout/remove", OWN)
async def remove_payout(request: Request) -> Page:
    """Forget it."""
    await money.drop_payout(scope_of(request), settings_of(request), now_of(request))
    return saved(request, "Removed. Tell us where to pay you before your next pay day.")


@get_page(f"{PROFILE}/tax-number", OWN)
async def tax_page(request: Request) -> Page:
    """The tax number, once there is something to pay."""
    return await _tax_page(request, form_with({}))


@post_form(f"{PROFILE}/tax-number", OWN)
async def save_tax(request: Request) -> Page:
    """Give it."""
    form, scope = await form_of(request), scope_of(request)
    kind, number = forms.own.tax_number(form)
    if not form.is_valid:
        return await _tax_page(request, form, 422)
    await money.set_tax_number(scope, settings_of(request).keyring, kind, number, now_of(request))
    return saved(request, "Your tax number is sealed. Only its last four characters are ever shown.")


async def _payout_page(request: Request, form: Form, status: int = 200) -> Page:
    payout, kinds = await money.own_payout(scope_of(request)), list(PAYOUT_WORDS.items())
    return render(
        request, "shoppers/payout.html", status, payout=payout, kinds=kinds, words=PAYOUT_WORDS, form=form,
        errors=form.errors,
    )  # fmt: skip


async def _tax_page(request: Request, form: Form, status: int = 200) -> Page:
    tax = await money.own_tax(scope_of(request))
    if tax is None:
        raise NotFound("tax number")
    kinds = list(TAX_WORDS.items())
    return render(request, "shoppers/tax.html", status, tax=tax, kinds=kinds, form=form, errors=form.errors)
