"""The pages of campaigns: for staff who plan, and a guideline for the shopper who is to know it."""

from .briefing import briefing_page, has_read, take_quiz
from .campaign import campaign_page, close, put_scenario, remove_scenario, reopen, scenario_list
from .copying import copy, plan_next
from .editing import edit_page, record_notice, save
from .guidelines import grant_try, guideline_list, guideline_page, tries_page, write
from .guidelines import new_page as new_guideline_page
from .listing import campaign_list, create, new_page
from .scoring import save_scoring, scoring_page, trial_page
from .waves import create as create_wave
from .waves import edit_page as wave_edit_page
from .waves import lay_out, open_drafts, publish, remove, wave_page
from .waves import new_page as new_wave_page
from .waves import save as save_wave

ROUTES = (
    campaign_list,
    new_page,
    create,
    campaign_page,
    close,
    reopen,
    copy,
    plan_next,
    edit_page,
    save,
    record_notice,
    scoring_page,
    save_scoring,
    trial_page,
    guideline_list,
    new_guideline_page,
    write,
    guideline_page,
    tries_page,
    grant_try,
    scenario_list,
    put_scenario,
    remove_scenario,
    new_wave_page,
    create_wave,
    wave_page,
    publish,
    lay_out,
    open_drafts,
    wave_edit_page,
    save_wave,
    remove,
    briefing_page,
    has_read,
    take_quiz,
)
