"""About where a shopper starts from: said in one of three ways, kept to a kilometre. Role.SHOPPER."""

from collections.abc import Sequence
from datetime import datetime

from survey.db import Scope

from .. import queries
from ..domain import Coordinates, Guess, Sought, Town, Way, coarse, code_of, guess
from .notes import note, own_id


async def towns(scope: Scope) -> Sequence[Town]:
    """Where the affiliate has places: what the map shows."""
    return await queries.starting.towns_of(scope)


async def worked_out(scope: Scope, sought: Sought) -> Guess | None:
    """About the middle of a postal code or a town, from the affiliate's own places; None where it has none there."""
    code = code_of(sought.postal_code, sought.country)
    return guess(await queries.starting.spots_like(scope, sought, code), sought)


async def keep(scope: Scope, point: Coordinates, way: Way, now: datetime) -> Coordinates:
    """Keep a point, and no more of it than about a kilometre: what is kept. On record is that it changed, and how."""
    kept = coarse(point)
    if await queries.starting.put_point(scope, kept):
        await _note(scope, way, now)
    return kept


async def forget(scope: Scope, now: datetime) -> bool:
    """Keep no place any more; False where none was kept."""
    is_changed = await queries.starting.put_point(scope, None)
    if is_changed:
        await _note(scope, Way.REMOVED, now)
    return is_changed


async def _note(scope: Scope, way: Way, now: datetime) -> None:
    changed: dict[str, str | bool] = {"point.changed": True, "way": way.value}
    await note(scope, "shopper.correct", own_id(scope), now, **changed)
