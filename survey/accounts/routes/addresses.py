"""Another address to sign in with: asked for on one's own page, confirmed and stopped by links from two mailboxes."""

from dataclasses import replace

from litestar.params import FromPath

from privacy.tokens import Purpose
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
    session_of,
)
from survey.web.sessions import presented_session
from survey.web.throttle import ACCOUNT

from .. import forms, service
from ..domain import Blocked, ChangeState, SameAddress, TakenAddress, WrongCode, WrongPassword
from .browser import settings_of
from .own import OWN

ASKING = (Limit("own address", 8, minutes=10, by=ACCOUNT),)
CONFIRM = bearer(
    "the link came to the new address itself", purpose=Purpose.ACCOUNT_ADDRESS, role=Role.GATE, is_timed=True
)
STOP = bearer(
    "the link came to the address that counts", purpose=Purpose.ACCOUNT_ADDRESS_STOP, role=Role.GATE, is_timed=True
)
TAKEN = "This address cannot be used for this sign-in. Nothing was changed."
FIELDS = {WrongPassword: "password", WrongCode: "code", SameAddress: "email", Blocked: ""}


@get_page("/account/address", OWN)
async def address_page(request: Request) -> Page:
    """Ask to sign in with another address."""
    return await _page(request, form_with({}))


@post_form("/account/address", OWN, limits=ASKING)
async def ask_address(request: Request) -> Page:
    """Write to it and to the present one. The answer is the same whoever else has it."""
    form = await form_of(request)
    asked = service.Asked(forms.address_of(form), form.exact("password"), form["code"])
    if form.is_valid:
        try:
            await service.ask_change(session_of(request), settings_of(request), asked, now_of(request))
        except tuple(FIELDS) as problem:
            form.refuse(FIELDS[type(problem)], problem.text)
    if not form.is_valid:
        return await _page(request, form, 422)
    flash(request, "good", "We have written to the new address. It counts once you have opened the link there.")
    return redirect("/account")


@get_page("/new-address/{token:str}", CONFIRM)
async def new_address_page(request: Request, token: FromPath[str]) -> Page:
    """The button that makes the change."""
    state = await service.change_behind(link_of(request), now_of(request))
    return _link_page(request, "new-address", token, state)


@post_form("/new-address/{token:str}", replace(CONFIRM, role=None))
async def take_address(request: Request, token: FromPath[str]) -> Page:
    """Make the change; pressed twice it is made once."""
    session = await presented_session(request)
    try:
        state = await service.make_change(settings_of(request), link_of(request), session, now_of(request))
    except TakenAddress:
        raise Refused(TAKEN) from None
    return _link_page(request, "new-address", token, state)


@get_page("/stop-address/{token:str}", STOP)
async def stop_page(request: Request, token: FromPath[str]) -> Page:
    """The button that stops the change."""
    is_open = await service.can_be_stopped(link_of(request), now_of(request))
    return _link_page(request, "stop-address", token, ChangeState.OPEN if is_open else ChangeState.STOPPED)


@post_form("/stop-address/{token:str}", replace(STOP, role=None))
async def stop_address(request: Request, token: FromPath[str]) -> Page:
    """Stop it, or put the old address back; pressed twice it is stopped once."""
    try:
        await service.stop_change(settings_of(request), link_of(request), now_of(request))
    except TakenAddress:
        raise Refused("Your address was given to somebody else meanwhile. Please write to us.") from None
    return _link_page(request, "stop-address", token, ChangeState.STOPPED)


def _link_page(request: Request, way: str, token: str, state: ChangeState) -> Page:
    return render(request, "accounts/address_link.html", way=way, token=token, state=state.value)


async def _page(request: Request, form: Form, status: int = 200) -> Page:
    own = await service.own_account(settings_of(request), session_of(request).account_id)
    return render(request, "accounts/address.html", status, own=own, form=form, errors=form.errors)
