"""What closing would publish and what it would hide, said before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from privacy.anonymity.protection import FLOOR, settled

from .building import tree_of
from .facts import Place

LEVELS = {
    "hq": ("head office", "head offices"),
    "region": ("region", "regions"),
    "district": ("district", "districts"),
    "store": ("store", "stores"),
}


@dataclass(frozen=True, slots=True)
class LevelOutlook:
    """One level of the tree: how many places there are, too small ones, and ones hidden because another is small."""

    level: str
    places: int
    small: int
    protecting: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The release to be expected if the study closed now. `people` is None below the threshold."""

    people: int | None
    levels: tuple[LevelOutlook, ...]
    threshold: int


def outlook(places: Sequence[Place], finished: Mapping[UUID | None, int], k: int = FLOOR) -> Outlook:
    """Work out the outlook. `finished`: finished responses by location. Raises Unreleasable."""
    tree = tree_of(places)
    code_of: dict[UUID | None, str] = {place.id: place.code for place in places}
    direct: dict[str, int] = {}
    for location, count in finished.items():
        code = code_of.get(location, tree.root)
        direct[code] = direct.get(code, 0) + count
    people = tree.totals(direct)
    large = [code for code, count in people.items() if count >= k]
    shown = settled(tree, large, {code: (count,) for code, count in people.items()}, k)
    levels = tuple(_level(level, places, set(large), shown) for level in LEVELS)
    whole = people[tree.root]
    return Outlook(whole if whole >= k else None, tuple(level for level in levels if level.places), k)


def _level(level: str, places: Sequence[Place], large: set[str], shown: frozenset[str]) -> LevelOutlook:
    codes = {place.code for place in places if place.level == level}
    return LevelOutlook(level, len(codes), len(codes - large), len((codes & large) - shown))


def sentences(expected: Outlook) -> list[str]:
    """The outlook in words, a sentence or two for each level below the head office."""
    k = expected.threshold
    if expected.people is None:
        return [f"Fewer than {k} people have sent answers. The release would show no numbers at all."]
    said = [f"{expected.people:,} people have sent answers."]
    above = "head office"
    for level in expected.levels:
        singular, plural = LEVELS[level.level]
        if level.level != "hq":
            said += _sentences(level, plural if level.places > 1 else singular, above, k)
        above = singular
    return said


def _sentences(level: LevelOutlook, noun: str, above: str, k: int) -> list[str]:
    if not level.small and not level.protecting:
        return [f"All {level.places:,} {noun} will be shown." if level.places > 1 else f"The {noun} will be shown."]
    said = []
    if level.small:
        have = "has" if level.small == 1 else "have"
        said.append(
            f"{level.small:,} of {level.places:,} {noun} {have} fewer than {k} respondents"
            f" and will be shown within the {above} only."
        )
    if level.protecting:
        be = "is" if level.protecting == 1 else "are"
        more = "more " if level.small else f"of {level.places:,} {noun} "
        said.append(
            f"{level.protecting:,} {more}{be} hidden too, so that a small group cannot be worked out by subtraction."
        )
    return said
