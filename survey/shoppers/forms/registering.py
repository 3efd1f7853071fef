"""What a visitor types to register."""

import re
from datetime import datetime

from survey.accounts.forms import address_of, name_of
from survey.web import Form

from ..domain import COUNTRIES, WITH_REGIONS, Address, BirthMonth, Registration, clock_of, zones_of

LONGEST_LINE = 120
LONGEST_CODE = 12
_PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]{5,24}")
_DIGITS = re.compile(r"[0-9]{1,4}")
LEAST_DIGITS = 7


def birth_month(form: Form, now: datetime) -> BirthMonth:
    """When somebody says they were born. The messages do not say which answer is wanted."""
    month, year = _number(form["month"]), _number(form["year"])
    born = BirthMonth(year, month)
    if not 1 <= month <= 12:
        form.refuse("month", "Choose the month in which you were born")
    elif not born.is_possible(now):
        form.refuse("year", "Enter the year in which you were born with four digits")
    return born


def registration(form: Form) -> Registration:
    """Name, address, e-mail and phone of somebody who registers."""
    email, name = address_of(form), name_of(form)
    number, where = phone(form), address(form)
    return Registration(email, name, number, where, _clock(form, where))


def agreed_to(form: Form, number: int) -> None:
    """Leaves a message unless the version that is in force was ticked."""
    if form["agreement"] != str(number):
        form.refuse("agreement", "Tick this if you agree; without it you cannot take shops")


def phone(form: Form) -> str:
    """A telephone number as people write it."""
    text = " ".join(form["phone"].split())
    if not _PHONE.fullmatch(text) or sum(mark.isdigit() for mark in text) < LEAST_DIGITS:
        form.refuse("phone", "Enter a telephone number, like +1 614 555 0134")
    return text


def address(form: Form) -> Address:
    """Where somebody lives."""
    country = form["country"]
    if country not in COUNTRIES:
        form.refuse("country", "Choose the country in which you live")
    return Address(
        street=_line(form, "street", "Enter the street and the number of the house"),
        city=_line(form, "city", "Enter the town or city"),
        region=_region(form, country),
        postal_code=_line(form, "postal_code", "Enter the postal code", LONGEST_CODE),
        country=country,
    )


def asks_clock(form: Form) -> bool:
    """Whether what was typed is in a state with two time zones, and does not tell which."""
    country = form["country"]
    return country in COUNTRIES and not clock_of(country, form["region"], form["postal_code"])


def _clock(form: Form, where: Address) -> str:
    """The time zone that the address tells, else the one that was chosen. Leaves a message where nothing says it."""
    told = clock_of(where.country, where.region, where.postal_code) if where.country in COUNTRIES else ""
    if not told and asks_clock(form) and form["time_zone"] not in zones_of(where.country):
        form.refuse("time_zone", "Part of your state keeps another time than the rest: choose yours")
    return told or form["time_zone"]


def _region(form: Form, country: str) -> str:
    """A state or province, where addresses of the country have one; elsewhere whatever is told."""
    if form["region"] or country in WITH_REGIONS:
        return _line(form, "region", "Enter the state, province or county")
    return ""


def _line(form: Form, field: str, message: str, longest: int = LONGEST_LINE) -> str:
    text = " ".join(form[field].split())
    if not text or not text.isprintable():
        form.refuse(field, message)
    elif len(text) > longest:
        form.refuse(field, f"Use at most {longest} characters")
    return text


def _number(text: str) -> int:
    return int(text) if _DIGITS.fullmatch(text) else 0
