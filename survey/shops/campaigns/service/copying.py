"""Beginning where something else left off: a campaign like another one, a wave after the last."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from uuid import UUID

from privacy.crypto import random_id
from survey.db import Conflict, Scope

from .. import queries
from ..domain import Draft, following
from . import guidelines
from .notes import note

# What a copy takes over. The guideline is written anew, because it belongs to its campaign; a copy is a draft.
KEPT = tuple(name for name in queries.CHANGES if name not in {"name", "kind", "guideline_id", "is_certified", "status"})


class NoName(Conflict):
    """Of two who copied the same thing at once one comes too late."""


async def copy_campaign(scope: Scope, campaign_id: UUID, now: datetime) -> UUID:
    """A draft for the same client with the same rules, guideline and scenarios, without waves; its id.

    Raises NoName, NotFound.
    """
    campaign = await queries.campaign_in(scope, campaign_id)
    name = _free(f"{campaign.name} (copy)", await queries.campaign_names(scope, campaign.client_id))
    copy_id = await queries.insert_campaign(scope, Draft(campaign.client_id, name, campaign.kind), now)
    if copy_id is None:
        raise NoName("somebody took the name meanwhile")
    await queries.write_campaign(scope, copy_id, {name: getattr(campaign, name) for name in KEPT})
    await queries.copy_scenarios(scope, campaign_id, copy_id)
    await note(scope, "campaign.copy", copy_id, now, source=str(campaign_id))
    if campaign.guideline_id is not None:
        guideline = await queries.guideline_in(scope, campaign.guideline_id)
        await guidelines.write(scope, copy_id, guideline.body, guideline.quiz, (guideline.pass_percent, now))
    return copy_id


async def next_wave(scope: Scope, wave_id: UUID, now: datetime) -> UUID:
    """Plan the round after a wave, with its quota; its id. Raises NoName, NotFound."""
    wave = await queries.wave_in(scope, wave_id)
    draft, planned_id = following(wave, now.date()), random_id()
    named = replace(draft, label=_free(draft.label, await queries.wave_labels(scope, wave.campaign_id)))
    if not await queries.put_wave(scope, wave.campaign_id, planned_id, named, now):
        raise NoName("somebody took the name meanwhile")
    await note(scope, "campaign.wave", wave.campaign_id, now, wave=str(planned_id), after=str(wave_id))
    return planned_id


def _free(wanted: str, taken: Collection[str]) -> str:
    """The name, with the least number behind it that makes it a new one."""
    return next(name for name in _numbered(wanted) if name not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {number}" for number in count(2))
