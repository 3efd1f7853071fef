"""One's own account: name, password, recovery codes, sessions."""

from typing import Any

from survey.db import NotFound
from survey.web import Limit, Page, Request, flash, form_of, get_page, now_of, post_form, redirect, render, session_of
from survey.web import signed_in as anybody
from survey.web.throttle import ACCOUNT

from .. import forms, service
from ..domain import REPORT_MAIL_WORDS, ROLE_WORDS, AccountRole, WrongPassword
from .browser import settings_of

OWN = anybody()
GUESSES = (Limit("own password", 8, minutes=10, by=ACCOUNT),)


@get_page("/account", OWN)
async def account_page(request: Request) -> Page:
    """Everything about one's own account."""
    return await _page(request)


@post_form("/account/name", OWN)
async def save_name(request: Request) -> Page:
    """Another name."""
    form = await form_of(request)
    name = forms.name_of(form)
    if not form.is_valid:
        return await _page(request, 422, errors=form.errors)
    await service.rename(session_of(request), settings_of(request), name, now_of(request))
    flash(request, "good", "Your name has been changed.")
    return redirect("/account")


@post_form("/account/report-mail", OWN)
async def save_report_mail(request: Request) -> Page:
    """How often to be told of new reports."""
    form = await form_of(request)
    chosen = forms.report_mail_of(form)
    if not form.is_valid:
        return await _page(request, 422, errors=form.errors)
    await service.choose_report_mail(session_of(request), chosen, now_of(request))
    flash(request, "good", "Saved.")
    return redirect("/account")


@post_form("/account/password", OWN, limits=GUESSES)
async def save_password(request: Request) -> Page:
    """Another password; the other sessions end."""
    form, session = await form_of(request), session_of(request)
    own = await service.own_account(settings_of(request), session.account_id)
    password = await forms.new_password_of(form, (own.email, own.name, own.affiliate_name))
    if form.is_valid:
        try:
            await service.change_password(session, form.exact("present_password"), password, now_of(request))
        except WrongPassword as wrong:
            form.refuse("present_password", wrong.text)
    if not form.is_valid:
        return await _page(request, 422, errors=form.errors)
    flash(request, "good", "Your password has been changed. You have been signed out everywhere else.")
    return redirect("/account")


@post_form("/account/sessions/end", OWN)
async def end_session(request: Request) -> Page:
    """End one of one's sessions."""
    form = await form_of(request)
    try:
        id_hash = bytes.fromhex(form["session"])
    except ValueError:
        raise NotFound("session") from None
    await service.revoke_session(session_of(request), id_hash, now_of(request))
    flash(request, "good", "That session has ended.")
    return redirect("/account")


@post_form("/account/sessions/end-others", OWN)
async def end_others(request: Request) -> Page:
    """End every session but this one."""
    await service.revoke_others(session_of(request), now_of(request))
    flash(request, "good", "You are signed out everywhere but here.")
    return redirect("/account")


@post_form("/account/recovery-codes", OWN, limits=GUESSES)
async def renew_codes(request: Request) -> Page:
    """Ten new recovery codes; the old ones are dead."""
    form = await form_of(request)
    settings = settings_of(request)
    try:
        password = form.exact("codes_password")
        codes = await service.renew_codes(session_of(request), settings, password, now_of(request))
    except WrongPassword as wrong:
        return await _page(request, 422, errors={"codes_password": wrong.text})
    return render(request, "accounts/codes.html", codes=codes, is_new=False, goal="/account")


async def _page(request: Request, status: int = 200, **context: Any) -> Page:
    session = session_of(request)
    own = await service.own_account(settings_of(request), session.account_id)
    sessions = await service.own_sessions(session.account_id, now_of(request))
    return render(
        request,
        "accounts/account.html",
        status,
        own=own,
        role_words=ROLE_WORDS[AccountRole(own.role)],
        sessions=sessions,
        works_for=await service.own_clients(own.id) if own.is_limited else None,
        present=session.id_hash,
        report_mail_choices=list(REPORT_MAIL_WORDS.items()),
        errors=context.get("errors", {}),
    )
