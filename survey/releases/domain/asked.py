"""The questions of a release: which items are reported, in which options, and what decides who was asked.

Allow-list: single, multiple, scale, recommendation, number and money (in bands) and each row of a matrix. Dates, times
of the day and free text are not on it and never leave. Items the author keeps back are counted, because others may
depend on them, but not released.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from privacy.anonymity.bands import Band, bands_of
from privacy.anonymity.counting import Question
from survey.questionnaires.domain import (
    MEASURED_KINDS,
    Definition,
    Item,
    Kind,
    bounds,
    compile_definition,
    decimals_of,
)

from .rows import TOTAL

RELEASED = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.NPS, Kind.MATRIX}) | MEASURED_KINDS


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is released. `value`: what it counts for in an average."""

    code: str
    label: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the release: an item, or one row of a matrix. `bands` only where the answer is a number."""

    id: str
    item: Item
    section: str
    choices: tuple[Choice, ...]
    depends_on: tuple[str, ...]
    row: str = ""
    part: str = ""
    bands: tuple[Band, ...] = ()

    @property
    def question(self) -> Question:
        """The question as the pure numbers know it."""
        codes = tuple(choice.code for choice in self.choices)
        return Question(self.id, codes, self.item.kind is not Kind.MULTIPLE, self.depends_on)


def asked_in(definition: Definition, numbers: Mapping[str, Iterable[Decimal]], k: int) -> tuple[Asked, ...]:
    """Every question with coded answers, in the order asked. `numbers`: what was answered to each number item."""
    return tuple(_each(definition, numbers, k))


def _each(definition: Definition, numbers: Mapping[str, Iterable[Decimal]], k: int) -> Iterator[Asked]:
    for section in compile_definition(definition).sections:
        for entry in section.items:
            item = entry.item
            if item.kind not in RELEASED:
                continue
            names = (*(section.rule.names if section.rule else ()), *(entry.rule.names if entry.rule else ()))
            depends_on = tuple(gate for name in names for gate in _gates(definition, name))
            if item.kind is Kind.MATRIX:
                for row in item.rows:
                    name = f"{item.id}.{row.code}"
                    yield Asked(name, item, section.section.title, _choices(item), depends_on, row.code, row.label)
                continue
            bands = _bands(item, numbers, k)
            choices = _banded(item, bands) if item.kind in MEASURED_KINDS else _choices(item)
            yield Asked(item.id, item, section.section.title, choices, depends_on, bands=bands)


def _gates(definition: Definition, name: str) -> list[str]:
    """The questions behind a name that a rule reads; a name with no released kind stays itself, and matches nothing."""
    item = next((item for item in definition.items() if item.id == name), None)
    if item is not None and item.kind is Kind.MATRIX:
        return [f"{item.id}.{row.code}" for row in item.rows]
    return [name]


def _choices(item: Item) -> tuple[Choice, ...]:
    if item.kind in (Kind.SCALE, Kind.NPS):
        least, most = bounds(item)
        return tuple(Choice(str(point), _point(item, point), Decimal(point)) for point in range(least, most + 1))
    return tuple(Choice(released_code(choice.code), choice.label) for choice in item.choices)


def released_code(code: str) -> str:
    """A choice's code in the release, where "total" already means something."""
    return f"{code}_" if code == TOTAL else code


def _point(item: Item, point: int) -> str:
    least, most = bounds(item)
    word = {least: item.least_label, most: item.most_label}.get(point, "")
    return f"{point} – {word}" if word else str(point)


def _bands(item: Item, numbers: Mapping[str, Iterable[Decimal]], k: int) -> tuple[Band, ...]:
    if item.kind not in MEASURED_KINDS:
        return ()
    return bands_of(numbers.get(item.id, ()), decimals=decimals_of(item), k=k)


def _banded(item: Item, bands: Sequence[Band]) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"band_{number}", _band_label(item, band), band.typical) for number, band in enumerate(bands, start=1)
    )


def _band_label(item: Item, band: Band) -> str:
    unit = f" {item.unit}" if item.unit else ""
    if band.least is None and band.below is None:
        return "Any number"
    if band.least is None:
        return f"Under {band.below:,f}{unit}"
    if band.below is None:
        return f"{band.least:,f}{unit} or more"
    if decimals_of(item):
        return f"{band.least:,f} to under {band.below:,f}{unit}"
    last = band.below - 1
    return f"{band.least:,f}{unit}" if last == band.least else f"{band.least:,f} to {last:,f}{unit}"
