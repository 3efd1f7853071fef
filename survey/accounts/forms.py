"""From fields to domain values, with messages for people."""

from dataclasses import dataclass
from uuid import UUID

from survey.affiliates.domain import Draft
from survey.affiliates.forms import draft_of
from survey.db import Scope
from survey.mail.addresses import BadAddress, addressed
from survey.web import Form

from . import service
from .domain import (
    INVITED_ROLES,
    LIMITED_ROLES,
    ROLE_WORDS,
    AccountRole,
    Invitee,
    ListFilter,
    Place,
    ReportMail,
    Status,
    address_index,
)

# They see the whole affiliate by what they are for; whoever ticks clients for them is told so.
WHOLE_ROLES = (AccountRole.AFFILIATE_ADMIN, AccountRole.PAYROLL)
LONGEST_NAME = 100
LONGEST_SEARCH = 254


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role, and for a viewer the place. choices: places to choose from, where the words fit several."""

    role: AccountRole | None
    place: Place | None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NewAffiliate:
    """A new tenant and its first administrator."""

    draft: Draft
    administrator: Invitee


def address_of(form: Form, field: str = "email") -> str:
    """An address that can be written to, or a message beside the field."""
    address = form[field]
    try:
        addressed(address)
    except BadAddress:
        form.refuse(field, "Enter an e-mail address, like name@company.com" if address else "Enter an e-mail address")
    return address


def name_of(form: Form, field: str = "name") -> str:
    """A person's name, or a message."""
    name = " ".join(form[field].split())
    if not name:
        form.refuse(field, "Enter a name")
    elif len(name) > LONGEST_NAME:
        form.refuse(field, f"Enter a name of at most {LONGEST_NAME} characters")
    return name


def report_mail_of(form: Form) -> ReportMail:
    """How often to be told of new reports, or a message."""
    if form["report_mail"] not in set(ReportMail):
        form.refuse("report_mail", "Choose how often")
        return ReportMail.DAILY
    return ReportMail(form["report_mail"])


async def new_password_of(form: Form, own_words: tuple[str, ...], field: str = "new_password") -> str:
    """A password that will do, as it was typed, or a message that says why not."""
    password = form.exact(field)
    if not password:
        form.refuse(field, "Enter a new password")
    elif complaint := await service.weakness_of(password, own_words):
        form.refuse(field, complaint)
    return password


async def role_of(form: Form, scope: Scope) -> Wanted:
    """The role that was chosen, and for a client's viewer where in the client's tree."""
    role = AccountRole(form["role"]) if form["role"] in INVITED_ROLES else None
    if role is None:
        form.refuse("role", "Choose what this person will do")
    if role is not AccountRole.CLIENT_VIEWER:
        return Wanted(role, None)
    client_id, chosen = _id(form["client"]), _id(form["location"])
    if client_id is None:
        form.refuse("client", "Choose the client whose reports this person reads")
        return Wanted(role, None)
    found = await service.find_place(scope, client_id, form["place"], chosen)
    if found.choices:
        form.refuse("location", "Several places fit. Choose one of them")
    elif found.place is None:
        form.refuse("place", _nowhere(form["place"]))
    return Wanted(role, found.place, found.choices)


def limit_of(form: Form) -> list[UUID] | None:
    """The clients that were ticked, or None for all of them; a message where neither was said."""
    if form["works_for"] == "all":
        return None
    if form["works_for"] != "some":
        form.refuse("works_for", "Choose for which clients this person works")
        return []
    chosen = [each for text in form.all("clients") if (each := _id(text))]
    if not chosen:
        form.refuse("clients", "Tick at least one client, or choose all clients")
    return chosen


async def invitee_of(form: Form, scope: Scope) -> tuple[Invitee | None, Wanted]:
    """Somebody to be invited, and the role as far as it was understood."""
    email, name = address_of(form), name_of(form)
    wanted = await role_of(form, scope)
    clients = _clients_of(form, wanted.role)
    if not form.is_valid or wanted.role is None:
        return None, wanted
    return Invitee(email, name, wanted.role, wanted.place, clients), wanted


def _clients_of(form: Form, role: AccountRole | None) -> tuple[UUID, ...] | None:
    if role in LIMITED_ROLES:
        chosen = limit_of(form)
        return None if chosen is None else tuple(chosen)
    if role in WHOLE_ROLES and form["works_for"] == "some":
        form.refuse("works_for", f"{ROLE_WORDS[role]}: this role works for all clients. Choose so, or another role")
    return None


def new_affiliate_of(form: Form) -> NewAffiliate:
    """A new tenant with its first administrator."""
    draft = draft_of(form)
    email, name = address_of(form, "admin_email"), name_of(form, "admin_name")
    return NewAffiliate(draft, Invitee(email, name, AccountRole.AFFILIATE_ADMIN))


def filter_of(asked: dict[str, str], index_key: bytes) -> ListFilter:
    """What the list's URL asks for. Made-up values ask for nothing."""
    role, status, address = asked.get("role", ""), asked.get("status", ""), asked.get("q", "").strip()
    return ListFilter(
        role if role in set(AccountRole) else "",
        status if status in set(Status) else "",
        address_index(index_key, address[:LONGEST_SEARCH]) if address else None,
    )


def _nowhere(words: str) -> str:
    if words:
        return "No place of this client has this name or code"
    return "This client has no locations yet. Add its head office first"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
