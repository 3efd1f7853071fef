"""Contested rejections and grades: what waits, one of them with the shopper's words, and the decision."""

from collections.abc import Mapping
from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.web import (
    Form,
    Page,
    Request,
    form_of,
    form_with,
    get_page,
    keyset_of,
    now_of,
    post_form,
    render,
    scope_of,
    settings_of,
    staff,
)

from .. import forms, queries, service
from ..domain import REASON_WORDS, REJECT_REASONS, RUBRIC, ContestKind, ContestState
from .phrases import with_phrase
from .ways import EDITORS, act, address, sent

UPHELD = {
    ContestKind.REJECTION: "The rejection is overturned. The report is in review again, and it is yours to read.",
    ContestKind.GRADE: "The grade is changed. The shopper is told by mail where to read why.",
}
DECLINED = {
    ContestKind.REJECTION: "The rejection stands. The shopper is told by mail where to read why.",
    ContestKind.GRADE: "The grade stands. The shopper is told by mail where to read why.",
}


@get_page("/reviews/contests", staff(*EDITORS))
async def contest_list(request: Request) -> Page:
    """Rejections and grades that shoppers contest, the longest waiting first."""
    scope = scope_of(request)
    page = await queries.waiting_contests(scope, keyset_of(request))
    return render(
        request, "reviews/contests.html", rows=page.rows, next_cursor=page.next_cursor, reasons=REJECT_REASONS,
        is_first="after" not in request.query_params, zone=await clients.usual_zone(scope),
    )  # fmt: skip


@get_page("/reviews/{shop_id:uuid}/contest", staff(*EDITORS), writes="a look at a shopper's words is recorded")
async def contest_page(request: Request, shop_id: FromPath[UUID]) -> Page:
    """One contest, and who may decide it."""
    return await _page(request, shop_id, form_with({}))


@post_form("/reviews/{shop_id:uuid}/contest", staff(*EDITORS))
async def judge(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Overturn the rejection, give another grade, or let it stand; and say why."""
    form, scope = await form_of(request), scope_of(request)
    kind = (await queries.contest_in(scope, shop_id)).kind
    if form["put_in"]:
        return await _page(request, shop_id, await with_phrase(request, form, "answer", "decline"))
    judged = forms.judged_in(form, kind)
    if not form.is_valid:
        return await _page(request, shop_id, form)
    work = service.judge(scope, settings_of(request), shop_id, judged, now_of(request))
    done = (UPHELD if judged.is_upheld else DECLINED)[kind]
    is_in_review = judged.is_upheld and kind is ContestKind.REJECTION
    page = await sent(request, work, form, done, address(shop_id, "" if is_in_review else "/contest"))
    return page or await _page(request, shop_id, form)


@post_form("/reviews/{shop_id:uuid}/mark", staff(*EDITORS))
async def propose_mark(request: Request, shop_id: FromPath[UUID]) -> Page:
    """Propose that a rejection should count against whoever made the visit."""
    work = service.propose_mark(scope_of(request), shop_id, now_of(request))
    return await act(request, shop_id, work, "A mark is proposed. A scheduler decides whether it counts.", "#decision")


async def _page(request: Request, shop_id: UUID, form: Form) -> Page:
    scope = scope_of(request)
    found = await service.read_contest(scope, settings_of(request), shop_id, now_of(request))
    contest = found.contest
    typed = form if form.errors or form["decision"] or form["answer"] else form_with(_points(contest.breakdown))
    return render(
        request, "reviews/contest.html", 422 if form.errors else 200, found=found, contest=contest, form=typed,
        errors=form.errors, reasons=REASON_WORDS, base=address(shop_id), rubric=RUBRIC,
        phrases=await service.phrases_for(scope, "decline"), is_open=contest.state is ContestState.RAISED,
        is_own=scope.account_id in contest.deciders, is_grade=contest.kind is ContestKind.GRADE,
        can_regrade=found.can_regrade, zone=await clients.usual_zone(scope),
    )  # fmt: skip


def _points(breakdown: Mapping[str, int]) -> dict[str, str | list[str]]:
    return {part: str(points) for part, points in breakdown.items()}
