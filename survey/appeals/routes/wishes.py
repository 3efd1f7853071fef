"""Wishes for another visit: a client asks beside the report, staff answer beside the appeals."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from litestar.params import FromPath

from survey.db import Conflict, savepoint
from survey.shops.campaigns.domain import NotReshot
from survey.shops.visits.domain import decimal, money
from survey.web import (
    Form,
    Page,
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
    viewer,
)

from .. import forms, queries, service
from ..domain import PAYERS, WISH_REASONS, WISH_WORDS, WishState, WrongWishState, tabs_of_visits
from .staff import EDITORS, NOTHING, note_looks, said

DECIDERS = staff("affiliate_admin", "manager")
ANSWERED = (WishState.GRANTED, WishState.DECLINED, WishState.WITHDRAWN)
MOVED = "Somebody has answered this meanwhile, or it was taken back. Nothing was done."
GRANTED = "The shop is open, in the place of the other. The client reads that there will be another visit."


@get_page("/portal/shops/{report_ref:uuid}/reshoot", viewer())
async def wish_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """A form to ask for another visit."""
    return await _wish_page(request, report_ref, form_with({}))


@post_form("/portal/shops/{report_ref:uuid}/reshoot", viewer())
async def wish(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Ask for another visit."""
    form, scope = await form_of(request), scope_of(request)
    await queries.report_in(scope, report_ref)
    wishing = forms.wishing_in(form)
    if not form.is_valid:
        return await _wish_page(request, report_ref, form)
    await service.wish(scope, report_ref, wishing, now_of(request))
    return redirect(f"/portal/shops/{report_ref}?said={WishState.ASKED}")


@get_page("/portal/reshoots/{wish_id:uuid}", viewer())
async def wish_link(request: Request, wish_id: FromPath[UUID]) -> Page:
    """Where a mail leads: the answer stands beside the report."""
    found = await queries.wish_in(scope_of(request), wish_id)
    return redirect(f"/portal/shops/{found.report_ref}#reshoot")


@post_form("/portal/reshoots/{wish_id:uuid}/withdraw", viewer())
async def withdraw_wish(request: Request, wish_id: FromPath[UUID]) -> Page:
    """Take it back; where it was answered meanwhile, the report's page shows the answer."""
    await form_of(request)
    found = await queries.wish_in(scope_of(request), wish_id)
    try:
        await service.withdraw_wish(scope_of(request), wish_id, now_of(request))
    except WrongWishState:
        # Answered meanwhile: the page that comes next says so.
        return redirect(f"/portal/shops/{found.report_ref}#reshoot")
    return redirect(f"/portal/shops/{found.report_ref}?said={WishState.WITHDRAWN}")


@get_page("/appeals/reshoots", staff(*EDITORS))
async def wish_list(request: Request) -> Page:
    """Visits that clients want made again, the longest waiting first."""
    is_answered = request.query_params.get("state") == "answered"
    states = ANSWERED if is_answered else (WishState.ASKED,)
    page = await queries.wish_queue(scope_of(request), states, keyset_of(request))
    return render(
        request, "appeals/wishes.html", rows=page.rows, next_cursor=page.next_cursor, is_answered=is_answered,
        reasons=WISH_REASONS, words=WISH_WORDS, is_first="after" not in request.query_params,
    )  # fmt: skip


@get_page("/appeals/reshoots/{wish_id:uuid}", staff(*EDITORS))
async def answer_page(request: Request, wish_id: FromPath[UUID]) -> Page:
    """One wish, and the two answers to it."""
    return await _answer_page(request, wish_id, None)


@post_form("/appeals/reshoots/{wish_id:uuid}", DECIDERS)
async def answer(request: Request, wish_id: FromPath[UUID]) -> Page:
    """Open another shop, or say why not."""
    form = await form_of(request)
    line = await queries.wish_line_in(scope_of(request), wish_id)
    if form["answer"] == "no":
        return await _refuse(request, line, form)
    if form["answer"] != "yes":
        raise Conflict("choose an answer")
    return await _grant(request, line, form)


async def _grant(request: Request, line: queries.WishLine, form: Form) -> Page:
    wish_id, granted = line.wish.id, forms.grant_in(form)
    if granted is None:
        return await _answer_page(request, wish_id, form)
    words = await said(request, line.shop_id, service.Outgoing("words", granted.words), form)
    granted = replace(granted, words=words)
    try:
        async with savepoint():
            await service.grant(scope_of(request), settings_of(request), wish_id, granted, now_of(request))
    except NotReshot as refusal:
        form.refuse("last", f"This cannot be: {refusal}")
        return await _answer_page(request, wish_id, form)
    except service.Unsendable as refusal:
        return await _unsendable(request, wish_id, form, refusal)
    except WrongWishState:
        flash(request, "attention", MOVED)
    else:
        flash(request, "good", GRANTED)
    return redirect(f"/appeals/reshoots/{wish_id}")


async def _refuse(request: Request, line: queries.WishLine, form: Form) -> Page:
    wish_id, words = line.wish.id, forms.words_in(form, "no", "Write why not: the client reads it")
    if not form.is_valid:
        return await _answer_page(request, wish_id, form)
    words = await said(request, line.shop_id, service.Outgoing("no", words), form)
    try:
        async with savepoint():
            await service.refuse_wish(scope_of(request), settings_of(request), wish_id, words, now_of(request))
    except service.Unsendable as refusal:
        return await _unsendable(request, wish_id, form, refusal)
    except WrongWishState:
        flash(request, "attention", MOVED)
    else:
        flash(request, "good", "Declined. The client reads why.")
    return redirect(f"/appeals/reshoots/{wish_id}")


async def _wish_page(request: Request, report_ref: UUID, form: Form) -> Page:
    scope = scope_of(request)
    report = await queries.report_in(scope, report_ref)
    contesting = await service.contested(scope, report_ref)
    return render(
        request, "appeals/wish.html", 422 if form.errors else 200, report=report, form=form, errors=form.errors,
        reasons=WISH_REASONS, nav=tabs_of_visits("shops"), is_wishable=contesting.is_wishable,
    )  # fmt: skip


async def _unsendable(request: Request, wish_id: UUID, form: Form, refusal: service.Unsendable) -> Page:
    line = await queries.wish_line_in(scope_of(request), wish_id)
    for each in refusal.refused:
        form.refuse(each.name, each.why)
    note_looks(request, line.shop_id, refusal.looks)
    return await _answer_page(request, wish_id, form, refusal.covered)


async def _answer_page(
    request: Request, wish_id: UUID, form: Form | None, covered: Mapping[str, str] = NOTHING
) -> Page:
    scope = scope_of(request)
    line = await queries.wish_line_in(scope, wish_id)
    shown = form or form_with({"fee": decimal(line.fee_cents)})
    return render(
        request, "appeals/wish_answer.html", 422 if shown.errors else 200, line=line, form=shown, errors=shown.errors,
        reasons=WISH_REASONS, words=WISH_WORDS, payers=list(PAYERS.items()), money=money,
        may_decide=scope.role in ("affiliate_admin", "manager"), covered=covered,
    )  # fmt: skip
