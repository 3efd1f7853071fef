"""From what was typed or uploaded to clients, permissions and locations, with messages that say what to do."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from survey.clients.domain import Level, LocationDraft, RowProblem
from survey.web import Form

NAME_CHARACTERS = 120
CODE_CHARACTERS = 40
LIST_ROWS = 20_000
COLUMNS = ("code", "name", "level", "parent_code", "street", "city", "region", "postal_code", "country", "time_zone")
NEEDED = ("code", "name", "level")
DELIMITERS = ",;\t"
SUSPECT_LINES = 6
QUOTE_MISSING = "Is a quotation mark missing at its end?"


class NotAList(ValueError):
    """The text is no list of locations; the message says what is missing."""


def client_name(form: Form) -> str:
    """A client's name."""
    return _words(form, "name", "Enter the client's name", NAME_CHARACTERS)


def authorisation(form: Form, today: date) -> tuple[str, date]:
    """Reference and last day of a permission for identified studies."""
    reference = _words(form, "reference", "Enter where the client's letter is filed", NAME_CHARACTERS)
    try:
        until = date.fromisoformat(form["valid_until"])
    except ValueError:
        form.refuse("valid_until", "Enter the permission's last day, like 2027-06-30")
        return reference, today
    if until < today:
        form.refuse("valid_until", "Enter a day that is not past yet")
    return reference, until


def location_draft(form: Form, level: str | None = None) -> LocationDraft:
    """A location as typed. level: given where the form cannot choose it (the headquarters)."""
    chosen = level or form["level"]
    if chosen not in set(Level):
        form.refuse("level", "Choose region, district or store")
    zone = form.get("time_zone", "UTC")
    if not is_time_zone(zone):
        form.refuse("time_zone", "Enter a time zone such as Europe/London")
    return LocationDraft(
        code=_words(form, "code", "Enter the client's code for this location", CODE_CHARACTERS),
        name=_words(form, "name", "Enter the location's name", NAME_CHARACTERS),
        level=chosen,
        street=form["street"][:NAME_CHARACTERS],
        city=form["city"][:NAME_CHARACTERS],
        region=form["region"][:NAME_CHARACTERS],
        postal_code=form["postal_code"][:CODE_CHARACTERS],
        country=form["country"][:CODE_CHARACTERS],
        time_zone=zone,
    )


def parent_id(form: Form) -> UUID | None:
    """The chosen location above, if it is an id at all."""
    try:
        return UUID(form["parent"])
    except ValueError:
        return None


def is_time_zone(name: str) -> bool:
    """Whether the IANA database knows the name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def decoded(raw: bytes) -> str:
    """A list as Excel and others write it: UTF-8 with or without its mark, UTF-16 with one, else Windows-1252."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def location_list(text: str) -> tuple[list[LocationDraft], list[RowProblem]]:
    """Rows of a list with a header, in any order; rows that cannot be read come back as problems. Raises NotAList."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not lines or "\0" in lines:
        raise NotAList("The list is empty, or it is no text.")
    first = lines.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        return _cut(csv.DictReader(io.StringIO(lines), delimiter=delimiter, restkey="beyond"))
    except csv.Error:
        raise NotAList(f"The list cannot be cut into rows. {QUOTE_MISSING}") from None


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
        values = {name: (record.get(names[name]) or "").strip() for name in COLUMNS if name in names}
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
        time_zone=values.get("time_zone", "") or "UTC",
        row=number,
        lacking=frozenset(COLUMNS) - values.keys(),
    )


def _row_message(values: Mapping[str, str]) -> str:
    if any(value.count("\n") >= SUSPECT_LINES for value in values.values()):
        return f"A cell runs over many lines. {QUOTE_MISSING}"
    if not values["code"] or len(values["code"]) > CODE_CHARACTERS:
        return f"Give it a code of 1 to {CODE_CHARACTERS} characters."
    if not values["name"] or len(values["name"]) > NAME_CHARACTERS:
        return f"Give it a name of 1 to {NAME_CHARACTERS} characters."
    if values["level"].lower() not in set(Level):
        return "The level must be hq, region, district or store."
    if not is_time_zone(values.get("time_zone", "") or "UTC"):
        return "The time zone must be a name such as Europe/London."
    return ""


def _column(name: str | None) -> str:
    return (name or "").strip().lower().replace(" ", "_").replace("-", "_")


def _words(form: Form, name: str, message: str, most: int) -> str:
    value = form[name]
    if not value:
        form.refuse(name, message)
    elif len(value) > most:
        form.refuse(name, f"Use at most {most} characters")
    return value
