"""Another window for many shops, and back again within the half minute."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from privacy.vault import KeyRing
from survey.db import Scope
from survey.shops.visits import service as visits
from survey.shops.visits.domain import Effects, Event, Frame

from .. import queries
from ..domain import WINDOW_WORDS, Action, Before, Chosen, Outcome, Terms, warnings_of
from .outcomes import outcome_of

TIMER = "timer "  # before the name of one, in what an undo needs


async def window(scope: Scope, ring: KeyRing, terms: Terms, shops: Sequence[Chosen], now: datetime) -> Outcome:
    """Another window for shops whose visit is still to come; says which end after their wave, and which lose a day."""
    became = await visits.reframe_many(scope, [shop.id for shop in shops], terms.window, now)
    effects = Effects(tuple(became.was), became.skipped)
    outcome = await outcome_of(scope, shops, effects, words=WINDOW_WORDS)
    refs = {shop.id: shop.public_ref for shop in shops}
    waves = await queries.wave_ends_of(scope, list(became.lasts))
    before = {each: values | _kept(became.was[UUID(each)]) for each, values in outcome.before.items()}
    return replace(outcome, before=before, warnings=warnings_of(became.lasts, waves, became.without_day, refs))


async def window_back(scope: Scope, action: Action, shops: Mapping[UUID, Before], now: datetime) -> int:
    """The windows, days, due times and timers as they were."""
    await visits.restore_frames(scope, {each: _frame(values) for each, values in shops.items()}, now)
    return len(shops)


def _kept(was: Frame) -> Before:
    return {
        "window_start": was.window_start.isoformat(),
        "window_end": was.window_end.isoformat(),
        "stretched_from": was.stretched_from.isoformat() if was.stretched_from else None,
        **{f"{TIMER}{event}": moment.isoformat() for event, moment in was.timers.items()},
    }


def _frame(values: Before) -> Frame:
    timers = {
        Event(name.removeprefix(TIMER)): datetime.fromisoformat(str(moment))
        for name, moment in values.items()
        if name.startswith(TIMER)
    }
    return Frame(
        datetime.fromisoformat(str(values["window_start"])),
        datetime.fromisoformat(str(values["window_end"])),
        date.fromisoformat(str(values["planned_on"])) if values["planned_on"] else None,
        datetime.fromisoformat(str(values["due_at"])) if values["due_at"] else None,
        timers,
        datetime.fromisoformat(str(values["stretched_from"])) if values.get("stretched_from") else None,
    )
