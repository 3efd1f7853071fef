"""A client contests an answer of a report, and reads what became of it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from litestar.params import FromPath

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
    redirect,
    render,
    scope_of,
    viewer,
)

from .. import forms, queries, service
from ..domain import (
    ENDED,
    ISSUES,
    OPEN,
    AppealEvent,
    AppealState,
    NotAbove,
    Part,
    TooLate,
    WrongAppealState,
    notices,
    parts_of,
    tabs_of_visits,
)

SHOWN: Mapping[str, tuple[str, Collection[AppealState]]] = {
    "": ("All", tuple(AppealState)),
    "open": ("Open", OPEN),
    "reply": ("Waiting for your reply", (AppealState.WAITING_CLIENT,)),
    "over": ("Decided or ended", ENDED),
}


@get_page("/portal/shops/{report_ref:uuid}/appeal", viewer())
async def raise_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """A form for what is wrong with one answer."""
    form = form_with({"question": request.query_params.get("question", "")})
    return await _raise_page(request, report_ref, form)


@post_form("/portal/shops/{report_ref:uuid}/appeal", viewer())
async def raise_appeal(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Contest one answer."""
    form = await form_of(request)
    report = await queries.report_in(scope_of(request), report_ref)
    opening = forms.opening_in(form, report.questions)
    try:
        if form.is_valid:
            await service.raise_appeal(scope_of(request), report_ref, opening, now_of(request))
    except TooLate as refusal:
        form.refuse("question", f"{refusal}".capitalize())
    if not form.is_valid:
        return await _raise_page(request, report_ref, form)
    return redirect(f"/portal/shops/{report_ref}?said=raised")


@get_page("/portal/appeals", viewer())
async def appeal_list(request: Request) -> Page:
    """Appeals of the viewer's places, as the URL narrows them."""
    asked = request.query_params.get("show", "")
    show = asked if asked in SHOWN else ""
    page = await queries.appeals_in(scope_of(request), SHOWN[show][1], keyset_of(request))
    return render(
        request, "appeals/appeals.html", rows=page.rows, next_cursor=page.next_cursor, show=show,
        nav=tabs_of_visits("appeals"), is_first="after" not in request.query_params,
        shown=[(name, label) for name, (label, _) in SHOWN.items()],
    )  # fmt: skip


@get_page("/portal/appeals/{appeal_id:uuid}", viewer())
async def thread_page(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """One appeal with what was written between the client and the affiliate."""
    return await _thread_page(request, appeal_id, form_with({}))


@post_form("/portal/appeals/{appeal_id:uuid}", viewer())
async def reply(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Answer what the affiliate has asked."""
    form = await form_of(request)
    words = forms.words_in(form, "words", "Write your reply")
    try:
        if form.is_valid:
            await service.reply(scope_of(request), appeal_id, words, now_of(request))
    except WrongAppealState:
        form.refuse("words", "Your reply is not waited for any more. Nothing was sent.")
    if not form.is_valid:
        return await _thread_page(request, appeal_id, form)
    return redirect(f"/portal/appeals/{appeal_id}?said={AppealEvent.CLIENT_REPLIED}")


@post_form("/portal/appeals/{appeal_id:uuid}/move", viewer())
async def move_own(request: Request, appeal_id: FromPath[UUID]) -> Page:
    """Withdraw it; or, from above the location, stand behind it or stop it."""
    form = await form_of(request)
    await queries.appeal_in(scope_of(request), appeal_id)
    event = forms.own_event(form)
    try:
        await service.move_own(scope_of(request), appeal_id, event, now_of(request))
    except (WrongAppealState, NotAbove):
        form.refuse("event", "The appeal has moved meanwhile, or this is for somebody else to do.")
        return await _thread_page(request, appeal_id, form)
    return redirect(f"/portal/appeals/{appeal_id}?said={event}")


async def _raise_page(request: Request, report_ref: UUID, form: Form) -> Page:
    report = await queries.report_in(scope_of(request), report_ref)
    chosen = form["question"]
    return render(
        request, "appeals/raise.html", 422 if form.errors else 200, report=report, form=form, errors=form.errors,
        issues=ISSUES, title=report.questions.get(chosen, ""), answer=report.answers.get(chosen, ()),
        nav=tabs_of_visits("shops"), is_late=now_of(request) >= report.appeal_until,
    )  # fmt: skip


async def _thread_page(request: Request, appeal_id: UUID, form: Form) -> Page:
    scope = scope_of(request)
    appeal = await queries.appeal_in(scope, appeal_id)
    report = await queries.report_in(scope, appeal.report_ref)
    return render(
        request, "appeals/thread.html", 422 if form.errors else 200, appeal=appeal, report=report, form=form,
        errors=form.errors, messages=await queries.messages_of(appeal_id), issues=ISSUES, nav=tabs_of_visits("appeals"),
        title=report.questions.get(appeal.question_id, "An answer"),
        flashes=notices(request.query_params.get("said", "")),
        is_above=Part.JUDGE in parts_of(scope.node_path or "", appeal.node_path),
    )  # fmt: skip
