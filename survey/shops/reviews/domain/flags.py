"""Integrity flags: what an editor should look at twice. A flag decides nothing; it says where to look. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from survey.shops.campaigns.domain import DAYPARTS

Hours = Mapping[str, Sequence[Sequence[str]]]  # "mon" … "sun" -> [["07:00", "19:00"], …]


class Flag(StrEnum):
    """What was noticed."""

    SAME_PICTURE = "same_picture"
    SAME_RECORDING = "same_recording"
    SAME_TEXT = "same_text"
    FAR_AWAY = "far_away"
    BEFORE_TAKEN = "before_taken"
    OUTSIDE_WINDOW = "outside_window"
    OUTSIDE_DAYPART = "outside_daypart"
    OUTSIDE_HOURS = "outside_hours"
    TIMES_CROSSED = "times_crossed"
    TOO_FAST = "too_fast"
    CONTRADICTION = "contradiction"
    NOT_SENT_BACK = "not_sent_back"
    IN_VAIN_BEFORE = "in_vain_before"


FLAG_WORDS: Mapping[str, str] = {
    Flag.SAME_PICTURE: "Looks like a picture of another report",
    Flag.SAME_RECORDING: "Same recording in another report",
    Flag.SAME_TEXT: "Same words in another report",
    Flag.FAR_AWAY: "Checked in far from the place",
    Flag.BEFORE_TAKEN: "Visit before the shop was this shopper’s",
    Flag.OUTSIDE_WINDOW: "Visit outside the shop’s window",
    Flag.OUTSIDE_DAYPART: "Visit outside the part of the day",
    Flag.OUTSIDE_HOURS: "Visit while the place was closed",
    Flag.TIMES_CROSSED: "Left before arriving",
    Flag.TOO_FAST: "Written faster than anybody types",
    Flag.CONTRADICTION: "Score and story disagree",
    Flag.NOT_SENT_BACK: "Not sent back in time",
    Flag.IN_VAIN_BEFORE: "Has come here in vain before",
}
# What was found by looking at other reports as well, which may be of other people.
COMPARING = frozenset({Flag.SAME_PICTURE, Flag.SAME_RECORDING, Flag.SAME_TEXT})
FAR_METRES = 1000
IN_VAIN_DAYS = 60  # where the campaign has no rule of its own for coming back to a place
FASTEST_CHARACTERS_A_SECOND = 12  # 140 words a minute, kept up from the first click to the last
LEAST_SECONDS_A_QUESTION = 2
COMPARED_CHARACTERS = 40  # shorter texts are alike by chance, and could be guessed from a fingerprint
HIGH_PERCENT, LOW_PERCENT, LOUD_WORDS = Decimal(90), Decimal(50), 2
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COMPLAINTS = """
angry awful broken cold dirty disgusting dismissive filthy horrible ignored impolite mess messy never poor rude shouted
slow smelly sticky terrible unfriendly unhelpful unprofessional waited worst wrong
"""
_PRAISE = """
amazing attentive best clean delicious excellent fantastic fast friendly great helpful kind lovely perfect polite
professional quick smiled spotless warm welcoming wonderful
"""
_BAD, _GOOD = frozenset(_COMPLAINTS.split()), frozenset(_PRAISE.split())
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the flags are drawn from. Moments in UTC; texts are those of the narratives, opened."""

    window_start: datetime
    window_end: datetime
    daypart: str
    time_zone: str
    opening_hours: Hours
    time_in: datetime | None
    time_out: datetime | None
    started_at: datetime
    submitted_at: datetime
    answers: int
    texts: Sequence[str]
    percent: Decimal | None
    check_in_metres: int | None = None
    has_same_picture: bool = False
    has_same_recording: bool = False
    has_same_text: bool = False
    is_overdue: bool = False
    has_come_in_vain: bool = False
    taken_at: datetime | None = None


def flags(facts: Facts) -> list[Flag]:
    """What is worth a second look, in the order of the list."""
    raised = set(_of_visit(facts)) | set(_of_writing(facts))
    return [flag for flag in Flag if flag in raised]


def compared(text: str) -> str | None:
    """A text as it is compared with others: letters and digits only; None where it is too short to compare."""
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return plain if len(plain) >= COMPARED_CHARACTERS else None


def is_open(hours: Hours, local: datetime) -> bool | None:
    """Whether a place is open at its own local time; None where nobody has said."""
    if not hours:
        return None
    return any(
        time.fromisoformat(opens) <= local.time() <= _closing(closes)
        for opens, closes in hours.get(_DAYS[local.weekday()], ())
    )


def disagree(percent: Decimal | None, texts: Collection[str]) -> bool:
    """Whether a high score comes with nothing but complaints, or a low one with nothing but praise."""
    if percent is None:
        return False
    words = [word for text in texts for word in _WORD.findall(text.casefold())]
    bad, good = sum(word in _BAD for word in words), sum(word in _GOOD for word in words)
    too_high = percent >= HIGH_PERCENT and bad >= LOUD_WORDS and good == 0
    return too_high or (percent <= LOW_PERCENT and good >= LOUD_WORDS and bad == 0)


def _of_visit(facts: Facts) -> Iterator[Flag]:
    if facts.check_in_metres is not None and facts.check_in_metres > FAR_METRES:
        yield Flag.FAR_AWAY
    if facts.time_in is None:
        return
    # A report tells whole minutes: who takes a shop at its door says the minute that has begun.
    if facts.taken_at is not None and facts.time_in < facts.taken_at.replace(second=0, microsecond=0):
        yield Flag.BEFORE_TAKEN
    if not facts.window_start <= facts.time_in <= facts.window_end:
        yield Flag.OUTSIDE_WINDOW
    if facts.time_out is not None and facts.time_out < facts.time_in:
        yield Flag.TIMES_CROSSED
    local = facts.time_in.astimezone(ZoneInfo(facts.time_zone))
    first, last = DAYPARTS.get(facts.daypart, (0, 24))
    if not first <= local.hour < last:
        yield Flag.OUTSIDE_DAYPART
    if is_open(facts.opening_hours, local) is False:
        yield Flag.OUTSIDE_HOURS


def _of_writing(facts: Facts) -> Iterator[Flag]:
    seconds = (facts.submitted_at - facts.started_at).total_seconds()
    typed = sum(map(len, facts.texts)) / FASTEST_CHARACTERS_A_SECOND
    if seconds < max(typed, facts.answers * LEAST_SECONDS_A_QUESTION):
        yield Flag.TOO_FAST
    if disagree(facts.percent, facts.texts):
        yield Flag.CONTRADICTION
    found = {
        Flag.SAME_PICTURE: facts.has_same_picture,
        Flag.SAME_RECORDING: facts.has_same_recording,
        Flag.SAME_TEXT: facts.has_same_text,
        Flag.NOT_SENT_BACK: facts.is_overdue,
        Flag.IN_VAIN_BEFORE: facts.has_come_in_vain,
    }
    yield from (flag for flag, is_found in found.items() if is_found)


def _closing(text: str) -> time:
    return time.max if text in ("24:00", "00:00") else time.fromisoformat(text)
