"""Putting the pages about visits together from the release plane."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from survey.db import Keyset, NotFound, Scope

from .. import queries
from ..domain.drilling import Answer, QuestionScore
from ..domain.shops import PlaceLine, ShopList, ShopsWanted, WaveLine
from ..domain.visits import ShopOverview


@dataclass(frozen=True, slots=True)
class Around:
    """What the pages about visits share: the place and wave asked for, and what else there is to ask for."""

    wanted: ShopsWanted
    place_path: str
    places: Sequence[PlaceLine]
    waves: Sequence[WaveLine]
    wave: WaveLine | None


async def around(scope: Scope, wanted: ShopsWanted) -> Around:
    """The place and wave that the URL asks for. Raises NotFound for what is not the viewer's."""
    places = await queries.places_with_shops(scope)
    path = _path(scope, wanted.place_id, places)
    waves = await queries.waves_of(scope, path)
    wave = next((each for each in waves if each.id == wanted.wave_id), None)
    if wanted.wave_id is not None and wave is None:
        raise NotFound("wave")
    return Around(wanted, path, places, waves, wave)


async def list_of(scope: Scope, here: Around, keyset: Keyset) -> ShopList:
    """A page of reports, and what was withdrawn."""
    page = await queries.shops_of(scope, here.wanted, here.place_path, keyset)
    gone = await queries.tombstones_of(scope, here.place_path) if keyset.after is None else []
    return ShopList(page.rows, page.next_cursor, gone)


async def shops_overview(scope: Scope, here: Around) -> ShopOverview | None:
    """What a wave adds up to, or the newest one; None where there is none."""
    wave = here.wave or next(iter(here.waves), None)
    if wave is None:
        return None
    own = [each for each in here.waves if each.campaign_id == wave.campaign_id]
    before = next((each for each in own if each.starts_on < wave.starts_on), None)
    compared = (wave.id, before.id if before else None, here.place_path)
    best, weakest, stores = await queries.stores_of(scope, wave.id, here.place_path)
    bins, failed = await queries.spread_of(scope, wave.id, here.place_path)
    return ShopOverview(
        wave,
        before,
        failed,
        list(reversed(own)),
        await queries.sections_of(scope, *compared),
        best,
        weakest,
        stores,
        bins,
        await queries.places_of(scope, *compared),
        await queries.questions_of_wave(scope, *compared),
        await queries.makers_of(scope, wave.id) if here.wanted.place_id is None else (),
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
