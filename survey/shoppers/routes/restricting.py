"""Requests to restrict processing: for the affiliate's administrators, who answer for privacy."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import (
    Form,
    Page,
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
    staff,
)

from ..domain import RESTRICTION_CHARACTERS, RestrictionAnswer
from ..domain.restricting import RESTRICTION_NOTICE
from ..forms import restricting as forms
from ..service import restricting as service
from ..service import staff as people

OFFICERS = staff("affiliate_admin")
QUEUE = "/shoppers/restrictions"
ANSWERS = (
    (RestrictionAnswer.STANDS.value, "It stands until the shopper ends it"),
    (RestrictionAnswer.ENDS.value, f"It ends in {RESTRICTION_NOTICE.days} days: its reason does not hold, or no more"),
)


@get_page(QUEUE, OFFICERS)
async def restriction_queue(request: Request) -> Page:
    """Those that stand, by code, each with the last day of its answer."""
    page = await service.queue(scope_of(request), now_of(request), keyset_of(request))
    return render(
        request, "shoppers/restriction_queue.html", rows=page.rows, next_cursor=page.next_cursor,
        is_first="after" not in request.query_params, now=now_of(request),
    )  # fmt: skip


@get_page("/shoppers/{shopper_id:uuid}/restriction", OFFICERS, writes="a look at a shopper's words is recorded")
async def restriction_page(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """What a shopper asks, and a way to answer."""
    return await _page(request, shopper_id, form_with({}))


@post_form("/shoppers/{shopper_id:uuid}/restriction", OFFICERS)
async def answer_restriction(request: Request, shopper_id: FromPath[UUID]) -> Page:
    """Answer: it stands, or it ends once the notice is over. The shopper is told by mail."""
    form, scope, now = await form_of(request), scope_of(request), now_of(request)
    said = forms.said(form)
    if not form.is_valid or not await service.stands(scope, shopper_id, now):
        return await _page(request, shopper_id, form, 422)
    await service.answer(scope, settings_of(request), shopper_id, said, now)
    flash(request, "good", "Answered. The shopper is told by mail and reads it on their own page.")
    return redirect(QUEUE)


async def _page(request: Request, shopper_id: UUID, form: Form, status: int = 200) -> Page:
    scope, now = scope_of(request), now_of(request)
    shopper = await people.shopper(scope, shopper_id)
    if not await service.stands(scope, shopper_id, now):
        flash(request, "info", f"No restriction of {shopper.display_code} stands: nothing is to be answered.")
        return redirect(QUEUE)
    one = await service.look_at(scope, settings_of(request).keyring, shopper_id, now)
    return render(
        request, "shoppers/restriction.html", status, shopper=shopper, one=one, now=now, form=form, errors=form.errors,
        answers=ANSWERS, longest=RESTRICTION_CHARACTERS,
    )  # fmt: skip


ROUTES = (restriction_queue, restriction_page, answer_restriction)
