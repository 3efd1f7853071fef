"""Sound and film in the tray: hand in, see how far it is, hear, take out."""

from uuid import UUID

from litestar.params import FromPath

from survey.media.recordings import BadRecording
from survey.web import Form, Page, Request, form_of, get_page, now_of, played, post_form, render, scope_of, shopper

from .. import service
from ..domain import NoRecording
from ..service import Upload
from . import ways
from .evidence import tray

RECORDING_BYTES = 101_000_000  # the largest film, and what a form puts around it


@get_page("/shopper/shops/{shop_id:uuid}/report/recordings", shopper())
async def show_recordings(request: Request, shop_id: FromPath[UUID]) -> Page:
    """They lie in the tray: this address is where the form is sent."""
    await service.held_in(scope_of(request), shop_id)
    return ways.to(shop_id, "evidence")


@post_form("/shopper/shops/{shop_id:uuid}/report/recordings", shopper(), takes_files=True, limit_bytes=RECORDING_BYTES)
async def add_recording(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Put one recording into the tray."""
    form = await form_of(request)
    return await ways.on_the_report(request, shop_id, lambda: _add(request, shop_id, form))


@get_page("/shopper/shops/{shop_id:uuid}/report/recordings/{recording_id:uuid}", shopper())
async def show_recording(request: Request, shop_id: FromPath[UUID], recording_id: FromPath[UUID]) -> Page:
    """How far a recording is: what the tray asks for while it is being prepared."""
    held = await service.held_in(scope_of(request), shop_id)
    recording = await service.recording_in(scope_of(request), shop_id, recording_id)
    return render(
        request,
        "fieldwork/_recording.html",
        held=held,
        base=ways.address(shop_id),
        recording=recording,
        is_removable=True,
    )


@get_page("/shopper/shops/{shop_id:uuid}/report/recordings/{recording_id:uuid}/file", shopper())
async def hear_recording(request: Request, shop_id: FromPath[UUID], recording_id: FromPath[UUID]) -> Page:
    """The recording itself, in the parts that a player asks for."""
    recording = await service.recording_in(scope_of(request), shop_id, recording_id)
    return await played(ways.media_for(request), service.file_of(recording), request.headers.get("range", ""))


@post_form("/shopper/shops/{shop_id:uuid}/report/recordings/{recording_id:uuid}/remove", shopper())
async def remove_recording(request: Request, shop_id: FromPath[UUID], recording_id: FromPath[UUID]) -> Page:
    """Take one's own recording out of the tray; it is gone for good."""
    return await ways.on_the_report(request, shop_id, lambda: _remove(request, shop_id, recording_id))


async def _add(request: Request, shop_id: UUID, form: Form) -> Page:
    upload = form.files.get("recording")
    try:
        if upload is None:
            raise BadRecording("Choose a recording first")
        sent = Upload(form["kind"], upload.path, upload.size_bytes, "lawful" in form)
        await service.add_recording(scope_of(request), ways.media_for(request), shop_id, sent, now_of(request))
    except (BadRecording, NoRecording) as error:
        name = "lawful" if str(error) == service.UNDECLARED else "recording"
        form.refuse(name, str(error))
        return await tray(request, shop_id, form, status=422)
    return ways.to(shop_id, "evidence")


async def _remove(request: Request, shop_id: UUID, recording_id: UUID) -> Page:
    await service.remove_recording(scope_of(request), shop_id, recording_id, now_of(request))
    return ways.to(shop_id, "evidence")
