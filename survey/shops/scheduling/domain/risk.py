"""Why a shop is at risk, and in words; how full waves are; and why a shop is taken back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.shops.visits.domain import State, last_day, short_day

from .board import Row
from .views import Risk

# Code -> words that the shopper reads.
COMES_BACK_WORDS: Mapping[str, str] = {
    "shopper_asked": "The shopper asked for it",
    "cannot_be_reached": "The shopper cannot be reached",
    "given_by_mistake": "It was given by mistake",
    "client_asked": "The client asked for it",
}


# What a row says; that it came back is told with its number and its day.
_SENTENCES: Mapping[Risk, str] = {
    Risk.PLACE_CLOSED: "the place is closed",
    Risk.WISH: "another day is asked for",
    Risk.NO_SHOW: "somebody did not do it",
    Risk.NOBODY: "nobody has it",
    Risk.UNANSWERED: "the offer is not answered",
    Risk.DRAFT: "still a draft",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a shop at risk. came_back_at: the last time; offered_at: since when it is offered, if it is."""

    risks: tuple[Risk, ...]
    came_back_at: datetime | None
    offered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fill:
    """How far a wave has come. shops: those that were posted and not cancelled. at_risk: of these and of the drafts."""

    campaign_id: UUID
    wave_id: UUID
    campaign: str
    wave: str
    starts_on: date
    ends_on: date
    shops: int
    drafts: int
    taken: int
    reported: int
    at_risk: int

    @property
    def taken_percent(self) -> int:
        """How many of its shops somebody has or has made, in per cent."""
        return round(100 * self.taken / self.shops)

    @property
    def reported_percent(self) -> int:
        """For how many a report was handed in, in per cent."""
        return round(100 * self.reported / self.shops)

    def gone_percent(self, today: date) -> int:
        """How much of its days is over, in per cent; today is not over yet."""
        days = (self.ends_on - self.starts_on).days + 1
        return max(0, min(100, round(100 * (today - self.starts_on).days / days)))


def at_risk_words(row: Row, facts: Facts, now: datetime) -> str:
    """Why this one needs a look, the gravest first, and how long is left."""
    told = [*_told(row, facts, now)]
    if row.asked:
        told.append(f"{row.asked} applied")
    return ", ".join(told)


def _told(row: Row, facts: Facts, now: datetime) -> Iterator[str]:
    for risk in Risk:
        if risk not in facts.risks:
            continue
        if risk is Risk.LATE:
            yield _late(row, now)
        elif risk is not Risk.CAME_BACK:
            yield _SENTENCES[risk]
    if row.unassign_count:
        yield _came_back(row, facts, now)
    if Risk.LATE not in facts.risks:
        yield _left(row, now)


def _late(row: Row, now: datetime) -> str:
    end = row.due_at or row.window_end
    if end <= now:
        zone = row.time_zone
        days = (now.astimezone(ZoneInfo(zone)).date() - last_day(end, zone)).days
        return f"the report is {_days(days)} late" if days else "the report was due today"
    return "the planned day is over, and nobody has begun"


def _came_back(row: Row, facts: Facts, now: datetime) -> str:
    often = {1: "once", 2: "twice"}.get(row.unassign_count, f"{row.unassign_count} times")
    zone = ZoneInfo(row.time_zone)
    when = f", last on {short_day(facts.came_back_at.astimezone(zone).date())}" if facts.came_back_at else ""
    if row.state is State.OFFERED and facts.offered_at:
        return f"came back {often}{when}, offered again {_since(facts.offered_at, now, zone)}"
    return f"came back {often}{when}"


def _since(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something was done: the minutes while somebody may still be reading it, the day afterwards."""
    minutes = int((now - at).total_seconds() // 60)
    if 0 <= minutes < 60:
        return "just now" if minutes < 1 else f"{minutes} minute{'' if minutes == 1 else 's'} ago"
    return f"on {short_day(at.astimezone(zone).date())}"


def _left(row: Row, now: datetime) -> str:
    if row.window_end <= now:
        return "its window is over"
    days = (row.last_day - now.astimezone(ZoneInfo(row.time_zone)).date()).days
    return "ends today" if days < 1 else f"ends in {_days(days)}"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
