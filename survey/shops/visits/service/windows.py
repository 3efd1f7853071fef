"""Other windows for many shops at once, and the old ones again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from privacy.audit import Event as AuditEvent
from privacy.audit import record_many
from survey.db import Scope, connection

from .. import queries
from ..domain import Frame, NewWindow, days_of, frame_of, frame_refusal, reframed
from .planning import refresh_timers


@dataclass(frozen=True, slots=True)
class Reframed:
    """What became of many shops. was: how it was before, by shop; lasts: their last days now; skipped: by code.

    without_day: those whose chosen day lies outside, and is chosen no more.
    """

    was: Mapping[UUID, Frame]
    lasts: Mapping[UUID, date]
    without_day: tuple[UUID, ...]
    skipped: Mapping[str, tuple[UUID, ...]]


async def reframe_many(scope: Scope, shop_ids: Sequence[UUID], wanted: NewWindow, now: datetime) -> Reframed:
    """Give another window to shops whose visit is still to come, in a fixed number of statements. Role.STAFF.

    Due times and timers follow. Skipped: missing, on_hold, reported, ended, backwards, too_long, over, same_window,
    day_outside.
    """
    found = {shop.id: shop for shop in await queries.shops_of(scope, shop_ids, lock=True)}
    frames: dict[UUID, Frame] = {}
    skipped: dict[str, tuple[UUID, ...]] = {}
    for shop_id in shop_ids:
        shop = found.get(shop_id)
        frame = reframed(shop, wanted) if shop else None
        code = frame_refusal(shop, frame, wanted, now) if shop and frame else "missing"
        if frame and not code:
            frames[shop_id] = frame
        else:
            skipped[code] = (*skipped.get(code, ()), shop_id)
    timers = await queries.timers_of(list(frames))
    was = {shop_id: frame_of(found[shop_id], timers.get(shop_id, {})) for shop_id in frames}
    await _write(scope, frames, was, now)
    await refresh_timers(scope, frames, now)
    lasts = {each: days_of(replace(found[each], window_end=frame.window_end))[1] for each, frame in frames.items()}
    dayless = tuple(each for each, frame in frames.items() if frame.planned_on != was[each].planned_on)
    return Reframed(was, lasts, dayless, skipped)


async def restore_frames(scope: Scope, frames: Mapping[UUID, Frame], now: datetime) -> None:
    """Put back windows, days, due times and timers exactly as they were a moment ago. Role.STAFF."""
    shops = await queries.shops_of(scope, list(frames), lock=True)
    is_now = {shop.id: frame_of(shop, {}) for shop in shops}
    await _write(scope, {each: frames[each] for each in is_now}, is_now, now, reason="undo")
    await queries.set_timers(shops, [frames[shop.id].timers for shop in shops])


async def _write(
    scope: Scope, frames: Mapping[UUID, Frame], was: Mapping[UUID, Frame], now: datetime, *, reason: str = ""
) -> None:
    await queries.write_frames(frames)
    days = {each: frame.planned_on for each, frame in frames.items() if frame.planned_on != was[each].planned_on}
    await queries.replan_assignments(days)
    events = [
        AuditEvent(
            scope.affiliate_id, scope.actor_kind, scope.account_id, "shop.window", "shop", shop_id,
            detail=_told(was[shop_id], frame) | ({"reason": reason} if reason else {}),
        )
        for shop_id, frame in frames.items()
    ]  # fmt: skip
    await record_many(connection(), events, now)


def _told(was: Frame, frame: Frame) -> dict[str, str | None]:
    """What has changed, the old beside the new, as a shop's history reads it."""
    told: dict[str, str | None] = {}
    if frame.window_start != was.window_start:
        told |= {"from_since": was.window_start.isoformat(), "since": frame.window_start.isoformat()}
    if frame.window_end != was.window_end:
        told |= {"from_until": was.window_end.isoformat(), "until": frame.window_end.isoformat()}
    if frame.planned_on != was.planned_on:
        told |= {"from_day": _day(was.planned_on), "planned_on": _day(frame.planned_on)}
    return told


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
