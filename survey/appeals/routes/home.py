"""A shopper's first page. It stands here, above whatever it tells of: offers, visits, and what appeals ask."""

from collections.abc import Mapping
from datetime import datetime

from survey.db import Keyset, Scope
from survey.settings import Settings
from survey.shoppers import service as shoppers
from survey.shoppers.domain import Profile, missing_answers, missing_fields
from survey.shops.board import service as board
from survey.shops.board.domain import Section, time_left
from survey.shops.visits import service as visits
from survey.shops.visits.domain import MarkState
from survey.web import Page, Request, get_page, now_of, render, scope_of, settings_of, shopper

from .. import queries

PRESSING = (Section.OFFERS, Section.BACK, Section.LATE, Section.TODAY)


@get_page("/shopper", shopper())
async def home(request: Request) -> Page:
    """What waits for the shopper: shops first, then what the profile lacks."""
    scope, settings, now = scope_of(request), settings_of(request), now_of(request)
    profile = await shoppers.own.own_profile(scope, settings.keyring)
    return render(
        request, "appeals/home.html", profile=profile, left=lambda until: time_left(until, now),
        **await _waiting(scope, now), **await _lacking(scope, settings, profile),
    )  # fmt: skip


async def _waiting(scope: Scope, now: datetime) -> Mapping[str, object]:
    """Shops that cannot wait, by section; questions about visits; and whether a mark is proposed."""
    agenda = await board.mine.own_agenda(scope, now)
    marks = await visits.marks_of(scope, scope.shopper_id, Keyset()) if scope.shopper_id else None
    return {
        "pressing": {section.value: agenda[section] for section in PRESSING if section in agenda},
        "questions": await queries.count_own_questions(scope),
        "is_mark_proposed": any(mark.state is MarkState.PROPOSED for mark in marks.rows) if marks else False,
    }


async def _lacking(scope: Scope, settings: Settings, profile: Profile) -> Mapping[str, object]:
    """What the affiliate still has to be told."""
    ring = settings.keyring
    return {
        "missing": missing_answers(await shoppers.own.questions(scope), profile.bands),
        "untold": missing_fields(await shoppers.fields.asked(scope), await shoppers.fields.own_answers(scope, ring)),
        "waits": await shoppers.money.waits_for_payout(scope),
        "tax": await shoppers.money.own_tax(scope),
    }
