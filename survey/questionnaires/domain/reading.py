"""What one item's form fields say, kind by kind, with messages that tell the respondent what to do."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec import Struct

from .definition import (
    MEASURED_KINDS,
    MOMENT_KINDS,
    OTHER_CHARACTERS,
    PREFER_NOT,
    TEXT_KINDS,
    Choice,
    Item,
    Kind,
    bounds,
    character_limit,
    field_of,
    other_choice,
)
from .typed import cents_of, clock_of, decimal

# Field name -> values as they were sent.
Form = Mapping[str, Sequence[str]]

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_POINT = re.compile(r"-?[0-9]{1,3}")
_WHOLE = re.compile(r"[0-9]{1,6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Outcome(Struct, frozen=True):
    """What was read: a coded answer or None, free text by field, and errors by field."""

    coded: object = None
    verbatims: dict[str, str] = {}
    errors: dict[str, str] = {}

    @property
    def is_blank(self) -> bool:
        """Whether the fields held nothing at all."""
        return self.coded is None and not self.verbatims and not self.errors


Reader = Callable[[Form, date | None], Outcome]


def reader_of(item: Item) -> Reader:
    """What reads the item's fields in a form: the kind is looked at once, when a questionnaire is compiled.

    Blank fields give a blank outcome; `missing` says what that means.
    """
    codes = frozenset(choice.code for choice in item.choices)
    match item.kind:
        case Kind.SINGLE:
            return partial(_single, item, codes, other_choice(item))
        case Kind.MULTIPLE:
            return partial(_multiple, item, codes, other_choice(item))
        case Kind.SCALE | Kind.NPS:
            return partial(_scale, item, bounds(item))
        case Kind.NUMBER:
            return partial(_number, item)
        case Kind.MONEY:
            return partial(_money, item)
        case Kind.DATE:
            return partial(_date, item)
        case Kind.TIME:
            return partial(_time, item)
        case Kind.MATRIX:
            return partial(_matrix, item, codes)
        case _:
            return partial(_free_text, item, character_limit(item))


def missing(item: Item, outcome: Outcome) -> dict[str, str]:
    """Errors of a required item that was left empty, or in a matrix of each row left empty."""
    if item.kind is Kind.MATRIX and outcome.coded != PREFER_NOT:
        given = outcome.coded if isinstance(outcome.coded, dict) else {}
        rows = [row for row in item.rows if row.code not in given]
        return {field_of(item.id, row.code): f"Select an answer for “{row.label}”" for row in rows}
    return {item.id: _request(item)} if outcome.is_blank else {}


def _request(item: Item) -> str:
    is_written = item.kind in TEXT_KINDS | MEASURED_KINDS | MOMENT_KINDS
    verb = "Enter" if is_written else "Select"
    if item.phrase:
        return f"{verb} {item.phrase}"
    count = "at least one answer" if item.kind is Kind.MULTIPLE else "an answer"
    return f"{verb} {count} to “{item.title}”"


def _first(form: Form, name: str) -> str:
    """The first value that is not blank, cleaned."""
    for value in form.get(name, ()):
        if cleaned := _cleaned(value):
            return cleaned
    return ""


def _cleaned(value: str) -> str:
    """Trimmed, without characters that cannot be shown or that turn text around."""
    if value.isprintable():  # and so without any of them
        return value.strip()
    return _UNWANTED.sub("", value.replace("\r\n", "\n")).strip()


def _free_text(item: Item, most_characters: int, form: Form, _: date | None) -> Outcome:
    return _text(item.id, _first(form, item.id), most_characters)


def _text(name: str, text: str, most_characters: int) -> Outcome:
    if len(text) > most_characters:
        over = len(text) - most_characters
        return Outcome(errors={name: f"Shorten your answer to {most_characters:,} characters; it is {over:,} over"})
    return Outcome(verbatims={name: text} if text else {})


def _unknown(item: Item) -> Outcome:
    return Outcome(errors={item.id: f"Select one of the answers to “{item.title}”"})


def _single(item: Item, codes: frozenset[str], other: Choice | None, form: Form, _: date | None) -> Outcome:
    code = _first(form, item.id)
    if not code:
        return Outcome()
    if code not in codes and not (item.is_sensitive and code == PREFER_NOT):
        return _unknown(item)
    outcome = Outcome(code)
    return _with_other(item, outcome, form) if other and code == other.code else outcome


def _multiple(item: Item, codes: frozenset[str], other: Choice | None, form: Form, _: date | None) -> Outcome:
    picked = set(filter(None, map(_cleaned, form.get(item.id, ()))))
    if item.is_sensitive and PREFER_NOT in picked:
        return Outcome(coded=PREFER_NOT)
    if picked - codes:
        return _unknown(item)
    ordered = [choice for choice in item.choices if choice.code in picked]
    alone = next((choice for choice in ordered if choice.is_exclusive), None)
    if alone and len(ordered) > 1:
        return Outcome(errors={item.id: f"Select “{alone.label}” on its own, or the other answers without it"})
    if item.maximum is not None and len(ordered) > item.maximum:
        return Outcome(errors={item.id: f"Select at most {int(item.maximum)} answers"})
    outcome = Outcome([choice.code for choice in ordered] or None)
    return _with_other(item, outcome, form) if other in ordered else outcome


def _with_other(item: Item, outcome: Outcome, form: Form) -> Outcome:
    """The same outcome with what was written beside the choice that has a text box."""
    name = field_of(item.id, "other")
    written = _text(name, _first(form, name), OTHER_CHARACTERS)
    return Outcome(outcome.coded, written.verbatims, written.errors)


def _scale(item: Item, points: tuple[int, int], form: Form, _: date | None) -> Outcome:
    value = _first(form, item.id)
    if not value:
        return Outcome()
    if item.is_sensitive and value == PREFER_NOT:
        return Outcome(coded=PREFER_NOT)
    least, most = points
    point = int(value) if _POINT.fullmatch(value) else None
    if point is None or not least <= point <= most:
        return Outcome(errors={item.id: f"Choose a number from {least} to {most}"})
    return Outcome(coded=point)


def _number(item: Item, form: Form, _: date | None) -> Outcome:
    value = _first(form, item.id)
    if not value:
        return Outcome()
    plain = value.replace(" ", "").replace("\u00a0", "").replace("−", "-")
    if item.decimals and "." not in plain:
        plain = plain.replace(",", ".", 1)
    if not _NUMBER.fullmatch(plain):
        return Outcome(errors={item.id: _number_wanted(item)})
    number = float(plain)
    if number != round(number, item.decimals) or not _is_between(item, number):
        return Outcome(errors={item.id: _number_wanted(item)})
    return Outcome(coded=number if item.decimals else int(number))


def _is_between(item: Item, number: float) -> bool:
    is_high_enough = item.minimum is None or number >= item.minimum
    return is_high_enough and (item.maximum is None or number <= item.maximum)


def _number_wanted(item: Item) -> str:
    return _wanted(item, f"a number with at most {item.decimals} decimals" if item.decimals else "a whole number")


def _money(item: Item, form: Form, _: date | None) -> Outcome:
    value = _first(form, item.id)
    if not value:
        return Outcome()
    cents = cents_of(value.removesuffix(item.unit))
    if cents is None or not _is_between(item, float(decimal(cents))):
        return Outcome(errors={item.id: _wanted(item, "an amount like 6.95")})
    return Outcome(coded=cents)


def _wanted(item: Item, kind: str) -> str:
    if item.minimum is not None and item.maximum is not None:
        return f"Enter {kind} from {item.minimum:,} to {item.maximum:,}"
    if item.minimum is not None:
        return f"Enter {kind}, {item.minimum:,} or more"
    return f"Enter {kind}, {item.maximum:,} or less" if item.maximum is not None else f"Enter {kind}"


def _date(item: Item, form: Form, today: date | None) -> Outcome:
    value = _first(form, item.id)
    if not value:
        return Outcome()
    day = _day(value)
    if day is None:
        return Outcome(errors={item.id: "Enter a real date, like 2026-03-27 for 27 March 2026"})
    earliest, latest = limit_day(item.earliest, today), limit_day(item.latest, today)
    if earliest and day < earliest:
        return Outcome(errors={item.id: f"Enter a date on or after {_written(earliest)}"})
    if latest and day > latest:
        last = "today or an earlier date" if item.latest == "today" else f"a date on or before {_written(latest)}"
        return Outcome(errors={item.id: f"Enter {last}"})
    return Outcome(coded=day.isoformat())


def _time(item: Item, form: Form, _: date | None) -> Outcome:
    value = _first(form, item.id)
    if not value:
        return Outcome()
    clock = clock_of(value)
    return (
        Outcome(coded=clock) if clock else Outcome(errors={item.id: "Enter a time of the day, like 07:52 or 7:52 pm"})
    )


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def limit_day(limit: str, today: date | None) -> date | None:
    """A date limit of an item as a day; "today" needs to be told which day that is."""
    return today if limit == "today" else _day(limit)


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _matrix(item: Item, codes: frozenset[str], form: Form, _: date | None) -> Outcome:
    coded: dict[str, str] = {}
    errors: dict[str, str] = {}
    for row in item.rows:
        name = field_of(item.id, row.code)
        code = _first(form, name)
        if code in codes:
            coded[row.code] = code
        elif code:
            errors[name] = f"Select one of the answers for “{row.label}”"
    return Outcome(coded or None, {}, errors)
