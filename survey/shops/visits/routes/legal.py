"""Legal holds: what is held, and the act on one shop. For the affiliate's administrators, who answer for privacy."""

from uuid import UUID

from litestar.params import FromPath

from survey.accounts import service as accounts
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
)

from .. import forms, queries, service
from ..domain import LEGAL_REASONS, LIFT_REASONS, LONGEST_REFERENCE, LegalHold, NotOnLegalHold

OFFICERS = staff("affiliate_admin")
PURPOSE = "see who keeps data from being removed"
LOOK = "that a colleague's name was read is recorded"


@get_page("/shops/legal-holds", OFFICERS, writes=LOOK)
async def hold_list(request: Request) -> Page:
    """Shops that the law holds, or that it held."""
    scope, asked = scope_of(request), request.query_params
    is_lifted, words = asked.get("state") == "lifted", asked.get("q", "").strip()[:LONGEST_REFERENCE]
    page = await service.legal_holds(scope, is_lifted, words, keyset_of(request))
    return render(
        request, "visits/legal_holds.html", rows=page.rows, next_cursor=page.next_cursor, is_lifted=is_lifted,
        words=words, reasons=LEGAL_REASONS, lift_reasons=LIFT_REASONS, is_first="after" not in asked,
        names=await _names(request, [line.hold for line in page.rows]),
    )  # fmt: skip


@get_page("/shops/{shop_id:uuid}/legal-hold", OFFICERS, writes=LOOK)
async def hold_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The legal hold of one shop, and those that were."""
    return await _page(request, shop_id, form_with({}))


@post_form("/shops/{shop_id:uuid}/legal-hold", OFFICERS)
async def place(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Put the shop on legal hold."""
    form, scope = await form_of(request), scope_of(request)
    await queries.shop_in(scope, shop_id)
    why = forms.why_held_in(form)
    if not form.is_valid:
        return await _page(request, shop_id, form)
    await service.place_legal_hold(scope, shop_id, why, now_of(request))
    flash(request, "good", "The shop is on legal hold: nothing of it is removed until that is lifted.")
    return redirect(f"/shops/{shop_id}/legal-hold")


@post_form("/shops/{shop_id:uuid}/legal-hold/lift", OFFICERS)
async def lift(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Lift it."""
    form, scope = await form_of(request), scope_of(request)
    await queries.shop_in(scope, shop_id)
    reason = forms.lift_reason_in(form)
    if not form.is_valid:
        return await _page(request, shop_id, form)
    try:
        await service.lift_legal_hold(scope, shop_id, reason, now_of(request))
    except NotOnLegalHold:
        flash(request, "info", "The shop is not on legal hold; nothing has changed.")
    else:
        flash(request, "good", "Lifted. What had to wait goes tonight.")
    return redirect(f"/shops/{shop_id}/legal-hold")


async def _page(request: Request, shop_id: UUID, form: Form) -> Page:
    scope = scope_of(request)
    shop, holds = await queries.shop_in(scope, shop_id), await service.legal_holds_of(scope, shop_id)
    return render(
        request, "visits/legal_hold.html", 422 if form.errors else 200, shop=shop, holds=holds, form=form,
        errors=form.errors, reasons=LEGAL_REASONS, lift_reasons=LIFT_REASONS, names=await _names(request, holds),
        is_held=await service.has_legal_hold(scope, shop_id), longest=LONGEST_REFERENCE,
    )  # fmt: skip


async def _names(request: Request, holds: list[LegalHold]) -> dict[UUID, str]:
    people = [each for hold in holds for each in (hold.placed_by, hold.lifted_by) if each]
    return await accounts.names_in(scope_of(request), settings_of(request), people, PURPOSE, now_of(request))
