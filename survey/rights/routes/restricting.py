"""A shopper restricts what one company does with what it holds about them, having read what that means."""

from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.rights.service import copying
from survey.shoppers import service as shoppers
from survey.shoppers.domain import GROUND_WORDS, RESTRICTION_CHARACTERS, WrongStatus
from survey.shoppers.forms import restricting as forms
from survey.web import (
    Form,
    Page,
    Refused,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    session_of,
    settings_of,
    signed_in,
)

DATA = "/shopper/data"
# As for the copy: a profile that its company has shut is its owner's all the same.
OWN = replace(signed_in(), role=None)


@get_page(f"{DATA}/{{shopper_id:uuid}}/restrict", OWN)
async def restrict_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """What a restriction means, before it is asked for; or the one that stands, with its answer."""
    return await _page(request, shopper_id, form_with({}))


@post_form(f"{DATA}/{{shopper_id:uuid}}/restrict", OWN)
async def restrict(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Restrict it from now on. Twice is once."""
    form, (_, scope) = await form_of(request), await copying.own_profile(session_of(request), shopper_id)
    why = forms.why(form)
    if not form.is_valid:
        return await _page(request, shopper_id, form, 422)
    async with copying.as_the_person(scope):
        await shoppers.restricting.restrict(scope, settings_of(request).keyring, why, now_of(request))
    flash(request, "good", "Restricted from now on. Whoever answers for privacy at the company has been asked.")
    return redirect(f"{DATA}/{shopper_id}/restrict")


@post_form(f"{DATA}/{{shopper_id:uuid}}/restrict/end", OWN)
async def end_restriction(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """End one's own."""
    _, scope = await copying.own_profile(session_of(request), shopper_id)
    try:
        async with copying.as_the_person(scope):
            await shoppers.restricting.end(scope, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "good", "The restriction has ended. Take up work again in your profile when you want to.")
    return redirect(f"{DATA}/{shopper_id}")


async def _page(request: Request, shopper_id: UUID, form: Form, status: int = 200) -> Page:
    one, scope = await copying.own_profile(session_of(request), shopper_id)
    async with copying.as_the_person(scope):
        standing = await shoppers.restricting.own(scope, settings_of(request).keyring, now_of(request))
        zone = await shoppers.own.clock(scope)
    return render(
        request, "rights/restrict.html", status, one=one, standing=standing, form=form, errors=form.errors, zone=zone,
        grounds=list(GROUND_WORDS.items()), longest=RESTRICTION_CHARACTERS, now=now_of(request),
    )  # fmt: skip
