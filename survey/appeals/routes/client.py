"""A client contests an answer, reads what became of it, and writes what is done about a report."""

from collections.abc import Mapping
from uuid import UUID

from litestar.params import FromPath

from survey.db import Conflict, Scope
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
    ISSUES,
    NotAbove,
    Part,
    Plan,
    PlanEvent,
    TooLate,
    WrongAppealState,
    WrongPlanState,
    events_of,
    parts_of,
)

NAV = (
    ("Overview", "/portal/shops/overview", "overview"),
    ("Visits", "/portal/shops", "shops"),
    ("Action plans", "/portal/plans", "plans"),
    ("Survey reports", "/portal/overview", "surveys"),
)


def tabs(current: str) -> list[Mapping[str, object]]:
    """The tabs of a client's pages about visits."""
    return [{"label": label, "url": url, "current": name == current} for label, url, name in NAV]


@get_page("/portal/shops/{report_ref:uuid}/appeal", viewer())
async def raise_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """A form for what is wrong with one answer."""
    form = form_with({"question": request.query_params.get("question", "")})
    return await _raise_page(request, report_ref, form)


@post_form("/portal/shops/{report_ref:uuid}/appeal", viewer())
async def raise_appeal(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Contest one answer."""
    form = await form_of(request)
    opening = forms.opening_in(form)
    try:
        if form.is_valid:
            await service.raise_appeal(scope_of(request), report_ref, opening, now_of(request))
    except TooLate as refusal:
        form.refuse("question", f"{refusal}".capitalize())
    if not form.is_valid:
        return await _raise_page(request, report_ref, form)
    return redirect(f"/portal/shops/{report_ref}#appeals")


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
    return redirect(f"/portal/appeals/{appeal_id}")


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
    return redirect(f"/portal/appeals/{appeal_id}")


@get_page("/portal/plans", viewer())
async def plan_list(request: Request) -> Page:
    """Action plans of the viewer's places."""
    page = await queries.plans_of(scope_of(request), keyset_of(request))
    return render(
        request, "appeals/plans.html", rows=page.rows, next_cursor=page.next_cursor, today=now_of(request).date(),
        nav=tabs("plans"), is_first="after" not in request.query_params,
    )  # fmt: skip


@get_page("/portal/shops/{report_ref:uuid}/plan", viewer())
async def plan_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """The action plan for a report."""
    return await _plan_page(request, report_ref, None)


@post_form("/portal/shops/{report_ref:uuid}/plan", viewer())
async def open_plan(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Open it."""
    await form_of(request)
    await service.open_plan(scope_of(request), report_ref, now_of(request))
    return redirect(f"/portal/shops/{report_ref}/plan")


@post_form("/portal/shops/{report_ref:uuid}/plan/write", viewer())
async def write_plan(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Hand it in, send it back, or say that it is done."""
    form = await form_of(request)
    event = forms.plan_event(form)
    words = forms.plan_words(form, event)
    try:
        if form.is_valid:
            await service.write_plan(scope_of(request), report_ref, event, words, now_of(request))
    except WrongPlanState:
        form.refuse("event", "The plan has moved meanwhile, or this is for somebody else to do.")
    if not form.is_valid:
        return await _plan_page(request, report_ref, form)
    return redirect(f"/portal/shops/{report_ref}/plan")


async def _raise_page(request: Request, report_ref: UUID, form: Form) -> Page:
    report = await queries.report_in(scope_of(request), report_ref)
    if form["question"] not in report.questions:
        raise Conflict("choose a question of the report")
    return render(
        request, "appeals/raise.html", 422 if form.errors else 200, report=report, form=form, errors=form.errors,
        issues=ISSUES, title=report.questions[form["question"]], nav=tabs("shops"),
        is_late=now_of(request) >= report.appeal_until,
    )  # fmt: skip


async def _thread_page(request: Request, appeal_id: UUID, form: Form) -> Page:
    scope = scope_of(request)
    appeal = await queries.appeal_in(scope, appeal_id)
    report = await queries.report_in(scope, appeal.report_ref)
    return render(
        request, "appeals/thread.html", 422 if form.errors else 200, appeal=appeal, report=report, form=form,
        errors=form.errors, messages=await queries.messages_of(appeal_id), issues=ISSUES, nav=tabs("shops"),
        title=report.questions.get(appeal.question_id, "An answer"),
        is_above=Part.JUDGE in parts_of(scope.node_path or "", appeal.node_path),
    )  # fmt: skip


async def _plan_page(request: Request, report_ref: UUID, form: Form | None) -> Page:
    scope = scope_of(request)
    report = await queries.report_in(scope, report_ref)
    plan = await queries.find_plan(scope, report_ref)
    shown = form or form_with({"cause": plan.cause, "action": plan.action, "remark": plan.remark} if plan else {})
    return render(
        request, "appeals/plan.html", 422 if form else 200, report=report, plan=plan, form=shown, errors=shown.errors,
        events=_events(scope, plan), nav=tabs("plans"), today=now_of(request).date(),
    )  # fmt: skip


def _events(scope: Scope, plan: Plan | None) -> list[PlanEvent]:
    if plan is None:
        return []
    return events_of(plan, parts_of(scope.node_path or "", plan.node_path))
