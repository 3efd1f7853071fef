"""A study's pages, one function each: from the form to the columns it changes."""

from collections.abc import Callable, Mapping

from msgspec import to_builtins

from survey.panels.domain import AGE_BANDS, GENDERS, REGIONS
from survey.web import Form

from ..domain import (
    CONFIRMATIONS,
    LEAST_DAYS_APART,
    LONGEST_FIELD,
    MOST_REMINDER_DAYS,
    MOST_REMINDERS,
    MOST_REST_DAYS,
    AudienceKind,
    Draft,
    IdentityMode,
    Narrowing,
    Part,
    is_time_zone,
)
from .fields import body, day_in, id_in, line, moment, subject, whole_number

CONTACTS = "contacts"
Changes = dict[str, object]


def draft(form: Form) -> Draft | None:
    """Client, questionnaire, name and title of a new study; None where messages were left."""
    client_id = id_in(form, "client", "Choose the client whose customers are asked")
    version_id = id_in(form, "version", "Choose a questionnaire")
    name, title = line(form, "name", "Enter a name, so that you find it in the list"), _title(form)
    if client_id is None or version_id is None or not form.is_valid:
        return None
    return Draft(client_id, version_id, name, title)


def basics(form: Form) -> Changes:
    """Questionnaire, name and title."""
    return {
        "version_id": id_in(form, "version", "Choose a questionnaire"),
        "name": line(form, "name", "Enter a name, so that you find it in the list"),
        "title": _title(form),
    }


def audience(form: Form) -> Changes:
    """Whom to ask: contacts of the client, or a panel, and which part of them."""
    panel_id = None if form["source"] == CONTACTS else id_in(form, "source", "Choose whom to ask")
    wanted = _members(form) if panel_id else _contacts(form)
    kind = AudienceKind.PANEL if panel_id else AudienceKind.CONTACTS
    return {"audience_kind": kind, "panel_id": panel_id, "audience": to_builtins(wanted)}


def identity(form: Form) -> Changes:
    """Whether answers carry names, and the permission they need."""
    if form["mode"] not in set(IdentityMode):
        form.refuse("mode", "Choose whether answers carry names")
    if form["mode"] != IdentityMode.IDENTIFIED:
        return {"identity_mode": IdentityMode.CONFIDENTIAL, "authorisation_id": None}
    message = "Choose the client’s permission; without one in force answers cannot carry names"
    return {"identity_mode": form["mode"], "authorisation_id": id_in(form, "authorisation", message)}


def dates(form: Form) -> Changes:
    """Opening and closing, in the time zone chosen."""
    zone = form["time_zone"]
    if not is_time_zone(zone):
        form.refuse("time_zone", "Enter a time zone such as Europe/London")
        zone = "UTC"
    opens_at = moment(form, "opens", zone, "the opening")
    closes_at = moment(form, "closes", zone, "the closing")
    if form.is_valid and closes_at <= opens_at:
        form.refuse("closes_on", "Close after opening")
    elif form.is_valid and closes_at - opens_at > LONGEST_FIELD:
        form.refuse("closes_on", f"A study is open for {LONGEST_FIELD.days} days at most")
    return {"opens_at": opens_at, "closes_at": closes_at, "time_zone": zone}


def invitation(form: Form) -> Changes:
    """The invitation's words."""
    return {"invitation_subject": subject(form), "invitation_body": body(form)}


def reminders(form: Form) -> Changes:
    """When to remind, and the words; no days, no reminders."""
    days = _reminder_days(form)
    if not days:
        return {"reminder_days": []}
    return {"reminder_days": days, "reminder_subject": subject(form), "reminder_body": body(form)}


def checks(form: Form) -> Changes:
    """What a person confirms."""
    return {"confirmed": [name for name in CONFIRMATIONS if form[name] == "yes"]}


def _contacts(form: Form) -> Narrowing:
    first, last = day_in(form, "visited_from"), day_in(form, "visited_until")
    if first and last and last < first:
        form.refuse("visited_until", "The last day of visits comes before the first one")
    location = id_in(form, "location", "Choose a location of this client") if form["location"] else None
    return Narrowing(
        location_id=location,
        language=_language(form),
        visited_from=first,
        visited_until=last,
        rest_days=_rest_days(form),
    )


def _members(form: Form) -> Narrowing:
    return Narrowing(
        language=_language(form),
        age_bands=tuple(band for band in form.all("age_bands") if band in AGE_BANDS),
        genders=tuple(band for band in form.all("genders") if band in GENDERS),
        regions=tuple(band for band in form.all("regions") if band in REGIONS),
        rest_days=_rest_days(form),
    )


def _rest_days(form: Form) -> int:
    days = whole_number(form["rest_days"])
    if days is None or days > MOST_REST_DAYS:
        form.refuse("rest_days", f"Enter a number of days from 0 to {MOST_REST_DAYS}")
        return 0
    return days


def _language(form: Form) -> str | None:
    return form["language"][:20] or None


def _reminder_days(form: Form) -> list[int]:
    days: list[int] = []
    for place in range(1, MOST_REMINDERS + 1):
        name = f"day_{place}"
        day = whole_number(form[name])
        if not form[name]:
            continue
        earliest = (days[-1] if days else 0) + LEAST_DAYS_APART
        if day is None or not earliest <= day <= MOST_REMINDER_DAYS:
            form.refuse(name, f"Enter a number of days from {earliest} to {MOST_REMINDER_DAYS}")
        else:
            days.append(day)
    return days


def _title(form: Form) -> str:
    return line(form, "title", "Enter the title that respondents read")


CHANGES_OF: Mapping[Part, Callable[[Form], Changes]] = {
    Part.BASICS: basics,
    Part.AUDIENCE: audience,
    Part.IDENTITY: identity,
    Part.DATES: dates,
    Part.INVITATION: invitation,
    Part.REMINDERS: reminders,
    Part.CHECKS: checks,
}
