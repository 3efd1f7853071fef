"""When somebody was there, what the receipt says, and, if they want to say so, where they are."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import current
from survey.web import Form, Page, Request, form_of, get_page, now_of, post_form, redirect, render, scope_of, shopper
from survey.web.headers import MAY_ASK_WHERE

from .. import forms, service
from ..service import Sheet
from . import ways


@get_page("/shopper/shops/{shop_id:uuid}/report/visit", shopper())
async def show_visit(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Times, receipt and check-in."""
    return await ways.on_the_report(request, shop_id, lambda: _show(request, shop_id))


@post_form("/shopper/shops/{shop_id:uuid}/report/visit", shopper())
async def keep_visit(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Keep them, and go on to the pictures; what is odd is kept and said."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _keep(request, shop_id, form))


async def _show(request: Request, shop_id: UUID) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if not sheet.is_writable:
        return redirect(f"{ways.address(shop_id)}/report")
    return await _rendered(request, sheet, forms.visit_values(sheet.held, sheet.report, now_of(request)), {})


async def _keep(request: Request, shop_id: UUID, form: Form) -> Page:
    scope, now = scope_of(request), now_of(request)
    visit = forms.visit_of(form, await service.held_in(scope, shop_id), now)
    sheet = await service.save_visit(scope, shop_id, visit, now)
    if "autosave" in form:
        return render(
            request, "fieldwork/_saved.html", at=sheet.held.local(now), base=ways.address(shop_id), unasked=[]
        )
    # A place goes with the button that its writer presses, never with a page that saves itself.
    place = forms.check_in_of(form)
    if place is not None:
        await service.check_in(scope, shop_id, place, now)
    elif "forget" in form:
        await service.forget_check_in(scope, shop_id, now)
    if form["go"] == "back":
        return ways.to(shop_id, str(len(sheet.compiled.sections)))
    if not form.is_valid:
        page = await _rendered(request, sheet, form.values, form.errors, status=422)
        await current().commit()
        return page
    return ways.to(shop_id, "check" if form["go"] == "check" else "evidence")


async def _rendered(
    request: Request, sheet: Sheet, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Page:
    page = render(
        request,
        "fieldwork/visit.html",
        status,
        held=sheet.held,
        base=ways.address(sheet.held.id),
        values=values,
        errors=errors,
        place=await service.check_in_of(scope_of(request), sheet.report),
        is_from_check="check" in request.query_params,
        today=sheet.held.local(now_of(request)).date().isoformat(),
    )
    return page.with_header("permissions-policy", MAY_ASK_WHERE)
