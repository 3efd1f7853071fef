"""Putting the pages about visits together from the release plane."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from survey.db import Keyset, NotFound, Scope

from .. import queries
from ..domain.beside import Beside
from ..domain.drilling import Answer, QuestionScore
from ..domain.shops import PlaceLine, ShopList, ShopsWanted, WaveLine, find_whole_wave
from ..domain.visits import ShopOverview


@dataclass(frozen=True, slots=True)
class Around:
    """What the pages about visits share: the place and wave asked for, and what else there is to ask for, today."""

    wanted: ShopsWanted
    place_path: str
    places: Sequence[PlaceLine]
    waves: Sequence[WaveLine]
    wave: WaveLine | None
    has_competitors: bool
    today: date


async def around(scope: Scope, wanted: ShopsWanted, today: date) -> Around:
    """The place and wave that the URL asks for. Raises NotFound for what is not the viewer's.

    A wave says by itself whose locations it is about; without one, it is the client's own unless the URL says else.
    """
    has_competitors = await queries.has_competitors(scope)
    found = await _around(scope, wanted, today, has_competitors=has_competitors)
    if found.wave is None and wanted.wave_id is not None and has_competitors:
        other = replace(wanted, is_theirs=not wanted.is_theirs)
        found = await _around(scope, other, today, has_competitors=has_competitors)
    if found.wave is None and wanted.wave_id is not None:
        raise NotFound("wave")
    return found


async def _around(scope: Scope, wanted: ShopsWanted, today: date, *, has_competitors: bool) -> Around:
    places = await queries.places_with_shops(scope, is_theirs=wanted.is_theirs)
    path = _path(scope, wanted.place_id, places)
    waves = await queries.waves_of(scope, path, is_theirs=wanted.is_theirs)
    wave = next((each for each in waves if each.id == wanted.wave_id), None)
    return Around(wanted, path, places, waves, wave, has_competitors, today)


async def beside_own(scope: Scope, here: Around, view: ShopOverview) -> Beside | None:
    """The newest whole wave at the client's own locations beside one at competitors'; None where either is missing.

    Questions are told side by side where both questionnaires ask them in the same words.
    """
    if not here.wanted.is_theirs:
        return None
    own = find_whole_wave(await queries.waves_of(scope, scope.node_path or "", is_theirs=False), here.today)
    if own is None:
        return None
    asked = await queries.questions_of_wave(scope, own.id, None, scope.node_path or "")
    return Beside(view.wave, own, view.questions, asked)


async def list_of(scope: Scope, here: Around, keyset: Keyset) -> ShopList:
    """A page of reports, and what was withdrawn."""
    page = await queries.shops_of(scope, here.wanted, here.place_path, keyset)
    gone = await queries.tombstones_of(scope, here.place_path) if keyset.after is None else []
    return ShopList(page.rows, page.next_cursor, gone)


async def shops_overview(scope: Scope, here: Around) -> ShopOverview | None:
    """What a wave adds up to, or the newest whole one; None where there is none."""
    wave = here.wave or find_whole_wave(here.waves, here.today)
    if wave is None:
        return None
    own = [each for each in here.waves if each.campaign_id == wave.campaign_id]
    begun = here.waves[: here.waves.index(wave)] if here.wave is None else ()
    before = next((each for each in own if each.starts_on < wave.starts_on), None)
    compared = (wave.id, before.id if before else None, here.place_path)
    best, weakest, stores = await queries.stores_of(scope, wave.id, here.place_path)
    bins, failed = await queries.spread_of(scope, wave.id, here.place_path)
    return ShopOverview(
        wave,
        before,
        failed,
        [each for each in reversed(own) if each not in begun],
        await queries.sections_of(scope, *compared),
        best,
        weakest,
        stores,
        bins,
        await queries.places_of(scope, *compared),
        await queries.questions_of_wave(scope, *compared),
        await queries.makers_of(scope, wave.id) if here.wanted.place_id is None else (),
        begun,
    )


async def question_in(
    scope: Scope, here: Around, question_id: str
) -> tuple[ShopOverview, QuestionScore, list[Answer]]:  # fmt: skip
    """A question of a wave with what was answered to it. Raises NotFound."""
    view = await shops_overview(scope, here)
    asked = next((each for each in view.questions if each.id == question_id), None) if view else None
    if view is None or asked is None:
        raise NotFound("question")
    return view, asked, await queries.answers_to(scope, view.wave.id, here.place_path, question_id)


def _path(scope: Scope, place_id: UUID | None, places: Sequence[PlaceLine]) -> str:
    if place_id is None:
        return scope.node_path or ""
    for place in places:
        if place.id == place_id:
            return place.path
    raise NotFound("place")
