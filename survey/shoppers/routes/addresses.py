"""Another address for a profile: asked for there, confirmed by the link that the new mailbox got."""

from dataclasses import replace

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.accounts.forms import address_of
from survey.db import Role
from survey.web import (
    Form,
    Limit,
    Page,
    Refused,
    Request,
    bearer,
    flash,
    form_of,
    form_with,
    get_page,
    link_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
)
from survey.web.throttle import ACCOUNT

from ..domain import TakenAddress
from ..service import addresses
from .own import OWN, PROFILE

CONFIRM = bearer(
    "the link came to the new address itself", purpose=Purpose.SHOPPER_ADDRESS, role=Role.GATE, is_timed=True
)
CONFIRMING = replace(CONFIRM, role=None)  # found as the gate, written as the shopper
LIMITS = (Limit("shopper new address", 5, minutes=60, by=ACCOUNT),)


@get_page(f"{PROFILE}/address", OWN)
async def address_page(request: Request) -> Page:
    """Ask for another address."""
    return _page(request, form_with({}))


@post_form(f"{PROFILE}/address", OWN, limits=LIMITS)
async def ask_address(request: Request) -> Page:
    """Write to it; until it answers, the old one counts."""
    form = await form_of(request)
    address = address_of(form)
    if not form.is_valid:
        return _page(request, form, 422)
    await addresses.ask_change(scope_of(request), settings_of(request), address, now_of(request))
    flash(request, "good", "We have written to the new address. It counts once you have opened the link there.")
    return redirect(PROFILE)


@get_page("/shopper/address/{token:str}", CONFIRM)
async def new_address_page(request: Request, token: FromPath[str]) -> Page:
    """The button that makes the change."""
    await addresses.require_change(link_of(request))
    return render(request, "shoppers/new_address.html", token=token, is_done=False)


@post_form("/shopper/address/{token:str}", CONFIRMING)
async def take_address(request: Request, token: FromPath[str]) -> Page:
    """Make the change."""
    try:
        await addresses.make_change(settings_of(request), link_of(request), now_of(request))
    except TakenAddress as taken:
        raise Refused(taken.text) from None
    return render(request, "shoppers/new_address.html", token=token, is_done=True)


def _page(request: Request, form: Form, status: int = 200) -> Page:
    return render(request, "shoppers/address.html", status, form=form, errors=form.errors)
