"""When a shop is paid, said from the start: from the day of the visit until the money is there."""

from datetime import date

from .machine import STANDING, State


def payday_words(state: str | None, promised_on: date, paid_on: date | None) -> str:
    """`paid by Tuesday 22 December 2026`, or when it was; state: of the pay item, None before a report is in.

    Empty where nothing is paid.
    """
    if state == State.VOID:
        return ""
    if state == State.REVERSED:
        return "sent back by your bank"
    if state == State.PAID and paid_on is not None:
        return f"paid on {long_day(paid_on)}"
    return f"paid by {long_day(promised_on)}"


def paid_back_words(state: str | None, cents: int | None, most: str, amount: str) -> str:
    """What becomes of a purchase: up to so much until somebody has judged the report, and then what it came to.

    state and cents: of the pay item; most, amount: the cap and the cents as words. Empty where nothing is paid back.
    """
    if state is None or state == State.PROSPECTIVE:
        return f"up to {most} paid back" if most else ""
    if state not in STANDING or not cents:
        return ""
    return f"{amount} paid back" if state == State.PAID else f"{amount} to be paid back"


def payday_sentence(promised: date, goes_on: date, hand_in: str) -> str:
    """The same before the visit, with what it hangs on. hand_in: until when, in words; may be empty."""
    until = f" and hand in by {hand_in}" if hand_in else ""
    return f"Paid by {long_day(promised)}, if you go on {goes_on:%A} {goes_on.day} {goes_on:%B}{until}"


def long_day(day: date) -> str:
    """A day with its weekday and year."""
    return f"{day:%A} {day.day} {day:%B %Y}"
