"""Surveys in the demo: the customers of three clients, who are asked about a visit, and how they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import to_builtins

from survey.clients.domain import Level, LocationDraft
from survey.db import Scope
from survey.questionnaires.domain import store_visit
from survey.studies.domain import Narrowing

from . import cast, people
from .customers import ListPlan, address_of
from .fieldwork import Ground, Wave, answer, close, launch, opt_outs, questionnaire
from .geography import DISTRICTS, OUTFITTERS, REGIONS, WEST, branches_tree, coffee_tree, outfitters_tree
from .lists import client, customers, places_by_code
from .programmes import PULSE
from .stage import Stage

LISTED_AGO = 96
# How many people stand on each list; nine hundred on six of them.
COFFEE_PEOPLE = {"East": 168, "Central": 130, "West": 402}
OUTFITTERS_PEOPLE = {"Pacific": 60, "Atlantic": 60}
UNION_PEOPLE = 80
TITLE = f"Your visit to {cast.COPPERKETTLE}"
WAVES = (
    Wave("Visits, three months ago", TITLE, 92, 78, 0, 440, 46),
    Wave("Visits, last month", TITLE, 56, 42, 1, 455, 48),
)
PULSE_NAME = "After-visit pulse"
PULSE_OPENS = 17
PULSE_ANSWERS, PULSE_LEAVES = 131, 14
# Who of the West stops the mail three days after it came. The first stops everybody's, and is on the list of another.
OPTED_OUT = tuple(address_of("west", number) for number in range(7, 7 + 12))
OPTED_OUT_AGO = 14
FITTING_WAVE = Wave("Fitting-room pulse", f"Your visit to {cast.HARBOR_PINE}", 2, -14, 0, 24, 3)
UNION_WAVE = Wave("New members", f"Your visit to {cast.JUNIPER}", 45, 31, 0, 52, 5)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of a client: its name, how many people, and below which part of the tree their stores are."""

    name: str
    people: int
    stores: Sequence[str]
    again: str = ""


async def coffee(stage: Stage, scope: Scope) -> UUID:
    """Copperkettle Coffee: two released waves, and a pulse in the West that is being answered; the client's id."""
    tree = coffee_tree()
    ground = await _ground(stage, scope, cast.COPPERKETTLE, tree, _coffee_lists(tree))
    for wave in WAVES:
        study_id = await launch(stage, ground, wave)
        await answer(stage, ground, study_id, wave)
        await close(stage, ground, study_id, wave)
    await _pulse(stage, ground)
    return ground.client_id


async def outfitters(stage: Stage, scope: Scope) -> UUID:
    """Harbor & Pine: a study that goes on. Of those on its lists one has stopped all mail at the other client's."""
    tree = outfitters_tree()
    stores = [draft.code for draft in tree if draft.level == Level.STORE]
    half = len(stores) // len(OUTFITTERS)
    lists = [
        Listed(region.lower(), many, stores[at * half : (at + 1) * half], OPTED_OUT[0] if region == "Pacific" else "")
        for at, (region, many) in enumerate(OUTFITTERS_PEOPLE.items())
    ]
    ground = await _ground(stage, scope, cast.HARBOR_PINE, tree, lists)
    study_id = await launch(stage, ground, FITTING_WAVE)
    await answer(stage, ground, study_id, FITTING_WAVE)
    return ground.client_id


async def union(stage: Stage, scope: Scope) -> UUID:
    """Juniper Credit Union, a client of the other company: one small study."""
    tree = branches_tree()
    stores = [draft.code for draft in tree if draft.level == Level.STORE]
    ground = await _ground(stage, scope, cast.JUNIPER, tree, [Listed("union", UNION_PEOPLE, stores)])
    study_id = await launch(stage, ground, UNION_WAVE)
    await answer(stage, ground, study_id, UNION_WAVE)
    await close(stage, ground, study_id, UNION_WAVE)
    return ground.client_id


async def _pulse(stage: Stage, ground: Ground) -> None:
    """Everybody of the West is asked; some answer, and twelve stop the mail."""
    version_id = await questionnaire(ground.scope, PULSE_NAME, PULSE, stage.day(20))
    west = next(place for place, code in ground.codes.items() if code == WEST)
    wave = Wave(PULSE_NAME, TITLE, PULSE_OPENS, -11, 2, PULSE_ANSWERS, PULSE_LEAVES,
                (("audience", to_builtins(Narrowing(location_id=west))),))  # fmt: skip
    asked = Ground(ground.scope, ground.client_id, version_id, ground.codes)
    study_id = await launch(stage, asked, wave)
    await opt_outs(stage, asked, study_id, OPTED_OUT, stage.day(OPTED_OUT_AGO))
    await answer(stage, asked, study_id, wave)


async def _ground(
    stage: Stage, scope: Scope, name: str, tree: Sequence[LocationDraft], lists: Sequence[Listed]
) -> Ground:
    client_id = await client(scope, name, tree, stage.day(110))
    visited = (stage.day(LISTED_AGO + 14).date(), stage.day(LISTED_AGO + 1).date())
    for one in lists:
        plan = ListPlan(one.name, one.people, one.stores, visited, one.again)
        await customers(stage, scope, client_id, plan, _imported(stage, name))
    version_id = await questionnaire(scope, f"After a visit to {name}", store_visit(), stage.day(100))
    places = await places_by_code(scope, client_id)
    await people.viewers(stage, scope, client_id, name, places)
    return Ground(scope, client_id, version_id, {place: code for code, place in places.items()})


def _imported(stage: Stage, name: str) -> datetime:
    """When its lists were brought in: those of the outfitters after somebody on them had stopped the mail."""
    return stage.day(4 if name == cast.HARBOR_PINE else LISTED_AGO)


def _coffee_lists(tree: Sequence[LocationDraft]) -> list[Listed]:
    lists = []
    for region, many in COFFEE_PEOPLE.items():
        districts = {f"D{DISTRICTS[name][0]}" for name in REGIONS[region]}
        lists.append(Listed(region.lower(), many, [draft.code for draft in tree if draft.parent_code in districts]))
    return lists
