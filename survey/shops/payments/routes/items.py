"""What is owed by the promised day, and one item of it."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.visits.domain import money
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
    staff,
)

from .. import forms, queries, service
from ..domain import (
    REVERSE_REASONS,
    STATE_WORDS,
    VOID_REASONS,
    WrongState,
    due_of,
    due_words,
    reason_words,
)
from .views import DUE_WORDS, STATE_KINDS, tiles

PAYERS = ("affiliate_admin", "payroll")
FASTER = "Somebody was faster: this is how it stands now."


@get_page("/pay", staff(*PAYERS))
async def ageing(request: Request) -> Page:
    """What is owed, the longest promised first, narrowed as the URL asks."""
    scope, today = scope_of(request), now_of(request).date()
    view = forms.list_view(request.query_params)
    page = await queries.ageing(scope, view.wanted, today, keyset_of(request))
    return render(
        request, "payments/list.html", rows=page.rows, next_cursor=page.next_cursor, asked=view.values, today=today,
        tiles=tiles(await queries.owed(scope, today)), money=money, due_of=due_of, due_words=due_words,
        currencies=[(each, each) for each in await queries.currencies(scope)], states=STATE_WORDS, kinds=STATE_KINDS,
        dues=DUE_WORDS, is_first_page="after" not in request.query_params,
    )  # fmt: skip


@get_page("/pay/items/{item_id:uuid}", staff(*PAYERS))
async def item_page(request: Request, item_id: FromPath[UUID]) -> Page:
    """One item, and what can be done with it."""
    return await _item(request, item_id, form_with({}))


@post_form("/pay/items/{item_id:uuid}/void", staff(*PAYERS))
async def void_item(request: Request, item_id: FromPath[UUID]) -> Page:
    """Say that nothing is owed, and why."""
    form = await form_of(request)
    reason = forms.reason_in(form, VOID_REASONS)
    if not form.is_valid:
        return await _item(request, item_id, form, 422)
    try:
        await service.void_item(scope_of(request), item_id, reason, now_of(request))
    except WrongState:
        return _faster(request, item_id)
    flash(request, "good", "Nothing is owed any more; the shopper reads why.")
    return redirect(f"/pay/items/{item_id}")


@post_form("/pay/items/{item_id:uuid}/reverse", staff(*PAYERS))
async def reverse_item(request: Request, item_id: FromPath[UUID]) -> Page:
    """Say that paid money came back."""
    form = await form_of(request)
    reason = forms.reason_in(form, REVERSE_REASONS)
    if not form.is_valid:
        return await _item(request, item_id, form, 422)
    try:
        await service.reverse(scope_of(request), item_id, reason, now_of(request))
    except WrongState:
        return _faster(request, item_id)
    flash(request, "good", "Noted that the money came back. Pay it again once the account is right.")
    return redirect(f"/pay/items/{item_id}")


@post_form("/pay/items/{item_id:uuid}/pay-again", staff(*PAYERS))
async def pay_again(request: Request, item_id: FromPath[UUID]) -> Page:
    """Let money that came back be owed again."""
    try:
        await service.pay_again(scope_of(request), item_id, now_of(request))
    except WrongState:
        return _faster(request, item_id)
    flash(request, "good", "It is owed again, and goes with the next batch.")
    return redirect(f"/pay/items/{item_id}")


async def _item(request: Request, item_id: UUID, form: Form, status: int = 200) -> Page:
    listed = await queries.listed_in(scope_of(request), item_id)
    return render(
        request, "payments/item.html", status, listed=listed, item=listed.item, form=form, errors=form.errors,
        money=money, due=due_words(listed.item.promised_on, now_of(request).date()), states=STATE_WORDS,
        kinds=STATE_KINDS, reason=reason_words(listed.item.reason), void_reasons=list(VOID_REASONS.items()),
        reverse_reasons=list(REVERSE_REASONS.items()),
    )  # fmt: skip


def _faster(request: Request, item_id: UUID) -> Page:
    flash(request, "attention", FASTER)
    return redirect(f"/pay/items/{item_id}")


ROUTES = (ageing, item_page, void_item, reverse_item, pay_again)
