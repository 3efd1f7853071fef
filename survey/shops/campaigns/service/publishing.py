"""Publishing a wave: what it would do, and doing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from privacy.crypto import random_bytes
from survey.db import Scope
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import NotReady, problems
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, State
from survey.shops.visits.domain import Effects as Moved

from .. import queries
from ..domain import (
    ANY,
    MOST_SHOPS,
    Campaign,
    Effects,
    Kind,
    Part,
    Place,
    Status,
    Wave,
    bars_recording,
    bytes_for,
    gaps,
    needs_notice,
    ref_prefix,
    refs_of,
    still_open,
    untold,
    windows,
)
from .notes import note

NO_COMPETITOR = "No location that is open is marked as a competitor's"


class NotPublishable(Exception):
    """A wave cannot be published; `reasons` says why, in words for staff."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("this wave cannot be published")
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Opened:
    """How many drafts were opened, and how many were not, by reason."""

    shops: int
    skipped: Mapping[str, int]


async def effects_of(scope: Scope, wave_id: UUID, now: datetime) -> Effects:
    """What publishing a wave would make, whom it would pass over, and what stands in the way. Raises NotFound."""
    wave = await queries.wave_in(scope, wave_id)
    campaign = await queries.campaign_in(scope, wave.campaign_id)
    effects, _ = await _foreseen(scope, campaign, wave, now)
    return effects


async def publish_wave(scope: Scope, wave_id: UUID, now: datetime, *, as_drafts: bool = False) -> Effects:
    """Make the shops of a wave, open and with their timers, in one statement; one audit event.

    as_drafts: schedulers see them and no shopper does, until they are opened. A wave whose shops are made already stays
    as it is: pressing the button twice is pressing it once. Raises NotPublishable with the reasons, NotFound.
    """
    wave = await queries.wave_in(scope, wave_id, lock=True)
    campaign = await queries.campaign_in(scope, wave.campaign_id, lock=True)
    if wave.is_published:
        # Read anew: where we have waited for somebody else's publishing, the first statement could not see its shops.
        return Effects((await queries.wave_in(scope, wave_id)).shop_count, is_new=False)
    foreseen, room = await _foreseen(scope, campaign, wave, now)
    if not foreseen.is_possible:
        raise NotPublishable(foreseen.reasons)
    await _freeze(scope, campaign, now)
    state = State.DRAFT if as_drafts else State.OPEN
    given = await _given(scope, campaign, foreseen.shops, state, now)
    made = await queries.make_shops(scope, campaign, wave, room, given)
    await queries.mark_published(scope, wave.id, now)
    if campaign.status == Status.DRAFT:
        await queries.write_campaign(scope, campaign.id, {"status": Status.LIVE.value})
    counts = {f"skipped_{why}": count for why, count in (foreseen.skipped or {}).items()}
    action = "wave.lay-out" if as_drafts else "wave.publish"
    await note(scope, action, campaign.id, now, wave=str(wave.id), shops=made, **counts)
    return Effects(made, foreseen.locations, foreseen.skipped)


async def open_wave(scope: Scope, wave_id: UUID, now: datetime) -> Opened:
    """Open a wave's drafts to shoppers, each through the machine; what stays a draft, by reason. Raises NotFound.

    Twice is once.
    """
    await queries.wave_in(scope, wave_id, lock=True)
    effects = await open_drafts(scope, await queries.drafts_of(scope, wave_id), now)
    return Opened(len(effects.done), {why: len(ids) for why, ids in effects.skipped.items()})


async def open_drafts(scope: Scope, shop_ids: Sequence[UUID], now: datetime) -> Moved:
    """Open drafts to shoppers through the machine, in a fixed number of statements; what stays as it is, by reason.

    Skipped: over, closed, temporarily_closed, no_guideline, campaign_closed, recording, untold, and what visits say.
    """
    why = {draft.id: _obstacle(draft, now) for draft in await queries.drafts_among(scope, shop_ids)}
    ready = [shop_id for shop_id in shop_ids if not why.get(shop_id)]
    effects = await visits.fire_many(scope, ready, Event.PUBLISH, Actor.SCHEDULER, now)
    skipped = dict(effects.skipped)
    for shop_id in shop_ids:
        if obstacle := why.get(shop_id):
            skipped[obstacle] = (*skipped.get(obstacle, ()), shop_id)
    return Moved(effects.done, skipped)


