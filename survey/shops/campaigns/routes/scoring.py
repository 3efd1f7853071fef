"""How a campaign's reports are scored, and a trial of it."""

from uuid import UUID

from litestar.params import FromPath

from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import Definition
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
    form_with,
    get_page,
    post_form,
    redirect,
    render,
    scope_of,
    staff,
)

from .. import forms, queries
from ..domain import MOST_PERCENT, Campaign, full_shares, score
from .editing import saved
from .listing import PLANNERS

SCORING_BYTES = 512 * 1024


@get_page("/campaigns/{campaign_id:uuid}/scoring", staff(*PLANNERS))
async def scoring_page(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """How reports are scored."""
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    if campaign.version_id is None:
        flash(request, "attention", "Choose the questionnaire first: its questions are what is scored.")
        return redirect(f"/campaigns/{campaign_id}/edit/questionnaire")
    version = await questionnaires.version_in(scope_of(request), campaign.version_id)
    form = forms.filled_scoring(campaign.scoring, version.definition, campaign.revision)
    return _scoring_page(request, campaign, form, version.definition)


@post_form("/campaigns/{campaign_id:uuid}/scoring", staff(*PLANNERS), limit_bytes=SCORING_BYTES)
async def save_scoring(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Save how reports are scored."""
    form, scope = await form_of(request), scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    if campaign.version_id is None:
        return redirect(f"/campaigns/{campaign_id}/edit/questionnaire")
    version = await questionnaires.version_in(scope, campaign.version_id)
    changes = {"scoring": forms.scoring(form, version.definition)}
    status = await saved(request, campaign_id, form, changes) if form.is_valid else 422
    if status:
        return _scoring_page(request, campaign, form, version.definition, status)
    return redirect(f"/campaigns/{campaign_id}")


@get_page("/campaigns/{campaign_id:uuid}/scoring/trial", staff(*PLANNERS))
async def trial_page(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Answers as somebody types them, and what score comes of them; nothing is kept."""
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    if campaign.version_id is None:
        return redirect(f"/campaigns/{campaign_id}/edit/questionnaire")
    version = await questionnaires.version_in(scope_of(request), campaign.version_id)
    form = form_with({name: request.query_params.getall(name) for name in request.query_params})
    coded = forms.typed_trial(form, campaign.scoring, version.definition)
    result = score(campaign.scoring, version.definition, coded) if coded else None
    asks = forms.asks_of(campaign.scoring, version.definition)
    return render(request, "campaigns/scoring_trial.html", campaign=campaign, blocks=asks, form=form, result=result)


def _scoring_page(request: Request, campaign: Campaign, form: Form, definition: Definition, status: int = 200) -> Page:
    blocks = forms.blocks_of(definition)
    clocked = [(block, line) for block in blocks for line in block.lines if line.is_clocked]
    choices = [(line.id, f"{block.title}: {line.title}") for block, line in clocked]
    context = {"campaign": campaign, "blocks": blocks, "choices": choices, "timings": range(forms.TIMINGS)}
    context |= {"most_percent": MOST_PERCENT, "modes": list(forms.SECTION_MODES.items())}
    context["shares"] = {name: f"{share:.1f} %" for name, share in full_shares(campaign.scoring, definition).items()}
    context["opened"] = forms.faulty(form, blocks)
    return render(request, "campaigns/scoring.html", status, form=form, errors=form.errors, **context)
