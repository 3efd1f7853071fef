"""A campaign like another one, and the wave after a wave, each with one button."""

from uuid import UUID

from litestar.params import FromPath

from survey.web import Page, Request, flash, now_of, post_form, redirect, scope_of, staff

from .. import service
from .listing import PLANNERS


@post_form("/campaigns/{campaign_id:uuid}/copy", staff(*PLANNERS))
async def copy(request: Request, campaign_id: FromPath[UUID]) -> Page:
    """Begin a campaign with the rules of this one."""
    copy_id = await service.copy_campaign(scope_of(request), campaign_id, now_of(request))
    flash(request, "good", "This is the copy: a draft with the same rules. Give it a name, then plan a wave.")
    return redirect(f"/campaigns/{copy_id}")


@post_form("/waves/{wave_id:uuid}/next", staff(*PLANNERS))
async def plan_next(request: Request, wave_id: FromPath[UUID]) -> Page:
    """Plan the round after this one."""
    planned_id = await service.next_wave(scope_of(request), wave_id, now_of(request))
    flash(request, "good", "The next wave has been planned as the last one was. Look it over, then publish it.")
    return redirect(f"/waves/{planned_id}")
