"""A client with stores, and customers who have answered the sample questionnaire."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Any
from uuid import UUID, uuid5

from survey.questionnaires.domain import (
    PREFER_NOT,
    Definition,
    Item,
    Kind,
    bounds,
    compile_definition,
    store_visit,
    visibility,
)
from survey.releases.domain import Fieldwork, Place, Reply

NAMES = UUID(int=7)
LEVELS = ("hq", "region", "store")
AGES = ("under_25", "25_34", "45_54", "65_up")


def named(name: str) -> UUID:
    """The same id for the same name."""
    return uuid5(NAMES, name)


def place(code: str, parent: Place | None = None) -> Place:
    """A location; its level follows from its depth."""
    own = named(code)
    path = f"{parent.path if parent else '/'}{own.hex}/"
    return Place(own, parent.id if parent else None, LEVELS[path.count("/") - 2], code, code.title(), path)


def chain(stores_by_region: Mapping[str, Sequence[str]]) -> tuple[Place, ...]:
    """Head office, regions and stores."""
    head = place("hq")
    places = [head]
    for name, stores in stores_by_region.items():
        region = place(name, head)
        places += [region, *(place(store, region) for store in stores)]
    return tuple(places)


def fieldwork(places: Sequence[Place], definition: Definition | None = None) -> Fieldwork:
    """A closed study of these places."""
    return Fieldwork(
        study_id=named("study"),
        affiliate_id=named("affiliate"),
        client_id=named("client"),
        client_name="Northwind",
        version_id=named("version"),
        title="Your visit",
        opened_on=date(2026, 10, 1),
        closed_on=date(2026, 10, 31),
        definition=definition or store_visit(),
        places=tuple(places),
    )


def replies(counts: Mapping[str, int], definition: Definition | None = None, seed: int = 1) -> list[Reply]:
    """So many people at each location, with answers drawn by a seeded dice."""
    dice = Random(seed)
    compiled = compile_definition(definition or store_visit())
    return [
        Reply(UUID(int=dice.getrandbits(128)), named(code), answers(compiled, dice), {"age_band": dice.choice(AGES)})
        for code, count in counts.items()
        for _ in range(count)
    ]


def answers(compiled: Any, dice: Random) -> dict[str, Any]:
    """Answers to what shows, in the order asked; some optional questions are left out."""
    coded: dict[str, Any] = {}
    for item in compiled.definition.items():
        is_answered = item.is_required or dice.random() > 0.05
        if is_answered and item.id in visibility(compiled, coded).items:
            answer = _answer(item, dice)
            if answer is not None:
                coded[item.id] = answer
    return coded


def _answer(item: Item, dice: Random) -> Any:
    if item.is_sensitive and dice.random() < 0.1:
        return PREFER_NOT
    match item.kind:
        case Kind.SINGLE:
            return dice.choice(item.choices).code
        case Kind.MULTIPLE:
            return [dice.choice([choice.code for choice in item.choices if not choice.is_exclusive])]
        case Kind.SCALE | Kind.NPS:
            least, most = bounds(item)
            return dice.choices(range(least, most + 1), range(1, most - least + 2))[0]
        case Kind.NUMBER:
            return round(dice.lognormvariate(3.5, 0.8), 2) if item.decimals else dice.randint(0, 12)
        case Kind.MATRIX:
            return {row.code: dice.choice(item.choices).code for row in item.rows}
        case _:
            return None
