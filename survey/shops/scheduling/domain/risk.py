"""Why a shop is at risk, in words; and why one is taken back."""

from collections.abc import Mapping
from datetime import datetime

from .board import Row

# Code -> words that the shopper reads.
COMES_BACK_WORDS: Mapping[str, str] = {
    "shopper_asked": "The shopper asked for it",
    "cannot_be_reached": "The shopper cannot be reached",
    "given_by_mistake": "It was given by mistake",
    "client_asked": "The client asked for it",
}


def at_risk_words(row: Row, now: datetime) -> str:
    """Why this one needs a look: how long is left, and what has happened to it."""
    days = (row.window_end - now).days
    left = "ends today" if days < 1 else f"ends in {days} day{'s' if days > 1 else ''}"
    told = [left]
    if row.is_flaked:
        told.append("somebody did not do it")
    if row.unassign_count:
        told.append("came back once" if row.unassign_count == 1 else f"came back {row.unassign_count} times")
    if row.asked:
        told.append(f"{row.asked} applied")
    return ", ".join(told)
