"""What is wrong with the shape of a questionnaire, in words an author can act on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .definition import CHOICE_KINDS, MEASURED_KINDS, PREFER_NOT, Definition, Item, Kind, Section, bounds
from .reading import limit_day

SLUG = re.compile(r"[a-z][a-z0-9_]{0,31}")
CURRENCY = re.compile(r"[A-Z]{3}")
CODE = re.compile(r"[A-Za-z0-9_]{1,32}")
# Words of CEL, and the field that lists what a page offered.
RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop"}
    | {"namespace", "null", "package", "return", "shown", "true", "var", "void", "while"}
)
MOST_SECTIONS, MOST_ITEMS, MOST_CHOICES, MOST_ROWS = 50, 300, 60, 30
MOST_SCALE_POINTS, MOST_DECIMALS = 11, 6
MOST_TITLE_CHARACTERS, MOST_HELP_CHARACTERS = 300, 1000
FOREVER = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right. `path` is an item id, a section id, or empty for the whole questionnaire."""

    path: str
    message: str


def shape_problems(definition: Definition) -> list[Problem]:
    """Missing, doubled, contradictory or oversized parts, in reading order."""
    return [
        *(Problem("", message) for message in _whole(definition)),
        *(Problem(section.id, message) for section in definition.sections for message in _section(section)),
        *(Problem(item.id, message) for item in definition.items() for message in _item(item)),
    ]


def _whole(definition: Definition) -> Iterator[str]:
    if not definition.title.strip():
        yield "Enter a title; respondents read it first"
    if not definition.sections:
        yield "Add a section"
    ids = [section.id for section in definition.sections] + [item.id for item in definition.items()]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"The id “{name}” is used more than once"
    if len(definition.sections) > MOST_SECTIONS or sum(1 for _ in definition.items()) > MOST_ITEMS:
        yield f"Keep to {MOST_SECTIONS} sections and {MOST_ITEMS} questions"


def _section(section: Section) -> Iterator[str]:
    yield from _name(section.id)
    if not section.title.strip():
        yield "Enter a title for this section"
    if len(section.title) > MOST_TITLE_CHARACTERS or len(section.intro) > MOST_HELP_CHARACTERS:
        yield "Shorten the title or the introduction of this section"
    if not section.items:
        yield f"Add a question to “{section.title}”, or remove the section"


def _name(name: str) -> Iterator[str]:
    if not SLUG.fullmatch(name) or name in RESERVED:
        yield f"“{name}” cannot be an id: use small letters, digits and _, starting with a letter"


def _item(item: Item) -> Iterator[str]:
    yield from _name(item.id)
    if not item.title.strip():
        yield "Enter the question"
    if len(item.title) > MOST_TITLE_CHARACTERS or len(item.help) > MOST_HELP_CHARACTERS:
        yield "Shorten the question or its help text"
    if item.kind in CHOICE_KINDS:
        yield from _choices(item)
    elif item.kind is Kind.MATRIX:
        yield from _matrix(item)
    elif item.kind is Kind.SCALE:
        yield from _scale(item)
    elif item.kind in MEASURED_KINDS or item.kind is Kind.DATE:
        yield from _limits(item)


def _choices(item: Item) -> Iterator[str]:
    if len(item.choices) < 2:
        yield "Give at least two choices"
    if len(item.choices) > MOST_CHOICES:
        yield f"Give at most {MOST_CHOICES} choices"
    yield from _coded([(choice.code, choice.label) for choice in item.choices], "choice")
    if sum(choice.is_other for choice in item.choices) > 1:
        yield "Only one choice can come with a text box"
    if any(choice.is_exclusive for choice in item.choices) and item.kind is Kind.SINGLE:
        yield "“On its own” only means something where several answers can be picked"
    if item.kind is Kind.MULTIPLE and item.maximum is not None and item.maximum < 1:
        yield "Let respondents pick at least one answer"


def _matrix(item: Item) -> Iterator[str]:
    if not item.rows or len(item.choices) < 2:
        yield "Give at least one row and two columns"
    if len(item.rows) > MOST_ROWS or len(item.choices) > MOST_SCALE_POINTS:
        yield f"Keep to {MOST_ROWS} rows and {MOST_SCALE_POINTS} columns"
    yield from _coded([(row.code, row.label) for row in item.rows], "row")
    yield from _coded([(choice.code, choice.label) for choice in item.choices], "column")
    for row in item.rows:
        if not SLUG.fullmatch(row.code) or row.code in RESERVED or row.code in {"other", "declined"}:
            yield f"“{row.code}” cannot be the code of a row: use small letters, digits and _"


def _coded(pairs: list[tuple[str, str]], word: str) -> Iterator[str]:
    codes = [code for code, _ in pairs]
    labels = [label.strip().casefold() for _, label in pairs]
    for code in codes:
        if not CODE.fullmatch(code) or code == PREFER_NOT:
            yield f"“{code}” cannot be the code of a {word}: use letters, digits and _"
    if len(set(codes)) < len(codes):
        yield f"Two {word}s have the same code"
    if "" in labels:
        yield f"Write a label for every {word}"
    if len(set(labels)) < len(labels):
        yield f"Two {word}s read the same"


def _scale(item: Item) -> Iterator[str]:
    least, most = bounds(item)
    if least >= most:
        yield "The scale must end higher than it begins"
    elif most - least >= MOST_SCALE_POINTS:
        yield f"A scale has at most {MOST_SCALE_POINTS} points"
    if not item.least_label.strip() or not item.most_label.strip():
        yield "Say what both ends of the scale mean"


def _limits(item: Item) -> Iterator[str]:
    if item.kind in MEASURED_KINDS:
        if item.minimum is not None and item.maximum is not None and item.minimum > item.maximum:
            yield "The smallest number allowed is above the largest"
        if item.kind is Kind.MONEY and item.unit and not CURRENCY.fullmatch(item.unit):
            yield "Write the currency as three capital letters, like EUR, or leave it empty"
        if not 0 <= item.decimals <= MOST_DECIMALS:
            yield f"Allow from 0 to {MOST_DECIMALS} decimals"
        return
    for limit in filter(None, (item.earliest, item.latest)):
        if limit_day(limit, FOREVER) is None:
            yield f"“{limit}” is not a date"
    earliest, latest = limit_day(item.earliest, FOREVER), limit_day(item.latest, FOREVER)
    if earliest and latest and earliest > latest:
        yield "The earliest date allowed is after the latest"
