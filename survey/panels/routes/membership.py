"""A member's own page, behind a link that needs no password: see, correct, copy, leave, be forgotten."""

import msgspec
from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.db import Role, connection
from survey.panels import forms, service
from survey.panels.domain import AGE_BANDS, GENDERS, LANGUAGES, REGIONS, Membership
from survey.web import (
    Form,
    Page,
    Request,
    bearer,
    download,
    form_of,
    form_with,
    get_page,
    link_of,
    now_of,
    post_form,
    redirect,
    render,
)

OWN = bearer("the member holds the link", purpose=Purpose.PANEL_MANAGE, role=Role.DESK)


@get_page("/membership/{token:str}", OWN)
async def membership_page(request: Request, token: FromPath[str]) -> Page:
    """What is held, and what can be done about it."""
    membership = await _membership(request)
    member = membership.member
    given = {"language": member.language, "age_band": member.age_band, "gender": member.gender, "region": member.region}
    values = {name: value or "" for name, value in given.items()} | {"first_name": membership.first_name}
    return _page(request, token, membership, form_with(dict(values)))


@post_form("/membership/{token:str}", OWN)
async def correct(request: Request, token: FromPath[str]) -> Page:
    """Correct what is held."""
    form = await form_of(request)
    first_name, profile = forms.first_name(form), forms.profile(form)
    if not form.is_valid:
        return _page(request, token, await _membership(request), form, 422)
    await service.correct(request.app.state.settings.keyring, link_of(request), first_name, profile, now_of(request))
    return redirect(f"/membership/{token}?saved")


@post_form("/membership/{token:str}/leave", OWN)
async def leave(request: Request, token: FromPath[str]) -> Page:
    """Stop being a member."""
    await service.leave(request.app.state.settings.keyring, link_of(request), now_of(request))
    return redirect(f"/membership/{token}")


@post_form("/membership/{token:str}/erase", OWN)
async def erase(request: Request, token: FromPath[str]) -> Page:
    """Leave and be forgotten."""
    branding = (await _membership(request)).brand
    await service.erase(request.app.state.settings.keyring, link_of(request), now_of(request))
    return render(request, "panels/erased.html", branding=branding)


@get_page("/membership/{token:str}/copy", OWN)
async def copy_page(request: Request, token: FromPath[str]) -> Page:
    """Everything held, as a file that machines read."""
    copy = await service.copy_of(connection(), await _membership(request))
    return download(msgspec.json.format(msgspec.json.encode(copy), indent=2), "my-data.json", "application/json")


async def _membership(request: Request) -> Membership:
    return await service.membership_behind(request.app.state.settings.keyring, link_of(request))


def _page(request: Request, token: str, membership: Membership, form: Form, status: int = 200) -> Page:
    choices = {"age_bands": AGE_BANDS, "genders": GENDERS, "regions": REGIONS, "languages": LANGUAGES}
    context = {
        "membership": membership,
        "branding": membership.brand,
        "form": form,
        "errors": form.errors,
        "token": token,
    }
    is_saved = "saved" in request.query_params
    return render(request, "panels/membership.html", status, is_saved=is_saved, **context, **choices)
