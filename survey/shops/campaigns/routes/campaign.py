"""A campaign's own page, its scenarios, and closing it."""

from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound
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
    staff,
)

from .. import forms, queries, service
from ..domain import KIND_WORDS, gaps
from .listing import PLANNERS
from .views import tasks_of


@get_page("/campaigns/{campaign_id:uuid}", staff(*PLANNERS))
async def campaign_page(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """What is set, what is missing, and its waves."""
    scope = scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    missing = gaps(campaign)
    waves = await queries.waves_of(scope, campaign_id, keyset_of(request))
    scenarios = await queries.scenarios_of(scope, campaign_id)
    return render(
        request,
        "campaigns/campaign.html",
        campaign=campaign,
        kind=KIND_WORDS[campaign.kind],
        missing=missing,
        tasks=tasks_of(campaign, missing, len(scenarios), await queries.single_staffed(scope, campaign.client_id)),
        waves=waves.rows,
        next_cursor=waves.next_cursor,
    )


@post_form("/campaigns/{campaign_id:uuid}/close", staff(*PLANNERS))
async def close(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """No further wave; shops that are out go on."""
    await service.set_status(scope_of(request), campaign_id, is_closed=True, now=now_of(request))
    flash(request, "good", "The campaign is closed: no further wave can be published. Shops that are out go on.")
    return redirect(f"/campaigns/{campaign_id}")


@post_form("/campaigns/{campaign_id:uuid}/reopen", staff(*PLANNERS))
async def reopen(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Waves can be published again."""
    await service.set_status(scope_of(request), campaign_id, is_closed=False, now=now_of(request))
    flash(request, "good", "The campaign is open again.")
    return redirect(f"/campaigns/{campaign_id}")


@get_page("/campaigns/{campaign_id:uuid}/scenarios", staff(*PLANNERS))
async def scenario_list(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """The parts that shoppers play; `?scenario=` opens one to be changed."""
    chosen = request.query_params.get("scenario", "")
    form = form_with({})
    if chosen:
        scenario = await queries.scenario_in(scope_of(request), _id(chosen))
        form = form_with({"scenario": str(scenario.id), "name": scenario.name, "body": scenario.body})
    return await _scenarios(request, campaign_id, form)


@post_form("/campaigns/{campaign_id:uuid}/scenarios", staff(*PLANNERS))
async def put_scenario(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Enter a scenario, or change one."""
    form = await form_of(request)
    words = forms.scenario(form)
    scenario_id = _id(form["scenario"]) if form["scenario"] else None
    if form.is_valid:
        try:
            await service.put_scenario(scope_of(request), campaign_id, scenario_id, words, now_of(request))
        except service.Taken:
            form.refuse("name", "The campaign has a scenario of this name already")
        else:
            flash(request, "good", "The scenario has been saved.")
            return redirect(f"/campaigns/{campaign_id}/scenarios")
    return await _scenarios(request, campaign_id, form, 422)


@post_form("/scenarios/{scenario_id:uuid}/remove", staff(*PLANNERS))
async def remove_scenario(request: Request, scenario_id: FromPath[UUID]) -> Page:
    """Remove a scenario that no shop plays."""
    scope = scope_of(request)
    scenario = await queries.scenario_in(scope, scenario_id)
    try:
        await service.remove_scenario(scope, scenario_id, now_of(request))
    except service.InUse:
        flash(request, "attention", "Shops play this scenario, so it stays.")
    else:
        flash(request, "good", "The scenario has been removed.")
    return redirect(f"/campaigns/{scenario.campaign_id}/scenarios")


async def _scenarios(request: Request, campaign_id: UUID, form: Form, status: int = 200) -> Page:
    scope = scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    rows = await queries.scenarios_of(scope, campaign_id)
    context = {"campaign": campaign, "rows": rows, "form": form, "errors": form.errors}
    return render(request, "campaigns/scenarios.html", status, **context)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("scenario") from None
