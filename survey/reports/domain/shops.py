"""Reports of visits as a client reads them: the list, one report, and what they add up to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from survey.releases.domain import clock_words

from .sheets import NOTHING, Figure, Sheet, day_words, mean, words

FAIRNESS = (
    "One visit shows one moment. On its own it is not a sufficient ground for disciplining anybody who works here:"
    " look at several visits, and hear the person first."
)
CHANNEL_WORDS: Mapping[str, str] = {
    "contract": "in the contract of employment",
    "handbook": "in the staff handbook",
    "letter": "by letter",
    "email": "by e-mail",
    "meeting": "at a meeting",
    "notice_board": "on the notice board",
}
BANDS: Mapping[str, tuple[int, int]] = {"low": (0, 60), "middle": (60, 80), "high": (80, 101)}
BAND_WORDS: Mapping[str, str] = {
    "failed": "Failed visits",
    "low": "Below 60",
    "middle": "60 to 79",
    "high": "80 and more",
}
THEIRS = "competitors"  # how the URL asks for visits to competitors
BINS = 10
MOST_RANKED = 5
LONGEST_WAVE = timedelta(days=92)  # a quarter, however long the campaign paused before
TO_RELEASE = timedelta(weeks=4)  # for the last visits of a wave to be handed in, read and released


@dataclass(frozen=True, slots=True)
class ShopsWanted:
    """What the URL asks for. band: a key of BAND_WORDS, or empty; is_theirs: visits to competitors, and no others."""

    wave_id: UUID | None = None
    place_id: UUID | None = None
    band: str = ""
    is_theirs: bool = False

    def query(self) -> str:
        """The same as a query of a URL."""
        given: dict[str, object] = {"wave": self.wave_id, "place": self.place_id, "score": self.band}
        given |= {"whose": THEIRS if self.is_theirs else ""}
        kept = {name: str(value) for name, value in given.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place of the client's tree that has reports, or has some below."""

    id: UUID
    path: str
    name: str


@dataclass(frozen=True, slots=True)
class WaveLine:
    """A wave with what its reports add up to. score: mean, per cent."""

    id: UUID
    campaign_id: UUID
    campaign_name: str
    label: str
    starts_on: date
    score: Decimal | None
    n: int

    @property
    def name(self) -> str:
        """Its name with that of its campaign."""
        return f"{self.campaign_name}, {self.label}"


def find_whole_wave(waves: Sequence[WaveLine], today: date) -> WaveLine | None:
    """The newest wave that stands for itself. waves: the newest first.

    One with less than half of the visits of its campaign's wave before has only begun: so few scores swing far. Once
    the time for the others is over it is whole all the same: it was a smaller one.
    """
    return next((wave for at, wave in enumerate(waves) if _is_whole(wave, waves[at + 1 :], today)), None)


def _is_whole(wave: WaveLine, earlier: Sequence[WaveLine], today: date) -> bool:
    before = next((each for each in earlier if each.campaign_id == wave.campaign_id), None)
    if before is None or 2 * wave.n >= before.n:
        return True
    # A client is not told when a wave ends. Waves follow on each other: it lasts about as long as the one before did.
    return today > wave.starts_on + min(wave.starts_on - before.starts_on, LONGEST_WAVE) + TO_RELEASE


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One report in the list."""

    report_ref: UUID
    node_name: str
    node_code: str
    campaign_name: str
    wave_label: str
    wave_starts_on: date
    time_shown: str
    score: Decimal | None
    is_failed: bool
    version: int
    is_competitor: bool


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A report that was withdrawn."""

    report_ref: UUID
    node_name: str
    campaign_name: str
    wave_label: str
    withdrawn_on: date


@dataclass(frozen=True, slots=True)
class ShopPicture:
    """A redacted picture."""

    id: UUID
    kind: str
    media_key: str
    width: int
    height: int

    @property
    def words(self) -> str:
        """What it shows."""
        return {"receipt": "Receipt", "card": "Business card"}.get(self.kind, "Picture")


