"""Everything that is held about a shopper at one company, and a copy of it."""

from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.accounts.domain import WrongPassword
from survey.db import Role, transaction
from survey.rights.domain.copies import ELSEWHERE, KINDS, Copy, NothingToTake
from survey.rights.service import copying
from survey.rights.service.copy_plan import told_of
from survey.rights.service.gathering import counts_of
from survey.rights.service.making import parts_to_make
from survey.shoppers import service as shoppers
from survey.shoppers.domain import OwnProfile
from survey.shoppers.forms.own import id_in
from survey.web import (
    Form,
    Limit,
    Page,
    Request,
    TooMany,
    form_of,
    form_with,
    get_page,
    is_partial,
    now_of,
    post_form,
    redirect,
    render,
    session_of,
    settings_of,
    shopper,
    signed_in,
    streamed,
)
from survey.web.throttle import ACCOUNT, spend

DATA = "/shopper/data"
# A profile that its company has shut is its owner's all the same; what is read is read as the person, by its own door.
OWN = replace(signed_in(), role=None)
ASKING = Limit("own copy", 10, minutes=60, by=ACCOUNT)
GUESSES = Limit("own password", 8, minutes=10, by=ACCOUNT)  # the same as where a password is changed
LOST = "This copy is no longer there. Make a new one"


@get_page(DATA, shopper())
async def data_of_session(request: Request) -> Page:
    """To the profile at which the session is."""
    return redirect(f"{DATA}/{session_of(request).shopper_id}")


@get_page(f"{DATA}/{{shopper_id:uuid}}", OWN)
async def data_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """What is held, what for, for how long; and the copy, with how far it has come."""
    return await _page(request, shopper_id, form_with({}))


@post_form(f"{DATA}/{{shopper_id:uuid}}", OWN)
async def make_copy(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Ask for a copy. Twice is once."""
    form, (_, scope) = await form_of(request), await copying.own_profile(session_of(request), shopper_id)
    await _hold_back(request, ASKING)
    async with copying.as_the_person(scope):
        await copying.ask_copy(scope, id_in(form, "instead_of"), now_of(request))
    return redirect(f"{DATA}/{shopper_id}")


@get_page(f"{DATA}/{{shopper_id:uuid}}/copy", OWN)
async def back_to_data(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Where a form was sent to, loaded again: back to the page with the form."""
    await copying.own_profile(session_of(request), shopper_id)
    return redirect(f"{DATA}/{shopper_id}")


@post_form(f"{DATA}/{{shopper_id:uuid}}/copy", OWN)
async def fetch_copy(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """The copy itself, to whoever knows the password."""
    form, session, now = await form_of(request), session_of(request), now_of(request)
    _, scope = await copying.own_profile(session, shopper_id)
    await _hold_back(request, GUESSES)
    try:
        content = await copying.hand_over(settings_of(request), session, scope, form.exact("password"), now)
    except WrongPassword as wrong:
        form.refuse("password", wrong.text)
    except NothingToTake:
        form.refuse("", LOST)
    if not form.is_valid:
        return await _page(request, shopper_id, form, 422)
    return streamed(content, f"candour-copy-{now:%Y-%m-%d}.zip", "application/zip")


async def _hold_back(request: Request, limit: Limit) -> None:
    """Count an attempt, once the profile is known to be one's own: of others nothing is written. Raises TooMany."""
    async with transaction(Role.GATE):
        wait = await spend(settings_of(request), limit, session_of(request).account_id.hex, now_of(request))
    if wait:
        raise TooMany(wait)


async def _page(request: Request, shopper_id: UUID, form: Form, status: int = 200) -> Page:
    one, scope = await copying.own_profile(session_of(request), shopper_id)
    async with copying.as_the_person(scope):
        copy, zone = await copying.own_copy(scope), await shoppers.own.clock(scope)
        if is_partial(request):
            return _progress(request, one, copy, zone)
        counts = await counts_of(scope)
        restricted_since = await shoppers.restricting.own_since(scope, now_of(request))
    return render(
        request, "rights/data.html", status, one=one, parts=[told_of(kind) for kind in KINDS], counts=counts,
        elsewhere=ELSEWHERE, errors=form.errors, copy=copy, now=now_of(request), total=parts_to_make(),
        is_open=one.id == session_of(request).shopper_id, zone=zone,
        restricted_since=restricted_since,
    )  # fmt: skip


def _progress(request: Request, one: OwnProfile, copy: Copy | None, zone: str) -> Page:
    now, total = now_of(request), parts_to_make()
    page = render(request, "rights/_copy.html", one=one, copy=copy, now=now, total=total, errors={}, zone=zone)
    return page.announcing("Your copy is ready") if copy and copy.is_ready(now) else page
