"""From what was typed to clients, permissions and locations, with messages that say what to do."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from survey.web import Form

from ..domain import TRUE_UTC, UNKNOWN, BadHours, Hours, Level, LocationDraft, guessed_zone, hours_of

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
    zone = _zone(form, chosen)
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


def _zone(form: Form, level: str) -> str:
    """The zone as typed. A store needs one: a guess is put into the field, for whoever saves it to confirm."""
    zone = form["time_zone"]
    if not zone and level != Level.STORE:
        return UNKNOWN
    if zone and not is_time_zone(zone):
        form.refuse("time_zone", "Enter a time zone such as Europe/London")
    if not zone:
        guess = guessed_zone(form["country"], form["region"], form["postal_code"])
        form.refuse("time_zone", f"{_capital(guess.words)}. Save again if that is right" if guess.zone else guess.words)
        form.raw["time_zone"] = [guess.zone]
    return TRUE_UTC if zone == UNKNOWN else zone


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def degrees_of(text: str, most: int) -> float | None:
    """A latitude or longitude as typed; None where it is none. most: 90 or 180."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return round(value, 6) if -most <= value <= most else None


def ids_in(form: Form, name: str) -> list[UUID]:
    """The ids that a field holds; what is none is left out."""
    return [found for text in form.all(name) if (found := _id(text))]


def parent_id(form: Form) -> UUID | None:
    """The chosen location above, if it is an id at all."""
    return _id(form["parent"])


def is_time_zone(name: str) -> bool:
    """Whether the IANA database knows the name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


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
