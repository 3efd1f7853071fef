"""What simulated respondents say: each store has its own strengths, each wave a little progress, each person a mood."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from survey.questionnaires.domain import Item, Kind

MISSING = ("Oat milk", "The almond cake", "A free table", "Decaf beans", "A lid that fits", "The loyalty card reader")
PRAISE = (
    "They knew which beans were fresh and said so.",
    "Quick, even with a long queue.",
    "My order was put right without any fuss.",
    "A friendly word while I waited.",
)
IMPROVE = (
    "More seats by the window.",
    "It was too loud to talk.",
    "Please open half an hour earlier on weekdays.",
    "The queue for collecting orders is not marked.",
    "Prices went up again; the portions did not.",
    "Nothing. Keep it as it is.",
)
TEXTS = {"missing": MISSING, "praise": PRAISE, "improve": IMPROVE}
STORE_SPREAD = 0.55
MOOD_SPREAD = 0.9
WAVE_STEP = 0.18
TEXT_SHARE = 0.35
DECLINED_SHARE = 0.08
MOST_DAYS_BACK = 14
CENTRE_SHARE = 0.68
# People are kinder when they recommend than when they grade.
RECOMMENDING_SHARE = 0.82


@dataclass(frozen=True, slots=True)
class Respondent:
    """One simulated person in one store. mood: how content they are, in standard deviations from nothing special."""

    chance: random.Random
    mood: float
    today: date


def respondent(store: str, wave: int, number: int, today: date) -> Respondent:
    """The person of this number. wave: 0 for the first; later ones are a little better."""
    quality = random.Random(f"quality of {store}").gauss(0, STORE_SPREAD)  # noqa: S311 - nothing secret
    chance = random.Random(f"{store} {wave} {number}")  # noqa: S311
    return Respondent(chance, quality + wave * WAVE_STEP + chance.gauss(0, MOOD_SPREAD), today)


def filled(person: Respondent, items: Iterable[Item]) -> dict[str, list[str]]:
    """The form of one section, as a browser would send it."""
    form: dict[str, list[str]] = {"go": ["on"], "shown": []}
    for item in items:
        form["shown"].append(item.id)
        form |= _answer(person, item)
    return form


def _answer(person: Respondent, item: Item) -> dict[str, list[str]]:
    chance = person.chance
    if item.is_sensitive and chance.random() < DECLINED_SHARE:
        return {f"{item.id}-declined": ["1"]}
    match item.kind:
        case Kind.SCALE:
            return {item.id: [str(_point(person, int(item.minimum or 1), int(item.maximum or 5)))]}
        case Kind.NPS:
            return {item.id: [str(_point(person, 0, 10, RECOMMENDING_SHARE))]}
        case Kind.SINGLE:
            return {item.id: [_one(person, item)]}
        case Kind.MULTIPLE:
            return {item.id: _some(person, item)}
        case Kind.MATRIX:
            return {f"{item.id}-{row.code}": [_graded(person, item)] for row in item.rows}
        case Kind.NUMBER:
            return {item.id: [_number(person, item)]}
        case Kind.DATE:
            return {item.id: [(person.today - timedelta(days=chance.randint(1, MOST_DAYS_BACK))).isoformat()]}
        case _:
            return {item.id: [chance.choice(TEXTS.get(item.id, IMPROVE))]} if chance.random() < TEXT_SHARE else {}


def _point(person: Respondent, least: int, most: int, share: float = CENTRE_SHARE) -> int:
    centre = least + (most - least) * share
    wanted = centre + person.mood * (most - least) / 5 + person.chance.gauss(0, 0.5)
    return max(least, min(most, round(wanted)))


def _graded(person: Respondent, item: Item) -> str:
    return item.choices[_point(person, 1, len(item.choices)) - 1].code


def _one(person: Respondent, item: Item) -> str:
    """Yes more often where people are content; otherwise the earlier choices a little more often than the later."""
    codes = [choice.code for choice in item.choices if not choice.is_other]
    if codes == ["yes", "no"]:
        return "yes" if person.chance.random() < 0.75 + person.mood * 0.08 else "no"
    return person.chance.choices(codes, [len(codes) + 2 - place for place in range(len(codes))])[0]


def _some(person: Respondent, item: Item) -> list[str]:
    codes = [choice.code for choice in item.choices if not choice.is_other and not choice.is_exclusive]
    return sorted(person.chance.sample(codes, person.chance.randint(1, min(3, len(codes)))), key=codes.index)


def _number(person: Respondent, item: Item) -> str:
    most = 40 if (item.maximum or 0) > 100 else 8
    return f"{person.chance.triangular(1, most, most / 4):.{item.decimals or 0}f}"
