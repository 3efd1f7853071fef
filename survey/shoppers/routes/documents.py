"""Documents for qualifications, as their senders see them: what to send, sending it, and what came of it."""

from uuid import UUID

from litestar.params import FromPath

from survey.media.pictures import BadPicture
from survey.web import (
    Form,
    Page,
    Request,
    download,
    flash,
    form_of,
    form_with,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
)

from .. import forms
from ..domain import KEPT_DAYS, LONGEST_WAIT_DAYS, BadDocument, DocumentState, Format
from ..service import documents
from .own import OWN, PROFILE

QUALIFICATIONS = f"{PROFILE}/qualifications"
UPLOAD_BYTES = 40_000_000
MEDIA = {Format.JPEG: ("jpg", "image/jpeg"), Format.PDF: ("pdf", "application/pdf")}
# A file that somebody has sent is never a page of ours: it may run nothing, load nothing, and belongs to no site.
SEALED_OFF = "default-src 'none'; sandbox"


@get_page(f"{QUALIFICATIONS}/{{kind_id:uuid}}", OWN)
async def document_page(request: Request, kind_id: FromPath[UUID]) -> Page:
    """What to send for a qualification, and what was sent before."""
    return await _page(request, kind_id, form_with({}))


@post_form(f"{QUALIFICATIONS}/{{kind_id:uuid}}", OWN, takes_files=True, limit_bytes=UPLOAD_BYTES)
async def send_document(request: Request, kind_id: FromPath[UUID]) -> Page:
    """Send a document; it takes the place of one that waits."""
    form, now = await form_of(request), now_of(request)
    upload, valid_until = form.files.get("document"), forms.shown.last_day(form, now)
    if upload is None:
        form.refuse("document", "Choose the document first")
    elif form.is_valid:
        try:
            sent = upload.path, upload.size_bytes, valid_until
            await documents.send(scope_of(request), settings_of(request), kind_id, sent, now)
        except (BadPicture, BadDocument) as error:
            form.refuse("document", str(error))
    return _sent(request) if form.is_valid else await _page(request, kind_id, form, 422)


@get_page(f"{PROFILE}/documents/{{document_id:uuid}}", OWN)
async def own_document(request: Request, document_id: FromPath[UUID]) -> Page:
    """One's own document, as it is kept."""
    content, form = await documents.own_file(scope_of(request), settings_of(request), document_id)
    return attached(content, form, "document")


@post_form(f"{PROFILE}/documents/{{document_id:uuid}}/withdraw", OWN)
async def withdraw_document(request: Request, document_id: FromPath[UUID]) -> Page:
    """Take it back before anybody has decided; the file goes at once."""
    await documents.withdraw(scope_of(request), document_id, now_of(request))
    flash(request, "good", "Taken back. The file is removed.")
    return redirect(QUALIFICATIONS)


def attached(content: bytes, form: Format, name: str) -> Page:
    """A document's file to be saved. No browser shows it in our name."""
    ending, media = MEDIA[form]
    return download(content, f"{name}.{ending}", media).with_header("content-security-policy", SEALED_OFF)


def _sent(request: Request) -> Page:
    flash(request, "good", "Sent. We write to you when somebody has looked at it.")
    return redirect(QUALIFICATIONS)


async def _page(request: Request, kind_id: UUID, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    kind = await documents.kind_to_send(scope, kind_id)
    sent = [one for one in await documents.own_documents(scope, settings_of(request)) if one.kind_id == kind_id]
    waits = next((one for one in sent if one.state == DocumentState.WAITING), None)
    return render(
        request, "shoppers/document.html", status, kind=kind, sent=sent, waits=waits, form=form, errors=form.errors,
        kept_days=KEPT_DAYS, longest_days=LONGEST_WAIT_DAYS,
    )  # fmt: skip
