"""What an opt-out page shows and what its buttons mean. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from privacy.optouts.domain import Stop, StopScope

DOT = "•••"


class Wish(StrEnum):
    """What a button on the opt-out page asks for."""

    EVERYTHING = "everything"
    CLIENT = "client"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class OptOut:
    """What stands behind an opt-out link, as its page shows it.

    address: masked, or empty where nobody holds it any more. client: whose surveys the message was about, if any.
    stopped: how far the mail is stopped now.
    """

    address: str
    client_id: UUID | None
    client: str
    stopped: frozenset[StopScope]


def masked(address: str) -> str:
    """Enough of an address for its owner to know it, and too little for anybody else: "j•••@e•••.com"."""
    local, _, domain = address.rpartition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[:1]}{DOT}@{name[:1]}{DOT}.{ending}" if local and name else DOT


def reach_of(stops: Iterable[Stop], client_id: UUID | None) -> frozenset[StopScope]:
    """How far the active stops of an address reach, seen from one client's mail."""
    return frozenset(stop.scope for stop in stops if stop.scope is StopScope.EVERYTHING or stop.client_id == client_id)
