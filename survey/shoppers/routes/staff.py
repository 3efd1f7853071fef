"""Shoppers for the affiliate's staff: a list of codes, one shopper by code, and who it is once they say why."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound
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
    LIST_STATES,
    PURPOSES,
    SOURCE_WORDS,
    STATUS_WORDS,
    WrongStatus,
)
from ..service import documents, fields, portraits, qualifications, rules
from ..service import staff as service

SCHEDULERS = staff("affiliate_admin", "manager", "scheduler")


@get_page("/shoppers", SCHEDULERS)
async def shopper_list(request: Request) -> Page:
    """The list, as its URL says. It names nobody."""
    scope, wanted = scope_of(request), forms.staff.list_filter(request.query_params)
    page = await service.shoppers(scope, wanted, now_of(request), keyset_of(request))
    return render(
        request, "shoppers/list.html", rows=page.rows, next_cursor=page.next_cursor, wanted=wanted,
        asked=dict(request.query_params), state_words=STATUS_WORDS,
        regions=[(name, name) for name in await service.regions(scope)],
        states=[(state.value, STATUS_WORDS[state]) for state in LIST_STATES],
        kinds=[(kind.code, kind.label) for kind in await rules.qualification_kinds(scope)],
        documents=await documents.count_waiting(scope),
    )  # fmt: skip


@get_page("/shoppers/{shopper_id:uuid}", SCHEDULERS)
async def shopper_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """One shopper, by code."""
    return await _page(request, shopper_id, form_with({}))


@post_form("/shoppers/{shopper_id:uuid}", SCHEDULERS)
async def open_shopper(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Who it is, once a purpose is given. The look is recorded, and the shopper reads it."""
    form, scope = await form_of(request), scope_of(request)
    purpose = forms.staff.purpose(form)
    if not form.is_valid:
        return await _page(request, shopper_id, form, 422)
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
        return await _page(request, shopper_id, form, 422)
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
        await service.reactivate(scope_of(request), settings_of(request), shopper_id, now_of(request))
    except WrongStatus as wrong:
        raise Refused(wrong.text) from None
    flash(request, "good", "The shopper can take shops again, and is told by mail.")
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
        return await _page(request, shopper_id, form, 422)
    ring = settings_of(request).keyring
    await qualifications.record(scope_of(request), ring, shopper_id, one, now_of(request))
    flash(request, "good", "Recorded.")
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/conflicts", SCHEDULERS)
async def record_conflict(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Record a conflict of interest."""
    form = await form_of(request)
    client_id, kind = forms.own.conflict(form)
    if client_id is None or not form.is_valid:
        return await _page(request, shopper_id, form, 422)
    await service.record_conflict(scope_of(request), shopper_id, client_id, kind, now_of(request))
    flash(request, "good", "Recorded. The shopper sees it and is offered no shops of this client.")
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/conflicts/remove", SCHEDULERS)
async def remove_conflict(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Remove what staff have recorded."""
    client_id = forms.staff.client_in(await form_of(request))
    if client_id is None:
        raise NotFound("conflict")
    await service.drop_conflict(scope_of(request), shopper_id, client_id, now_of(request))
    return redirect(f"/shoppers/{shopper_id}")


@post_form("/shoppers/{shopper_id:uuid}/limit", SCHEDULERS)
async def save_limit(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """How many shops somebody may hold at a time."""
    form = await form_of(request)
    limit = forms.staff.held_limit(form)
    if not form.is_valid:
        return await _page(request, shopper_id, form, 422)
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


async def _page(request: Request, shopper_id: UUID, form: Form, status: int = 200) -> Page:
    scope, ring = scope_of(request), settings_of(request).keyring
    shown = await service.shopper(scope, shopper_id)
    context: dict[str, Any] = {
        "conflicts": await service.conflicts(scope, shopper_id),
        "qualifications": await qualifications.of_shopper(scope, ring, shopper_id),
        "decisions": await service.decisions(scope, ring, shopper_id),
        "clients": await queries.standing.clients_of(scope),
        "kinds": [(kind.code, kind.label) for kind in await rules.qualification_kinds(scope)],
        "purposes": list(PURPOSES.items()),
        "reasons": DEACTIVATION_WORDS,
        "conflict_words": CONFLICT_WORDS,
        "recorded": list(forms.staff.RECORDED.items()),
        "sources": SOURCE_WORDS,
        "state_words": STATUS_WORDS,
        "today": now_of(request).date(),
    }
    return render(request, "shoppers/shopper.html", status, shopper=shown, form=form, errors=form.errors, **context)
