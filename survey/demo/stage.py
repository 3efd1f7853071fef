"""What every scene of the demo world needs: the settings, the composers of mail, a day to count from, and a voice."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from survey.db import Database
from survey.mail.composing import Composer
from survey.settings import Settings

Say = Callable[[str], None]
MORNING_HOUR = 9


@dataclass(frozen=True, slots=True)
class Stage:
    """One building of the world. now: the present, from which dates are counted back; scale: 1 for the whole size."""

    settings: Settings
    database: Database
    composers: Mapping[str, Composer] = field(repr=False)
    say: Say
    now: datetime
    scale: float = 1

    def scaled(self, many: int) -> int:
        """So many at the whole size."""
        return max(1, round(many * self.scale))

    def day(self, ago: int) -> datetime:
        """Nine in the morning so many days ago; a negative number lies ahead."""
        return self.now.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0) - timedelta(days=ago)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Say what is done, and afterwards how long it took."""
        began = time.perf_counter()
        yield
        self.say(f"{what} … done in {time.perf_counter() - began:.1f} s")
