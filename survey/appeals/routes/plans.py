"""A client's people write what is done about a report, and judge what others of them wrote."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from litestar.params import FromPath

from survey.db import Scope
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
    LATE_STATES,
    PLAN_DAYS,
    Plan,
    PlanChanged,
    PlanEvent,
    PlanState,
    WrongPlanDay,
    WrongPlanState,
    events_of,
    last_day,
    notices,
    parts_of,
    tabs_of_visits,
    without_drafts_between,
)

OVERDUE = "overdue"
SHOWN: Mapping[str, tuple[str, tuple[PlanState, ...]]] = {
    "": ("All", tuple(PlanState)),
    OVERDUE: ("Overdue", LATE_STATES),
    "write": ("To be written", LATE_STATES),
    "judge": ("To be judged", (PlanState.SUBMITTED, PlanState.UNDER_REVIEW)),
    "done": ("Done", (PlanState.RESOLVED,)),
}
MOVED = "The plan has moved meanwhile, or this is for somebody else to do. What you typed stands below."
CHANGED = "Somebody has written to the plan meanwhile. Theirs stands below; yours is still in the form."


@get_page("/portal/plans", viewer())
async def plan_list(request: Request) -> Page:
    """Action plans of the viewer's places, as the URL narrows them."""
    scope, today = scope_of(request), now_of(request).date()
    asked = request.query_params.get("show", "")
    show = asked if asked in SHOWN else ""
    page = await queries.plans_of(scope, SHOWN[show][1], today if show == OVERDUE else None, keyset_of(request))
    return render(
        request, "appeals/plans.html", rows=page.rows, next_cursor=page.next_cursor, today=today,
        nav=tabs_of_visits("plans"), is_first="after" not in request.query_params, show=show,
        late=await queries.late_plans(scope, today),
        shown=[(name, label) for name, (label, _) in SHOWN.items()],
    )  # fmt: skip


@get_page("/portal/shops/{report_ref:uuid}/plan", viewer())
async def plan_page(request: Request, report_ref: FromPath[UUID]) -> Page:
    """The action plan for a report."""
    return await _plan_page(request, report_ref, None)


@post_form("/portal/shops/{report_ref:uuid}/plan", viewer())
async def open_plan(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Open it."""
    form = await form_of(request)
    day = forms.plan_day(form)
    try:
        if form.is_valid:
            await service.open_plan(scope_of(request), report_ref, day, now_of(request))
    except WrongPlanDay as refusal:
        form.refuse("due_on", _between(refusal))
    if not form.is_valid:
        return await _plan_page(request, report_ref, form)
    return redirect(f"/portal/shops/{report_ref}/plan?said=opened")


@post_form("/portal/shops/{report_ref:uuid}/plan/write", viewer())
async def write_plan(request: Request, report_ref: FromPath[UUID]) -> Page:
    """Keep a draft of it, hand it in, send it back, or say that it is done."""
    form = await form_of(request)
    event = forms.plan_event(form)
    words = forms.plan_words(form, event)
    try:
        if form.is_valid:
            await service.write_plan(scope_of(request), report_ref, event, words, now_of(request))
    except WrongPlanState:
        form.refuse("", MOVED)
    except PlanChanged:
        form.refuse("", CHANGED)
    except WrongPlanDay as refusal:
        form.refuse("due_on", _between(refusal))
    if not form.is_valid:
        return await _plan_page(request, report_ref, form)
    return redirect(f"/portal/shops/{report_ref}/plan?said={event}")


async def _plan_page(request: Request, report_ref: UUID, form: Form | None) -> Page:
    scope, now = scope_of(request), now_of(request)
    report = await queries.report_in(scope, report_ref)
    plan = await queries.find_plan(scope, report_ref)
    steps = await queries.steps_of(scope, plan.id) if plan else []
    usual = plan.due_on if plan else (now + timedelta(days=PLAN_DAYS)).date()
    shown = form or form_with(_words_of(plan, usual))
    return render(
        request, "appeals/plan.html", 422 if form else 200, report=report, plan=plan, form=shown, errors=shown.errors,
        events=_events(scope, plan), nav=tabs_of_visits("plans"), today=now.date(), steps=without_drafts_between(steps),
        latest_on=plan.latest_on if plan else last_day(now), is_refused=form is not None,
        flashes=notices(request.query_params.get("said", "")),
    )  # fmt: skip


def _words_of(plan: Plan | None, due_on: date) -> dict[str, str | list[str]]:
    given: dict[str, str | list[str]] = {"due_on": due_on.isoformat()}
    return given | {"cause": plan.cause, "action": plan.action} if plan else given


def _between(refusal: WrongPlanDay) -> str:
    first, last = (f"{day.day} {day:%B %Y}" for day in (refusal.first, refusal.last))
    return f"Choose a day from {first} to {last}"


def _events(scope: Scope, plan: Plan | None) -> list[PlanEvent]:
    if plan is None:
        return []
    return events_of(plan, parts_of(scope.node_path or "", plan.node_path))
