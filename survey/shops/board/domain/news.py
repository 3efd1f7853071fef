"""News of shops near by, for shoppers who have asked for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

NEWS_KIND = "shop-news"
RADIUS_KM = 25  # where somebody has chosen no other
# A shop is news for so long after it came to the board, so that a weekly mail and a late job miss none.
FRESH = timedelta(days=8)
OCCASIONS = UUID("b54f3a0a-52c1-4d5e-8a8f-0c5b5f3c7f11")
MONDAY = 0
DAYS_APART = 6  # between two weekly mails at least, by the calendar, so that a late one does not delay the rest


class Every(StrEnum):
    """How often somebody wants to hear, at most."""

    DAY = "day"
    WEEK = "week"


EVERY_WORDS: Mapping[Every, str] = {Every.DAY: "Once a day at most", Every.WEEK: "Once a week, as a rule on Mondays"}


@dataclass(frozen=True, slots=True)
class NewsWish:
    """What news somebody wants. within_km: of where they start from; least_cents: fee and bonus, 0 for any."""

    is_wanted: bool = False
    every: Every = Every.DAY
    within_km: int = RADIUS_KM
    least_cents: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell one shopper. occasion: the same for one shopper and one day."""

    occasion: UUID
    shopper_id: UUID
    shop_ids: Sequence[UUID]


def occasion_of(shopper_id: UUID, now: datetime) -> UUID:
    """The name of a shopper's mail of a day, which is asked for once."""
    return uuid5(OCCASIONS, f"{shopper_id} {now:%Y-%m-%d}")


def is_weekly_day(now: datetime) -> bool:
    """Whether those hear today for the first time who want to hear once a week."""
    return now.weekday() == MONDAY


def weekly_before(now: datetime) -> datetime:
    """Who was last told before this moment is due for a weekly mail: in an earlier week, and days ago.

    So a Monday on which nothing could be sent is made up for on the next day.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return min(today - timedelta(days=now.weekday()), today - timedelta(days=DAYS_APART - 1))
