"""Conflicts of interest: what shoppers type, what staff record, and tying the one to clients."""

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
    shopper,
    staff,
)

from .. import forms
from ..domain import CONFLICT_WORDS, Restricted
from ..service import conflicts as service
from ..service import staff as people
from .staff import show

OWN = shopper()
SCHEDULERS = staff("affiliate_admin", "manager", "scheduler")
MINE = "/shopper/profile/conflicts"
THEIRS = "/shoppers/{shopper_id:uuid}/conflicts"
NOTED = "Noted. Schedulers will not offer you shops of this company, should it be a client."


@get_page(MINE, OWN)
async def conflicts_page(request: Request) -> Page:
    """Companies at whose places one would be recognised."""
    return await _own_page(request, form_with({}))


@post_form(MINE, OWN)
async def declare_conflict(request: Request) -> Page:
    """Name one. The answer is the same whether it is a client or not."""
    form = await form_of(request)
    company, kind = forms.own.company(form)
    if not form.is_valid:
        return await _own_page(request, form, 422)
    try:
        await service.declare(scope_of(request), settings_of(request).keyring, company, kind, now_of(request))
    except service.TooMany as problem:
        raise Refused(problem.text) from None
    flash(request, "good", NOTED)
    return redirect(MINE)


@post_form(f"{MINE}/withdraw", OWN)
async def withdraw_conflict(request: Request) -> Page:
    """Take back what one has declared."""
    conflict_id = forms.own.id_in(await form_of(request), "conflict")
    if conflict_id is None:
        raise NotFound("conflict")
    await service.withdraw(scope_of(request), conflict_id, now_of(request))
    return redirect(MINE)


@get_page("/shoppers/conflicts", SCHEDULERS)
async def conflict_queue(request: Request) -> Page:
    """What shoppers have typed and nothing was found for, by code, the oldest first."""
    page = await service.untied(scope_of(request), now_of(request), keyset_of(request))
    return render(
        request, "shoppers/conflict_queue.html", rows=page.rows, next_cursor=page.next_cursor, words=CONFLICT_WORDS,
        is_first=keyset_of(request).after is None,
    )  # fmt: skip


@post_form(THEIRS, SCHEDULERS)
async def record_conflict(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Record a conflict of interest."""
    form = await form_of(request)
    client_id, kind = forms.own.conflict(form)
    if client_id is None or not form.is_valid:
        return await show(request, shopper_id, form, 422)
    await service.record(scope_of(request), shopper_id, client_id, kind, now_of(request))
    flash(request, "good", "Recorded. The shopper sees it and is offered no shops of this client.")
    return redirect(f"/shoppers/{shopper_id}")


@post_form(f"{THEIRS}/remove", SCHEDULERS)
async def remove_conflict(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Remove what staff have recorded."""
    conflict_id = forms.own.id_in(await form_of(request), "conflict")
    if conflict_id is None:
        raise NotFound("conflict")
    await service.drop(scope_of(request), shopper_id, conflict_id, now_of(request))
    return redirect(f"/shoppers/{shopper_id}")


@get_page(f"{THEIRS}/{{conflict_id:uuid}}", SCHEDULERS, writes="a look at a shopper's words is recorded")
async def conflict_one(request: Request, shopper_id: FromPath[UUID], conflict_id: FromPath[UUID]) -> Page:
    """What a shopper typed, and whose client it is."""
    return await _tying(request, shopper_id, conflict_id, form_with({}))


@post_form(f"{THEIRS}/{{conflict_id:uuid}}", SCHEDULERS)
async def tie_conflict(request: Request, shopper_id: FromPath[UUID], conflict_id: FromPath[UUID]) -> Page:
    """Say whose client it is, or that it is nobody's."""
    form = await form_of(request)
    client_id = forms.own.id_in(form, "client")
    if client_id is None and form["decision"] != "none":
        form.refuse("client", "Choose the client, or say that it is none of them")
    elif form["decision"] == "none" and scope_of(request).clients is not None:
        # It may be a client's that is not shown here, and the shopper would be sent to where they are known.
        form.refuse("client", "Whether it is no client's at all, somebody who works for all clients has to say")
    if not form.is_valid:
        return await _tying(request, shopper_id, conflict_id, form, 422)
    return await _tied(request, shopper_id, conflict_id, None if form["decision"] == "none" else client_id)


async def _own_page(request: Request, form: Form, status: int = 200) -> Page:
    held = await service.own(scope_of(request), settings_of(request).keyring)
    words = list(CONFLICT_WORDS.items())
    return render(
        request, "shoppers/conflicts.html", status, conflicts=held, kinds=words, form=form, errors=form.errors
    )  # fmt: skip


async def _tied(request: Request, shopper_id: UUID, conflict_id: UUID, client_id: UUID | None) -> Page:
    try:
        await service.tie(scope_of(request), shopper_id, conflict_id, client_id, now_of(request))
    except Restricted as problem:
        raise Refused(problem.text) from None
    done = "Tied: the shopper is offered no shops of this client." if client_id else "Tied to no client."
    flash(request, "good", done)
    return redirect("/shoppers/conflicts")


async def _tying(request: Request, shopper_id: UUID, conflict_id: UUID, form: Form, status: int = 200) -> Page:
    scope, ring = scope_of(request), settings_of(request).keyring
    try:
        one = await service.look_at(scope, ring, shopper_id, conflict_id, now_of(request))
    except Restricted as problem:
        raise Refused(problem.text) from None
    return render(
        request, "shoppers/conflict.html", status, one=one, words=CONFLICT_WORDS, form=form, errors=form.errors,
        shopper=await people.shopper(scope, shopper_id), clients=await service.clients(scope),
        is_limited=scope.clients is not None,
    )  # fmt: skip


ROUTES = (
    conflicts_page, declare_conflict, withdraw_conflict, conflict_queue, record_conflict, remove_conflict,
    conflict_one, tie_conflict,
)  # fmt: skip
