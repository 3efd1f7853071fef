"""The second factor: setting it up, its recovery codes, switching it off."""

from markupsafe import Markup

from survey.web import (
    Limit,
    Page,
    Refused,
    Request,
    download,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    session_of,
    signed_in,
    visit_of,
)
from survey.web.sessions import hash_of, with_session
from survey.web.throttle import ACCOUNT

from .. import service
from ..domain import AccountProblem, WrongCode, drawing_of, enrolment_uri, landing_of, spaced
from .browser import device_of, settings_of

SETTING_UP = signed_in("full", "enrol")
OWN = signed_in()
GUESSES = (Limit("own factor", 8, minutes=10, by=ACCOUNT),)


@get_page("/account/second-factor", SETTING_UP)
async def factor_page(request: Request) -> Page:
    """What it is, and how to begin or end it."""
    session = session_of(request)
    own = await service.own_account(settings_of(request), session.account_id)
    return render(request, "accounts/factor.html", own=own, is_obliged=session.stage == "enrol", errors={})


@post_form("/account/second-factor", SETTING_UP)
async def begin(request: Request) -> Page:
    """Draw a secret."""
    await service.begin_factor(session_of(request), settings_of(request))
    return redirect("/account/second-factor/app")


@get_page("/account/second-factor/app", SETTING_UP)
async def setting_up(request: Request) -> Page:
    """The QR code, the secret as text, and a field for the first code."""
    return await _setting_up(request, {})


@post_form("/account/second-factor/app", SETTING_UP, limits=GUESSES)
async def confirm(request: Request) -> Page:
    """Put it in force, and show the recovery codes this once."""
    form, session = await form_of(request), session_of(request)
    settings, now = settings_of(request), now_of(request)
    try:
        done = await service.confirm_factor(session, settings, device_of(request), form["code"], now)
    except WrongCode as wrong:
        return await _setting_up(request, {"code": wrong.text}, 422)
    goal = "/account" if session.stage == "full" else landing_of(session.role)
    return with_session(request, _codes(request, done.codes, goal, done.token), done.token)


@post_form("/account/recovery-codes/file", OWN)
async def save_codes(request: Request) -> Page:
    """The codes as a file, for somebody who has just been shown them."""
    codes = (await form_of(request)).all("codes")
    if not await service.are_own_codes(session_of(request), settings_of(request), codes):
        raise Refused("These codes are not in force any more. Make new ones on your account page.")
    text = "Recovery codes for Candour. Each works once.\n\n" + "\n".join(codes) + "\n"
    return download(text.encode(), "candour-recovery-codes.txt", "text/plain; charset=utf-8")


@post_form("/account/second-factor/off", OWN, limits=GUESSES)
async def switch_off(request: Request) -> Page:
    """Sign in with the password alone from now on; a mail tells the owner."""
    form, session = await form_of(request), session_of(request)
    settings = settings_of(request)
    try:
        await service.switch_factor_off(session, settings, form.exact("password"), now_of(request))
    except AccountProblem as problem:
        own = await service.own_account(settings, session.account_id)
        errors = {"password": problem.text}
        return render(request, "accounts/factor.html", 422, own=own, is_obliged=False, errors=errors)
    flash(request, "attention", "Your second factor is switched off. We have told you by mail.")
    return redirect("/account")


async def _setting_up(request: Request, errors: dict[str, str], status: int = 200) -> Page:
    session = session_of(request)
    own = await service.own_account(settings_of(request), session.account_id)
    if own.has_factor or not own.totp_secret:
        return redirect("/account/second-factor")
    return render(
        request,
        "accounts/factor_app.html",
        status,
        drawing=Markup(drawing_of(enrolment_uri(own.totp_secret, own.email))),  # noqa: S704 - drawn by segno
        secret=spaced(own.totp_secret),
        is_obliged=session.stage == "enrol",
        errors=errors,
    )


def _codes(request: Request, codes: list[str], goal: str, token: str) -> Page:
    # The forms of this page belong to the session as it goes on, under its new id.
    visit_of(request).session_hash = hash_of(token)
    return render(request, "accounts/codes.html", codes=codes, is_new=True, goal=goal)
