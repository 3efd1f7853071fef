"""What a sweep is: things that go together when their time is over. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from privacy.inventory.domain import Retention


@dataclass(frozen=True, slots=True)
class Sweep:
    """Things of one age that go together.

    name: a code, for the record; retentions: what their columns declare, of equally many days; tables: all that it
    removes or empties, as `schema.table`; batches: how many usual batches go at once, of what is
    counted in millions.
    """

    name: str
    retentions: tuple[Retention, ...]
    tables: frozenset[str]
    batches: int = 1

    def __post_init__(self) -> None:
        if len({each.days for each in self.retentions}) != 1 or self.retentions[0].days is None:
            raise ValueError(f"{self.name}: what goes together is kept for the same number of days")

    def before(self, now: datetime) -> datetime:
        """What is older than this goes."""
        return now - timedelta(days=self.retentions[0].days or 0)
