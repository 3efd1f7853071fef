"""Acts on many shops at once: what is chosen, what is to happen, what came of it, and for how long it can be undone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from survey.db.errors import Conflict
from survey.shops.visits.domain import HoldReason, NewWindow, State

from .lines import Line, LineTold
from .pay import NewPay, Pay, PaySpan

MOST_SHOPS = 2000
UNDO = timedelta(seconds=30)
MESSAGE_CHARACTERS = 2000
MOST_CENTS = 1_000_000

Before = dict[str, str | int | bool | None]


class Kind(StrEnum):
    """What can be done to many shops."""

    ASSIGN = "assign"
    LINES = "lines"  # each line a shop and a shopper
    OFFER = "offer"
    AUTO_OFFER = "auto_offer"  # to one eligible shopper after another, by itself
    OPEN = "open"  # drafts, to shoppers
    PLAN = "plan"
    WINDOW = "window"  # from which day to which
    PAY = "pay"
    BONUS = "bonus"  # to each shop what its campaign's ladder says now
    MESSAGE = "message"
    TAKE_BACK = "take_back"  # from whoever has them, or is offered them
    CANCEL = "cancel"
    HOLD = "hold"


class CancelReason(StrEnum):
    """Why shops are cancelled. Whoever holds one reads it."""

    CLIENT_ASKED = "client_asked"
    PLACE_CLOSED = "place_closed"
    TWICE = "twice"
    OUR_PLANS = "our_plans"


KIND_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ASSIGN: ("Assign to a shopper", "assigned"),
    Kind.LINES: ("Assign line by line", "assigned"),
    Kind.OFFER: ("Offer to a shopper", "offered"),
    Kind.AUTO_OFFER: ("Offer in turn", "to be offered in turn"),
    Kind.OPEN: ("Open to shoppers", "opened"),
    Kind.PLAN: ("Plan for another day", "re-dated"),
    Kind.WINDOW: ("Change the window", "with a new window"),
    Kind.PAY: ("Change the pay", "with new pay"),
    Kind.BONUS: ("Raise the bonus as the ladder says", "with a higher bonus"),
    Kind.MESSAGE: ("Write to the shoppers", "written to"),
    Kind.TAKE_BACK: ("Take the shops back", "taken back"),
    Kind.CANCEL: ("Cancel the shops", "cancelled"),
    Kind.HOLD: ("Put on hold", "on hold"),
}
CANCEL_WORDS: Mapping[CancelReason, str] = {
    CancelReason.CLIENT_ASKED: "The client does not want this visit any more",
    CancelReason.PLACE_CLOSED: "The location is closed",
    CancelReason.TWICE: "It was planned twice",
    CancelReason.OUR_PLANS: "Our plans have changed",
}
# Codes of visits in words that end a sentence "2 skipped: …".
SKIP_WORDS: Mapping[str, str] = {
    "missing": "not there any more",
    "on_hold": "on hold",
    "wrong_state": "not in a state in which this can happen",
    "wrong_actor": "somebody else's to decide",
    "outside_window": "the day lies outside the window, or the window is over",
    "place_closed": "the place is closed",
    "no_shopper": "the shopper is not at work here",
    "must_apply": "has to be applied for",
}
# What the machine cannot take back waits until the time for its undo is over; until then nothing has happened.
WAITING: Mapping[Kind, str] = {Kind.OPEN: "open", Kind.CANCEL: "are cancelled", Kind.TAKE_BACK: "are taken back"}
LEFT_OUT = "left out when the effects were shown"


class Changed(Conflict):
    """The effects are others than those that were shown, or none were."""

    def __init__(self) -> None:
        super().__init__("the effects have changed since they were shown")


class TooLate(Conflict):
    """The half minute is over, or it was undone before."""

    def __init__(self) -> None:
        super().__init__("this can no longer be undone")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which shops: rows by id, by reference and by place; or those with these codes; or all that a filter leaves.

    query: the view's, with its filter; refs: of what was ticked on other pages.
    """

    query: str
    ids: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()
    codes: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    is_all: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the effects said when somebody looked: an act reaches no further shop, and costs no more.

    done: shops that it would reach; left: those that were left out; costs: cents by currency; pay: what each paid then.
    """

    done: tuple[UUID, ...]
    left: tuple[UUID, ...]
    costs: Mapping[str, int]
    pay: Mapping[UUID, Pay] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is to happen. Which of these count depends on the kind; override_reason sets eligibility aside.

    comes_back: why shops are taken back, a code of COMES_BACK_WORDS.
    order: of a round, its shops in their order; days: of some of them an own day.
    """

    shopper_code: str = ""
    day: date | None = None
    pay: NewPay = field(default_factory=NewPay)
    words: str = ""
    hold_reason: HoldReason | None = None
    cancel_reason: CancelReason | None = None
    comes_back: str = ""
    override_reason: str = ""
    order: tuple[UUID, ...] = ()
    days: Mapping[UUID, date] = field(default_factory=dict)
    window: NewWindow = field(default_factory=NewWindow)
    lines: tuple[Line, ...] = ()

    def day_of(self, shop_id: UUID) -> date | None:
        """The day of one shop: its own, or that of all."""
        return self.days.get(shop_id, self.day)

    def in_order(self, shops: Sequence["Chosen"]) -> list["Chosen"]:
        """As the round goes; what is not of it comes after, as it was."""
        places = {shop_id: place for place, shop_id in enumerate(self.order)}
        return sorted(shops, key=lambda shop: places.get(shop.id, len(places)))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A shop as it was before the act."""

    id: UUID
    public_ref: str
    state: State
    revision: int
    is_on_hold: bool
    planned_on: date | None
    due_at: datetime | None
    fee_cents: int
    bonus_cents: int
    currency: str
    unassign_count: int
    window_end: datetime
    bonus_ladder: tuple[tuple[int, int], ...]

    @property
    def pay(self) -> Pay:
        """What it pays."""
        return Pay(self.fee_cents, self.bonus_cents)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why some were left out; refs: what people call them; told: what there is to say of each, or nothing."""

    why: str
    refs: tuple[str, ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act. before: for the undo, by shop (or by message); costs: cents by currency.

    warnings: what to know of some that it reaches; lines: what becomes of each, where they were pasted; spans: of pay.
    """

    done: tuple[UUID, ...]
    skipped: tuple[Skipped, ...]
    before: Mapping[str, Before]
    costs: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Skipped, ...] = ()
    lines: tuple[LineTold, ...] = ()
    spans: tuple[PaySpan, ...] = ()

    def left(self, wanted: Iterable[UUID]) -> list[UUID]:
        """Those of the shops that it does not reach."""
        done = set(self.done)
        return [shop_id for shop_id in wanted if shop_id not in done]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is going to happen to a shop when the time for its undo is over. shops: how many it happens to at once."""

    action_id: UUID
    kind: Kind
    done_at: datetime
    shops: int

    def seconds_left(self, now: datetime) -> int:
        """How long it can still be undone."""
        return max(0, int((self.done_at + UNDO - now).total_seconds()))

    def words(self, now: datetime) -> str:
        """ "to be cancelled in 12 s"."""
        what, left = KIND_WORDS[self.kind][1], self.seconds_left(now)
        return f"to be {what} in {left}\u00a0s" if left else f"being {what} now"


@dataclass(frozen=True, slots=True)
class Action:
    """An act that was done."""

    id: UUID
    account_id: UUID
    kind: Kind
    before: Mapping[str, Before]
    skipped: tuple[Skipped, ...]
    wanted: tuple[UUID, ...]
    done_at: datetime
    carried_out_at: datetime | None
    undone_at: datetime | None
    undone_count: int

    @property
    def undo_until(self) -> datetime:
        """Until when it can be undone."""
        return self.done_at + UNDO

    @property
    def count(self) -> int:
        """How many shops it reached."""
        return len(self.before)

    def can_be_undone(self, now: datetime) -> bool:
        """Whether there is still time."""
        return self.undone_at is None and self.carried_out_at is None and now <= self.undo_until


def sentence(kind: Kind, done: int, skipped: tuple[Skipped, ...]) -> str:
    """ "14 assigned, 2 skipped: rotation …", for pages and flashes."""
    left_out = sum(len(each.refs) for each in skipped)
    words = f"{done:,} {KIND_WORDS[kind][1]}"
    if not left_out:
        return f"{words}."
    first = max(skipped, key=lambda each: len(each.refs))
    more = f", and {len(skipped) - 1} other reason{'s' if len(skipped) > 2 else ''}" if len(skipped) > 1 else ""
    return f"{words}, {left_out:,} skipped: {first.why}{more}."
