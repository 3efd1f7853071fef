"""The pages of a campaign's parts; each is saved by itself, in any order."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from litestar.params import FromPath

from survey.db import NotFound
from survey.questionnaires import service as questionnaires
from survey.shoppers import service as shoppers
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries, service
from ..domain import (
    ALL_PARTY_CONSENT,
    CHANNELS,
    KIND_WORDS,
    REVIEW_BY,
    TIME_WORDS,
    BadChange,
    Campaign,
    Part,
    is_review_due,
    needs_consent_of_all,
    place_words,
    untold,
)
from .listing import PLANNERS
from .views import bands_on_offer

Context = dict[str, Any]
STALE = "Somebody changed this campaign since you opened the page. What you typed is still here: save again to keep it."
RECORDED = (
    "The notice has been recorded. Reports may now describe or name staff where it was given, if you say so below."
)
RECORDED_ASIDE = (
    "The notice has been recorded. The campaign still rests on the one before: shops are out where only that was given."
)


@get_page("/campaigns/{campaign_id:uuid}/edit/{name:str}", staff(*PLANNERS))
async def edit_page(request: Request, campaign_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """One part of a campaign."""
    part = _part(name)
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    return await _page(request, campaign, part, forms.filled(campaign))


@post_form("/campaigns/{campaign_id:uuid}/edit/{name:str}", staff(*PLANNERS))
async def save(request: Request, campaign_id: FromPath[UUID], name: FromPath[str]) -> Page:
    """Save one part of a campaign."""
    part, form = _part(name), await form_of(request)
    await queries.campaign_in(scope_of(request), campaign_id)
    changes = forms.CHANGES_OF[part](form)
    status = await saved(request, campaign_id, form, changes) if form.is_valid else 422
    if status:
        campaign = await queries.campaign_in(scope_of(request), campaign_id)
        return await _page(request, campaign, part, form, status)
    return redirect(f"/campaigns/{campaign_id}")


@post_form("/campaigns/{campaign_id:uuid}/staff-notice", staff(*PLANNERS))
async def record_notice(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Record that the client's staff were told of mystery visits."""
    form = await form_of(request)
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    draft = forms.notice(form, now_of(request).date())
    if not form.is_valid:
        shown = forms.filled(campaign)
        shown.raw |= form.raw
        shown.errors = form.errors
        return await _page(request, campaign, Part.PRIVACY, shown, 422)
    notice_id = await service.record_notice(scope_of(request), campaign_id, draft, now_of(request))
    is_chosen = (await queries.campaign_in(scope_of(request), campaign_id)).staff_notice_id == notice_id
    flash(request, "good" if is_chosen else "attention", RECORDED if is_chosen else RECORDED_ASIDE)
    return redirect(f"/campaigns/{campaign_id}/edit/privacy")


async def saved(request: Request, campaign_id: UUID, form: Form, changes: Context) -> int:
    """Write the changes; 0, or the status of the page that says why not."""
    revision = int(form["revision"]) if form["revision"].isdigit() else 0
    try:
        await service.edit(scope_of(request), campaign_id, revision, changes, now_of(request))
    except service.StaleCampaign as error:
        form.raw["revision"] = [str(error.campaign.revision)]
        form.refuse("", STALE)
        return 409
    except service.Taken:
        form.refuse("name", "This client has a campaign of this name already")
        return 422
    except BadChange as error:
        form.refuse(error.name if error.name != "scoring" else "", str(error))
        return 422
    flash(request, "good", "Saved.")
    return 0


async def _page(request: Request, campaign: Campaign, part: Part, form: Form, status: int = 200) -> Page:
    more = await _CONTEXT_OF[part](request, campaign) if part in _CONTEXT_OF else {}
    context = {"campaign": campaign, "part": part.value, "form": form, "errors": form.errors, **more}
    return render(request, f"campaigns/edit_{part.value}.html", status, **context)


def _part(name: str) -> Part:
    if name not in set(Part) or Part(name) not in forms.CHANGES_OF:
        raise NotFound("page")
    return Part(name)


async def _basics(request: Request, campaign: Campaign) -> Context:
    return {"kinds": list(KIND_WORDS.items()), "currencies": [(code, code) for code in forms.CURRENCIES]}


async def _questionnaire(request: Request, campaign: Campaign) -> Context:
    usable = await questionnaires.usable_versions(scope_of(request))
    versions = [(each.version_id, f"{each.name}, version {each.number}") for each in usable]
    if campaign.version_id and campaign.version_id not in {version_id for version_id, _ in versions}:
        name = f"{campaign.questionnaire_name}, version {campaign.version_number}"
        versions.insert(0, (campaign.version_id, name))
    return {"versions": versions}


async def _privacy(request: Request, campaign: Campaign) -> Context:
    scope = scope_of(request)
    notices = await queries.notices_of(scope, campaign.client_id)
    regions = await queries.regions_of(scope, campaign.client_id)
    touched = sorted({region for region, country in regions if needs_consent_of_all(region, country)})
    return {
        "notices": notices,
        "notice_choices": [(each.id, each.choice_words) for each in notices],
        "not_told": {
            each.id: [place_words(place) for place in untold(each.jurisdictions, regions)] for each in notices
        },
        "times": [(name, words[0].upper() + words[1:]) for name, words in TIME_WORDS.items()],
        "single_staffed": await queries.single_staffed(scope, campaign.client_id),
        "channels": list(CHANNELS.items()),
        "consent_states": list(ALL_PARTY_CONSENT.values()),
        "touched": touched,
        "review_by": f"{REVIEW_BY:%-d %b %Y}",
        "is_review_due": is_review_due(now_of(request).date()),
    }


async def _requirements(request: Request, campaign: Campaign) -> Context:
    scope, wanted = scope_of(request), campaign.requirements
    questions = await shoppers.rules.questions(scope)
    # What is retired can be kept, where it is asked for already, and is not offered anew.
    known = {
        kind.code: f"{kind.label} (retired)" if kind.is_retired else kind.label
        for kind in await shoppers.rules.qualification_kinds(scope)
        if not kind.is_retired or kind.code in wanted.qualifications
    }
    # What is asked for and not defined any more can still be seen, and unticked.
    choices = {code: code for code in wanted.qualifications} | known
    return {"bands": bands_on_offer(questions, wanted.bands), "qualifications": list(choices.items())}


_CONTEXT_OF: Mapping[Part, Callable[[Request, Campaign], Awaitable[Context]]] = {
    Part.BASICS: _basics,
    Part.QUESTIONNAIRE: _questionnaire,
    Part.REQUIREMENTS: _requirements,
    Part.PRIVACY: _privacy,
}
