"""How often the quiz of a guideline may be tried, and how long one waits in between. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MOST_TRIES = 20
MOST_WAIT_HOURS = 720


@dataclass(frozen=True, slots=True)
class TryRule:
    """What a version's quiz asks: at most so many tries (None: as many as one likes), so many hours apart."""

    most: int | None = None
    wait_hours: int = 0

    @property
    def words(self) -> str:
        """The rule as people read it, before they begin."""
        often = "as often as you like" if self.most is None else "once" if self.most == 1 else f"{self.most} times"
        if self.wait_hours and self.most != 1:
            hours = "hour" if self.wait_hours == 1 else f"{self.wait_hours} hours"
            return f"You may try {often}, and wait {'an ' if self.wait_hours == 1 else ''}{hours} after each try."
        return f"You may try {often}."


@dataclass(frozen=True, slots=True)
class Tries:
    """What a shopper did at a quiz. granted: tries that staff have added; granted_after: the last try before one."""

    made: int = 0
    last_at: datetime | None = None
    granted: int = 0
    granted_after: int = 0

    @property
    def next_number(self) -> int:
        """The number of the try that would come next, from 1."""
        return self.made + 1

    def left(self, rule: TryRule) -> int | None:
        """How many are left; None where they are not counted."""
        return None if rule.most is None else max(0, rule.most + self.granted - self.made)

    def opens_at(self, rule: TryRule) -> datetime | None:
        """From when on the next may be made; None where nothing is to be waited for. A grant ends the waiting."""
        if self.last_at is None or not rule.wait_hours or self.granted_after >= self.made:
            return None
        return self.last_at + timedelta(hours=rule.wait_hours)

    def may_try(self, rule: TryRule, now: datetime) -> bool:
        """Whether one may try now."""
        opens_at = self.opens_at(rule)
        return self.left(rule) != 0 and (opens_at is None or now >= opens_at)

    def words(self, rule: TryRule, now: datetime, time_zone: str) -> str:
        """What is left and from when on, in the shopper's own time; empty where there is nothing to say."""
        left, opens_at = self.left(rule), self.opens_at(rule)
        if left == 0:
            return "You have used your tries. Ask the company if you want another: a person can give you one."
        said = "" if left is None else "1 try is left" if left == 1 else f"{left} tries are left"
        if opens_at is not None and now < opens_at:
            there = opens_at.astimezone(ZoneInfo(time_zone))
            when = f"from {there:%A} {there.day} {there:%B}, {there:%H:%M} on"
            return f"{said}, {when}." if said else f"You may try again {when}."
        return f"{said}." if said else ""


class NoTry(Exception):
    """A try that does not count: too early, one too many, or sent twice. `text` is for the shopper's eyes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
