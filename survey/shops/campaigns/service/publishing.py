"""Publishing a wave: what it would do, and doing it, at once or in two steps."""

from datetime import datetime
from uuid import UUID

from privacy.crypto import random_bytes
from survey.db import Scope
from survey.questionnaires import service as questionnaires
from survey.questionnaires.domain import NotReady
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Actor, Event, State
from survey.shops.visits.domain import Effects as Moved

from .. import queries
from ..domain import (
    ANY,
    MOST_SHOPS,
    Campaign,
    Effects,
    Part,
    Status,
    Wave,
    Window,
    bytes_for,
    gaps,
    ref_prefix,
    refs_of,
    still_open,
    windows,
)
from .notes import note


class NotPublishable(Exception):
    """A wave cannot be published; `reasons` says why, in words for staff."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("this wave cannot be published")
        self.reasons = reasons


async def effects_of(scope: Scope, wave_id: UUID, now: datetime) -> Effects:
    """What publishing a wave would make, whom it would pass over, and what stands in the way. Raises NotFound."""
    wave = await queries.wave_in(scope, wave_id)
    campaign = await queries.campaign_in(scope, wave.campaign_id)
    effects, _ = await _foreseen(scope, campaign, wave, now)
    return effects


async def publish_wave(scope: Scope, wave_id: UUID, now: datetime) -> Effects:
    """Make the shops of a wave, open and with their timers, in one statement; one audit event.

    A wave that is published already stays as it is: pressing the button twice is pressing it once. Raises
    NotPublishable with the reasons, NotFound.
    """
    return await _publish(scope, wave_id, State.OPEN, now)


async def prepare_wave(scope: Scope, wave_id: UUID, now: datetime) -> Effects:
    """The same as drafts: no shopper sees them until somebody puts them on the board. Raises as `publish_wave`."""
    return await _publish(scope, wave_id, State.DRAFT, now)


async def post_wave(scope: Scope, wave_id: UUID, now: datetime) -> Moved:
    """Put a wave's drafts on the board; what is on hold is skipped. Twice is once. Raises NotFound."""
    wave = await queries.wave_in(scope, wave_id, lock=True)
    drafts = await queries.drafts_of(scope, wave.id)
    return await visits.fire_many(scope, drafts, Event.PUBLISH, Actor.SCHEDULER, now)


async def _publish(scope: Scope, wave_id: UUID, state: State, now: datetime) -> Effects:
    wave = await queries.wave_in(scope, wave_id, lock=True)
    campaign = await queries.campaign_in(scope, wave.campaign_id, lock=True)
    if wave.is_published:
        # Read anew: where we have waited for somebody else's publishing, the first statement could not see its shops.
        return Effects((await queries.wave_in(scope, wave_id)).shop_count, is_new=False)
    foreseen, open_windows = await _foreseen(scope, campaign, wave, now)
    if not foreseen.is_possible:
        raise NotPublishable(foreseen.reasons)
    await _freeze(scope, campaign, now)
    made = await _make(scope, campaign, wave, open_windows, (foreseen.shops, state, now))
    await queries.mark_published(scope, wave.id, now)
    if campaign.status == Status.DRAFT:
        await queries.write_campaign(scope, campaign.id, {"status": Status.LIVE.value})
    counts = {f"skipped_{why}": count for why, count in (foreseen.skipped or {}).items()}
    action = "wave.publish" if state is State.OPEN else "wave.prepare"
    await note(scope, action, campaign.id, now, wave=str(wave.id), shops=made, **counts)
    return Effects(made, foreseen.locations, foreseen.skipped)


async def _foreseen(scope: Scope, campaign: Campaign, wave: Wave, now: datetime) -> tuple[Effects, list[Window]]:
    parts = sorted({*wave.quota.dayparts, *(part for own in wave.quota.own.values() for part in own)} or {ANY})
    planned = windows(wave.starts_on, wave.ends_on, await queries.zones_of(scope, campaign.client_id), parts)
    open_windows = still_open(planned, now)
    counted = await queries.forecast(scope, campaign.client_id, wave, open_windows)
    shops, locations = counted.pop("shops"), counted.pop("locations")
    skipped = {why: count for why, count in counted.items() if count}
    reasons = [gap.text for gap in gaps(campaign)]
    if not planned:
        reasons.append("None of the client's locations is open")
    elif not open_windows:
        reasons.append("The wave's last day is over")
    elif not shops:
        reasons.append("No location that is open takes part")
    elif shops > MOST_SHOPS:
        reasons.append(f"A wave has at most {MOST_SHOPS:,} shops; this one would have {shops:,}")
    return Effects(shops, locations, skipped, tuple(reasons)), open_windows


async def _freeze(scope: Scope, campaign: Campaign, now: datetime) -> None:
    """The questions of a report never change once a shop has been published."""
    if campaign.version_id is None:
        raise NotPublishable((Part.QUESTIONNAIRE,))
    try:
        await questionnaires.freeze(scope, campaign.version_id, now)
    except NotReady as error:
        words = tuple(f"Questionnaire: {problem.message}" for problem in error.problems)
        raise NotPublishable(words) from error


async def _make(
    scope: Scope, campaign: Campaign, wave: Wave, open_windows: list[Window], wanted: tuple[int, State, datetime]
) -> int:
    shops, state, now = wanted
    prefix = ref_prefix(await queries.slug_of(scope))
    drawn = refs_of(prefix, random_bytes(bytes_for(shops)))
    taken = await queries.taken_refs(scope, drawn)
    refs = [ref.removeprefix(f"{prefix}-") for ref in drawn if ref not in taken]
    scenarios = [scenario.id for scenario in await queries.scenarios_of(scope, campaign.id)]
    given = queries.Given(scenarios, prefix, refs, now, state)
    return await queries.make_shops(scope, campaign, wave, open_windows, given)
