"""Documents of shoppers for the affiliate's staff: what waits, a look that is recorded, and a decision."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Form,
    Page,
    Refused,
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
)

from .. import forms
from ..domain import KEPT_DAYS, DocumentState, Format, Restricted, Retired, WrongStatus
from ..service import documents, restricting
from .documents import attached
from .staff import SCHEDULERS

LIST = "/shoppers/documents"


@get_page(LIST, SCHEDULERS)
async def document_queue(request: Request) -> Page:
    """What waits, the oldest first; whose it is stands there as a code."""
    page = await documents.waiting(scope_of(request), now_of(request), keyset_of(request))
    return render(request, "shoppers/documents.html", rows=page.rows, next_cursor=page.next_cursor)


@get_page(f"{LIST}/{{document_id:uuid}}", SCHEDULERS)
async def document_to_check(request: Request, document_id: FromPath[UUID]) -> Page:
    """One document: what was asked for, and what can be decided. Its file is opened by a link of its own."""
    return await _page(request, document_id, form_with({}))


@get_page(f"{LIST}/{{document_id:uuid}}/file", SCHEDULERS, writes="a look at a shopper's document is recorded")
async def document_file(request: Request, document_id: FromPath[UUID]) -> Page:
    """The file, to be saved. The look is recorded, and the shopper reads it."""
    scope = scope_of(request)
    try:
        content, sent = await documents.look_at(scope, settings_of(request), document_id, now_of(request))
    except Restricted as problem:
        raise Refused(problem.text) from None
    return attached(content, Format(sent.format), f"document-{sent.shopper_code}")


@post_form(f"{LIST}/{{document_id:uuid}}/accept", SCHEDULERS)
async def accept_document(request: Request, document_id: FromPath[UUID]) -> Page:
    """Record the qualification with its last day."""
    form, now = await form_of(request), now_of(request)
    expires_on = forms.shown.accepted_until(form, now)
    if not form.is_valid:
        return await _page(request, document_id, form, 422)
    try:
        await documents.accept(scope_of(request), settings_of(request), document_id, expires_on, now)
    except (Restricted, Retired, WrongStatus) as wrong:
        raise Refused(wrong.text) from None
    return _decided(request, "Recorded.")


@post_form(f"{LIST}/{{document_id:uuid}}/decline", SCHEDULERS)
async def decline_document(request: Request, document_id: FromPath[UUID]) -> Page:
    """Do not accept it, for a reason that the shopper reads."""
    form, now = await form_of(request), now_of(request)
    reason = forms.own.words(form, "reason", "Tell the shopper why, so that the next document is the right one")
    if not form.is_valid:
        return await _page(request, document_id, form, 422)
    try:
        await documents.decline(scope_of(request), settings_of(request), document_id, reason, now)
    except (Restricted, WrongStatus) as wrong:
        raise Refused(wrong.text) from None
    return _decided(request, "Not accepted.")


def _decided(request: Request, text: str) -> Page:
    told = f"{text} The shopper is told by mail. The document itself is removed in {KEPT_DAYS} days."
    flash(request, "good", told)
    return redirect(LIST)


async def _page(request: Request, document_id: UUID, form: Form, status: int = 200) -> Page:
    scope, now = scope_of(request), now_of(request)
    one = await documents.document_in(scope, document_id)
    proposed, is_restricted = one.proposed_until(now.date()), await restricting.stands(scope, one.shopper_id, now)
    return render(
        request, "shoppers/document_check.html", status, one=one, form=form, errors=form.errors,
        proposed=proposed.isoformat() if proposed else "", kept_days=KEPT_DAYS, is_restricted=is_restricted,
        is_open=one.state == DocumentState.WAITING and not is_restricted,
    )  # fmt: skip
