"""One report under review as a value, the queue's lines, and what keeps a report from being approved. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from privacy.redaction import Finding, Kind
from survey.shops.campaigns.domain import DAYPART_WORDS, time_told
from survey.shops.fieldwork.domain import NOT_DONE, regions_of
from survey.shops.visits.domain import State, since_short, until_short

from .left import NEVER_STAYS, Left
from .words import FINDING_WORDS

IN_QUEUE = (State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.APPROVED)
WAITING = frozenset({State.SUBMITTED, State.IN_REVIEW})  # for an editor


class OwnShop(Exception):
    """An editor's own visit: somebody else has to read it, release it and decide about it."""

    def __init__(self) -> None:
        super().__init__("this visit is your own; a colleague has to decide")


class NotHeld(Exception):
    """Somebody else has the report, or nobody: pick it up first."""


class DealtWith(Exception):
    """The finding that a form names is no longer in the text: somebody was faster, or clicked twice."""


class NeedsSecondPerson(Exception):
    """Who proposed the rejection cannot confirm it."""


class BadEdit(ValueError):
    """A change that cannot be made; `name` is the field on the page."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the queue shows; states: those asked for, or the two that wait for an editor."""

    states: tuple[str, ...] = (State.SUBMITTED, State.IN_REVIEW)
    client_id: UUID | None = None
    campaign_id: UUID | None = None
    flag: str = ""
    held_by: UUID | None = None


class Awaited:
    """The clock of whoever has to decide about a report: by when, and whether that is over."""

    __slots__ = ()
    state: str
    submitted_at: datetime
    review_hours: int
    on_hold_for: timedelta
    is_on_hold: bool
    decide_by: datetime | None

    @property
    def due_at(self) -> datetime:
        """Until when an editor should have decided, without what holds took; of one that was reopened, as was said."""
        return (self.decide_by or self.submitted_at + timedelta(hours=self.review_hours)) + self.on_hold_for

    def is_late(self, now: datetime) -> bool:
        """Whether an editor should have decided by now. What is on hold waits for nobody."""
        return self.state in WAITING and not self.is_on_hold and self.due_at < now


@dataclass(frozen=True, slots=True)
class Queued(Awaited):
    """A line of the queue. Who made the visit is not in it."""

    shop_id: UUID
    public_ref: str
    state: str
    client_name: str
    campaign_name: str
    location_code: str
    location_name: str
    submitted_at: datetime
    editor_id: UUID | None
    held_since: datetime | None
    flags: Sequence[str]
    score_percent: Decimal | None
    is_on_hold: bool
    is_legal_hold: bool
    proposed_by: UUID | None
    review_hours: int
    on_hold_for: timedelta
    decide_by: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reports stand where, and how many of those that wait are late."""

    by_state: Mapping[str, int]
    late: int


@dataclass(frozen=True, slots=True)
class Report(Awaited):
    """A report under review with what stands beside it. Money in cents; coded: answers by question."""

    id: UUID
    shop_id: UUID
    public_ref: str
    state: State
    is_on_hold: bool
    is_legal_hold: bool
    client_id: UUID
    client_name: str
    campaign_id: UUID
    campaign_name: str
    location_id: UUID
    location_code: str
    location_name: str
    country: str
    time_zone: str
    opening_hours: Mapping[str, Any]
    daypart: str
    window_start: datetime
    window_end: datetime
    scenario_name: str | None
    scenario_body: str | None
    guideline_number: int | None
    guideline_body: str | None
    version_id: UUID
    definition: Mapping[str, Any]
    scoring: Mapping[str, Any]
    coded: Mapping[str, Any]
    outcome: str
    not_done: str
    time_in: datetime | None
    time_out: datetime | None
    receipt_cents: int | None
    reimbursement_cap_cents: int
    currency: str
    started_at: datetime
    submitted_at: datetime
    editor_id: UUID | None
    held_since: datetime | None
    score_percent: Decimal | None
    grade: int | None
    employee_id_mode: str
    time_precision: str
    is_single_staffed: bool
    is_narrative_shown: bool
    picture_mode: str
    receipt_mode: str
    flags: Sequence[str]
    proposed_reason: str
    proposed_by: UUID | None
    decision: str
    reason: str
    decided_at: datetime | None
    breakdown: Mapping[str, int]
    coaching: bytes | None = field(repr=False)
    proposed_words: bytes | None = field(repr=False)
    shop_revision: int
    review_hours: int
    on_hold_for: timedelta
    decide_by: datetime | None

    @property
    def not_done_words(self) -> str:
        """Why the visit could not be made, as the shopper picked it; empty where it was."""
        return NOT_DONE[self.not_done][1] if self.not_done in NOT_DONE else ""

    @property
    def time_told(self) -> str:
        """How finely the client learns when the visit was: a code of TIME_PRECISIONS."""
        return time_told(self.time_precision, self.employee_id_mode, is_single_staffed=self.is_single_staffed)

    @property
    def daypart_words(self) -> str:
        """The part of the day that was agreed."""
        return DAYPART_WORDS.get(self.daypart, self.daypart)

    @property
    def window_words(self) -> str:
        """Between when and when the visit could be made, by the place's clock, in words."""
        return f"{since_short(self.window_start, self.time_zone)} – {until_short(self.window_end, self.time_zone)}"

    def local(self, moment: datetime) -> datetime:
        """A moment by the clock of the place."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    @property
    def is_in_review(self) -> bool:
        """Whether an editor may change it."""
        return self.state is State.IN_REVIEW and not self.is_on_hold

    @property
    def regions(self) -> tuple[str, ...]:
        """Where telephone numbers without a country code may be from."""
        return regions_of(self.country)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a report. review: '', redacted or withheld; boxes in its own pixels."""

    id: UUID
    kind: str
    media_key: str
    client_key: str | None
    width: int
    height: int
    boxes: Sequence[Sequence[int]]
    review: str

    @property
    def kind_words(self) -> str:
        """What it shows."""
        return {"receipt": "Receipt", "card": "Business card"}.get(self.kind, "Picture")


@dataclass(frozen=True, slots=True)
class Scanned:
    """A finding in one text. digest: names it in a form without its words; left: where somebody has left it in.

    mark: what a decision about it is known by, which no other words and no other text have.
    """

    question_id: str
    finding: Finding
    words: str = field(repr=False)
    digest: str
    mark: bytes = field(default=b"", repr=False)
    left: Left | None = None

    @property
    def is_left(self) -> bool:
        """Whether somebody has read it, and left it as it is."""
        return self.left is not None

    @property
    def kind_words(self) -> str:
        """What it is."""
        return FINDING_WORDS[self.finding.kind]

    @property
    def may_stay(self) -> bool:
        """Whether an editor may leave it as it is."""
        return self.finding.kind not in NEVER_STAYS

    @property
    def is_perhaps(self) -> bool:
        """Whether the words only might be a name."""
        return self.finding.kind is Kind.PERHAPS

    @property
    def is_time(self) -> bool:
        """Whether it tells a time of day more finely than the client is to know it."""
        return self.finding.kind is Kind.TIME

    @property
    def is_person(self) -> bool:
        """Whether the words name somebody, or might."""
        return self.finding.kind in (Kind.NAME, Kind.PERHAPS)


@dataclass(frozen=True, slots=True)
class Note:
    """What an editor asks about a question, opened."""

    id: UUID
    question_id: str
    text: str = field(repr=False)
    at: datetime
    sent_at: datetime | None
