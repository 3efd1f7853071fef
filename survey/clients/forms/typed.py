"""From what was typed to clients, permissions and locations, with messages that say what to do."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from survey.web import Form

from ..domain import BadHours, Hours, Level, LocationDraft, hours_of

NAME_CHARACTERS = 120
CODE_CHARACTERS = 40


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
    if bool(form["latitude"]) != bool(form["longitude"]):
        form.refuse("latitude", "Enter latitude and longitude, or neither")
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
        is_single_staffed=form["is_single_staffed"] == "yes",
        is_competitor=form["is_competitor"] == "yes",
        latitude=_degrees(form, "latitude", 90),
        longitude=_degrees(form, "longitude", 180),
        opening_hours=_hours(form),
        keeps=frozenset({"status"}),
    )


def degrees_of(text: str, most: int) -> float | None:
    """A latitude or longitude as typed; None where it is none. most: 90 or 180."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return round(value, 6) if -most <= value <= most else None


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


def _words(form: Form, name: str, message: str, most: int) -> str:
    value = form[name]
    if not value:
        form.refuse(name, message)
    elif len(value) > most:
        form.refuse(name, f"Use at most {most} characters")
    return value


def _degrees(form: Form, name: str, most: int) -> float | None:
    value = degrees_of(form[name], most) if form[name] else None
    if form[name] and value is None:
        form.refuse(name, f"Enter degrees from -{most} to {most}, like 53.7997")
    return value


def _hours(form: Form) -> Hours:
    try:
        return hours_of(form["opening_hours"])
    except BadHours as error:
        form.refuse("opening_hours", str(error))
        return {}
