"""From URLs and forms to filters, plans and accounts, with messages that say what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from survey.shoppers.domain import PayoutKind, code_typed
from survey.shops.visits.domain import decimal
from survey.web import Form, form_with

from .domain import SOON_DAYS, Account, Due, Payer, Reach, State, Wanted, YearAsked, is_bic, squeezed
from .service import Planned

LONGEST_WORDS = 40
LONGEST_HOLDER = 140
MOST_CODES = 2000
MOST_CENTS = 100_000_000
EARLIEST_DAYS = 366
CURRENCY = re.compile(r"[A-Z]{3}")
YEAR = re.compile(r"2[0-9]{3}")
CODE = re.compile(r"[A-Za-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class ListView:
    """A narrowed list as its URL asks for it: the filter, and the fields' values to show again."""

    wanted: Wanted
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BatchView:
    """What a new batch is asked to hold."""

    currency: str
    until: date


def list_view(query: Mapping[str, str]) -> ListView:
    """What a list's URL asks for. What cannot be read is left out, as if it had not been asked."""
    values = {name: query.get(name, "").strip()[:LONGEST_WORDS] for name in ("state", "due", "currency", "q")}
    values["state"] = values["state"] if values["state"] in set(State) else ""
    values["due"] = values["due"] if values["due"] in set(Due) else ""
    values["currency"] = values["currency"] if CURRENCY.fullmatch(values["currency"]) else ""
    states = (State(values["state"]),) if values["state"] else Wanted().states
    due = Due(values["due"]) if values["due"] else None
    return ListView(Wanted(states, due, values["currency"], values["q"]), values)


def batch_view(query: Mapping[str, str], currency: str, today: date) -> BatchView:
    """What the dry run's URL asks for: a currency that there is, and by default what is due within a week."""
    asked = query.get("currency", "")
    until = day_in(query.get("until", "")) or today + timedelta(days=SOON_DAYS)
    return BatchView(asked if CURRENCY.fullmatch(asked) else currency, until)


def year_asked(values: Mapping[str, str] | Form, this_year: int, tax_from_cents: int | None) -> YearAsked:
    """Which of a year's totals are asked for: this year's of everybody, unless it says otherwise."""
    text, currency, reach = (values.get(name, "").strip() for name in ("year", "currency", "who"))
    year = int(text) if YEAR.fullmatch(text) else this_year
    return YearAsked(
        year,
        currency if CURRENCY.fullmatch(currency) else "",
        code_typed(values.get("q", ""))[:LONGEST_WORDS],
        Reach(reach) if reach in set(Reach) and tax_from_cents is not None else None,
        tax_from_cents,
    )


def planned_in(form: Form) -> Planned | None:
    """The batch that the dry run showed; None for a form that is not from there."""
    until = day_in(form["until"])
    try:
        batch_id, items, cents = UUID(form["batch"]), int(form["items"]), int(form["cents"])
    except ValueError:
        return None
    if until is None or not CURRENCY.fullmatch(form["currency"]):
        return None
    return Planned(batch_id, form["currency"], until, items, cents)


def paid_on_in(form: Form, today: date) -> date:
    """The day on which the bank paid: not to come, not long ago. Leaves a message."""
    paid_on = day_in(form["paid_on"])
    if paid_on is None or not today - timedelta(days=EARLIEST_DAYS) <= paid_on <= today:
        form.refuse("paid_on", "Enter the day on which the bank paid; it cannot be in the future")
        return today
    return paid_on


def items_in(form: Form) -> list[UUID]:
    """The items that are ticked, as far as they are ids."""
    found = []
    for text in form.all("ids")[:MOST_CODES]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def shown_in(form: Form) -> int:
    """How many people a preview has named."""
    return int(form["shown"]) if form["shown"].isdecimal() and len(form["shown"]) < 6 else 0


def codes_in(form: Form, name: str, *, is_needed: bool = False) -> list[str]:
    """Shoppers' codes, one a line or apart by spaces and commas. Leaves a message."""
    codes = [code for code in re.split(r"[\s,;]+", form[name]) if code]
    if len(codes) > MOST_CODES or not all(map(CODE.fullmatch, codes)):
        form.refuse(name, "Enter codes as the list shows them, one a line")
        return []
    if is_needed and not codes:
        form.refuse(name, "Enter at least one code")
    return codes


def reason_in(form: Form, reasons: Mapping[str, str]) -> str:
    """One of the reasons on offer. Leaves a message."""
    if form["reason"] not in reasons:
        form.refuse("reason", "Choose a reason; the shopper reads it")
    return form["reason"]


def payer_form(payer: Payer) -> Form:
    """The affiliate's own side as its form begins."""
    account = payer.account
    tax = decimal(payer.tax_from_cents) if payer.tax_from_cents is not None else ""
    return form_with({
        "way": account.way.value if account else "none", "holder": account.holder if account else "",
        "number": account.number if account else "", "bank": account.bank if account else "",
        "tax_from": tax, "revision": str(payer.revision),
    })  # fmt: skip


def payer_in(form: Form) -> Payer:
    """The affiliate's own side as it was filled in. Leaves messages."""
    revision = int(form["revision"]) if form["revision"].isdecimal() and len(form["revision"]) < 9 else 0
    return Payer(_account_in(form), _cents_in(form, "tax_from"), revision)


def day_in(text: str) -> date | None:
    """A day as browsers send it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _account_in(form: Form) -> Account | None:
    if form["way"] == "none":
        return None
    if form["way"] not in (PayoutKind.IBAN, PayoutKind.US_BANK):
        form.refuse("way", "Choose how you pay")
        return None
    account = Account(PayoutKind(form["way"]), form["holder"], squeezed(form["number"]), squeezed(form["bank"]))
    if not account.holder or len(account.holder) > LONGEST_HOLDER:
        form.refuse("holder", "Enter the name of the account as your bank has it")
    if account.way is PayoutKind.IBAN:
        _check_iban(form, account)
    elif not account.is_transferable:
        form.refuse("number", "Enter the account number and, below it, the nine digits of the routing number")
    return account


def _check_iban(form: Form, account: Account) -> None:
    if not account.is_transferable:
        form.refuse("number", "Check the IBAN: its digits do not fit together")
    if account.bank and not is_bic(account.bank):
        form.refuse("bank", "Enter a BIC of eight or eleven characters, or leave it empty")


def _cents_in(form: Form, name: str) -> int | None:
    text = form[name].replace(",", "")
    if not text:
        return None
    try:
        cents = Decimal(text) * 100
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents != cents.to_integral_value() or not 0 <= cents <= MOST_CENTS:
        form.refuse(name, "Enter an amount such as 600 or 600.00, or leave it empty")
        return None
    return int(cents)
