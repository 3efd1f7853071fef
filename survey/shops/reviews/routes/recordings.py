"""Recordings of a visit, for whoever judges the report. They stay here: no client gets one."""

from uuid import UUID

from litestar.params import FromPath

from survey.shops.fieldwork import service as fieldwork
from survey.web import Page, Request, get_page, now_of, played, scope_of, staff

from .. import queries, service
from .ways import EDITORS, HEARING, media_for


@get_page("/reviews/{shop_id:uuid}/recordings/{recording_id:uuid}/file", staff(*EDITORS), writes=HEARING)
async def recording_file(request: Request, shop_id: FromPath[UUID], recording_id: FromPath[UUID]) -> Page:
    """The recording, in the parts that a player asks for; who heard it is recorded."""
    scope = scope_of(request)
    report = await queries.report_in(scope, shop_id)
    recording = await fieldwork.recording_of(scope, report.id, recording_id)
    page = await played(media_for(request), fieldwork.file_of(recording), request.headers.get("range", ""))
    await service.note_recording(scope, shop_id, recording_id, service.REVIEW, now_of(request))
    return page
