"""Who took part: aggregate tables of the whole study, apart from every answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from survey.panels.domain import AGE_BANDS, GENDERS, REGIONS

from .frame import Frame
from .sheets import Figure, Sheet, count, few, share, words

TITLES = {"age_band": "Age", "gender": "Gender", "region": "Region"}
BANDS = {"age_band": AGE_BANDS, "gender": GENDERS, "region": REGIONS}
NOT_STATED, TOTAL = "not_stated", "total"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable. Counts are rounded to five, and shares are taken from the rounded counts."""

    id: str
    title: str
    drawn: tuple[Mapping[str, object], ...]
    total: int | None
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Participants:
    """The page."""

    variables: tuple[Variable, ...]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What a file of the page holds."""
        return tuple(variable.sheet for variable in self.variables)


def participants(frame: Frame, cells: Mapping[str, Mapping[str, Decimal | None]]) -> Participants:
    """The page from demographic cells by variable and band."""
    return Participants(tuple(_variable(frame, name, cells[name]) for name in TITLES if name in cells))


def _variable(frame: Frame, name: str, cells: Mapping[str, Decimal | None]) -> Variable:
    total = cells.get(TOTAL)
    bands = _in_order(name, [band for band in cells if band != TOTAL])
    drawn: tuple[Mapping[str, object], ...] = tuple(
        {"label": label(name, band), "value": _share(cells[band], total)} for band in bands
    )
    rows = [(words(label(name, band)), *_figures(frame, cells[band], total)) for band in bands]
    rows.append((words("All"), *_figures(frame, total, total)))
    sheet = Sheet(TITLES[name], ("Group", "Share", "Count"), tuple(rows))
    return Variable(name, TITLES[name], drawn, None if total is None else int(total), sheet)


def label(variable: str, band: str) -> str:
    """A band as it is written."""
    if band == NOT_STATED:
        return "Not stated"
    return BANDS[variable].get(band) or band.replace("_", " ").capitalize()


def _in_order(variable: str, bands: Sequence[str]) -> list[str]:
    """Bands in the order in which they are offered, those who did not say last."""
    offered = [*BANDS[variable], *sorted(set(bands) - set(BANDS[variable]) - {NOT_STATED}), NOT_STATED]
    return [band for band in offered if band in bands]


def _share(value: Decimal | None, total: Decimal | None) -> float | None:
    return None if value is None or not total else float(100 * value / total)


def _figures(frame: Frame, value: Decimal | None, total: Decimal | None) -> tuple[Figure, Figure]:
    if value is None:
        return few(frame.threshold), few(frame.threshold)
    return share(100 * value / total if total else None), count(int(value))
