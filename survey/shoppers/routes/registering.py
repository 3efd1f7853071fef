"""The public way in: an age gate, what is typed, and the link that shows whose address it is."""

from dataclasses import replace

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.accounts.domain import OwnAccount, device_words, read_device_cookie
from survey.accounts.forms import new_password_of
from survey.accounts.service import Attempt, Opened, Refusal
from survey.db import Role, transaction
from survey.web import (
    Form,
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
    settings_of,
)
from survey.web.sessions import with_session

from .. import forms
from ..domain import COUNTRIES, Door, Pending, Status, is_of_age, zone_words, zones_of
from ..service import registering
from .gate import answered, is_old_enough

DOOR = public("anybody may ask to register as a shopper", role=Role.GATE)
TYPING = public("anybody may ask to register as a shopper")
CONFIRM = bearer("the link came to the address itself", purpose=Purpose.SHOPPER_CONFIRM, role=Role.GATE, is_timed=True)
CONFIRMING = replace(CONFIRM, role=None)  # a password is checked between two short transactions
LIMITS = (Limit("shopper", 20, minutes=60), Limit("shopper address", 4, minutes=60, by="email"))
MONTHS = tuple(
    (str(number), name)
    for number, name in enumerate(
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
         "November", "December"), 1)
)  # fmt: skip
WRONG = "That is not the password of your sign-in. If you have forgotten it, set a new one and open this link again."
SLOW = "Too many attempts. Wait a quarter of an hour, or set a new password and open this link again."
DISABLED = "This sign-in has been disabled. Write to the company that you want to register with."
GONE = 410


@get_page("/register/{slug:str}", DOOR)
async def register_page(request: Request, slug: FromPath[str]) -> Page:
    """First the age, then the form; whoever is too young sees that it does not work now, and not why."""
    door = await registering.door_called(slug)
    if not door.is_open:
        return render(request, "shoppers/closed.html", door=door, branding=door.brand)
    match is_old_enough(request, door):
        case None:
            return _age_page(request, door, form_with({}))
        case False:
            return render(request, "shoppers/not_now.html", door=door, branding=door.brand)
        case _:
            return _form_page(request, door, form_with({}))


@post_form("/register/{slug:str}/age", DOOR)
async def answer_age(request: Request, slug: FromPath[str]) -> Page:
    """Take the answer and forget it: only the browser carries what followed from it. The first answer counts."""
    door, form, now = await registering.door_called(slug), await form_of(request), now_of(request)
    born = forms.registering.birth_month(form, now)
    page = redirect(f"/register/{door.slug}")
    if not door.is_open or is_old_enough(request, door) is not None:
        return page
    if not form.is_valid:
        return _age_page(request, door, form, 422)
    return answered(request, page, door, is_of_age=is_of_age(born, door.least_age, now))


@post_form("/register/{slug:str}", TYPING, limits=LIMITS)
async def register(request: Request, slug: FromPath[str]) -> Page:
    """Ask to register; everybody is told the same."""
    form = await form_of(request)
    async with transaction(Role.GATE).read_only():
        door = await registering.door_called(slug)
    if not door.is_open or door.agreement is None or not is_old_enough(request, door):
        return redirect(f"/register/{door.slug}")
    typed = forms.registering.registration(form)
    forms.registering.agreed_to(form, door.agreement.number)
    if not form.is_valid:
        return _form_page(request, door, form, 422)
    await registering.register(settings_of(request), door, door.agreement, typed, now_of(request))
    return render(request, "shoppers/asked.html", door=door, branding=door.brand)


@get_page("/registration/{token:str}", CONFIRM)
async def confirm_page(request: Request, token: FromPath[str]) -> Page:
    """Choose a password, or give the one of the sign-in that is there."""
    pending = await registering.pending_behind(link_of(request))
    if not _is_waiting(pending):
        return render(request, "shoppers/link_gone.html", GONE, pending=pending, branding=pending.brand)
    own = await registering.account_behind(settings_of(request), pending)
    return _confirm_page(request, token, pending, own, form_with({}))


@post_form("/registration/{token:str}", CONFIRMING, limits=(Limit("shopper confirm", 30, minutes=10),))
async def confirm(request: Request, token: FromPath[str]) -> Page:
    """Become a shopper of the affiliate, and be signed in."""
    async with transaction(Role.GATE):
        pending = await registering.pending_behind(link_of(request))
        own = await registering.account_behind(settings_of(request), pending)
    if not _is_waiting(pending):
        return render(request, "shoppers/link_gone.html", GONE, pending=pending, branding=pending.brand)
    form = await form_of(request)
    opened = await _confirmed(request, form, pending, own)
    if opened is None:
        return _confirm_page(request, token, pending, own, form, 422 if form.errors else 409)
    goal = "/shopper" if opened.stage == "full" else "/sign-in/second-factor?next=/shopper"
    return with_session(request, redirect(goal), opened.token)


async def _confirmed(request: Request, form: Form, pending: Pending, own: OwnAccount) -> Opened | None:
    """The session that was begun; None with a message in the form, or where another tab was faster."""
    settings, now = settings_of(request), now_of(request)
    if own.password_hash:
        attempt = Attempt(
            settings, own.email, form.exact("password"), _device(request), read_device_cookie(""), now
        )  # fmt: skip
        outcome = await registering.confirm_known(attempt, pending)
        if isinstance(outcome, Opened):
            return outcome
        form.refuse("password", {Refusal.SLOW: SLOW, Refusal.DISABLED: DISABLED}.get(outcome.why, WRONG))
        return None
    password = await new_password_of(form, (own.email, own.name, pending.brand.name))
    if not form.is_valid:
        return None
    async with transaction(Role.GATE):
        opened = await registering.confirm_anew(settings, pending, (password, _device(request)), now)
    if opened is None:
        form.refuse("new_password", "You have confirmed this address in the meantime. Open the link again.")
    return opened


def _is_waiting(pending: Pending) -> bool:
    return pending.status == Status.PENDING and pending.affiliate_status == "active"


def _age_page(request: Request, door: Door, form: Form, status: int = 200) -> Page:
    return render(
        request, "shoppers/age.html", status, door=door, branding=door.brand, months=MONTHS, form=form,
        errors=form.errors,
    )  # fmt: skip


def _form_page(request: Request, door: Door, form: Form, status: int = 200) -> Page:
    zones = zones_of(form["country"]) if forms.registering.asks_clock(form) else ()
    return render(
        request, "shoppers/register.html", status, door=door, branding=door.brand, form=form, errors=form.errors,
        countries=list(COUNTRIES.items()), zones=[(zone, zone_words(zone)) for zone in zones],
    )  # fmt: skip


def _confirm_page(
    request: Request, token: str, pending: Pending, own: OwnAccount, form: Form, status: int = 200
) -> Page:  # fmt: skip
    context = {"is_known": bool(own.password_hash), "address": own.email, "errors": form.errors}
    return render(
        request, "shoppers/confirm.html", status, token=token, pending=pending, branding=pending.brand, **context
    )


def _device(request: Request) -> str:
    agent = next((value for name, value in request.scope["headers"] if name == b"user-agent"), b"")
    return device_words(agent.decode("latin-1"))