def _obstacle(draft: queries.Draft, now: datetime) -> str:
    if draft.window_end <= now:
        return "over"
    if draft.place != "open":
        return draft.place
    if draft.is_closed:
        return "campaign_closed"
    return draft.bar if draft.has_guideline else "no_guideline"


async def _foreseen(scope: Scope, campaign: Campaign, wave: Wave, now: datetime) -> tuple[Effects, queries.Room]:
    parts = sorted({*wave.quota.dayparts, *(part for own in wave.quota.own.values() for part in own)} or {ANY})
    is_at_competitors = campaign.kind == Kind.COMPETITOR
    zones = await queries.zones_of(scope, campaign.client_id, of_competitors=is_at_competitors)
    planned = windows(wave.starts_on, wave.ends_on, zones, parts)
    room = queries.Room(still_open(planned, now), *await _left_out(scope, campaign))
    counted = await queries.forecast(scope, campaign, wave, room)
    shops, locations = counted.pop("shops"), counted.pop("locations")
    skipped = {why: count for why, count in counted.items() if count}
    reasons = [gap.text for gap in gaps(campaign)] + await _wrong_questions(scope, campaign)
    if not planned:
        reasons.append(NO_COMPETITOR if is_at_competitors else "None of the client's locations is open")
    elif not room.windows:
        reasons.append("The wave's last day is over")
    elif not shops and skipped.get("recording"):
        reasons.append("Everybody must agree to a recording at every location that takes part: ask for none")
    elif not shops and skipped.get("untold"):
        reasons.append("The notice to staff was given at none of the locations that take part: record one for them")
    elif not shops:
        reasons.append("No location that is open takes part")
    elif shops > MOST_SHOPS:
        reasons.append(f"A wave has at most {MOST_SHOPS:,} shops; this one would have {shops:,}")
    return Effects(shops, locations, skipped, tuple(reasons)), room


async def _left_out(scope: Scope, campaign: Campaign) -> tuple[list[Place], list[Place]]:
    """Where a campaign makes no shop: nobody secretly records where all must agree, or is named who was not told."""
    is_recorded, is_named = campaign.recording_mode != "none", needs_notice(campaign.employee_id_mode)
    places = await queries.regions_of(scope, campaign.client_id) if is_recorded or is_named else []
    told = await queries.told_in(scope, campaign.staff_notice_id)
    barred = [place for place in places if is_recorded and bars_recording(*place)]
    return barred, untold(told, places) if is_named and campaign.staff_notice_id else []


async def _wrong_questions(scope: Scope, campaign: Campaign) -> list[str]:
    """What keeps the questionnaire from being frozen: said before somebody presses the button, not after."""
    if campaign.version_id is None:
        return []
    version = await questionnaires.version_in(scope, campaign.version_id)
    found = [] if version.is_frozen else problems(version.definition)
    return [f"Questionnaire: {problem.message}" for problem in found]


async def _freeze(scope: Scope, campaign: Campaign, now: datetime) -> None:
    """The questions of a report never change once a shop has been published."""
    if campaign.version_id is None:
        raise NotPublishable((Part.QUESTIONNAIRE,))
    try:
        await questionnaires.freeze(scope, campaign.version_id, now)
    except NotReady as error:
        words = tuple(f"Questionnaire: {problem.message}" for problem in error.problems)
        raise NotPublishable(words) from error


async def _given(scope: Scope, campaign: Campaign, shops: int, state: State, now: datetime) -> queries.Given:
    prefix = ref_prefix(await queries.slug_of(scope))
    drawn = refs_of(prefix, random_bytes(bytes_for(shops)))
    taken = await queries.taken_refs(scope, drawn)
    refs = [ref.removeprefix(f"{prefix}-") for ref in drawn if ref not in taken]
    scenarios = [scenario.id for scenario in await queries.scenarios_of(scope, campaign.id)]
    return queries.Given(scenarios, prefix, refs, now, state)
