"""Pictures: as they came, as the client may see them, and the boxes that make the difference."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import savepoint
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import BadBox, goes_to_client
from .ways import EDITORS, LOOK, REFUSALS, act, address, media_for, refused

JPEG = b"image/jpeg"
EMPTY_ROWS = 3


@get_page("/reviews/{shop_id:uuid}/pictures/{picture_id:uuid}", staff(*EDITORS))
async def picture_page(request: Request, shop_id: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """One picture, with a form for what is to be blacked out."""
    return await _picture_page(request, shop_id, picture_id, None)


@get_page("/reviews/{shop_id:uuid}/pictures/{picture_id:uuid}/file", staff(*EDITORS), writes=LOOK)
async def picture_file(request: Request, shop_id: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """The picture itself; with `?client` the copy that a client may see."""
    scope, for_client = scope_of(request), "client" in request.query_params
    picture = await service.picture_in(scope, shop_id, picture_id)
    content = await service.picture_bytes(media_for(request), picture, for_client=for_client)
    await service.note_picture(scope, shop_id, picture_id, service.REVIEW, now_of(request))
    return Page(content, 200, JPEG)


@post_form("/reviews/{shop_id:uuid}/pictures/{picture_id:uuid}", staff(*EDITORS))
async def redact(request: Request, shop_id: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """Make the copy for the client, with the boxes filled."""
    form, scope, now = await form_of(request), scope_of(request), now_of(request)
    chosen = picture_id, forms.boxes_in(form)
    try:
        if form.is_valid:
            async with savepoint():
                await service.redact(scope, media_for(request), shop_id, chosen, now)
    except BadBox as error:
        form.refuse(f"x-{error.number}", str(error))
    except REFUSALS as refusal:
        return refused(request, shop_id, refusal)
    if not form.is_valid:
        return await _picture_page(request, shop_id, picture_id, form)
    flash(request, "good", "The client’s copy has been made. Look at it here.")
    return redirect(address(shop_id, f"/pictures/{picture_id}#client"))


@post_form("/reviews/{shop_id:uuid}/pictures/{picture_id:uuid}/withhold", staff(*EDITORS))
async def withhold(request: Request, shop_id: FromPath[UUID], picture_id: FromPath[UUID]) -> Page:
    """Keep a picture from the client."""
    work = service.withhold(scope_of(request), shop_id, picture_id, now_of(request))
    return await act(request, shop_id, work, "The client will not see this picture.", "#pictures")


async def _picture_page(request: Request, shop_id: UUID, picture_id: UUID, form: Form | None) -> Page:
    report = await queries.report_in(scope_of(request), shop_id)
    picture = await service.picture_in(scope_of(request), shop_id, picture_id)
    typed = {
        f"{side}-{number}": str(value)
        for number, box in enumerate(picture.boxes, start=1)
        for side, value in zip(("x", "y", "width", "height"), box, strict=True)
    }
    shown = form or form_with({**typed})
    return render(
        request, "reviews/picture.html", 422 if form else 200, report=report, picture=picture, form=shown,
        errors=shown.errors, for_client=goes_to_client(picture.kind, report.picture_mode, report.receipt_mode),
        base=address(shop_id), rows=range(1, len(picture.boxes) + EMPTY_ROWS + 1),
    )  # fmt: skip