@dataclass(frozen=True, slots=True)
class ShopEmployee:
    """Somebody in the report: a token, a role, and what the campaign tells beside."""

    token: str
    role: str
    name: str | None = field(default=None, repr=False)
    description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ShopReport:
    """One report with everything a client may see of it."""

    line: ShopLine
    client_name: str
    score_before: Decimal | None
    released_on: date
    appeal_until: Any
    content: Mapping[str, Any] = field(repr=False)
    pictures: Sequence[ShopPicture]
    employees: Sequence[ShopEmployee] = field(repr=False)

    @property
    def lost(self) -> list[Mapping[str, Any]]:
        """Answers that did not earn all their points, those that lost most first."""
        scored = [each for each in self.content["answers"] if each["points"]]
        return sorted((each for each in scored if missing(each)), key=missing, reverse=True)

    @property
    def notice(self) -> str:
        """That the client's staff were told beforehand; empty where nobody can be known, or in older reports."""
        told = self.content.get("staff_notice")
        if not told:
            return ""
        how = CHANNEL_WORDS.get(told["channel"], "")
        on = day_words(date.fromisoformat(told["told_on"]))
        return (
            f"The client has recorded that its staff were told of mystery visits on {on}, {how}."
            f" Confirmed by: {told['attested_by']}."
        )

    @property
    def contestable_until(self) -> str:
        """Until when an answer may be contested, by the clock of the place; older reports do not know its zone."""
        return clock_words(self.appeal_until, self.content.get("time_zone"))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What a file of the page holds."""
        lead = (
            ("Location", words(f"{self.line.node_name} ({self.line.node_code})")),
            ("Wave", words(f"{self.line.campaign_name}, {self.line.wave_label}")),
            ("When", words(self.line.time_shown)),
            ("Score", mean(self.line.score, 1)),
            *((("Score before an appeal", mean(self.score_before, 1)),) if self.score_before is not None else ()),
        )
        sections = tuple(
            (words(each["title"]), mean(Decimal(str(each["score"])), 1), _share(each))
            for each in self.content["sections"]
        )
        answers = tuple(
            (words(each["title"]), words("; ".join(each["lines"])), words(each["comment"]), _points(each["points"]))
            for each in self.content["answers"]
        )
        people = tuple(
            (words(one.token), words(one.role), words(one.name or ""), words(one.description or ""))
            for one in self.employees
        )
        sheets = (
            Sheet("Report", ("", ""), tuple((words(name), figure) for name, figure in lead)),
            Sheet("Score by section", ("Section", "Score", "Share of the total, %"), sections),
            Sheet("Answers", ("Question", "Answer", "Comment", "Points"), answers),
            Sheet("Employees", ("Token", "Role", "Name", "Description"), people),
        )
        return tuple(sheet for sheet in sheets if sheet.rows)


@dataclass(frozen=True, slots=True)
class ShopList:
    """A page of reports."""

    rows: Sequence[ShopLine]
    next_cursor: str | None
    tombstones: Sequence[Tombstone]

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """What a file of the page holds."""
        rows = tuple(
            (
                words(row.node_name), words(row.node_code), words(row.campaign_name), words(row.wave_label),
                words(row.time_shown), mean(row.score, 1), words("failed" if row.is_failed else ""),
            )
            for row in self.rows
        )  # fmt: skip
        gone = tuple(
            (words(row.node_name), words(f"{row.campaign_name}, {row.wave_label}"), words(row.withdrawn_on.isoformat()))
            for row in self.tombstones
        )
        headings = ("Location", "Code", "Campaign", "Wave", "When", "Score", "Mark")
        listed = Sheet("Visits", headings, rows)
        return (listed, Sheet("Withdrawn", ("Location", "Wave", "Withdrawn on"), gone)) if gone else (listed,)


def missing(answer: Mapping[str, Any]) -> Decimal:
    """The points that an answer did not earn."""
    earned, possible = (Decimal(str(each)) for each in answer["points"])
    return possible - earned


def waited(seconds: int) -> str:
    """How long somebody waited, in words."""
    return f"{seconds // 60} minutes" if seconds >= 120 and seconds % 60 == 0 else f"{seconds} seconds"


def _share(section: Mapping[str, Any]) -> Figure:
    """What a section is of the total; reports that left before shares were told have none."""
    return mean(Decimal(str(section["share"])), 1) if "share" in section else NOTHING


def _points(points: Sequence[object] | None) -> Figure:
    if points is None:
        return NOTHING
    return words(f"{Decimal(str(points[0])):f} of {Decimal(str(points[1])):f}")
