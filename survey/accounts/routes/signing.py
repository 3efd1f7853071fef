"""Signing in and out."""

from dataclasses import replace

from survey.db import Role, transaction
from survey.web import (
    Form,
    Limit,
    Page,
    Request,
    Session,
    TooMany,
    form_of,
    get_page,
    now_of,
    post_form,
    public,
    redirect,
    render,
    session_of,
    signed_in,
)
from survey.web.sessions import presented_session, without_session

from .. import service
from ..domain import WrongCode, landing_of
from ..service import Attempt, Choice, Opened, Refusal, Refused
from .browser import attempt_of, entered, way_in

WHO = public("nobody is signed in yet")
SECOND = signed_in("password")
ANY_STAGE = signed_in("password", "enrol", "full")
MINUTE_SECONDS = 60
NOTES = {
    "reset": "Your password has been changed, and you have been signed out everywhere. Sign in with the new one.",
    "signed-out": "You are signed out.",
}
REFUSALS = {
    Refusal.WRONG: "That address and password do not fit together. Check both; passwords know capital letters.",
    Refusal.DISABLED: "This account has been disabled. Ask an administrator of your company to enable it again.",
    Refusal.SUSPENDED: "Your company’s use of the platform is suspended. Ask its administrators.",
}


@get_page("/sign-in", WHO)
async def sign_in_page(request: Request) -> Page:
    """Address and password."""
    session = await presented_session(request)
    if session is not None and session.stage == "full":
        return redirect(landing_of(session.role))
    asked = request.query_params
    note = NOTES.get(asked.get("after", ""), "")
    return render(request, "accounts/sign_in.html", email="", wanted=asked.get("next", ""), note=note, errors={})


@post_form("/sign-in", WHO, limits=(Limit("sign-in", 60, minutes=10),))
async def sign_in(request: Request) -> Page:
    """Try them."""
    form = await form_of(request)
    wanted = form["next"]
    match await service.sign_in(attempt_of(request, form)):
        case Refused() as refused:
            return _refusal(request, refused, form["email"], wanted)
        case Choice(places):
            return render(request, "accounts/choose.html", places=places, wanted=wanted)
        case opened:
            return entered(request, opened, redirect(way_in(opened, wanted)))


@post_form("/sign-in/company", WHO, limits=(Limit("sign-in", 60, minutes=10),))
async def choose(request: Request) -> Page:
    """Go on at the chosen company."""
    form = await form_of(request)
    outcome = await service.choose(attempt_of(request, form), form["place"])
    if isinstance(outcome, Refused):
        return redirect("/sign-in")
    return entered(request, outcome, redirect(way_in(outcome, form["next"])))


@get_page("/sign-in/second-factor", SECOND)
async def second_factor_page(request: Request) -> Page:
    """The code of the authenticator app, or a recovery code."""
    asked = request.query_params
    kind = "recovery" if asked.get("with") == "recovery" else "code"
    return render(request, "accounts/second_factor.html", kind=kind, wanted=asked.get("next", ""), errors={})


# A guess is counted, and a wrong one recorded, whatever becomes of the request: three transactions.
@post_form("/sign-in/second-factor", replace(SECOND, role=None))
async def second_factor(request: Request) -> Page:
    """Try the code."""
    form, session = await form_of(request), session_of(request)
    attempt = attempt_of(request, form)
    async with transaction(Role.GATE):
        wait_seconds = await service.spend_code(session, attempt)
    if wait_seconds:
        raise TooMany(wait_seconds)
    try:
        opened = await _passed(session, attempt, form)
    except WrongCode as wrong:
        async with transaction(Role.GATE, affiliate=session.affiliate_id):
            await service.note_wrong_code(session, attempt.now)
        return _wrong_code(request, form, wrong)
    return entered(request, opened, redirect(way_in(opened, form["next"])))


@post_form("/sign-out", ANY_STAGE)
async def sign_out(request: Request) -> Page:
    """End the session; the back button then shows nothing, for no page is kept by the browser."""
    await service.sign_out(session_of(request), now_of(request))
    return without_session(request, redirect("/sign-in?after=signed-out"))


async def _passed(session: Session, attempt: Attempt, form: Form) -> Opened:
    """Raises WrongCode."""
    check = service.pass_with_recovery_code if form["kind"] == "recovery" else service.pass_with_code
    async with transaction(Role.GATE, affiliate=session.affiliate_id):
        return await check(session, attempt, form["code"])


def _wrong_code(request: Request, form: Form, wrong: WrongCode) -> Page:
    is_recovery = form["kind"] == "recovery"
    text = "That recovery code does not fit, or it was used before." if is_recovery else wrong.text
    context = {"kind": "recovery" if is_recovery else "code", "wanted": form["next"], "errors": {"code": text}}
    return render(request, "accounts/second_factor.html", 422, **context)


def _refusal(request: Request, refused: Refused, email: str, wanted: str) -> Page:
    if refused.why is Refusal.SLOW:
        minutes = -(-refused.wait_seconds // MINUTE_SECONDS)
        text = (
            f"Too many attempts from browsers that this account does not know. Wait {minutes} minutes, or use the link"
            " below to set a new password: that works at once. A browser in which you signed in before is not held up."
        )
        errors, status = {"": text}, 429
    else:
        errors, status = {"password": REFUSALS[refused.why]}, 422
    page = render(request, "accounts/sign_in.html", status, email=email, wanted=wanted, note="", errors=errors)
    return page.with_header("retry-after", str(refused.wait_seconds)) if refused.wait_seconds else page
