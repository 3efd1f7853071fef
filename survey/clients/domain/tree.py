"""The tree of a client's locations: levels, paths, and what a list of locations would change. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from .hours import Hours, hours_text
from .zones import ZoneGuess


class Level(StrEnum):
    """The levels of a client's tree, from the top."""

    HQ = "hq"
    REGION = "region"
    DISTRICT = "district"
    STORE = "store"


RANK: Mapping[str, int] = {level: rank for rank, level in enumerate(Level)}
LEVEL_WORDS: Mapping[str, str] = {
    Level.HQ: "Headquarters",
    Level.REGION: "Region",
    Level.DISTRICT: "District",
    Level.STORE: "Store",
}


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a client's tree. `path` holds the ids from the root down, each between slashes."""

    id: UUID
    client_id: UUID
    parent_id: UUID | None
    level: str
    code: str
    name: str
    path: str
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    time_zone: str = "UTC"
    status: str = "open"
    below: int = 0
    is_single_staffed: bool = False
    latitude: float | None = None
    longitude: float | None = None
    opening_hours: Hours = field(default_factory=dict, hash=False)
    is_competitor: bool = False

    @property
    def point(self) -> tuple[float | None, float | None]:
        """Where it stands, in degrees."""
        return self.latitude, self.longitude

    @property
    def level_word(self) -> str:
        """The level in words."""
        return LEVEL_WORDS[self.level]


@dataclass(frozen=True, slots=True)
class LocationDraft:
    """A location as typed, or as a row of a list. `row` is the record's number in the list, 0 for a form.

    keeps: fields that the form or list does not speak of; a location that is there keeps them as they are.
    """

    code: str
    name: str
    level: str
    parent_code: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    time_zone: str = "UTC"
    row: int = 0
    status: str = "open"
    is_single_staffed: bool = False
    latitude: float | None = None
    longitude: float | None = None
    opening_hours: Hours = field(default_factory=dict, hash=False)
    keeps: frozenset[str] = frozenset()
    is_competitor: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What a row would change in a location that is there."""

    row: int
    code: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row of a list, and what to do."""

    row: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a list would do. Additions stand with parents before children; `differences` say what changes would do."""

    added: tuple[LocationDraft, ...] = ()
    changed: tuple[LocationDraft, ...] = ()
    unchanged: int = 0
    problems: tuple[RowProblem, ...] = ()
    differences: tuple[Difference, ...] = ()
    guesses: tuple[ZoneGuess, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.added and not self.changed


class BadMove(ValueError):
    """A location cannot hang there; the message says why."""


def path_below(parent_path: str, location_id: UUID) -> str:
    """The path of a location under a parent's path; a root has the empty parent path."""
    return f"{parent_path or '/'}{location_id.hex}/"


def check_parent(level: str, parent: Location | None, moved: Location | None = None) -> None:
    """Raises BadMove unless a location of this level may hang below the parent."""
    if level == Level.HQ:
        if parent is not None:
            raise BadMove("The headquarters is at the top and hangs below nothing.")
        return
    if parent is None:
        raise BadMove("Choose what this location belongs to.")
    if RANK[parent.level] >= RANK[level]:
        lower, upper = LEVEL_WORDS[level].lower(), LEVEL_WORDS[parent.level].lower()
        raise BadMove(f"A {lower} cannot belong to a {upper}; choose a higher level.")
    if moved is not None and parent.path.startswith(moved.path):
        raise BadMove("A location cannot belong to one of its own branches.")


STATUSES = ("open", "temporarily_closed", "closed")
STATUS_WORDS: Mapping[str, str] = {"open": "Open", "temporarily_closed": "Closed for a time", "closed": "Closed"}
_FIELDS = ("name", "level", "street", "city", "region", "postal_code", "country", "time_zone", "status",
           "is_single_staffed", "latitude", "longitude", "opening_hours", "is_competitor")  # fmt: skip


