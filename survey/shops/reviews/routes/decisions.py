"""Notes to the shopper, and what becomes of a report."""

from collections.abc import Coroutine, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.params import FromPath

from survey.clients import service as clients
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
    staff,
)

from .. import forms, service
from ..domain import ALLOWS, EXCLUDE_REASONS, REJECT_REASONS, RUBRIC
from .phrases import with_phrase
from .report import shown
from .ways import EDITORS, LOOK, act, address, read, sent

# By what the service says of it: for fraud it is proposed, unless the report is rejected already.
REJECTED = {
    True: "The report is rejected.",
    False: "The rejection is proposed. Somebody else has to confirm it.",
}

REOPENED = "The report is in review again. What is owed for it stays owed, and the shopper reads why."


@post_form("/reviews/{shop_id:uuid}/notes", staff(*EDITORS))
async def add_note(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Write down what to ask the shopper; or put a phrase into what is being written."""
    form = await form_of(request)
    if form["put_in"]:
        return await shown(request, shop_id, await with_phrase(request, form, "note", "return"))
    words = form["question"], form["note"]
    work = service.add_note(scope_of(request), settings_of(request), shop_id, words, now_of(request))
    done = "The note is kept. It goes to the shopper with the return."
    page = await sent(request, work, form, done, address(shop_id, "#notes"))
    return page or await shown(request, shop_id, form, ("notes", form))


@post_form("/reviews/{shop_id:uuid}/notes/{note_id:uuid}/remove", staff(*EDITORS))
async def remove_note(request: Request, shop_id: FromPath[UUID], note_id: FromPath[UUID]) -> Page:
    """Take back a note that was not sent."""
    work = service.remove_note(scope_of(request), shop_id, note_id, now_of(request))
    return await act(request, shop_id, work, "The note is gone.", "#notes")


@post_form("/reviews/{shop_id:uuid}/return", staff(*EDITORS))
async def send_back(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Return the report to its shopper with the notes."""
    work = service.send_back(scope_of(request), settings_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, "The report is with the shopper, who is told by mail.")


@get_page("/reviews/{shop_id:uuid}/approve", staff(*EDITORS), writes=LOOK)
async def approve_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The grade by the rubric, and a word to the shopper."""
    return await _approve_page(request, shop_id, None)


@post_form("/reviews/{shop_id:uuid}/approve", staff(*EDITORS))
async def approve(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Approve the report."""
    form = await form_of(request)
    if form["put_in"]:
        return await _approve_page(request, shop_id, await with_phrase(request, form, "coaching", "coaching"))
    approval = forms.approval_in(form)
    if approval is None:
        return await _approve_page(request, shop_id, form)
    work = service.approve(scope_of(request), settings_of(request), shop_id, approval, now_of(request))
    page = await sent(request, work, form, "The report is approved, and its pay is owed.", address(shop_id))
    return page or await _approve_page(request, shop_id, form)


@post_form("/reviews/{shop_id:uuid}/reject", staff(*EDITORS))
async def reject(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Reject the report, with words to the shopper; for fraud this is a proposal."""
    form = await form_of(request)
    because = forms.because_in(form, REJECT_REASONS)
    work = service.reject(scope_of(request), settings_of(request), shop_id, because, now_of(request))
    return await _against(request, shop_id, work, ("reject", form), REJECTED)


@post_form("/reviews/{shop_id:uuid}/reject/confirm", staff(*EDITORS))
async def confirm_rejection(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The second person agrees."""
    work = service.confirm_rejection(scope_of(request), settings_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, REJECTED[True])


@post_form("/reviews/{shop_id:uuid}/reject/set-aside", staff(*EDITORS))
async def set_proposal_aside(request: Request, shop_id: FromPath[UUID]) -> Page:
    """The proposal is not followed."""
    work = service.set_proposal_aside(scope_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, "The proposal is set aside.", "#decision")


@post_form("/reviews/{shop_id:uuid}/exclude", staff(*EDITORS))
async def exclude(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Keep the report from the client, and pay for it; where that is ticked, have the visit made anew."""
    form = await form_of(request)
    excluded = service.exclude_and_reshoot if form["reshoot"] == "yes" else service.exclude
    because = forms.because_in(form, EXCLUDE_REASONS)
    work = excluded(scope_of(request), settings_of(request), shop_id, because, now_of(request))
    return await _against(request, shop_id, work, ("exclude", form), "The client will not see the report. It is paid.")


@post_form("/reviews/{shop_id:uuid}/reopen", staff(*EDITORS))
async def reopen(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Take an approved report back into review, with words to the shopper, and say until when it is decided anew."""
    form, scope = await form_of(request), scope_of(request)
    again = forms.reopening_in(form, ZoneInfo(await clients.usual_zone(scope)), now_of(request))
    work = service.reopen(scope, settings_of(request), shop_id, again, now_of(request))
    return await _against(request, shop_id, work, ("reopen", form), REOPENED)


@post_form("/reviews/{shop_id:uuid}/hold", staff(*EDITORS))
async def hold(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Let nothing happen to the report, nor a client see it, until somebody lifts the hold."""
    form = await form_of(request)
    work = service.hold(scope_of(request), shop_id, form["reason"], now_of(request))
    return await act(request, shop_id, work, "The shop is on hold: shopper and client see nothing of it move.")


@post_form("/reviews/{shop_id:uuid}/lift-hold", staff(*EDITORS))
async def lift_hold(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Let it go on."""
    work = service.lift_hold(scope_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, "The shop goes on.")


async def _against(
    request: Request,
    shop_id: UUID,
    work: Coroutine[Any, Any, Any],
    what: tuple[str, Form],
    done: str | Mapping[bool, str],
) -> Page:
    """Decide for a reason. what: which decision, and what was typed, which stays where it cannot be sent."""
    _, form = what
    if not form.is_valid:
        work.close()
        return await shown(request, shop_id, form_with({}), what)
    page = await sent(request, work, form, done, address(shop_id, "#decision"))
    return page or await shown(request, shop_id, form_with({}), what)


async def _approve_page(request: Request, shop_id: UUID, form: Form | None) -> Page:
    found = await read(request, shop_id)
    typed = {code: str(points) for code, points in found.report.breakdown.items()}
    filled = form or form_with({**typed, "coaching": found.coaching})
    return render(
        request, "reviews/approve.html", 422 if filled.errors else 200, found=found, report=found.report, rubric=RUBRIC,
        form=filled, errors=filled.errors, base=address(shop_id), allows=ALLOWS[found.report.employee_id_mode],
        phrases=await service.phrases_for(scope_of(request), "coaching"),
    )  # fmt: skip
