"""A shopper's own photo: add, look, replace, take away."""

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
    render,
    scope_of,
    settings_of,
)

from ..service import portraits
from .own import OWN, PROFILE, saved

PHOTO = f"{PROFILE}/photo"
JPEG = b"image/jpeg"
UPLOAD_BYTES = 40_000_000  # what is too large is told so on the page, not by a broken connection


@get_page(PHOTO, OWN)
async def photo_page(request: Request) -> Page:
    """The photo, if there is one, and a form for another."""
    return await _page(request, form_with({}))


@post_form(PHOTO, OWN, takes_files=True, limit_bytes=UPLOAD_BYTES)
async def save_photo(request: Request) -> Page:
    """Add or replace it."""
    form = await form_of(request)
    upload = form.files.get("photo")
    try:
        if upload is None:
            raise BadPicture("Choose a photo first")
        sent = upload.path, upload.size_bytes
        await portraits.set_portrait(scope_of(request), settings_of(request), sent, now_of(request))
    except BadPicture as error:
        form.refuse("photo", str(error))
        return await _page(request, form, 422)
    return saved(request, "Your photo has been saved, cut to a square.")


@get_page(f"{PHOTO}/file", OWN)
async def own_photo(request: Request) -> Page:
    """The picture itself, for its owner alone: there is no address of it for anybody else."""
    return Page(await portraits.own_portrait(scope_of(request), settings_of(request)), 200, JPEG)


@post_form(f"{PHOTO}/remove", OWN)
async def remove_photo(request: Request) -> Page:
    """Take it away; it is gone for good."""
    await portraits.remove_portrait(scope_of(request), now_of(request))
    return saved(request, "Your photo has been removed.")


async def _page(request: Request, form: Form, status: int = 200) -> Page:
    has_photo = await portraits.has_portrait(scope_of(request))
    return render(request, "shoppers/photo.html", status, has_photo=has_photo, errors=form.errors)
