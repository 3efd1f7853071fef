"""Which affiliate a signed-in shopper works for now. None of them learns of the others."""

from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound, Role, transaction
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

from .. import forms
from ..domain import DEACTIVATION_WORDS, OwnProfile, WrongStatus
from ..service import choosing

OWN = signed_in()
# Accepting an agreement is written as the shopper, choosing as the gate: each in a transaction of its own.
OWN_STEPS = replace(OWN, role=None)
BY_ITSELF = "one profile is chosen by itself"


@get_page("/shopper/affiliates", OWN, writes=BY_ITSELF)
async def affiliates_page(request: Request) -> Page:
    """Where one is registered. A single profile that works is chosen at once."""
    session = session_of(request)
    profiles = await choosing.profiles(session)
    if len(profiles) == 1 and profiles[0].can_be_opened and "stay" not in request.query_params:
        return await _chosen(request, profiles[0])
    return await _page(request, profiles, form_with({}))


@post_form("/shopper/affiliates", OWN)
async def choose(request: Request) -> Page:
    """Go on at one of them."""
    wanted = forms.own.id_in(await form_of(request), "profile")
    if wanted is None:
        raise NotFound("profile")
    return await _chosen(request, await choosing.profile(session_of(request), wanted))


@get_page("/shopper/affiliates/{shopper_id:uuid}/agreement", OWN)
async def agreement_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """The agreement in force, before one goes on."""
    one = await choosing.profile(session_of(request), shopper_id)
    return await _agreement_page(request, one, form_with({}))


@post_form("/shopper/affiliates/{shopper_id:uuid}/agreement", OWN_STEPS)
async def accept(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Accept it and go on."""
    form, session = await form_of(request), session_of(request)
    async with transaction(Role.GATE):
        one = await choosing.profile(session, shopper_id)
        forms.registering.agreed_to(form, one.agreement_number or 0)
        if not form.is_valid:
            return await _agreement_page(request, one, form, 422)
    try:
        await choosing.accept_agreement(session, shopper_id, one.agreement_number or 0, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    return redirect("/shopper")


@post_form("/shopper/affiliates/{shopper_id:uuid}/contest", OWN)
async def contest(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Say that a deactivation is wrong."""
    form, session = await form_of(request), session_of(request)
    await choosing.profile(session, shopper_id)
    words = forms.own.words(form, "words", "Say what is wrong about it")
    if not form.is_valid:
        return await _page(request, await choosing.profiles(session), form, 422)
    try:
        await choosing.contest(session, settings_of(request).keyring, shopper_id, words, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "good", "Your answer has been sent. A person looks at the decision again, and we write to you.")
    return redirect("/shopper/affiliates?stay")


async def _chosen(request: Request, one: OwnProfile) -> Page:
    try:
        if await choosing.choose(session_of(request), one, now_of(request)):
            return redirect("/shopper")
    except WrongStatus:
        return redirect("/shopper/affiliates?stay")
    return redirect(f"/shopper/affiliates/{one.id}/agreement")


async def _page(request: Request, profiles: list[OwnProfile], form: Form, status: int = 200) -> Page:
    decisions = await choosing.decisions(session_of(request), settings_of(request).keyring)
    return render(
        request, "shoppers/affiliates.html", status, profiles=profiles, decisions=decisions, form=form,
        errors=form.errors, reasons=DEACTIVATION_WORDS, present=session_of(request).shopper_id,
    )  # fmt: skip


async def _agreement_page(request: Request, one: OwnProfile, form: Form, status: int = 200) -> Page:
    words = await choosing.agreement_of(one)
    return render(request, "shoppers/agreement.html", status, one=one, agreement=words, errors=form.errors)
