"""Accounts: roles, states, what each page knows of a person, and where a person lands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from privacy.optouts.domain import normalised
from privacy.vault.domain import blind_index

EMAIL = "identity.account.email"
NAME = "identity.account.name"
SECRET = "identity.account.totp_secret"  # noqa: S105 - the name of a column
# Signing in begins before a tenant is known, so the index of addresses is one for the whole platform.
PLATFORM = UUID(int=0)


class AccountRole(StrEnum):
    """What an account may do."""

    PROVIDER = "provider"
    AFFILIATE_ADMIN = "affiliate_admin"
    MANAGER = "manager"
    SCHEDULER = "scheduler"
    EDITOR = "editor"
    PAYROLL = "payroll"
    CLIENT_VIEWER = "client_viewer"
    SHOPPER = "shopper"


class Status(StrEnum):
    """Whether an account may sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class ReportMail(StrEnum):
    """How often a client's person hears of new reports of visits."""

    HOURLY = "hourly"
    DAILY = "daily"
    NEVER = "never"


REPORT_MAIL_WORDS = {
    ReportMail.DAILY: "Every morning, if there is something new",
    ReportMail.HOURLY: "Every hour, if there is something new",
    ReportMail.NEVER: "Not at all",
}
ROLE_WORDS = {
    AccountRole.PROVIDER: "Provider",
    AccountRole.AFFILIATE_ADMIN: "Administrator",
    AccountRole.MANAGER: "Manager",
    AccountRole.SCHEDULER: "Scheduler",
    AccountRole.EDITOR: "Editor",
    AccountRole.PAYROLL: "Payroll",
    AccountRole.CLIENT_VIEWER: "Client viewer",
    AccountRole.SHOPPER: "Shopper",
}
# A shopper registers; nobody invites one.
INVITED_ROLES = (
    AccountRole.MANAGER,
    AccountRole.SCHEDULER,
    AccountRole.EDITOR,
    AccountRole.PAYROLL,
    AccountRole.AFFILIATE_ADMIN,
    AccountRole.CLIENT_VIEWER,
)
# Whom an administrator may limit to certain clients. Administrators set what holds for all of them, payroll pays one
# transfer for visits to several, and a client viewer belongs to one client anyway.
LIMITED_ROLES = (AccountRole.MANAGER, AccountRole.SCHEDULER, AccountRole.EDITOR)
LANDINGS = {
    AccountRole.PROVIDER: "/provider",
    AccountRole.CLIENT_VIEWER: "/portal",
    AccountRole.SCHEDULER: "/shops",
    AccountRole.EDITOR: "/reviews",
    AccountRole.PAYROLL: "/pay",
    AccountRole.SHOPPER: "/shopper",
}


@dataclass(frozen=True, slots=True)
class Place:
    """The node of a client's tree that a viewer reads from."""

    client_id: UUID
    location_id: UUID


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to be invited. clients: the only ones they are to work for; None for all of them."""

    email: str
    name: str
    role: AccountRole
    place: Place | None = None
    clients: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares, and what decides how far it goes. Nothing here is a name or an address."""

    id: UUID
    affiliate_id: UUID
    affiliate_name: str
    affiliate_status: str
    role: str
    status: str
    password_hash: str | None
    has_factor: bool
    require_totp: bool

    @property
    def is_welcome(self) -> bool:
        """Whether a right password opens anything."""
        return self.status == Status.ACTIVE and self.affiliate_status == "active"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list of people is narrowed to. index: of an address that was asked for."""

    role: str = ""
    status: str = ""
    index: bytes | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list of people, still sealed."""

    id: UUID
    role: str
    status: str
    email: bytes
    name: bytes
    has_factor: bool
    created_at: datetime
    client_id: UUID | None
    location_id: UUID | None
    is_limited: bool
    client_name: str | None
    location_name: str | None
    works_for: list[str]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the administrator sees them. name and email are None once the key is shredded."""

    row: Listed
    name: str
    email: str

    @property
    def role_words(self) -> str:
        """The role as people call it."""
        return ROLE_WORDS[AccountRole(self.row.role)]

    @property
    def may_be_limited(self) -> bool:
        """Whether an administrator may say which clients they work for."""
        return self.row.role in LIMITED_ROLES

    @property
    def clients_words(self) -> str:
        """Whose matters they see."""
        if self.row.client_name:
            return f"{self.row.client_name}, {self.row.location_name}"
        if not self.row.is_limited:
            return "All clients"
        return ", ".join(self.row.works_for) or "No client: nothing is shown to them"


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """One's own account."""

    id: UUID
    affiliate_id: UUID
    affiliate_name: str
    role: str
    email: str
    name: str
    password_hash: str
    password_changed_at: datetime | None
    totp_secret: str
    has_factor: bool
    totp_last_step: int
    report_mail: str
    require_totp: bool
    is_limited: bool
    recovery_codes_left: int


def address_index(index_key: bytes, address: str) -> bytes:
    """What an address is found by."""
    return blind_index(index_key, EMAIL, PLATFORM, normalised(address))


def stage_after_password(credentials: Credentials) -> str:
    """How far the right password leads: to the second factor, to setting one up, or all the way."""
    if credentials.has_factor:
        return "password"
    return "enrol" if credentials.require_totp else "full"


def landing_of(role: str) -> str:
    """Where a role's work begins."""
    return LANDINGS.get(AccountRole(role), "/studies")


def next_path(wanted: str, role: str) -> str:
    """Where to go after signing in: the page that was asked for if it is ours and the role's, else the role's first."""
    landing = landing_of(role)
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    if not is_path or "\\" in wanted or wanted.startswith(("/sign-in", "/sign-out")):
        return landing
    is_portal = wanted == "/portal" or wanted.startswith("/portal/")
    if (role == AccountRole.CLIENT_VIEWER) != is_portal and wanted != "/account":
        return landing
    return wanted
