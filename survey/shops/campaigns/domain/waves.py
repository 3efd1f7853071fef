"""Waves: how many shops where and when in the day, and the hours between which each may be made. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct, field

ANY = "any"
# From and until, in hours of the location's own day; a part of the day that ends at 24 ends at midnight.
DAYPARTS: Mapping[str, tuple[int, int]] = {
    ANY: (0, 24),
    "morning": (6, 11),
    "midday": (11, 14),
    "afternoon": (14, 17),
    "evening": (17, 21),
    "late": (21, 24),
}
DAYPART_WORDS: Mapping[str, str] = {
    ANY: "Any time",
    "morning": "Morning, 6 to 11",
    "midday": "Midday, 11 to 2",
    "afternoon": "Afternoon, 2 to 5",
    "evening": "Evening, 5 to 9",
    "late": "Late, 9 to midnight",
}
# Why a draft stays one.
NOT_OPENED_WORDS: Mapping[str, str] = {
    "over": "the window is over",
    "closed": "the location is closed",
    "temporarily_closed": "the location is closed for a time",
    "campaign_closed": "the campaign is closed",
    "no_guideline": "the campaign has no guideline",
    "recording": "everybody must agree to a recording there",
    "untold": "the notice to staff was not given there",
    "wrong_state": "not a draft",
}
_REFERENCE = re.compile(r"[A-Za-z][0-9A-Za-z]?(-[0-9A-Za-z]*)?")
NUMBERED = re.compile(r"(.* )([0-9]{1,2})")  # “Wave 3”
MOST_SHOPS = 50_000
MOST_PER_PLACE = 50

# Letters and digits that nobody mixes up when a reference is read over the telephone; 32 of them, one for five bits.
ALPHABET = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REF_CHARACTERS = 6
_LETTER_OF = bytes(ALPHABET[byte % 32] for byte in range(256))


class Quota(Struct, frozen=True, omit_defaults=True):
    """How many shops each location gets by part of the day, and which locations.

    nodes: ids of the client's tree (in text) whose stores take part, all where it is empty. own: a location's id ->
    its own counts, instead of those for all.
    """

    dayparts: dict[str, int] = field(default_factory=lambda: {ANY: 1})
    nodes: tuple[str, ...] = ()
    own: dict[str, dict[str, int]] = {}


@dataclass(frozen=True, slots=True)
class Wave:
    """A round of visits, from the first to the last day, both included, in each location's own time.

    draft_count: how many of its shops no shopper sees yet.
    """

    id: UUID
    campaign_id: UUID
    label: str
    starts_on: date
    ends_on: date
    quota: Quota
    published_at: datetime | None
    created_at: datetime
    shop_count: int = 0
    draft_count: int = 0

    @property
    def is_published(self) -> bool:
        """Whether its shops have been made."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class WaveDraft:
    """A wave as typed."""

    label: str
    starts_on: date
    ends_on: date
    quota: Quota


@dataclass(frozen=True, slots=True)
class Window:
    """Between when shops of one part of the day may be made in one time zone; UTC."""

    time_zone: str
    daypart: str
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class Effects:
    """What publishing would make, or has made. skipped: why -> how many locations (or shops, for what is over)."""

    shops: int
    locations: int = 0
    skipped: Mapping[str, int] | None = None
    reasons: tuple[str, ...] = ()
    is_new: bool = True

    @property
    def is_possible(self) -> bool:
        """Whether anything stands in the way."""
        return not self.reasons


def windows(starts_on: date, ends_on: date, zones: Iterable[str], dayparts: Iterable[str]) -> list[Window]:
    """For each time zone and part of the day: from its first hour on the first day to its last on the last."""
    names = tuple(dayparts)
    return [
        Window(zone, name, _moment(starts_on, DAYPARTS[name][0], zone), _moment(ends_on, DAYPARTS[name][1], zone))
        for zone in zones
        for name in names
    ]


def following(wave: Wave, today: date) -> WaveDraft:
    """The round after a wave, with its quota: the next month after a whole one, else as many days again.

    Of rounds that would be over already the first that is not.
    """
    first, last = _round_after(wave.starts_on, wave.ends_on)
    while last < today:
        first, last = _round_after(first, last)
    return WaveDraft(_label_after(wave, first), first, last, wave.quota)


def _round_after(first: date, last: date) -> tuple[date, date]:
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        end_month = after.year * 12 + after.month - 1 + months
        return after, date(end_month // 12, end_month % 12 + 1, 1) - timedelta(days=1)
    return after, after + (last - first)


def _label_after(wave: Wave, first: date) -> str:
    for pattern in ("%B %Y", "%B", "%b %Y"):
        is_month = wave.label == wave.starts_on.strftime(pattern)
        if is_month and first.strftime(pattern) != wave.label:
            return first.strftime(pattern)
    numbered = NUMBERED.fullmatch(wave.label)
    if numbered:
        return f"{numbered[1]}{int(numbered[2]) + 1}"
    return f"From {first.day} {first:%B %Y}"


def ref_prefix(slug: str) -> str:
    """Two letters of an affiliate's address name: `northlight-research` is NR, `candour` is CA."""
    words = [word for word in slug.upper().split("-") if word and word[0].isascii() and word[0].isalpha()]
    initials = "".join(word[0] for word in words[:2])
    return initials if len(initials) == 2 else (words[0] if words else "SHOP")[:2]


def may_begin_reference(text: str) -> bool:
    """Whether a shop's reference can begin like this: a letter, perhaps another sign, and what follows the dash."""
    return _REFERENCE.fullmatch(text) is not None


def refs_of(prefix: str, drawn: bytes) -> list[str]:
    """Random bytes as references like NR-7F3K2M, each once, in the order in which they were drawn."""
    letters = drawn.translate(_LETTER_OF).decode()
    parts = (letters[at : at + REF_CHARACTERS] for at in range(0, len(letters), REF_CHARACTERS))
    return list(dict.fromkeys(f"{prefix}-{part}" for part in parts))


def bytes_for(refs: int) -> int:
    """How many random bytes give enough references, with some to spare for those that are taken."""
    return (refs + refs // 50 + 20) * REF_CHARACTERS


def still_open(found: Sequence[Window], now: datetime) -> list[Window]:
    """The windows that have not ended."""
    return [window for window in found if window.closes > now]


def _moment(day: date, hour: int, zone: str) -> datetime:
    # Midnight of the next day rather than 24:00. An hour that the clocks skip becomes the one after it.
    at = datetime.combine(day, time(hour % 24)) + timedelta(days=hour // 24)
    return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
