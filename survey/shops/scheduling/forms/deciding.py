"""What a scheduler decides about one shop or one application."""

from collections.abc import Sequence
from uuid import UUID

from survey.shoppers.domain import code_typed
from survey.shops.campaigns.domain import Days
from survey.shops.visits.domain import DeclineReason
from survey.web import Form

from ..domain import COMES_BACK_WORDS, MOST_STOPS, ORDER_WORDS, Addressed, Order
from .views import day_of


def comes_back_in(form: Form) -> str:
    """Why a shop is taken back; leaves a message where it is not said."""
    reason = form["reason"]
    if reason not in COMES_BACK_WORDS:
        form.refuse("reason", "Choose why")
    return reason


def decline_reason_in(form: Form) -> DeclineReason | None:
    """Why somebody does not get a shop, which they read; None where nobody has chosen it."""
    try:
        return DeclineReason(form["reason"])
    except ValueError:
        return None


def order_in(text: str) -> Order:
    """What a list of shoppers begins with; the best where the address says nothing else."""
    return Order(text) if text in ORDER_WORDS else Order.BEST


def addressed_in(form: Form) -> Addressed:
    """To whom somebody writes; leaves a message where that is not said."""
    code = code_typed(form["shopper"])
    if not code:
        form.refuse("shopper", "Enter the shopper’s code, for example S-7F3K")
    return Addressed(code, form["shop"].strip().upper())


def days_in(form: Form) -> Days | None:
    """The first and last day of a new window; None, with messages, where one is missing."""
    days = []
    for name in ("first", "last"):
        try:
            days.append(day_of(form[name]))
        except ValueError:
            form.refuse(name, "Enter a day, for example 2026-11-30")
    return Days(*days) if form.is_valid else None


def cut_in(text: str, asked: Sequence[UUID]) -> str:
    """How many shops a round leaves out, in words; empty for none. text: as its address says it; asked: all in it."""
    if text == "many":
        return "many more"
    cut = place_in(text) + max(0, len(asked) - MOST_STOPS)
    return f"{cut:,}" if cut else ""


def typed_days_in(asked: Sequence[UUID], texts: Sequence[str]) -> dict[UUID, str]:
    """The days that were typed beside the stops of a round, as its address says them; none where it says none."""
    return dict(zip(asked, texts, strict=True)) if len(texts) == len(asked) else {}


def place_in(text: str) -> int:
    """Where in a ranking a page begins."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
