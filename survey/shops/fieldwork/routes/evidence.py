"""One tray for all pictures of a report: add, look, take out."""

from uuid import UUID

from litestar.params import FromPath

from survey.media.pictures import BadPicture
from survey.media.recordings import LIMITS
from survey.web import Form, Page, Request, form_of, get_page, now_of, post_form, redirect, render, scope_of, shopper

from .. import service
from ..domain import MOST_PICTURES, MOST_RECORDINGS, PROOF_KINDS, RECORDING_KINDS
from . import ways

JPEG = b"image/jpeg"


@get_page("/shopper/shops/{shop_id:uuid}/report/evidence", shopper())
async def show_evidence(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The tray."""
    return await ways.on_the_report(request, shop_id, lambda: tray(request, shop_id, Form()))


@post_form("/shopper/shops/{shop_id:uuid}/report/evidence", shopper(), takes_files=True, limit_bytes=ways.UPLOAD_BYTES)
async def add_picture(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Put one picture into the tray."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _add(request, shop_id, form))


@get_page("/shopper/shops/{shop_id:uuid}/report/evidence/{picture_id:uuid}", shopper())
async def show_picture(request: Request, shop_id: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """One picture, or with `?small` its thumbnail. Nothing but its writer's browser keeps it, and that not either."""
    picture = await service.picture_in(scope_of(request), shop_id, picture_id)
    is_small = "small" in request.query_params
    return Page(await service.picture_bytes(ways.media_for(request), picture, small=is_small), 200, JPEG)


@post_form("/shopper/shops/{shop_id:uuid}/report/evidence/{picture_id:uuid}/remove", shopper())
async def remove_picture(request: Request, shop_id: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """Take one's own picture out of the tray; it is gone for good."""
    return await ways.on_the_report(request, shop_id, lambda: _remove(request, shop_id, picture_id))


async def tray(request: Request, shop_id: UUID, form: Form, status: int = 200) -> Page:
    """The tray as it stands, with what is wrong with what was sent."""
    sheet = await service.sheet_of(scope_of(request), shop_id)
    if not sheet.is_writable:
        return redirect(f"{ways.address(shop_id)}/report")
    return render(
        request,
        "fieldwork/evidence.html",
        status,
        held=sheet.held,
        base=ways.address(shop_id),
        pictures=await service.pictures_of(scope_of(request), sheet.report),
        kinds=list(PROOF_KINDS.items()),
        words=PROOF_KINDS,
        chosen=form.get("kind", sheet.held.likely_proof),
        most=MOST_PICTURES,
        recordings=await service.recordings_of(scope_of(request), sheet.report.id),
        recording_kinds=[(kind, RECORDING_KINDS[kind]) for kind in sheet.held.recordings],
        recording_limits=[f"{RECORDING_KINDS[kind]} {LIMITS[kind].words}" for kind in sheet.held.recordings],
        most_recordings=MOST_RECORDINGS,
        errors=form.errors,
    )


async def _add(request: Request, shop_id: UUID, form: Form) -> Page:
    upload = form.files.get("picture")
    try:
        if upload is None:
            raise BadPicture("Choose a picture first")
        sent = (form["kind"], upload.path, upload.size_bytes)
        await service.add_picture(scope_of(request), ways.media_for(request), shop_id, sent, now_of(request))
    except BadPicture as error:
        form.refuse("picture", str(error))
        return await tray(request, shop_id, form, status=422)
    return ways.to(shop_id, "evidence")


async def _remove(request: Request, shop_id: UUID, picture_id: UUID) -> Page:
    await service.remove_picture(scope_of(request), shop_id, picture_id, now_of(request))
    return ways.to(shop_id, "evidence")
