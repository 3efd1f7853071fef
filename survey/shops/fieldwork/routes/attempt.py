"""The place was closed, or the visit could not be made: why, when, a picture, and what the attempt pays."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import current
from survey.media.pictures import BadPicture
from survey.web import (
    Form,
    Page,
    Request,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    shopper,
)

from .. import forms, service
from ..domain import NOT_DONE, WORDS
from . import ways

PICTURES = {"picture": "photo", "proof": "receipt"}  # the fields of the form, and as what their files are kept


@get_page("/shopper/shops/{shop_id:uuid}/report/closed", shopper())
async def show_attempt(request: Request, shop_id: FromPath[UUID]) -> Page:
    """What to say where a visit could not be made."""
    return await ways.on_the_report(request, shop_id, lambda: _show(request, shop_id))


@post_form("/shopper/shops/{shop_id:uuid}/report/closed", shopper(), takes_files=True, limit_bytes=ways.UPLOAD_BYTES)
async def keep_attempt(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Keep it and go on to the last look; or, after all, back to the report of a visit that was made."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _keep(request, shop_id, form))


async def _show(request: Request, shop_id: UUID) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if not sheet.is_writable:
        return redirect(f"{ways.address(shop_id)}/report")
    texts = service.texts_of(ways.ring_of(request), sheet.report)
    values = forms.visit_values(sheet.held, sheet.report, now_of(request))
    form = form_with({**values, "words": texts.get(WORDS, ""), "reason": sheet.report.reason})
    return await _rendered(request, shop_id, form)


async def _keep(request: Request, shop_id: UUID, form: Form) -> Page:
    scope, ring, now = scope_of(request), ways.ring_of(request), now_of(request)
    if form["go"] == "undo":
        await service.undo_not_done(scope, shop_id, now)
        return ways.to(shop_id)
    held = await service.held_in(scope, shop_id)
    attempt = forms.attempt_of(form, held, now)
    if attempt.reason:
        await service.not_done(scope, ring, shop_id, attempt, now)
    for field, kind in PICTURES.items():
        await _take_picture(request, shop_id, form, (field, kind))
    if form.is_valid:
        return ways.to(shop_id, "check")
    page = await _rendered(request, shop_id, form, status=422)
    await current().commit()
    return page


async def _take_picture(request: Request, shop_id: UUID, form: Form, what: tuple[str, str]) -> None:
    field, kind = what
    upload = form.files.get(field)
    if upload is None:
        return
    sent = (kind, upload.path, upload.size_bytes)
    try:
        await service.add_picture(scope_of(request), ways.media_for(request), shop_id, sent, now_of(request))
    except BadPicture as error:
        form.refuse(field, str(error))


async def _rendered(request: Request, shop_id: UUID, form: Form, status: int = 200) -> Page:
    sheet = await service.sheet_of(scope_of(request), shop_id)
    return render(
        request,
        "fieldwork/closed.html",
        status,
        held=sheet.held,
        base=ways.address(shop_id),
        reasons=[(code, words) for code, (_, words) in NOT_DONE.items()],
        pictures=await service.pictures_of(scope_of(request), sheet.report),
        values=form.values,
        errors=form.errors,
        is_attempt=bool(sheet.report.reason),
        today=sheet.held.local(now_of(request)).date().isoformat(),
    )
