"""From what a shopper types about a visit to values, with messages that say what to do."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from survey.questionnaires.domain import cents_of, clock_of
from survey.shops.visits.domain import decimal
from survey.web import Form

from .domain import COMMENT_CHARACTERS, NOT_DONE, CheckIn, Held, Report, Times, comment_field, place_times, time_errors
from .service import Attempt, Visit

MOST_CENTS = 1_000_000
MOST_METRES = 100_000
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments by item, and what is wrong with them by field."""

    texts: Mapping[str, str]
    errors: Mapping[str, str]


def visit_of(form: Form, held: Held, now: datetime) -> Visit:
    """Times and receipt, as far as they can be kept; messages are left in the form."""
    times = _times(form, held, form["time_out"])
    receipt_cents = _cents(form)
    for name, text in time_errors(held, times, now).items():
        form.refuse(name, text)
    return Visit(times.time_in, times.time_out, receipt_cents)


def visit_values(held: Held, report: Report, now: datetime) -> dict[str, str]:
    """What the fields of a visit show: what was typed before, or the planned day, or today before it."""
    planned = min(held.planned_on, held.local(now).date()) if held.planned_on else None
    day = held.local(report.time_in).date() if report.time_in else planned
    cents = report.receipt_cents
    return {
        "day": day.isoformat() if day else "",
        "time_in": f"{held.local(report.time_in):%H:%M}" if report.time_in else "",
        "time_out": f"{held.local(report.time_out):%H:%M}" if report.time_out else "",
        "receipt": decimal(cents) if cents is not None else "",
    }


def attempt_of(form: Form, held: Held, now: datetime) -> Attempt:
    """Why a visit could not be made; messages are left in the form."""
    reason = form["reason"]
    if reason not in NOT_DONE:
        form.refuse("reason", "Choose what happened")
        reason = ""
    at = _times(form, held, "").time_in
    if at is None or at > now:
        form.refuse("time_in", "Enter when you were there")
        at = None
    words = _cleaned(form["words"])
    if not words:
        form.refuse("words", "Say in a sentence or two what you found")
    elif len(words) > COMMENT_CHARACTERS:
        form.refuse("words", f"Use at most {COMMENT_CHARACTERS} characters")
        words = words[:COMMENT_CHARACTERS]
    return Attempt(reason, at, words, _cents(form) if held.is_attempt_repaid else None)


def comments_of(form: Form, item_ids: Collection[str]) -> Comments:
    """What was written beside answers; too much of it is an error and is not kept."""
    texts, errors = {}, {}
    for item_id in sorted(item_ids):
        name = comment_field(item_id)
        if name not in form:
            continue
        text = _cleaned(form[name])
        if len(text) > COMMENT_CHARACTERS:
            errors[name] = f"Use at most {COMMENT_CHARACTERS} characters; these are {len(text)}"
        else:
            texts[item_id] = text
    return Comments(texts, errors)


def check_in_of(form: Form) -> CheckIn | None:
    """Where somebody is, if the two fields were sent: they are not there without a click on the button."""
    try:
        latitude, longitude = float(form["latitude"]), float(form["longitude"])
        accuracy_m = round(float(form.get("accuracy", "0")))
    except (ValueError, OverflowError):
        return None
    is_on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return CheckIn(latitude, longitude, accuracy_m) if is_on_earth and 0 <= accuracy_m <= MOST_METRES else None


def _times(form: Form, held: Held, left: str) -> Times:
    day = _day(form["day"])
    if day is None:
        form.refuse("day", "Enter the day of the visit, such as 2026-11-27")
    return place_times(day, _clock(form["time_in"]), _clock(left), held.time_zone)


def _day(raw: str) -> date | None:
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _clock(raw: str) -> time | None:
    clock = clock_of(raw)
    return time.fromisoformat(clock) if clock else None


def _cents(form: Form) -> int | None:
    if not form["receipt"]:
        return None
    cents = cents_of(form["receipt"])
    if cents is None or cents > MOST_CENTS:
        form.refuse("receipt", "Enter the total of the receipt as a number, such as 6.95")
        return None
    return cents


def _cleaned(text: str) -> str:
    return _UNWANTED.sub("", text.replace("\r\n", "\n")).strip()
