"""Waves: plan one, see what publishing would do, publish it."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.clients.domain import Location
from survey.web import (
    MADE,
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    id_once,
    now_of,
    once,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import (
    DAYPART_WORDS,
    BadChange,
    Campaign,
    Effects,
    Wave,
    needs_notice,
    place_words,
    recording_warnings,
    untold,
)
from .listing import PLANNERS
from .views import effects_words, money_words, opened_words


@get_page("/campaigns/{campaign_id:uuid}/waves/new", staff(*PLANNERS))
async def new_page(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Plan a wave."""
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    places = await clients.locations_of(scope_of(request), campaign.client_id)
    form = forms.filled_wave(None, places, now_of(request).date())
    return _form_page(request, campaign, places, form)


@post_form("/campaigns/{campaign_id:uuid}/waves/new", staff(*PLANNERS))
async def create(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Plan a wave."""
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    return await _put(request, campaign, None)


@get_page("/waves/{wave_id:uuid}", staff(*PLANNERS))
async def wave_page(request: Request, wave_id: FromPath[UUID]) -> Page:
    """What publishing would do, or what was published."""
    scope = scope_of(request)
    wave = await queries.wave_in(scope, wave_id)
    campaign = await queries.campaign_in(scope, wave.campaign_id)
    effects = None if wave.is_published else await service.effects_of(scope, wave_id, now_of(request))
    return await _wave_page(request, campaign, wave, effects)


@post_form("/waves/{wave_id:uuid}/publish", staff(*PLANNERS))
async def publish(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Make the wave's shops and show them to shoppers. Pressing twice is pressing once."""
    return await _made(request, wave_id, as_drafts=False)


@post_form("/waves/{wave_id:uuid}/lay-out", staff(*PLANNERS))
async def lay_out(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Make the wave's shops as drafts, which schedulers alone see. Pressing twice is pressing once."""
    return await _made(request, wave_id, as_drafts=True)


@post_form("/waves/{wave_id:uuid}/open", staff(*PLANNERS))
async def open_drafts(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Show the wave's drafts to shoppers."""
    opened = await service.open_wave(scope_of(request), wave_id, now_of(request))
    if not opened.shops and not opened.skipped:
        flash(request, "info", "No shop of this wave is a draft.")
    else:
        flash(request, "good" if opened.shops else "attention", f"Opened: {'; '.join(opened_words(opened))}.")
    return redirect(f"/waves/{wave_id}")


@get_page("/waves/{wave_id:uuid}/edit", staff(*PLANNERS))
async def edit_page(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Change a wave that has no shops yet."""
    scope = scope_of(request)
    wave = await queries.wave_in(scope, wave_id)
    if wave.is_published:
        return redirect(f"/waves/{wave_id}")
    campaign = await queries.campaign_in(scope, wave.campaign_id)
    places = await clients.locations_of(scope, campaign.client_id)
    form = forms.filled_wave(wave, places, now_of(request).date())
    return _form_page(request, campaign, places, form, wave)


@post_form("/waves/{wave_id:uuid}/edit", staff(*PLANNERS))
async def save(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Change a wave that has no shops yet."""
    wave = await queries.wave_in(scope_of(request), wave_id)
    campaign = await queries.campaign_in(scope_of(request), wave.campaign_id)
    return await _put(request, campaign, wave)


@post_form("/waves/{wave_id:uuid}/remove", staff(*PLANNERS))
async def remove(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Remove a wave that has no shops yet."""
    try:
        campaign_id = await service.remove_wave(scope_of(request), wave_id, now_of(request))
    except service.InUse:
        flash(request, "attention", "The wave has been published, so it stays. Cancel its shops instead.")
        return redirect(f"/waves/{wave_id}")
    flash(request, "good", "The wave has been removed.")
    return redirect(f"/campaigns/{campaign_id}")


async def _made(request: Request, wave_id: UUID, *, as_drafts: bool) -> Page:
    scope = scope_of(request)
    wave = await queries.wave_in(scope, wave_id)
    try:
        made = await service.publish_wave(scope, wave_id, now_of(request), as_drafts=as_drafts)
    except service.NotPublishable as error:
        campaign = await queries.campaign_in(scope, wave.campaign_id)
        return await _wave_page(request, campaign, wave, Effects(0, reasons=error.reasons), 422)
    words = "; ".join(effects_words(made)) if made.is_new else "Its shops were made already"
    flash(request, "good", f"{'Laid out' if as_drafts else 'Published'}: {words}.")
    return redirect(f"/waves/{wave_id}")


async def _put(request: Request, campaign: Campaign, wave: Wave | None) -> Page:
    scope, form = scope_of(request), await form_of(request)
    places = await clients.locations_of(scope, campaign.client_id)
    draft, wanted_id = forms.wave_draft(form, places), id_once(scope, form)
    if form.is_valid:
        try:
            wave_id = await service.put_wave(
                scope, campaign.id, wave.id if wave else None, draft, now_of(request), wanted_id
            )  # fmt: skip
        except service.Taken:
            if wave is None and await queries.is_wave(scope, wanted_id):
                flash(request, "info", MADE)
                return redirect(f"/waves/{wanted_id}")
            form.refuse("label", "The campaign has a wave of this name already")
        except BadChange as error:
            form.refuse(error.name, str(error))
        except service.InUse:
            return redirect(f"/campaigns/{campaign.id}")
        else:
            return redirect(f"/waves/{wave_id}")
    return _form_page(request, campaign, places, form, wave, status=422)


def _form_page(
    request: Request,
    campaign: Campaign,
    places: list[Location],
    form: Form,
    wave: Wave | None = None,
    *,
    status: int = 200,
) -> Page:
    branches = [place for place in places if place.level != "store" and place.parent_id]
    context = {"campaign": campaign, "wave": wave, "form": form if wave else once(form), "errors": form.errors}
    return render(
        request,
        "campaigns/wave_form.html",
        status,
        branches=[(place.id, f"{place.level_word}: {place.name}") for place in branches],
        dayparts=list(DAYPART_WORDS.items()),
        **context,
    )


async def _wave_page(
    request: Request, campaign: Campaign, wave: Wave, effects: Effects | None, status: int = 200
) -> Page:
    regions = await queries.regions_of(scope_of(request), campaign.client_id) if effects else []
    told = await queries.told_in(scope_of(request), campaign.staff_notice_id)
    is_named = needs_notice(campaign.employee_id_mode) and campaign.staff_notice_id
    return render(
        request,
        "campaigns/wave.html",
        status,
        campaign=campaign,
        wave=wave,
        quota=[f"{DAYPART_WORDS[part]}: {count}" for part, count in wave.quota.dayparts.items()],
        lines=[*effects_words(effects), money_words(effects.shops, campaign)]
        if effects and effects.is_possible
        else [],
        reasons=effects.reasons if effects else (),
        warnings=recording_warnings(campaign.recording_mode, regions, now_of(request).date()),
        not_told=[place_words(place) for place in untold(told, regions)] if is_named else [],
    )
