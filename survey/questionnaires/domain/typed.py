"""Times of the day and amounts of money, as people type them and as they are kept and shown."""

import re
from decimal import Decimal

_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})(?::[0-9]{2})?)?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)
MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")  # as keyboards, pages and word processors write it
_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")


def clock_of(text: str) -> str | None:
    """A time of the day as HH:MM, 24 hours: of `07:52`, `7.52`, `7:52 pm`, `7pm`. None where it is none of these.

    An hour alone says too little without "am" or "pm".
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None or not (found[2] or found[3]):
        return None
    hours, minutes = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found[3].lower() == "p" else 0)
    return f"{hours:02}:{minutes:02}" if hours < 24 and minutes < 60 else None


def cents_of(text: str) -> int | None:
    """Hundredths in an amount like `6.95`, `6,95`, `1,234.50`, `€ 6.95`. None where it is no amount."""
    plain = "".join(text.split()).strip("$€£")
    plain = plain.replace(",", "") if "." in plain else plain.replace(",", ".", 1)
    return int(Decimal(plain) * 100) if _AMOUNT.fullmatch(plain) else None


def step_of(text: str) -> int | None:
    """Hundredths by which an amount changes: `+2.00`, `-1,50`, `€ +2`; without a sign it is more. None: no step."""
    plain = "".join(text.split()).lstrip("$€£")
    sign = -1 if plain.startswith(MINUS) else 1
    cents = cents_of(plain[1:] if plain.startswith((*MINUS, "+")) else plain)
    return None if cents is None else sign * cents


def decimal(cents: int, thousands: str = "") -> str:
    """An amount with two decimals, without floating point: `6.95`. `thousands` stands between groups of three."""
    sign, whole, part = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    return f"{sign}{format(whole, thousands)}.{part:02}"
