"""What a run of the proof is: with whose eyes it looks, for which kinds of values, and what its outcome means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

# A run of which nothing was heard for so long has lost its worker.
SILENCE = timedelta(seconds=90)
# One that nobody has begun for so long waits for a worker that is not there.
PATIENCE = timedelta(hours=1)
RUNS_KEPT = timedelta(days=365)


class Kind(StrEnum):
    """Kinds of values that no client may meet."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "street"
    CODE = "code"
    PROFILE = "profile"
    PAYOUT = "payout"
    TAX = "tax"
    MOMENT = "moment"
    EMPLOYEE = "employee"
    STORY = "story"
    VISIT = "visit"
    EVIDENCE = "evidence"


KIND_WORDS: Mapping[Kind, str] = {
    Kind.NAME: "Shopper’s name",
    Kind.EMAIL: "Shopper’s e-mail address",
    Kind.PHONE: "Shopper’s telephone number",
    Kind.STREET: "Shopper’s street",
    Kind.CODE: "Shopper’s code",
    Kind.PROFILE: "Id of the profile",
    Kind.PAYOUT: "End of the account number for pay",
    Kind.TAX: "End of the tax number",
    Kind.MOMENT: "Exact time of the visit",
    Kind.EMPLOYEE: "Name of an employee",
    Kind.STORY: "Words that were not released",
    Kind.VISIT: "Number and ids of the visit",
    Kind.EVIDENCE: "Ids of the original pictures",
}


class Eye(StrEnum):
    """Kinds of visitors whose view is taken."""

    STRANGER = "stranger"
    HEAD_OFFICE = "head-office"
    REGION = "region"
    STORE = "store"
    OTHER_CLIENT = "other-client"
    OTHER_COMPANY = "other-company"
    CONTROL = "control"


EYE_WORDS: Mapping[Eye, str] = {
    Eye.STRANGER: "Stranger",
    Eye.HEAD_OFFICE: "Client, head office",
    Eye.REGION: "Client, region",
    Eye.STORE: "Client, store",
    Eye.OTHER_CLIENT: "Another client",
    Eye.OTHER_COMPANY: "Client of another company",
    Eye.CONTROL: "Control: our editor",
}
# The same where there is little room.
EYE_SHORT: Mapping[Eye, str] = {
    Eye.STRANGER: "Stranger",
    Eye.HEAD_OFFICE: "Head office",
    Eye.REGION: "Region",
    Eye.STORE: "Store",
    Eye.OTHER_CLIENT: "Other client",
    Eye.OTHER_COMPANY: "Other company",
    Eye.CONTROL: "Control",
}
# What an editor has to find where it is meant: a search that misses it would miss a leak as well.
MUST_FIND = (Kind.MOMENT, Kind.VISIT, Kind.EVIDENCE, Kind.EMPLOYEE, Kind.STORY)


class RunState(StrEnum):
    """How far a run has come, and what came of it."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    CLEAN = "CLEAN"
    BREACH = "BREACH"
    BROKEN = "BROKEN"
    EMPTY = "EMPTY"
    CUT_OFF = "CUT_OFF"


class EyeState(StrEnum):
    """How far a run has come with one pair of eyes."""

    WAITING = "WAITING"
    LOOKING = "LOOKING"
    DONE = "DONE"
    LEFT_OUT = "LEFT_OUT"


@dataclass(frozen=True, slots=True)
class Tally:
    """How much one pair of eyes was answered. shown: no refusals; failed: faults of ours."""

    searched: int = 0
    shown: int = 0
    files: int = 0
    pictures: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One pair of eyes in a run."""

    eye: Eye
    state: EyeState
    tally: Tally


@dataclass(frozen=True, slots=True)
class Hit:
    """In how many answers of a route something of a kind was found. route: a template."""

    eye: Eye
    kind: Kind
    route: str
    answers: int


