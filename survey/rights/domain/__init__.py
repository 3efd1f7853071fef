"""What an opt-out page shows and what its buttons mean. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from privacy.optouts.domain import Link, Stop, StopScope
from survey.web.brands import Brand

DOT = "•••"


class Wish(StrEnum):
    """What a button on the opt-out page asks for."""

    EVERYTHING = "everything"
    CLIENT = "client"
    AFFILIATE = "affiliate"
    OFFERS = "offers"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class OptOut:
    """What stands behind an opt-out link, as its page shows it.

    address: masked, or empty where nobody holds it any more. client: whose surveys the message was about, if any.
    stopped: how far the mail is stopped now. brand: of the company that wrote. is_shopper: whether it writes of shops.
    """

    address: str
    client_id: UUID | None
    client: str
    stopped: frozenset[StopScope]
    brand: Brand | None = None
    is_shopper: bool = False

    @property
    def affiliate(self) -> str:
        """Its name, or an empty text."""
        return self.brand.name if self.brand else ""


def masked(address: str) -> str:
    """Enough of an address for its owner to know it, and too little for anybody else: "j•••@e•••.com"."""
    local, _, domain = address.rpartition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[:1]}{DOT}@{name[:1]}{DOT}.{ending}" if local and name else DOT


def reach_of(stops: Iterable[Stop], link: Link) -> frozenset[StopScope]:
    """How far the active stops of an address reach, seen from the mail that carried the link."""
    return frozenset(stop.scope for stop in stops if _is_about(stop, link))


def _is_about(stop: Stop, link: Link) -> bool:
    match stop.scope:
        case StopScope.EVERYTHING:
            return True
        case StopScope.CLIENT:
            return stop.client_id == link.client_id
        case _:
            return stop.affiliate_id == link.affiliate_id


@dataclass(frozen=True, slots=True)
class DeclaredCookie:
    """A cookie the product sets. A test compares this list with what pages really send."""

    name: str
    who: str
    purpose: str
    path: str
    life: str
    says: str


COOKIES = (
    DeclaredCookie(
        "answering",
        "People who answer a survey",
        "Tells this browser from another while you answer, so that we can warn you when the same link is open twice.",
        "The pages of that one survey, nothing else",
        "Until you send your answers or leave the survey; otherwise until you close the browser",
        "A random value that means nothing elsewhere",
    ),
    DeclaredCookie(
        "__Host-candour",
        "People who work with Candour or read its reports",
        "Keeps you signed in.",
        "The whole site",
        "Until you sign out or close the browser, and never longer than your organisation has set",
        "A random value; what it stands for is kept on our side",
    ),
    DeclaredCookie(
        "__Secure-candour-browser",
        "People who work with Candour",
        "Remembers that this browser signed in before, so that strangers who guess passwords cannot slow you down.",
        "The sign-in pages, nothing else",
        "180 days",
        "A keyed fingerprint of the account; it names nobody and signs nobody in",
    ),
    DeclaredCookie(
        "__Secure-candour-register",
        "People who register as mystery shoppers",
        "Remembers that this browser was asked for its owner’s age, so that it is asked once.",
        "The registration page of that one company, nothing else",
        "12 hours at most, or until you close the browser",
        "A signed value that looks the same whatever the answer was; on our side nothing is kept",
    ),
)


@dataclass(frozen=True, slots=True)
class Step:
    """What erasing does to one table.

    link: how its rows are found: `id` or `shopper_id` by the shopper, `report_id` or `report` by the shopper's reports.
    emptied: columns of rows that stay; where there are none the rows go.
    """

    table: str
    link: str
    emptied: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a shopper who is erased. owed: cents still to be paid, by currency, which then never will be.

    reports_held: reports that a legal hold keeps as they are, until it is lifted.
    """

    reports: int
    reports_held: int
    payments: int
    tax_until: date | None
    shops_held: int
    owed: Sequence[tuple[str, int]]
