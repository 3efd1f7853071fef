"""Beginning and changing campaigns, their scenarios, waves and notices. Every change is audited in its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from privacy.crypto import random_id
from survey.clients import service as clients
from survey.db import Conflict, NotFound, Scope
from survey.questionnaires import service as questionnaires
from survey.shoppers import service as shoppers

from .. import queries
from ..domain import (
    BadChange,
    Campaign,
    Draft,
    NoticeDraft,
    Requirements,
    Scenario,
    Status,
    Wave,
    WaveDraft,
    check_change,
    needs_notice,
    place_words,
    untold,
)
from .notes import note


class Taken(Conflict):
    """A name that must be unique is in use."""


class StaleCampaign(Conflict):
    """The campaign was changed in another window since this page was opened. `campaign` is how it is now."""

    def __init__(self, campaign: Campaign) -> None:
        super().__init__("the campaign was changed since this page was opened")
        self.campaign = campaign


class InUse(Conflict):
    """Shops rest on it: it can no longer be changed or removed."""


async def create(scope: Scope, draft: Draft, now: datetime, wanted_id: UUID | None = None) -> UUID:
    """Begin a campaign; its id, the wanted one if that is free. Raises Taken, NotFound for another tenant's client."""
    await clients.client_in(scope, draft.client_id)
    created = await queries.insert_campaign(scope, draft, now, wanted_id)
    if created is None:
        raise Taken("the client has a campaign of this name")
    await note(scope, "campaign.create", created, now)
    return created


async def edit(scope: Scope, campaign_id: UUID, revision: int, changes: Mapping[str, Any], now: datetime) -> None:
    """Write what was typed on a page opened at `revision`. changes: columns of `queries.CHANGES`.

    Raises StaleCampaign, BadChange with the field and why, Taken, NotFound.
    """
    campaign = await queries.campaign_in(scope, campaign_id, lock=True)
    different = {name: value for name, value in changes.items() if getattr(campaign, name) != value}
    if not different:
        return
    if campaign.revision != revision:
        raise StaleCampaign(campaign)
    check_change(campaign, different)
    await _check_references(scope, campaign, different)
    await queries.write_campaign(scope, campaign_id, different)
    await note(scope, "campaign.change", campaign_id, now, changed=" ".join(sorted(different)))


async def set_status(scope: Scope, campaign_id: UUID, *, is_closed: bool, now: datetime) -> None:
    """Close a campaign, after which no wave can be published, or open it again. Its shops go on. Raises NotFound."""
    campaign = await queries.campaign_in(scope, campaign_id, lock=True)
    waves = await queries.published_waves(scope, campaign_id)
    status = Status.CLOSED if is_closed else Status.LIVE if waves else Status.DRAFT
    if campaign.status != status:
        await queries.write_campaign(scope, campaign_id, {"status": status.value})
        await note(scope, f"campaign.{status.value}", campaign_id, now)


async def _check_references(scope: Scope, campaign: Campaign, changes: Mapping[str, Any]) -> None:
    if "name" in changes and await queries.name_is_taken(scope, campaign, changes["name"]):
        raise Taken("the client has a campaign of this name")
    if changes.get("version_id"):
        await questionnaires.version_in(scope, changes["version_id"])
    if "requirements" in changes:
        await _check_bands(scope, campaign, changes["requirements"])
    notice_id = changes.get("staff_notice_id", campaign.staff_notice_id)
    notices = await queries.notices_of(scope, campaign.client_id) if notice_id else []
    if notice_id and notice_id not in {notice.id for notice in notices}:
        raise BadChange("staff_notice", "Choose a notice to the staff of this client")
    if needs_notice(changes.get("employee_id_mode", campaign.employee_id_mode)) and not notice_id:
        raise BadChange("staff_notice", "Record first that the client's staff were told of mystery visits")
    if "staff_notice_id" in changes and (lost := await _losing(scope, campaign, notice_id)):
        raise BadChange("staff_notice", f"Shops are out where this notice was not given: {lost}. Choose one that was")


async def _losing(scope: Scope, campaign: Campaign, notice_id: UUID | None) -> str:
    """Where shops are out whose staff were told by the notice until now and are not by another one, in words."""
    if not needs_notice(campaign.employee_id_mode):
        return ""
    before, after = [await queries.told_in(scope, each) for each in (campaign.staff_notice_id, notice_id)]
    out = await queries.shops_by_place(scope, campaign.id)
    lost = set(untold(after, out)) - set(untold(before, out))
    return "; ".join(f"{count} in {place_words(place)}" for place, count in out.items() if place in lost)


