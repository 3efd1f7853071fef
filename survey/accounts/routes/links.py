"""Links from mails: taking up an invitation, and a new password for a forgotten one. GET changes nothing."""

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.db import Role
from survey.web import (
    Limit,
    Page,
    Request,
    bearer,
    form_of,
    form_with,
    get_page,
    link_of,
    now_of,
    post_form,
    public,
    redirect,
    render,
)

from .. import forms, service
from ..domain import LinkKind, LinkState
from ..service import Behind, Taking
from .browser import browser_of, device_of, entered, remembered, settings_of, way_in

INVITED = bearer("the invitation was sent to this person", purpose=Purpose.ACCOUNT_INVITE, role=Role.GATE)
RESETTING = bearer("the reset was sent to this person", purpose=Purpose.PASSWORD_RESET, role=Role.GATE)
FORGETFUL = public("who forgot the password cannot sign in")
GONE = 410


@get_page("/forgot", FORGETFUL)
async def forgot_page(request: Request) -> Page:
    """Ask for a new password."""
    return render(request, "accounts/forgot.html", form=form_with({}), errors={})


@post_form("/forgot", FORGETFUL, limits=(Limit("forgot", 10, minutes=60), Limit("forgot whom", 4, 60, by="email")))
async def forgot(request: Request) -> Page:
    """Write to the address, if it is known; the answer does not say whether it is."""
    form = await form_of(request)
    address = forms.address_of(form)
    if not form.is_valid:
        return render(request, "accounts/forgot.html", 422, form=form, errors=form.errors)
    await service.ask_for_reset(settings_of(request), address, now_of(request))
    return render(request, "accounts/forgot_asked.html", address=address)


@get_page("/reset/{token:str}", RESETTING)
async def reset_page(request: Request, token: FromPath[str]) -> Page:
    """Choose a new password."""
    behind = await _behind(request, LinkKind.RESET)
    if behind.state is not LinkState.GOOD:
        return _refusal(request, "reset", behind)
    return render(request, "accounts/reset.html", token=token, behind=behind, errors={})


@post_form("/reset/{token:str}", RESETTING)
async def reset(request: Request, token: FromPath[str]) -> Page:
    """Put the new password in place; every session ends."""
    form, behind = await form_of(request), await _behind(request, LinkKind.RESET)
    if behind.occasion is None or behind.state is not LinkState.GOOD:
        return _refusal(request, "reset", behind)
    password = await forms.new_password_of(form, _own_words(behind))
    if not form.is_valid:
        return render(request, "accounts/reset.html", 422, token=token, behind=behind, errors=form.errors)
    settings, now = settings_of(request), now_of(request)
    browser = await service.reset_password(settings, behind.occasion, password, browser_of(request), now)
    return remembered(request, redirect("/sign-in?after=reset"), browser)


@get_page("/welcome/{token:str}", INVITED)
async def welcome_page(request: Request, token: FromPath[str]) -> Page:
    """Take up an invitation."""
    behind = await _behind(request, LinkKind.INVITATION)
    if behind.state is not LinkState.GOOD:
        return _refusal(request, "invitation", behind)
    form = form_with({"name": behind.name})
    return render(request, "accounts/welcome.html", token=token, behind=behind, form=form, errors={})


@post_form("/welcome/{token:str}", INVITED)
async def accept(request: Request, token: FromPath[str]) -> Page:
    """Give the account its password and go in."""
    form, behind = await form_of(request), await _behind(request, LinkKind.INVITATION)
    if behind.occasion is None or behind.state is not LinkState.GOOD:
        return _refusal(request, "invitation", behind)
    name = forms.name_of(form)
    password = await forms.new_password_of(form, (*_own_words(behind), name))
    if not form.is_valid:
        context = {"token": token, "behind": behind, "form": form, "errors": form.errors}
        return render(request, "accounts/welcome.html", 422, **context)
    taking = Taking(name, password, device_of(request), browser_of(request), now_of(request))
    opened = await service.accept_invitation(settings_of(request), behind.occasion, taking)
    return entered(request, opened, redirect(way_in(opened, ""))) if opened else redirect("/sign-in")


async def _behind(request: Request, kind: LinkKind) -> Behind:
    return await service.look_behind(settings_of(request), kind, link_of(request), now_of(request))


def _own_words(behind: Behind) -> tuple[str, ...]:
    company = behind.occasion.affiliate_name if behind.occasion else ""
    return (behind.address, behind.name, company)


def _refusal(request: Request, what: str, behind: Behind) -> Page:
    """Why the link does not work, and what to do instead."""
    return render(request, "accounts/link_gone.html", GONE, what=what, state=behind.state.value)
