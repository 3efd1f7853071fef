"""What stands above the figures of visits in a file: whose they are, and what was left out of them. Pure.

A file is passed on without its page: whoever reads it has to see that it is one store's, or the best visits alone.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from .exports import Cover
from .shops import BAND_WORDS, FAIRNESS, PlaceLine, ShopsWanted, WaveLine

OWN, THEIRS = "Visits", "Visits to competitors"
WHOLE = "Every visit that this page has"
FIRST = "The first page of a longer list"
LATER = "A later page of a longer list"


def list_cover(
    client_name: str, wanted: ShopsWanted, found: tuple[str, WaveLine | None], part: str, first_day: date
) -> Cover:
    """Above a page of the list. found: the place and the wave that were asked for; part: WHOLE, FIRST or LATER.

    first_day: what a workbook bears as its day.
    """
    place, wave = found
    title = THEIRS if wanted.is_theirs else OWN
    lines = (
        f"{client_name}: {title}",
        f"{place}, {wave.name if wave else 'all waves'}",
        f"Only visits by score: {BAND_WORDS[wanted.band]}" if wanted.band else "Visits of every score",
        part,
        FAIRNESS,
    )
    return Cover(title, lines, _at(first_day))


def overview_cover(
    client_name: str, wanted: ShopsWanted, found: tuple[str, WaveLine], compared: WaveLine | None
) -> Cover:
    """Above what a wave adds up to. found: the place and the wave; compared: the wave whose figures stand beside."""
    place, wave = found
    lines = [f"{client_name}: {wave.name}", place]
    if wanted.is_theirs:
        lines.append(THEIRS)
    if compared:
        lines.append(f"The wave before: {compared.name}")
    return Cover(wave.name, (*lines, FAIRNESS), _at(wave.starts_on))


def place_words(places: Sequence[PlaceLine], path: str) -> str:
    """What the place asked for is called; where it has no name here, all that the reader of the page may see."""
    return next((place.name for place in places if place.path == path), "Every location its reader may see")


def part_of(is_first: bool, has_more: bool) -> str:
    """Which part of the list a page is."""
    if not is_first:
        return LATER
    return FIRST if has_more else WHOLE


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
