"""The last look: everything once more, what is missing, and the declaration. Afterwards the same, to be read."""

from uuid import UUID

from litestar.params import FromPath

from survey.questionnaires.domain import summary
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    shopper,
)

from .. import service
from ..domain import NOT_DONE, PROOF_KINDS, WORDS, NotReady, Outcome, Problem, comment_field
from ..service import Sheet
from . import ways

UNDECLARED = "Tick that the report is true"


@get_page("/shopper/shops/{shop_id:uuid}/report", shopper())
async def show_report(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The report as it was handed in; nothing can be changed here."""
    return await ways.on_the_report(request, shop_id, lambda: _show(request, shop_id, is_final=True))


@get_page("/shopper/shops/{shop_id:uuid}/report/check", shopper())
async def show_check(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Everything once more, with a way to change it, and what is missing."""
    return await ways.on_the_report(request, shop_id, lambda: _show(request, shop_id, is_final=False))


@post_form("/shopper/shops/{shop_id:uuid}/report/check", shopper())
async def hand_in(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Hand the report in. Twice is once."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _hand_in(request, shop_id, form))


async def _show(request: Request, shop_id: UUID, *, is_final: bool) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if is_final and sheet.report.submitted_at is None:
        return ways.to(shop_id)
    if not is_final and not sheet.is_writable:
        return redirect(f"{ways.address(shop_id)}/report")
    if is_final:
        return await _rendered(request, sheet, "fieldwork/report.html", [], {})
    found = await service.missing(scope_of(request), ways.ring_of(request), sheet, now_of(request))
    return await _rendered(request, sheet, "fieldwork/check.html", found, {})


async def _hand_in(request: Request, shop_id: UUID, form: Form) -> Page:
    scope = scope_of(request)
    if "declared" not in form:
        sheet = await service.sheet_of(scope, shop_id)
        found = await service.missing(scope, ways.ring_of(request), sheet, now_of(request))
        return await _rendered(request, sheet, "fieldwork/check.html", found, {"declared": UNDECLARED}, status=422)
    try:
        await service.hand_in(scope, ways.ring_of(request), shop_id, now_of(request))
    except NotReady as error:
        sheet = await service.sheet_of(scope, shop_id)
        return await _rendered(request, sheet, "fieldwork/check.html", error.problems, {}, status=422)
    flash(request, "good", "Your report has been handed in.")
    return redirect(f"{ways.address(shop_id)}/report")


async def _rendered(
    request: Request, sheet: Sheet, name: str, found: list[Problem], errors: dict[str, str], status: int = 200
) -> Page:
    scope, ring = scope_of(request), ways.ring_of(request)
    texts = service.texts_of(ring, sheet.report)
    is_done = sheet.report.outcome is Outcome.DONE
    return render(
        request,
        name,
        status,
        held=sheet.held,
        base=ways.address(sheet.held.id),
        report=sheet.report,
        is_done=is_done,
        reason=NOT_DONE[sheet.report.reason][1] if sheet.report.reason in NOT_DONE else "",
        words=texts.get(WORDS, ""),
        rows=summary(sheet.compiled, sheet.report.coded, texts) if is_done else [],
        comments={item.id: texts.get(comment_field(item.id), "") for item in sheet.definition.items()},
        pictures=await service.pictures_of(scope, sheet.report),
        kinds=PROOF_KINDS,
        recordings=await service.recordings_of(scope, sheet.report.id),
        place=await service.check_in_of(scope, sheet.report),
        problems=found,
        finds=await service.finds_of(scope, ring, sheet) if sheet.is_writable else [],
        errors=errors,
    )
