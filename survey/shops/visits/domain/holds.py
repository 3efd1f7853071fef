"""Why a shop is put on hold. The hold lies over the machine: nothing happens to the shop until it is lifted."""

from collections.abc import Mapping
from enum import StrEnum

from survey.db.errors import Conflict

from .machine import TERMINAL, State


class HoldReason(StrEnum):
    """Why nothing may happen to a shop for now."""

    CLIENT_ASKED = "client_asked"
    PLACE_IN_DOUBT = "place_in_doubt"
    REPORT_IN_DOUBT = "report_in_doubt"
    SAFETY = "safety"
    LEGAL = "legal"


HOLD_WORDS: Mapping[HoldReason, str] = {
    HoldReason.CLIENT_ASKED: "The client asked us to wait",
    HoldReason.PLACE_IN_DOUBT: "The location may be closed or moved",
    HoldReason.REPORT_IN_DOUBT: "Something in the report has to be looked into",
    HoldReason.SAFETY: "Somebody may not be safe there",
    HoldReason.LEGAL: "A legal question is open",
}


class Ended(Conflict):
    """The shop has come to its end; there is nothing to hold."""

    def __init__(self, state: State) -> None:
        super().__init__(f"this shop is {state.lower()}")
        self.state = state


def check_hold(state: State) -> None:
    """Raises Ended for a shop to which nothing happens any more."""
    if state in TERMINAL:
        raise Ended(state)
