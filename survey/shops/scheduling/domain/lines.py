"""Shops given line by line: a store, a shopper and perhaps a day; what each line means, and why it means nothing."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from uuid import UUID

HEADINGS = ("store", "shopper", "day")
SHORT_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MOST_NAMED = 10  # shops that a code may mean
SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was pasted. number: counted from 1, with empty lines; day: None for any."""

    number: int
    shop_code: str
    shopper_code: str
    day: date | None = None

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"line {self.number}, {self.shop_code}"


@dataclass(frozen=True, slots=True)
class Match:
    """A shop that a code may mean. is_ref: the code is its reference, not its location's; is_free: it can be given."""

    shop_id: UUID
    code: str
    public_ref: str
    is_ref: bool
    is_free: bool


@dataclass(frozen=True, slots=True)
class Meant:
    """What a line means: a shop and a shopper, or why it means nothing, in words that end "line 3, CK-031: …"."""

    line: Line
    shop_id: UUID | None = None
    shopper_id: UUID | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class LineTold:
    """What becomes of a line, for the effects."""

    line: Line
    ref: str
    why: str


def meanings(lines: Iterable[Line], found: Iterable[Match], shoppers: Mapping[str, UUID]) -> list[Meant]:
    """What each line means. shoppers: by code, in capitals. A shop belongs to the first line that means it."""
    by_code: dict[str, list[Match]] = defaultdict(list)
    for each in found:
        by_code[each.code].append(each)
    taken: dict[UUID, int] = {}
    meant: list[Meant] = []
    for line in lines:
        shop, why = _shop_of(line, by_code[line.shop_code])
        shopper_id = shoppers.get(line.shopper_code)
        if shop and shop.shop_id in taken:
            why = f"line {taken[shop.shop_id]} names {shop.public_ref} already"
        elif shop and shopper_id is None:
            why = f"there is no shopper {line.shopper_code}"
        if shop:
            taken.setdefault(shop.shop_id, line.number)
        meant.append(Meant(line, why=why) if why or not shop else Meant(line, shop.shop_id, shopper_id))
    return meant


def _shop_of(line: Line, found: Sequence[Match]) -> tuple[Match | None, str]:
    named = [each for each in found if each.is_ref] or [each for each in found if each.is_free]
    if len(named) == 1:
        return named[0], ""
    if named:
        refs = ", ".join(each.public_ref for each in named[:MOST_NAMED])
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        return None, f"has {len(named)} open shops, say which: {refs}{more}"
    return None, "has no open shop" if found else "fits no shop and no location"


def pasted(lines: Iterable[Line]) -> str:
    """The same lines as they might be pasted, at their numbers and with whole days: read again they mean the same."""
    rows: dict[int, Sequence[object]] = {1: HEADINGS}  # empty lines at the beginning would be lost
    rows |= {line.number: (line.shop_code, line.shopper_code, line.day or "") for line in lines}
    text = StringIO()
    csv.writer(text, "excel-tab", lineterminator="\n").writerows(rows.get(each, ()) for each in range(1, max(rows) + 1))
    return text.getvalue()


def day_in(text: str, today: date) -> date | None:
    """A day as 2026-11-30, or as pages print it: Mon 30 Nov, Monday 30 November 2026. None where it is neither.

    Without a year it is the next such day. A weekday that does not fit makes it none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        words = text.lower().replace(".", " ").split()
    weekday = words.pop(0)[:3] if words and words[0][:3] in SHORT_DAYS else ""
    if not 2 <= len(words) <= 3 or words[1][:3] not in SHORT_MONTHS:
        return None
    month = SHORT_MONTHS.index(words[1][:3]) + 1
    years = [words[2]] if len(words) == 3 else [str(today.year), str(today.year + 1)]
    for year in years:
        try:
            day = date(int(year), month, int(words[0]))
        except ValueError:
            continue
        if len(words) == 3 or day >= today:
            return day if weekday in ("", SHORT_DAYS[day.weekday()]) else None
    return None
