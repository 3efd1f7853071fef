"""What shoppers type on their own pages."""

import re
from collections.abc import Sequence
from uuid import UUID

from survey.accounts.forms import address_of, name_of
from survey.web import Form, form_with

from ..domain import (
    LONGEST_COMPANY,
    TIME_ZONES,
    Address,
    Answers,
    BandQuestion,
    ConflictKind,
    Details,
    Payout,
    PayoutKind,
    Profile,
    TaxKind,
    Units,
    clock_to_check,
    is_bank_routing,
    is_iban,
    is_tax_number,
    words_of,
)
from .registering import address, phone

LONGEST_WORDS = 2000
_ACCOUNT = re.compile(r"[0-9]{4,17}")
_APART = re.compile(r"[\s-]+")
TAX_EXAMPLES = {
    TaxKind.SSN: "Enter the nine digits of your social security number",
    TaxKind.EIN: "Enter the nine digits of your employer identification number",
    TaxKind.SIN: "Enter the nine digits of your social insurance number",
    TaxKind.OTHER: "Enter the number with letters and digits only, 5 to 20 of them",
}


def shown_details(profile: Profile) -> Form:
    """What the form begins with."""
    details = profile.details
    values: dict[str, str | list[str]] = {
        "name": details.name,
        "phone": details.phone,
        "time_zone": details.time_zone,
        "units": details.units.value,
    }
    held = details.address
    values |= {name: str(getattr(held, name)) for name in Address.__slots__}
    return form_with(values)


def details(form: Form) -> Details:
    """What somebody corrects."""
    name, number, where = name_of(form), phone(form), address(form)
    if form["time_zone"] not in TIME_ZONES:
        form.refuse("time_zone", "Choose your time zone")
    if form["units"] not in set(Units):
        form.refuse("units", "Choose in what you count distances")
        return Details(name, number, where, form["time_zone"])
    return Details(name, number, where, form["time_zone"], Units(form["units"]))


def check_clock(form: Form, held: Details, wanted: Details) -> None:
    """Who moves to where another time is kept, and left theirs, is shown the new one, and saves it or another."""
    old, new = ((each.address.country, each.address.region) for each in (held, wanted))
    place = " ".join(new)
    proposed = clock_to_check(old, new, wanted.time_zone)
    if not proposed or wanted.time_zone != held.time_zone or form["clock_of"] == place:
        return
    form.refuse("time_zone", "You have moved: see whether this is the time you live by now, and save again")
    form.raw |= {"time_zone": [proposed], "clock_of": [place]}


def answers(form: Form, questions: Sequence[BandQuestion]) -> Answers:
    """The bands somebody chose. What is not on offer counts as not told."""
    given = {one.code: form[one.code] for one in questions if form[one.code] in one.codes}
    for one in questions:
        if one.is_required and one.code not in given:
            form.refuse(one.code, f"Choose an answer: {one.label}")
    return given


def company(form: Form) -> tuple[str, ConflictKind]:
    """A business as somebody calls it, and why one is no stranger there."""
    name = " ".join(form["company"].split())
    if not words_of(name):
        form.refuse("company", "Enter the name of the company")
    elif len(name) > LONGEST_COMPANY:
        form.refuse("company", f"Use at most {LONGEST_COMPANY} characters")
    return name, _why(form)


def conflict(form: Form) -> tuple[UUID | None, ConflictKind]:
    """A client, and why somebody is no stranger there."""
    client_id = id_in(form, "client")
    if client_id is None:
        form.refuse("client", "Choose the company")
    return client_id, _why(form)


def _why(form: Form) -> ConflictKind:
    kind = ConflictKind(form["kind"]) if form["kind"] in set(ConflictKind) else None
    if kind is None:
        form.refuse("kind", "Choose why you are no stranger there")
    return kind or ConflictKind.OTHER


def payout(form: Form) -> Payout:
    """Where money goes."""
    kind = PayoutKind(form["kind"]) if form["kind"] in set(PayoutKind) else None
    match kind:
        case PayoutKind.IBAN:
            return Payout(kind, _iban(form))
        case PayoutKind.US_BANK:
            return Payout(kind, _bank(form))
        case PayoutKind.PAYPAL:
            return Payout(kind, address_of(form, "paypal"))
        case None:
            form.refuse("kind", "Choose how we pay you")
            return Payout(PayoutKind.IBAN, "")


def tax_number(form: Form) -> tuple[TaxKind, str]:
    """A tax number without spaces and dashes."""
    kind = TaxKind(form["kind"]) if form["kind"] in set(TaxKind) else None
    number = _APART.sub("", form["number"]).upper()
    if kind is None:
        form.refuse("kind", "Choose which number it is")
    elif not is_tax_number(kind, number):
        form.refuse("number", TAX_EXAMPLES[kind])
    return kind or TaxKind.OTHER, number


def words(form: Form, field: str, message: str) -> str:
    """Some sentences."""
    text = form[field]
    if not text:
        form.refuse(field, message)
    elif len(text) > LONGEST_WORDS:
        form.refuse(field, f"Use at most {LONGEST_WORDS:,} characters")
    return text


def id_in(form: Form, field: str) -> UUID | None:
    """An id, or None for what is none."""
    try:
        return UUID(form[field])
    except ValueError:
        return None


def _iban(form: Form) -> str:
    text = _APART.sub("", form["iban"]).upper()
    if not is_iban(text):
        form.refuse("iban", "Check the IBAN: its check digits do not fit")
    return text


def _bank(form: Form) -> str:
    routing, account = _APART.sub("", form["routing"]), _APART.sub("", form["account"])
    if not is_bank_routing(routing):
        form.refuse("routing", "Check the routing number: it has nine digits, the last of which checks the others")
    if not _ACCOUNT.fullmatch(account):
        form.refuse("account", "Enter the account number, 4 to 17 digits")
    return f"{routing}/{account}"