async def _check_bands(scope: Scope, campaign: Campaign, wanted: Requirements) -> None:
    """Bands that shoppers are offered, or that the campaign asked for before: people may have given them then."""
    offered = {one.code: one.codes for one in await shoppers.rules.questions(scope) if one.is_asked}
    for question, bands in wanted.bands.items():
        known = offered.get(question, frozenset()).union(campaign.requirements.bands.get(question, ()))
        if not known.issuperset(bands):
            raise BadChange("bands", "Choose bands of the list")


async def record_notice(scope: Scope, campaign_id: UUID, draft: NoticeDraft, now: datetime) -> UUID:
    """Record that the staff of the campaign's client were told; its id. Raises NotFound.

    The campaign rests on it from now on, unless shops are out where only the one before was given.
    """
    campaign = await queries.campaign_in(scope, campaign_id, lock=True)
    notice_id = await queries.insert_notice(scope, campaign.client_id, draft, now)
    if not await _losing(scope, campaign, notice_id):
        await queries.write_campaign(scope, campaign_id, {"staff_notice_id": notice_id})
    await note(scope, "campaign.staff-notice", campaign_id, now, notice=str(notice_id))
    return notice_id


async def put_scenario(
    scope: Scope, campaign_id: UUID, scenario_id: UUID | None, words: tuple[str, str], now: datetime
) -> UUID:
    """Enter a scenario, or change one; its id. words: name, instructions. Raises Taken, NotFound."""
    campaign = await queries.campaign_in(scope, campaign_id)
    if scenario_id is not None:
        _same(campaign.id, (await queries.scenario_in(scope, scenario_id)).campaign_id)
    scenario = Scenario(scenario_id or random_id(), campaign_id, *words)
    if not await queries.put_scenario(scope, scenario):
        raise Taken("the campaign has a scenario of this name")
    await note(scope, "campaign.scenario", campaign_id, now, scenario=str(scenario.id))
    return scenario.id


async def remove_scenario(scope: Scope, scenario_id: UUID, now: datetime) -> UUID:
    """Remove a scenario; its campaign's id. Raises InUse where shops play it, NotFound."""
    scenario = await queries.scenario_in(scope, scenario_id)
    if not await queries.remove_scenario(scope, scenario_id):
        raise InUse("shops play this scenario")
    await note(scope, "campaign.remove-scenario", scenario.campaign_id, now, scenario=str(scenario_id))
    return scenario.campaign_id


async def put_wave(
    scope: Scope, campaign_id: UUID, wave_id: UUID | None, draft: WaveDraft, now: datetime,
    wanted_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Plan a wave, or change one that is not published; its id. Raises Taken, InUse, BadChange, NotFound.

    wanted_id: the id of a new one, unless something else has it.
    """
    campaign = await queries.campaign_in(scope, campaign_id)
    if wave_id is not None:
        wave = await _open_wave(scope, wave_id)
        _same(campaign.id, wave.campaign_id)
    await _check_places(scope, campaign, draft)
    is_free = wanted_id is not None and not await queries.is_wave(scope, wanted_id)
    wave_id = wave_id or (wanted_id if is_free else None) or random_id()
    if not await queries.put_wave(scope, campaign_id, wave_id, draft, now):
        raise Taken("the campaign has a wave of this name")
    await note(scope, "campaign.wave", campaign_id, now, wave=str(wave_id))
    return wave_id


async def remove_wave(scope: Scope, wave_id: UUID, now: datetime) -> UUID:
    """Remove a wave that has no shops yet; its campaign's id. Raises InUse, NotFound."""
    wave = await _open_wave(scope, wave_id)
    await queries.remove_wave(scope, wave_id)
    await note(scope, "campaign.remove-wave", wave.campaign_id, now, wave=str(wave_id))
    return wave.campaign_id


async def _open_wave(scope: Scope, wave_id: UUID) -> Wave:
    wave = await queries.wave_in(scope, wave_id, lock=True)
    if wave.is_published:
        raise InUse("the wave has been published")
    return wave


async def _check_places(scope: Scope, campaign: Campaign, draft: WaveDraft) -> None:
    """The tree's ids in a quota belong to the campaign's client."""
    named = {UUID(place) for place in (*draft.quota.nodes, *draft.quota.own)}
    if named - await queries.places_among(scope, campaign.client_id, sorted(named)):
        raise BadChange("nodes", "Choose locations of this client")


def _same(campaign_id: UUID, other_id: UUID) -> None:
    if campaign_id != other_id:
        raise NotFound("page")
