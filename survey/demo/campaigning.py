"""Campaigns of the demo as staff set them up: a questionnaire, the rules, a guideline, scenarios, waves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from survey.db import Role, Scope, transaction
from survey.shops.campaigns import service as campaigns
from survey.shops.campaigns.domain import Draft, Quota, WaveDraft

from . import queries
from .fieldwork import questionnaire
from .programmes import Programme
from .programmes.parts import PASS_PERCENT
from .stage import Stage


@dataclass(frozen=True, slots=True)
class Round:
    """A wave, with the days counted back from today; a negative number lies ahead. quota: which places, how often."""

    label: str
    begins_days_ago: int
    ends_days_ago: int
    quota: Quota = field(default_factory=Quota)


@dataclass(frozen=True, slots=True)
class Visitable:
    """A shop that was made: where."""

    id: UUID
    location_code: str
    time_zone: str


Shops = Mapping[str, Visitable]


async def campaign(scope: Scope, client_id: UUID, programme: Programme, now: datetime) -> UUID:
    """A campaign that is ready to be published; its id."""
    version_id = await questionnaire(scope, programme.name, programme.questionnaire, now, programme.earlier)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        draft = Draft(client_id, programme.name, programme.kind)
        campaign_id = await campaigns.create(scope, draft, now)
        changes = {"version_id": version_id, "scoring": programme.scoring} | dict(programme.changes)
        await campaigns.edit(scope, campaign_id, 1, changes, now)
        await campaigns.write(scope, campaign_id, programme.guideline, programme.quiz, (PASS_PERCENT, now))
        for words in programme.scenarios:
            await campaigns.put_scenario(scope, campaign_id, None, words, now)
    return campaign_id


async def planned(stage: Stage, scope: Scope, campaign_id: UUID, one: Round) -> UUID:
    """A wave that nobody has published yet; its id."""
    draft = WaveDraft(one.label, stage.day(one.begins_days_ago).date(), stage.day(one.ends_days_ago).date(), one.quota)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        return await campaigns.put_wave(scope, campaign_id, None, draft, stage.day(one.begins_days_ago + 9))


async def published(stage: Stage, scope: Scope, campaign_id: UUID, one: Round) -> Shops:
    """A wave with its shops on the board, some days before it begins; the shops by the code of their location."""
    wave_id = await planned(stage, scope, campaign_id, one)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await campaigns.publish_wave(scope, wave_id, stage.day(one.begins_days_ago + 7))
    return await _shops(scope, wave_id)


async def prepared(stage: Stage, scope: Scope, campaign_id: UUID, one: Round) -> Shops:
    """The same as drafts, which are on no board yet."""
    wave_id = await planned(stage, scope, campaign_id, one)
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        await campaigns.publish_wave(scope, wave_id, stage.day(one.begins_days_ago + 7), as_drafts=True)
    return await _shops(scope, wave_id)


async def _shops(scope: Scope, wave_id: UUID) -> Shops:
    async with transaction(Role.STAFF, affiliate=scope.affiliate_id):
        rows = await queries.shops_of_wave(scope, wave_id)
    return {row["location_code"]: Visitable(**row) for row in rows}
