"""What every scene of the demo world needs: the settings, the composers of mail, a day to count from, and a voice."""

import time as clock
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from survey.db import Database
from survey.mail.composing import Composer
from survey.settings import Settings

Say = Callable[[str], None]
MORNING_HOUR = 9


@dataclass(frozen=True, slots=True)
class Stage:
    """One building of the world. now: the present, from which dates are counted back."""

    settings: Settings
    database: Database
    composers: Mapping[str, Composer] = field(repr=False)
    say: Say
    now: datetime

    def day(self, ago: int) -> datetime:
        """Nine in the morning so many days ago; a negative number lies ahead."""
        return self.now.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0) - timedelta(days=ago)

    def local(self, ago: int, zone: str, at: time) -> datetime:
        """An hour by the clock of a place, so many of its own days ago."""
        here = ZoneInfo(zone)
        day = self.now.astimezone(here).date() - timedelta(days=ago)
        return datetime.combine(day, at, here).astimezone(UTC)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is done, and afterwards how long it took."""
        began = clock.perf_counter()
        yield
        self.say(f"{what} … done in {clock.perf_counter() - began:.1f} s")
