"""Shoppers for the affiliate's staff: a list of codes, one shopper by code, and who it is once they say why."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Form,
    Page,
    Refused,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import forms, queries
from ..domain import (
    CONFLICT_WORDS,
    COUNTRIES,
    DEACTIVATION_WORDS,
    PURPOSES,
    SORTS,
    SOURCE_WORDS,
    STATUS_WORDS,
    VERDICT_WORDS,
    Restricted,
    Retired,
    Status,
    WrongStatus,
)
from ..service import conflicts, documents, fields, portraits, qualifications, resembling, restricting, rules
from ..service import staff as service

SCHEDULERS = staff("affiliate_admin", "manager", "scheduler")
BACK_WORDS = {
    Status.ACTIVE: "The shopper can take shops again, and is told by mail.",
    Status.PAUSED: "The profile is open again, and paused: its data is restricted. The shopper is told by mail.",
}


@get_page("/shoppers", SCHEDULERS)
async def shopper_list(request: Request) -> Page:
    """The list, as its URL says. It names nobody."""
    scope, wanted = scope_of(request), forms.staff.list_filter(request.query_params)
    page = await service.shoppers(scope, wanted, now_of(request), keyset_of(request))
    return render(
        request, "shoppers/list.html", rows=page.rows, next_cursor=page.next_cursor, wanted=wanted,
        asked=dict(request.query_params), state_words=STATUS_WORDS, counts=await service.counts(scope, now_of(request)),
        regions=[(name, name) for name in await service.regions(scope)],
        seen=list(forms.staff.SEEN_WORDS.items()), sorts=list(SORTS.items()), status=wanted.status,
        kinds=[(kind.code, kind.label) for kind in await rules.qualification_kinds(scope)],
        documents=await documents.count_waiting(scope, now_of(request)),
        untied=await conflicts.count_untied(scope, now_of(request)),
        restrictions=await restricting.count_waiting(scope),
    )  # fmt: skip


@get_page("/shoppers/{shopper_id:uuid}", SCHEDULERS)
async def shopper_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """One shopper, by code."""
    return await show(request, shopper_id, form_with({}))


@post_form("/shoppers/{shopper_id:uuid}", SCHEDULERS)
async def open_shopper(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Who it is, once a purpose is given. The look is recorded, and the shopper reads it."""
    form, scope = await form_of(request), scope_of(request)
    purpose = forms.staff.purpose(form)
    if not form.is_valid:
        return await show(request, shopper_id, form, 422)
    try:
        await restricting.require_open_for(scope, shopper_id, form["purpose"], now_of(request))
    except Restricted as problem:
        form.refuse("purpose", problem.text)
        return await show(request, shopper_id, form, 422)
    person = await service.open_shopper(scope, settings_of(request).keyring, shopper_id, purpose, now_of(request))
    more = await _shown_of(request, shopper_id, purpose)
    context = {"shopper": await service.shopper(scope, shopper_id), "countries": COUNTRIES, **more}
    return render(request, "shoppers/opened.html", person=person, purpose=purpose, **context)


@post_form("/shoppers/{shopper_id:uuid}/deactivate", SCHEDULERS)
async def deactivate(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Let somebody take no shops any more, with a reason that they read."""
    form, scope = await form_of(request), scope_of(request)
    why = forms.staff.deactivation(form)
    if not form.is_valid:
        return await show(request, shopper_id, form, 422)
    try:
        await service.deactivate(scope, settings_of(request), shopper_id, why, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "attention", "Deactivated. The shopper is told by mail, reads the reason and can contest it.")
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/reactivate", SCHEDULERS)
async def reactivate(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Lift a deactivation."""
    try:
        back = await service.reactivate(scope_of(request), settings_of(request), shopper_id, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "good", BACK_WORDS[back])
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/uphold", SCHEDULERS)
async def uphold(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Decide again that a deactivation stands."""
    try:
        await service.uphold(scope_of(request), settings_of(request), shopper_id, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "attention", "The decision stands. The shopper is told by mail.")
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/qualifications", SCHEDULERS)
async def record_qualification(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Record a qualification, or refuse one that was asked for."""
    form = await form_of(request)
    one = forms.staff.qualification(form, now_of(request))
    if not form.is_valid:
        return await show(request, shopper_id, form, 422)
    ring = settings_of(request).keyring
    try:
        await qualifications.record(scope_of(request), ring, shopper_id, one, now_of(request))
    except Retired as problem:
        raise Refused(problem.text) from None
    flash(request, "good", "Recorded.")
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/limit", SCHEDULERS)
async def save_limit(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """How many shops somebody may hold at a time."""
    form = await form_of(request)
    limit = forms.staff.held_limit(form)
    if not form.is_valid:
        return await show(request, shopper_id, form, 422)
    await service.set_held_limit(scope_of(request), shopper_id, limit, now_of(request))
    return redirect(f"/shoppers/{shopper_id}")


async def _shown_of(request: Request, shopper_id: UUID, purpose: str) -> dict[str, Any]:
    """What the shopper shows beside their name: the photo within the page, since it has no address, and the fields."""
    scope, settings, now = scope_of(request), settings_of(request), now_of(request)
    photo = await portraits.look_at(scope, settings, shopper_id, purpose, now)
    told = await fields.look_at(scope, settings.keyring, shopper_id, purpose, now)
    return {
        "photo": f"data:image/jpeg;base64,{b64encode(photo).decode()}" if photo else "",
        "told": [
            {"key": one.label, "value": one.shown(told.get(one.id, "")), "empty": "Not told"}
            for one in await fields.asked(scope)
        ],
    }


async def show(request: Request, shopper_id: UUID, form: Form, status: int = 200) -> Page:
    """The page of one shopper, with what was typed and what is wrong with it."""
    scope, ring = scope_of(request), settings_of(request).keyring
    shown = await service.shopper(scope, shopper_id)
    context: dict[str, Any] = {
        "conflicts": await conflicts.of_shopper(scope, shopper_id),
        "qualifications": await qualifications.of_shopper(scope, ring, shopper_id),
        "decisions": await service.decisions(scope, ring, shopper_id),
        "clients": await queries.standing.clients_of(scope),
        "kinds": [
            (kind.code, f"{kind.label} (retired)" if kind.is_retired else kind.label)
            for kind in await rules.qualification_kinds(scope)
        ],
        "purposes": list(PURPOSES.items()),
        "reasons": DEACTIVATION_WORDS,
        "conflict_words": CONFLICT_WORDS,
        "recorded": list(forms.staff.RECORDED.items()),
        "sources": SOURCE_WORDS,
        "state_words": STATUS_WORDS,
        "today": now_of(request).date(),
        "pairs": await resembling.pairs_with(scope, shopper_id, now_of(request)),
        "decided": await resembling.decided_with(scope, shopper_id),
        "verdicts": VERDICT_WORDS,
        "is_restricted": await restricting.stands(scope, shopper_id, now_of(request)),
    }
    return render(request, "shoppers/shopper.html", status, shopper=shown, form=form, errors=form.errors, **context)
