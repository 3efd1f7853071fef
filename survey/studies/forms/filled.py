"""The other way round: what a study's pages show before anything is typed."""

from collections.abc import Callable, Mapping

from survey.web import Form, form_with

from ..domain import MOST_REMINDERS, Part, Study, local
from .pages import CONTACTS

Values = dict[str, str | list[str]]


def filled(part: Part, study: Study) -> Form:
    """The form of a page as the study is now."""
    return form_with(_VALUES_OF[part](study) | {"revision": str(study.revision)})


def closing(study: Study) -> Form:
    """The form that keeps a study open for longer."""
    return form_with(_moment("closes", study, study.time_zone))


def _basics(study: Study) -> Values:
    return {"version": str(study.version_id), "name": study.name, "title": study.title}


def _audience(study: Study) -> Values:
    wanted = study.narrowing
    return {
        "source": str(study.panel_id) if study.panel_id else CONTACTS,
        "location": str(wanted.location_id or ""),
        "language": wanted.language or "",
        "visited_from": wanted.visited_from.isoformat() if wanted.visited_from else "",
        "visited_until": wanted.visited_until.isoformat() if wanted.visited_until else "",
        "age_bands": list(wanted.age_bands),
        "genders": list(wanted.genders),
        "regions": list(wanted.regions),
        "rest_days": str(wanted.rest_days),
    }


def _identity(study: Study) -> Values:
    return {"mode": study.identity_mode.value, "authorisation": str(study.authorisation_id or "")}


def _dates(study: Study) -> Values:
    zone = study.time_zone
    return {"time_zone": zone, **_moment("opens", study, zone), **_moment("closes", study, zone)}


def _moment(name: str, study: Study, zone: str) -> Values:
    at = local(study.opens_at if name == "opens" else study.closes_at, zone)
    return {f"{name}_on": at.date().isoformat(), f"{name}_time": f"{at:%H:%M}"}


def _invitation(study: Study) -> Values:
    return {"subject": study.invitation_subject, "body": study.invitation_body}


def _reminders(study: Study) -> Values:
    days = [*map(str, study.reminder_days), *[""] * MOST_REMINDERS]
    return {"day_1": days[0], "day_2": days[1], "subject": study.reminder_subject, "body": study.reminder_body}


def _checks(study: Study) -> Values:
    return dict.fromkeys(study.confirmed, "yes")


_VALUES_OF: Mapping[Part, Callable[[Study], Values]] = {
    Part.BASICS: _basics,
    Part.AUDIENCE: _audience,
    Part.IDENTITY: _identity,
    Part.DATES: _dates,
    Part.INVITATION: _invitation,
    Part.REMINDERS: _reminders,
    Part.CHECKS: _checks,
}
