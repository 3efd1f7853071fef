"""The versions of a campaign's guideline: read, compare, write the next."""

from uuid import UUID

from litestar.params import FromPath

from survey.clients import service as clients
from survey.db import NotFound
from survey.web import (
    Form,
    Page,
    Request,
    flash,
    form_of,
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
from ..domain import Campaign, Status, Tries, compared, html_of
from .listing import PLANNERS

PAGE_ROWS = 20
CLOSED = "The campaign is closed: its guideline stays as it is. Open the campaign again to write another version."


@get_page("/campaigns/{campaign_id:uuid}/guidelines", staff(*PLANNERS))
async def guideline_list(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Every version, the latest first; `?before=` a number goes on."""
    scope = scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    rows = await queries.guidelines_of(scope, campaign_id, _number(request, "before"), PAGE_ROWS + 1)
    more = rows[PAGE_ROWS - 1].number if len(rows) > PAGE_ROWS else None
    return render(request, "campaigns/guidelines.html", campaign=campaign, rows=rows[:PAGE_ROWS], more=more)


@get_page("/campaigns/{campaign_id:uuid}/guidelines/new", staff(*PLANNERS))
async def new_page(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """The next version, which begins with the one in force."""
    campaign = await queries.campaign_in(scope_of(request), campaign_id)
    current = campaign.guideline_id and await queries.guideline_in(scope_of(request), campaign.guideline_id)
    return _form_page(request, campaign, forms.filled_guideline(current or None))


@post_form("/campaigns/{campaign_id:uuid}/guidelines/new", staff(*PLANNERS))
async def write(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Put the next version into force, or show how it would look (`preview`)."""
    form, scope = await form_of(request), scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    if campaign.status == Status.CLOSED:
        flash(request, "attention", CLOSED)
        return redirect(f"/campaigns/{campaign_id}/guidelines")
    body, quiz, pass_percent, rule = forms.guideline(form)
    if not form.is_valid:
        return _form_page(request, campaign, form, 422)
    if form["act"] == "preview":
        return _form_page(request, campaign, form)
    number = await service.write(scope, campaign_id, body, quiz, (pass_percent, now_of(request)), rule)
    flash(request, "good", f"Version {number} is in force.")
    return redirect(f"/campaigns/{campaign_id}/guidelines/{number}")


@get_page("/campaigns/{campaign_id:uuid}/guidelines/{number:int}", staff(*PLANNERS))
async def guideline_page(request: Request, campaign_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """One version as shoppers read it; `?against=` a number shows what changed since that one."""
    scope = scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    guideline = await queries.numbered(scope, campaign_id, number)
    against = _number(request, "against")
    lines = None
    if against is not None:
        lines = compared((await queries.numbered(scope, campaign_id, against)).body, guideline.body)
    context = {"campaign": campaign, "guideline": guideline, "text": html_of(guideline.body)}
    return render(request, "campaigns/guideline.html", against=against, lines=lines, **context)


@get_page("/campaigns/{campaign_id:uuid}/guidelines/{number:int}/tries", staff(*PLANNERS))
async def tries_page(request: Request, campaign_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """Who has tried the quiz and not passed, by code."""
    scope = scope_of(request)
    campaign = await queries.campaign_in(scope, campaign_id)
    guideline = await queries.numbered(scope, campaign_id, number)
    page = await queries.trying(scope, guideline.id, keyset_of(request))
    rows = [(each, tries_of(each), guideline.rule) for each in page.rows]
    context = {"campaign": campaign, "guideline": guideline, "now": now_of(request)}
    context["zone"] = await clients.usual_zone(scope)
    return render(request, "campaigns/tries.html", rows=rows, next_cursor=page.next_cursor, **context)


@post_form("/campaigns/{campaign_id:uuid}/guidelines/{number:int}/tries", staff(*PLANNERS))
async def grant_try(request: Request, campaign_id: FromPath[UUID], number: FromPath[int]) -> Page:
    """One more try for somebody, at once."""
    form, scope = await form_of(request), scope_of(request)
    guideline = await queries.numbered(scope, campaign_id, number)
    shopper_id = forms.id_in(form, "shopper")
    if shopper_id is None:
        raise NotFound("shopper")
    is_new = await service.grant_try(scope, guideline.id, shopper_id, now_of(request))
    words = "One more try has been given." if is_new else "They have a try already that they did not use."
    flash(request, "good", words)
    return redirect(f"/campaigns/{campaign_id}/guidelines/{number}/tries")


def tries_of(each: queries.Trying) -> Tries:
    """What somebody did at a quiz, as the rules know it."""
    return Tries(each.made, each.last_at, each.granted, each.granted_after)


def _form_page(request: Request, campaign: Campaign, form: Form, status: int = 200) -> Page:
    preview = html_of(form["body"]) if form["act"] == "preview" and form.is_valid else ""
    context = {"campaign": campaign, "form": form, "errors": form.errors, "preview": preview}
    return render(request, "campaigns/guideline_new.html", status, **context)


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
