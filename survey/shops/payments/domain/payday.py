"""When a shop is paid, said from the start: from the day of the visit until the money is there."""

from datetime import date

from .machine import State


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


def payday_sentence(promised: date, goes_on: date, hand_in: str) -> str:
    """The same before the visit, with what it hangs on. hand_in: until when, in words; may be empty."""
    until = f" and hand in by {hand_in}" if hand_in else ""
    return f"Paid by {long_day(promised)}, if you go on {goes_on:%A} {goes_on.day} {goes_on:%B}{until}"


def long_day(day: date) -> str:
    """A day with its weekday and year."""
    return f"{day:%A} {day.day} {day:%B %Y}"
