"""A shop as its shopper sees it: where, when, for how much, and what is still to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from survey.clients.domain import Hours, hours_lines
from survey.shops.campaigns.domain import DAYPART_WORDS, Scoring, bars_recording, time_told
from survey.shops.payments.domain import STANDING, paid_back_words, payday_sentence, payday_words, promised_on
from survey.shops.visits.domain import State, last_day, money

DRAFT_KEPT_DAYS = 30
PLACES = frozenset({"in_person", "audit", "compliance", "competitor"})  # kinds for which somebody goes somewhere
RECORDINGS_OF: Mapping[str, tuple[str, ...]] = {"none": (), "audio": ("audio",), "video": ("audio", "film")}
RECORDING_WORDS: Mapping[str, str] = {
    "none": "Nothing: make no recording of sound or film",
    "audio": "Sound, as the guideline says; no film",
    "video": "Film, as the guideline says",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A shop that somebody holds, has made, or has a draft of. Times in UTC, money in cents.

    region, country: of the place, by which the law of recordings is told.
    guideline_id: the version with which it was given out, and once it is begun, the one by which it is made.
    holds: whether the assignment stands; without one there is only a draft left. report_id: None before the start.
    shown_from: until when what gave it can be undone.
    pay_state, promised_on, paid_on, paid_back_cents: of its pay item, which is there once a report is in.
    employee_id_mode, time_precision, is_narrative_shown: what the campaign lets a report say of people and of when,
    and whether the client reads its words; is_single_staffed: whether one person works alone there.
    return_by: until when a report that was sent back is awaited.
    """

    id: UUID
    affiliate_id: UUID
    public_ref: str
    state: State
    is_on_hold: bool
    holds: bool
    campaign: str
    kind: str
    client: str
    location: str
    address: tuple[str, ...]
    time_zone: str
    daypart: str
    window_start: datetime
    window_end: datetime
    planned_on: date | None
    due_at: datetime | None
    grace_hours: int
    fee_cents: int
    bonus_cents: int
    reimbursement_cap_cents: int
    attempt_fee_cents: int
    currency: str
    pay_days: int
    pay_state: str | None
    promised_on: date | None
    paid_on: date | None
    scenario: str
    scenario_body: str
    guideline_id: UUID | None
    guideline_in_force_id: UUID | None
    has_read_in_force: bool
    recording_mode: str
    region: str
    country: str
    version_id: UUID | None
    report_id: UUID | None
    shown_from: datetime | None
    return_by: datetime | None = None
    paid_back_cents: int | None = None
    scoring: Scoring = field(default_factory=Scoring, repr=False)
    is_attempt_repaid: bool = False
    employee_id_mode: str = "none"
    time_precision: str = "daypart"
    is_single_staffed: bool = False
    is_narrative_shown: bool = False
    opening_hours: Hours = field(default_factory=dict, repr=False)

    @property
    def open_lines(self) -> list[str]:
        """When the place is open, a line for days in a row; empty where that is not known."""
        return hours_lines(self.opening_hours)

    @property
    def likely_proof(self) -> str:
        """What a picture shows as a rule: the receipt, where something is to be bought."""
        return "receipt" if self.reimbursement_cap_cents else "photo"

    @property
    def is_started(self) -> bool:
        """Whether there is a report."""
        return self.report_id is not None

    @property
    def is_lost(self) -> bool:
        """Whether it is no longer the shopper's, who still has a draft."""
        return not self.holds

    @property
    def is_open(self) -> bool:
        """Whether the report may be written and handed in."""
        return self.holds and not self.is_on_hold and self.state in {State.IN_PROGRESS, State.RETURNED}

    @property
    def has_new_guideline(self) -> bool:
        """Whether the guideline has changed since the shop was given out, and the shopper has not read it anew."""
        return self.has_to_read and self.guideline_id not in (None, self.guideline_in_force_id)

    @property
    def has_to_read(self) -> bool:
        """Whether the guideline in force must be read before the visit can begin."""
        is_ahead = self.holds and self.state in {State.OFFERED, State.ASSIGNED}
        return is_ahead and self.guideline_in_force_id is not None and not self.has_read_in_force

    @property
    def recording_words(self) -> str:
        """What is to be recorded of the visit."""
        return RECORDING_WORDS[self.recording_mode]

    @property
    def recordings(self) -> tuple[str, ...]:
        """The kinds of recording that may be handed in here; none where the campaign or the place's law says so."""
        return () if bars_recording(self.region, self.country) else RECORDINGS_OF[self.recording_mode]

    @property
    def no_recording_words(self) -> str:
        """Why no recording is taken here; empty where one is."""
        if self.recordings:
            return ""
        if self.recording_mode == "none":
            return "This campaign asks for no recording: make none of sound or film."
        return "Everybody in a conversation must agree to its recording at this place, so none can be handed in here."

    @property
    def is_place(self) -> bool:
        """Whether somebody goes to a place, which a picture can prove."""
        return self.kind in PLACES

    @property
    def most_cents(self) -> int:
        """What it pays without the purchase."""
        return self.fee_cents + self.bonus_cents

    @property
    def day(self) -> date:
        """The planned day, or the last of the window."""
        return self.planned_on or last_day(self.window_end, self.time_zone)

    @property
    def payday(self) -> str:
        """When it is paid, from the start: the promise, and on what it hangs as long as no report is in."""
        if self.state is State.REJECTED or not self.holds:
            return ""
        if self.promised_on is not None:
            words = payday_words(self.pay_state, self.promised_on, self.paid_on)
            return words[:1].upper() + words[1:]
        return payday_sentence(promised_on(self.day, self.pay_days), self.day, self.until(self.due_at))

    @property
    def is_pay_standing(self) -> bool:
        """Whether an editor has said that its pay is owed; what is looked at again changes nothing of it."""
        return self.pay_state in STANDING

    @property
    def is_looked_at_again(self) -> bool:
        """Whether an editor had accepted the report, and it is in review once more."""
        return self.is_pay_standing and self.state in {State.SUBMITTED, State.IN_REVIEW, State.RETURNED}

    @property
    def paid_back(self) -> str:
        """What is paid back of the purchase, or why nothing is."""
        if not self.reimbursement_cap_cents:
            return "Nothing to buy"
        most, amount = self.money(self.reimbursement_cap_cents), self.money(self.paid_back_cents or 0)
        words = paid_back_words(self.pay_state, self.paid_back_cents, most, amount)
        return words.removesuffix(" paid back") if words.startswith("up to") else words or "Nothing"

    @property
    def goes_back_at(self) -> datetime | None:
        """When it goes back to the board if no report has come."""
        return self.due_at + timedelta(hours=self.grace_hours) if self.due_at else None

    @property
    def time_told(self) -> str:
        """How finely the client learns when the visit was: a code of TIME_PRECISIONS."""
        return time_told(self.time_precision, self.employee_id_mode, is_single_staffed=self.is_single_staffed)

    @property
    def daypart_words(self) -> str:
        """When in the day."""
        return DAYPART_WORDS.get(self.daypart, self.daypart)

    def local(self, at: datetime) -> datetime:
        """A moment by the clock of the place."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def when(self, at: datetime | None) -> str:
        """A moment by the clock of the place, in words."""
        if at is None:
            return ""
        here = self.local(at)
        return f"{here:%a} {here.day} {here:%B}, {here:%H:%M}"

    def until(self, at: datetime | None) -> str:
        """A last moment by the clock of the place; midnight belongs to the day that ends."""
        if at is None or self.local(at).date() == (day := last_day(at, self.time_zone)):
            return self.when(at)
        return f"the end of {day:%a} {day.day} {day:%B}"

    def money(self, cents: int) -> str:
        """An amount in the shop's currency."""
        return money(cents, self.currency)

    def is_too_early(self, now: datetime) -> bool:
        """Whether the visit may not begin yet."""
        return now < self.window_start


@dataclass(frozen=True, slots=True)
class Task:
    """A part of the report. place: the rest of its address.

    condition: when it is asked, if not always; is_asked: whether it is, as the answers stand.
    """

    label: str
    place: str
    is_done: bool
    hint: str = ""
    condition: str = ""
    is_asked: bool = True


def tasks(sections: Sequence[Task], times_done: bool, pictures: int, needs_proof: bool) -> list[Task]:
    """What there is to do, in order. sections: those of the questionnaire, also those that are not asked."""
    found = [*sections, Task("Times and receipt", "visit", times_done)]
    hint = f"{pictures} picture{'s' if pictures != 1 else ''}" if pictures else ""
    found.append(Task("Pictures and receipt", "evidence", bool(pictures) or not needs_proof, hint))
    return found