@dataclass(frozen=True, slots=True)
class Run:
    """One search. tokens: how many values of each kind were looked for."""

    id: UUID
    affiliate_id: UUID
    state: RunState
    asked_role: str
    asked_at: datetime
    started_at: datetime | None
    beat_at: datetime | None
    finished_at: datetime | None
    shops: int
    shoppers: int
    tokens: Mapping[str, int]
    searched: int = 0
    hits: int = 0

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (RunState.WAITING, RunState.RUNNING)

    def is_lost(self, now: datetime) -> bool:
        """Whether its worker is gone."""
        if self.state is RunState.WAITING:
            return now - self.asked_at > PATIENCE
        return self.state is RunState.RUNNING and now - (self.beat_at or self.asked_at) > SILENCE

    @property
    def token_count(self) -> int:
        """How many values were looked for."""
        return sum(self.tokens.values())

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands where a kind and an eye meet. answers: in how many something was found; None: not looked."""

    eye: Eye
    answers: int | None
    searched: int
    is_looking: bool = False

    @property
    def verdict(self) -> str:
        """good, danger, quiet, or attention where the control missed what it must find (said by the row)."""
        if self.answers is None:
            return "quiet"
        if self.eye is Eye.CONTROL:
            return "quiet"
        return "danger" if self.answers else "good"


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of values with what each pair of eyes found of it."""

    kind: Kind
    tokens: int
    cells: Sequence[Cell]
    is_missed: bool = False

    @property
    def words(self) -> str:
        """The kind, as people call it."""
        return KIND_WORDS[self.kind]


def outcome(seen: Sequence[Seen], hits: Sequence[Hit], tokens: Mapping[str, int]) -> RunState:
    """What a finished run says. A breach outweighs all; a search that could not have found anything proves nothing."""
    if any(hit.eye is not Eye.CONTROL for hit in hits):
        return RunState.BREACH
    return RunState.BROKEN if flaws(seen, hits, tokens) else RunState.CLEAN


def flaws(seen: Sequence[Seen], hits: Sequence[Hit], tokens: Mapping[str, int]) -> list[str]:
    """Why a run proves nothing, in words; empty where it does prove something."""
    by_eye = {one.eye: one for one in seen}
    control = by_eye.get(Eye.CONTROL)
    if control is None or control.state is EyeState.LEFT_OUT:
        return ["nobody can look as the control: there is no editor who works here"]
    blind = [
        EYE_WORDS[one.eye]
        for one in seen
        if one.state is EyeState.DONE and one.eye is not Eye.CONTROL and not one.tally.shown
    ]
    found = [f"“{words}” was shown no page at all" for words in blind]
    return found + [f"the control did not find “{KIND_WORDS[kind]}”" for kind in missed(hits, tokens)]


def missed(hits: Sequence[Hit], tokens: Mapping[str, int]) -> list[Kind]:
    """What the control had to find and did not."""
    at_control = {hit.kind for hit in hits if hit.eye is Eye.CONTROL}
    return [kind for kind in MUST_FIND if tokens.get(kind) and kind not in at_control]


def grid(seen: Sequence[Seen], hits: Sequence[Hit], tokens: Mapping[str, int], *, is_over: bool) -> list[Row]:
    """The table of a run: a row for each kind, a cell for each pair of eyes."""
    lacking = missed(hits, tokens) if is_over else []
    return [
        Row(kind, tokens.get(kind, 0), [_cell(one, kind, hits, tokens) for one in seen], kind in lacking)
        for kind in Kind
    ]


def _cell(one: Seen, kind: Kind, hits: Sequence[Hit], tokens: Mapping[str, int]) -> Cell:
    if one.state in (EyeState.LEFT_OUT, EyeState.WAITING) or not tokens.get(kind):
        return Cell(one.eye, None, 0)
    found = sum(hit.answers for hit in hits if (hit.eye, hit.kind) == (one.eye, kind))
    return Cell(one.eye, found, one.tally.searched, one.state is EyeState.LOOKING)
