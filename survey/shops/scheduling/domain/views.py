"""What of the board is looked at, and how: one value that stands in the URL, whatever shape the data takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from survey.db.errors import Conflict
from survey.shops.visits.domain import State


class NameTaken(Conflict):
    """Another view of the same account has that name."""

    def __init__(self) -> None:
        super().__init__("there is already a view of that name")


class Layout(StrEnum):
    """The shapes in which one data set is shown."""

    TABLE = "table"
    BOARD = "board"
    AGENDA = "agenda"
    MAP = "map"


class Sort(StrEnum):
    """What the table may be sorted by."""

    UNTIL = "until"
    DUE = "due"
    PLANNED = "planned"
    PLACE = "place"
    PAY = "pay"
    REF = "ref"
    SINCE = "since"
    ASKED = "asked"  # the oldest application that waits; what nobody asked for comes last
    DAY = "day"  # the agenda's: the planned day, or the last one
    URGENT = "urgent"  # by when somebody has to act


class Risk(StrEnum):
    """Why a shop needs a look, the gravest first. A shop may have several."""

    PLACE_CLOSED = "place_closed"
    LATE = "late"
    WISH = "wish"
    NO_SHOW = "no_show"
    CAME_BACK = "came_back"
    NOBODY = "nobody"
    UNANSWERED = "unanswered"
    DRAFT = "draft"


RISK_WORDS: Mapping[Risk, str] = {
    Risk.PLACE_CLOSED: "Place closed",
    Risk.LATE: "Late",
    Risk.WISH: "Another day asked for",
    Risk.NO_SHOW: "Not done",
    Risk.CAME_BACK: "Came back",
    Risk.NOBODY: "Nobody has it",
    Risk.UNANSWERED: "Offer not answered",
    Risk.DRAFT: "Still a draft",
}
LAYOUT_WORDS: Mapping[Layout, str] = {
    Layout.TABLE: "Table", Layout.BOARD: "By state", Layout.AGENDA: "Agenda", Layout.MAP: "Map",
}  # fmt: skip
# column -> its heading, and what it can be sorted by
COLUMNS: Mapping[str, tuple[str, Sort | None]] = {
    "place": ("Location", Sort.PLACE),
    "client": ("Client", None),
    "campaign": ("Campaign", None),
    "wave": ("Wave", None),
    "daypart": ("When", None),
    "until": ("Until", Sort.UNTIL),
    "planned": ("Planned", Sort.PLANNED),
    "due": ("Report due", Sort.DUE),
    "pay": ("Pay", Sort.PAY),
    "state": ("State", None),
    "shopper": ("Shopper", None),
    "asked": ("Applied", Sort.ASKED),
    "since": ("In this state since", Sort.SINCE),
}
SIZES = (25, 50, 100, 200)  # rows of a page
SIZE = 50
SHOWN_FIRST = ("place", "campaign", "until", "planned", "pay", "state", "shopper", "asked")
STATE_WORDS: Mapping[State, str] = {
    State.DRAFT: "Draft",
    State.OPEN: "Open",
    State.OFFERED: "Offered",
    State.ASSIGNED: "Assigned",
    State.IN_PROGRESS: "In progress",
    State.SUBMITTED: "Submitted",
    State.IN_REVIEW: "In review",
    State.RETURNED: "Returned",
    State.APPROVED: "Approved",
    State.RELEASED: "Released",
    State.CLOSED: "Closed",
    State.REJECTED: "Rejected",
    State.EXCLUDED: "Excluded",
    State.CANCELLED: "Cancelled",
    State.EXPIRED: "Expired",
}
EVERY_STATE = "all"  # as the URL says it
# What a scheduler can still do something about.
IN_WORK = (State.DRAFT, State.OPEN, State.OFFERED, State.ASSIGNED, State.IN_PROGRESS, State.RETURNED)
WORD_CHARACTERS = 80
MOST_CHOSEN = 200  # so many references fit into an address that every proxy lets through
SOON_DAYS = 5  # a shop that nobody makes, or asks to make later, is at risk so many days before its window ends
RETURNED_DAYS = 10  # and one that came back, earlier


@dataclass(frozen=True, slots=True)
class Filter:
    """Which shops. Everything that is set narrows; days are those of the agenda."""

    client: UUID | None = None
    campaign: UUID | None = None
    wave: UUID | None = None
    state: tuple[State, ...] = ()
    node: UUID | None = None
    box: str = ""  # a piece of the map: south, west, north, east
    daypart: str = ""
    due_before: date | None = None
    from_day: date | None = None
    risk: bool = False
    why: Risk | None = None  # at risk for this reason
    flaked: bool = False
    hold: bool = False
    asked: bool = False  # an application waits
    shopper: str = ""
    q: str = ""
    among: tuple[str, ...] = ()  # the references of what is chosen, where nothing else is to be shown

    @property
    def is_empty(self) -> bool:
        """Whether it narrows nothing."""
        return self == Filter()

    @property
    def is_by_state_alone(self) -> bool:
        """Whether it narrows nothing but the states."""
        return replace(self, state=()).is_empty


@dataclass(frozen=True, slots=True)
class View:
    """A filter, and how its shops are shown."""

    filter: Filter = field(default_factory=Filter)
    layout: Layout = Layout.TABLE
    sort: Sort = Sort.UNTIL
    is_descending: bool = False
    columns: tuple[str, ...] = SHOWN_FIRST
    size: int = SIZE
    chosen: tuple[str, ...] = ()  # references of ticked shops, wherever they are shown

    def query(self) -> str:
        """As it stands in the URL after the question mark; what is as usual is left out.

        That nothing is narrowed is said, because the board begins with what is in work.
        """
        return urlencode(list(_pairs(self)))

    def filtered(self, **changes: object) -> "View":
        """The same view of other shops."""
        return replace(self, filter=replace(self.filter, **changes))  # type: ignore[arg-type]

    def shaped(self, layout: str) -> "View":
        """The same shops in another shape."""
        return replace(self, layout=Layout(layout))

    @property
    def of_all(self) -> "View":
        """The same view without a filter."""
        return replace(self, filter=Filter())

    def choosing(self, refs: Sequence[str]) -> "View":
        """The same view with these ticked; where it shows nothing but what is ticked, with these alone."""
        chosen = tuple(refs)
        among = chosen if self.filter.among else ()
        return replace(self, chosen=chosen, filter=replace(self.filter, among=among))

    def query_of_chosen(self) -> str:
        """The query that shows what is ticked and nothing else, whatever the filter says."""
        return "only=chosen&" + replace(self.of_all, chosen=()).query()

    @property
    def base(self) -> "View":
        """The same without what is ticked, unless nothing else is shown."""
        return self if self.filter.among else self.choosing(())

    def sized(self, size: int) -> "View":
        """The same with so many rows to a page."""
        return replace(self, size=size)

    def sorted_by(self, sort: str) -> "View":
        """Sorted by a column, or the other way round if it is already."""
        return replace(self, sort=Sort(sort), is_descending=self.sort == sort and not self.is_descending)


def _pairs(view: View) -> Iterator[tuple[str, str]]:
    yield from _of_filter(view.filter)
    if view.layout is not Layout.TABLE:
        yield "view", view.layout.value
    if view.sort is not Sort.UNTIL or view.is_descending:
        yield "sort", ("-" if view.is_descending else "") + view.sort.value
    if view.columns != SHOWN_FIRST:
        yield "columns", " ".join(view.columns)
    if view.size != SIZE:
        yield "size", str(view.size)
    if view.chosen:
        yield "chosen", " ".join(view.chosen)


def _of_filter(wanted: Filter) -> Iterator[tuple[str, str]]:
    if wanted.is_empty:
        yield "state", EVERY_STATE
    if wanted.among:
        yield "only", "chosen"
    for each in fields(Filter):
        value = getattr(wanted, each.name)
        if each.name == "among":
            continue
        if isinstance(value, tuple):
            yield from ((each.name, item.value) for item in value)
        elif value is True:
            yield each.name, "1"
        elif value:
            yield each.name, value.isoformat() if isinstance(value, date) else str(value)