@dataclass(slots=True)
class _Planner:
    """Judges the rows of one list against the tree as it is."""

    existing: Mapping[str, Location]
    rows: Mapping[str, LocationDraft]
    problems: list[RowProblem] = field(default_factory=list)
    verdicts: dict[str, bool] = field(default_factory=dict)

    def is_sound(self, code: str, above: tuple[str, ...] = ()) -> bool:
        """Whether the row of a code, and everything it hangs on, can stand. Known codes without a row do."""
        if code in above:
            return self._refuse(code, "This location and its parents go round in a circle.")
        draft = self.rows.get(code)
        if draft is None:
            return code in self.existing
        if code not in self.verdicts:
            self.verdicts[code] = self._judge(draft, (*above, code))
        return self.verdicts[code]

    def _judge(self, draft: LocationDraft, above: tuple[str, ...]) -> bool:
        present = self.existing.get(draft.code)
        if present is not None and present.parent_id is None:
            return draft.level == Level.HQ or self._refuse(draft.code, "This is the headquarters; its level stays.")
        if draft.level == Level.HQ:
            return self._refuse(draft.code, "There is one headquarters already; use region, district or store.")
        parent = draft.parent_code
        if parent and parent not in self.rows and parent not in self.existing:
            words = f"There is no location with the code {parent}. Add it, or correct the code."
            return self._refuse(draft.code, words)
        if parent and not self.is_sound(parent, above):
            return self._refuse(draft.code, f"Its parent {parent} cannot be taken in.")
        if present is not None and self._overtakes(present, draft):
            return self._refuse(draft.code, "What hangs below it now would be of the same level or higher.")
        if RANK[self._level_of(parent)] >= RANK[draft.level]:
            words = f"A {draft.level} cannot belong to {parent or 'it'}: choose a higher level."
            return self._refuse(draft.code, words)
        return True

    def _overtakes(self, present: Location, draft: LocationDraft) -> bool:
        """Whether a branch that the list does not speak of would no longer fit below."""
        below = (place for place in self.existing.values() if place.parent_id == present.id)
        return any(RANK[place.level] <= RANK[draft.level] for place in below if place.code not in self.rows)

    def _level_of(self, code: str) -> str:
        if not code:
            return Level.HQ
        return self.rows[code].level if code in self.rows else self.existing[code].level

    def _refuse(self, code: str, message: str) -> bool:
        draft = self.rows[code]
        if draft.row not in {problem.row for problem in self.problems}:
            self.problems.append(RowProblem(draft.row, code, message))
        return False


def plan_import(existing: Sequence[Location], drafts: Iterable[LocationDraft]) -> ImportPlan:
    """What a list would add and change. Rows may come in any order; a wrong row never stops the right ones.

    A new row without a parent code hangs below the headquarters. Sending the same list again changes nothing.
    """
    present = {location.code: location for location in existing}
    codes_by_id = {location.id: location.code for location in existing}
    rows: dict[str, LocationDraft] = {}
    problems: list[RowProblem] = []
    for draft in drafts:
        if draft.code in rows:
            problems.append(
                RowProblem(draft.row, draft.code, f"The code stands in row {rows[draft.code].row} already.")
            )
        else:
            rows[draft.code] = completed(draft, present.get(draft.code), codes_by_id)
    planner = _Planner(present, rows, problems)
    sound = [draft for code, draft in rows.items() if planner.is_sound(code)]
    root = next((location.code for location in existing if location.parent_id is None), "")
    differences = tuple(
        difference
        for draft in sound
        if draft.code in present
        for difference in _differences(present[draft.code], draft, codes_by_id, root)
    )
    codes = {difference.code for difference in differences}
    changed = [draft for draft in sound if draft.code in codes]
    added = _parents_first([draft for draft in sound if draft.code not in present])
    unchanged = len(sound) - len(changed) - len(added)
    problems.sort(key=lambda problem: problem.row)
    return ImportPlan(tuple(added), tuple(changed), unchanged, tuple(problems), differences)


def completed(draft: LocationDraft, present: Location | None, codes_by_id: Mapping[UUID, str]) -> LocationDraft:
    """The draft with what it does not speak of as it is now; a new location takes the defaults."""
    if present is None or not draft.keeps:
        return draft
    known = {name: getattr(present, name) for name in draft.keeps - {"parent_code"}}
    if present.parent_id is not None and "parent_code" in draft.keeps:
        known["parent_code"] = codes_by_id[present.parent_id]
    return replace(draft, **known)


def _differences(
    present: Location, draft: LocationDraft, codes_by_id: Mapping[UUID, str], root: str
) -> Iterator[Difference]:
    for name in _FIELDS:
        before, after = getattr(present, name), getattr(draft, name)
        if before != after:
            yield Difference(draft.row, draft.code, name, _shown(before), _shown(after))
    if present.parent_id is not None:
        above, below = codes_by_id[present.parent_id], draft.parent_code or root
        if above != below:
            yield Difference(draft.row, draft.code, "parent_code", above, below)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return hours_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _parents_first(drafts: list[LocationDraft]) -> list[LocationDraft]:
    return sorted(drafts, key=lambda draft: (RANK[draft.level], draft.row))
