"""What changed between two versions of a questionnaire, item by item."""

from dataclasses import dataclass
from enum import StrEnum

from msgspec.structs import asdict

from .definition import Definition, Item, Section


class Change(StrEnum):
    """What happened to a section or item."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One section or item that differs. `fields` names what changed where `change` is CHANGED."""

    id: str
    title: str
    change: Change
    fields: tuple[str, ...] = ()


def differences(older: Definition, newer: Definition) -> list[Difference]:
    """Sections, then items, that were added, removed, changed or moved, in the newer order."""
    return _compared(_sections(older), _sections(newer)) + _compared(_items(older), _items(newer))


_Entries = dict[str, tuple[str, dict[str, object], object]]


def _sections(definition: Definition) -> _Entries:
    return {section.id: (section.title, _fields(section), None) for section in definition.sections}


def _items(definition: Definition) -> _Entries:
    return {
        item.id: (item.title, _fields(item), section.id) for section in definition.sections for item in section.items
    }


def _fields(entry: Section | Item) -> dict[str, object]:
    return {name: value for name, value in asdict(entry).items() if name not in {"id", "items"}}


def _compared(older: _Entries, newer: _Entries) -> list[Difference]:
    added = [Difference(name, newer[name][0], Change.ADDED) for name in newer if name not in older]
    removed = [Difference(name, older[name][0], Change.REMOVED) for name in older if name not in newer]
    moved = _moved(older, newer)
    kept = []
    for name, (title, fields, _) in newer.items():
        changed = tuple(field for field, value in fields.items() if name in older and older[name][1][field] != value)
        if changed:
            kept.append(Difference(name, title, Change.CHANGED, changed))
        elif name in moved:
            kept.append(Difference(name, title, Change.MOVED))
    return added + removed + kept


def _moved(older: _Entries, newer: _Entries) -> set[str]:
    """Common entries that changed section or whose order among the common ones is not what it was."""
    before = [name for name in older if name in newer]
    after = [name for name in newer if name in older]
    still = _longest_common(before, after)
    return {name for name in after if name not in still or older[name][2] != newer[name][2]}


def _longest_common(before: list[str], after: list[str]) -> set[str]:
    """The largest set of names that kept their order (longest increasing run of old positions)."""
    place = {name: number for number, name in enumerate(before)}
    runs: list[list[str]] = [[]]
    for name in after:
        fitting = [run for run in runs if not run or place[run[-1]] < place[name]]
        runs.append([*sorted(fitting, key=len)[-1], name])
    return set(sorted(runs, key=len)[-1])
