"""Lists of locations as people send them: any order of rows and columns, refusals that say what to do."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from ..domain import (
    STATUSES,
    BadHours,
    Level,
    Location,
    LocationDraft,
    RowProblem,
    cell,
    hours_of,
    hours_text,
    read_cell,
)
from .typed import CODE_CHARACTERS, NAME_CHARACTERS, degrees_of, is_time_zone

LIST_ROWS = 20_000
COLUMNS = ("code", "name", "level", "parent_code", "street", "city", "region", "postal_code", "country", "time_zone",
           "latitude", "longitude", "opening_hours", "status", "single_staffed", "competitor")  # fmt: skip
# What a location that is there keeps when the list has no such column.
KEPT = ("parent_code", "street", "city", "region", "postal_code", "country", "time_zone", "latitude", "longitude",
        "opening_hours", "status", "is_single_staffed", "is_competitor")  # fmt: skip
FIELD_OF = {"single_staffed": "is_single_staffed", "competitor": "is_competitor"}
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", ""})
UTF8_MARK = "\ufeff"  # without it, Excel reads UTF-8 as something else
NEEDED = ("code", "name", "level")
DELIMITERS = ",;\t"
SUSPECT_LINES = 6
QUOTE_MISSING = "Is a quotation mark missing at its end?"


class NotAList(ValueError):
    """The text is no list of locations; the message says what is missing."""


def decoded(raw: bytes) -> str:
    """A list as Excel and others write it: UTF-8 with or without its mark, UTF-16 with one, else Windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def unread_columns(text: str) -> list[str]:
    """Names in a list's first row that mean nothing here, as they stand there: what is below them is not taken in."""
    reader = _reader(text)
    return [name.strip() for name in reader.fieldnames or [] if name.strip() and _column(name) not in COLUMNS]


def location_list(text: str) -> tuple[list[LocationDraft], list[RowProblem]]:
    """Rows of a list with a header, in any order; rows that cannot be read come back as problems. Raises NotAList."""
    try:
        return _cut(_reader(text))
    except csv.Error:
        raise NotAList(f"The list cannot be cut into rows. {QUOTE_MISSING}") from None


def _reader(text: str) -> "csv.DictReader[str]":
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not lines or "\0" in lines:
        raise NotAList("The list is empty, or it is no text.")
    first = lines.partition("\n")[0]
    return csv.DictReader(io.StringIO(lines), delimiter=max(DELIMITERS, key=first.count), restkey="beyond")


def _cut(reader: "csv.DictReader[str]") -> tuple[list[LocationDraft], list[RowProblem]]:
    names = {_column(name): name for name in reader.fieldnames or []}
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise NotAList(f"The first row must name the columns. Missing: {', '.join(missing)}.")
    return _rows(reader, names)


def _rows(reader: "csv.DictReader[str]", names: Mapping[str, str]) -> tuple[list[LocationDraft], list[RowProblem]]:
    drafts: list[LocationDraft] = []
    problems: list[RowProblem] = []
    for number, record in enumerate(reader, start=2):
        if number > LIST_ROWS + 1:
            raise NotAList(f"The list has more than {LIST_ROWS:,} rows. Send it in parts.")
        values = {name: read_cell((record.get(names[name]) or "").strip()) for name in COLUMNS if name in names}
        if not any(values.values()):
            continue
        message = _row_message(values)
        if message:
            problems.append(RowProblem(number, " ".join(values["code"][:CODE_CHARACTERS].split()), message))
        else:
            drafts.append(_draft(values, number))
    return drafts, problems


def _draft(values: Mapping[str, str], number: int) -> LocationDraft:
    return LocationDraft(
        code=values["code"],
        name=values["name"],
        level=values["level"].lower(),
        parent_code=values.get("parent_code", ""),
        street=values.get("street", ""),
        city=values.get("city", ""),
        region=values.get("region", ""),
        postal_code=values.get("postal_code", ""),
        country=values.get("country", ""),
        time_zone=values.get("time_zone", ""),
        row=number,
        status=_status(values) or "open",
        is_single_staffed=values.get("single_staffed", "").lower() in YES,
        is_competitor=values.get("competitor", "").lower() in YES,
        latitude=degrees_of(values.get("latitude", ""), 90),
        longitude=degrees_of(values.get("longitude", ""), 180),
        opening_hours=hours_of(values.get("opening_hours", "")),
        keeps=frozenset(KEPT) - {FIELD_OF.get(name, name) for name in values},
    )


def _status(values: Mapping[str, str]) -> str:
    return values.get("status", "").lower().replace(" ", "_")


def _row_message(values: Mapping[str, str]) -> str:
    """Everything that is wrong with a row; empty where nothing is."""
    if any(value.count("\n") >= SUSPECT_LINES for value in values.values()):
        return f"A cell runs over many lines. {QUOTE_MISSING}"
    return " ".join([*_own_faults(values), *_place_faults(values)])


def _own_faults(values: Mapping[str, str]) -> Iterator[str]:
    if not values["code"] or len(values["code"]) > CODE_CHARACTERS:
        yield f"Give it a code of 1 to {CODE_CHARACTERS} characters."
    if not values["name"] or len(values["name"]) > NAME_CHARACTERS:
        yield f"Give it a name of 1 to {NAME_CHARACTERS} characters."
    if values["level"].lower() not in set(Level):
        yield "The level must be hq, region, district or store."
    if not is_time_zone(values.get("time_zone", "") or "UTC"):
        yield "The time zone must be a name such as Europe/London."
    if (_status(values) or "open") not in STATUSES:
        yield "The status must be open, temporarily_closed or closed."
    for name in ("single_staffed", "competitor"):
        if values.get(name, "").lower() not in YES | NO:
            yield f"{name.capitalize()} must be yes or no."


def _place_faults(values: Mapping[str, str]) -> Iterator[str]:
    latitude, longitude = values.get("latitude", ""), values.get("longitude", "")
    if bool(latitude) != bool(longitude):
        yield "Give latitude and longitude, or neither."
    elif latitude and (degrees_of(latitude, 90) is None or degrees_of(longitude, 180) is None):
        yield "Latitude and longitude must be degrees such as 53.7997 and -1.5492."
    try:
        hours_of(values.get("opening_hours", ""))
    except BadHours as error:
        yield f"{error}."


def list_of(places: Sequence[Location]) -> Iterator[bytes]:
    """Locations as a list that can be edited and taken in again: unedited it changes nothing. Formulas are harmless."""
    yield UTF8_MARK.encode() + _line(COLUMNS)
    codes = {place.id: place.code for place in places}
    for place in places:
        above = codes.get(place.parent_id, "") if place.parent_id else ""
        yield _line([cell(value) for value in _cells(place, above)])


def _cells(place: Location, above: str) -> list[str]:
    at = ["" if degrees is None else f"{degrees:f}".rstrip("0").rstrip(".") for degrees in place.point]
    flags = ["yes" if flag else "no" for flag in (place.is_single_staffed, place.is_competitor)]
    return [
        place.code, place.name, place.level, above, place.street, place.city, place.region, place.postal_code,
        place.country, place.time_zone, *at, hours_text(place.opening_hours), place.status, *flags,
    ]  # fmt: skip


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


def _column(name: str | None) -> str:
    return (name or "").strip().lower().replace(" ", "_").replace("-", "_")
