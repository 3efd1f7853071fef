"""A shop's history in words: what happened, what was there before, whom it concerned, and who did it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from survey.shops.visits.domain import money, short_day, since_short, until_short

from .views import STATE_WORDS

Detail = Mapping[str, object]
SHOPPER = "the shopper"
CLOCK = "the clock"
LEFT = "somebody who has left"
_ENDS: Mapping[str, Callable[[datetime, str], str]] = {"since": since_short, "until": until_short}
# Of these it matters whom they concern; what a shopper does says it of itself.
_WITH_SHOPPER = frozenset({
    "assign", "offer", "approve_application", "self_assign", "accept", "decline", "offer_timeout", "unassign",
    "shopper_cancel", "overdue", "cancel", "plan",
})  # fmt: skip

# What happened, as whoever schedules would say it; what is not named here says it of itself.
_WHAT: Mapping[str, str] = {
    "shop.approve_application": "Application approved",
    "shop.self_assign": "Taken from the job board",
    "shop.shopper_cancel": "Given back",
    "shop.unassign": "Taken back",
    "shop.offer_timeout": "Offer not answered in time",
    "shop.window_ended": "Nobody made it before its window ended",
    "shop.return_timeout": "Not mended in time",
    "shop.auto_offer": "Offered in turn",
    "shop.auto_offer_stop": "No longer offered in turn",
    "shop.auto_offer_end": "No further offers",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the ledger about a shop. shopper_code: of whoever had the shop then, or was given it."""

    at: datetime
    actor_kind: str
    actor_id: UUID | None
    action: str
    detail: Detail
    shopper_code: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """The same in words. changes: what was there before and what is there since."""

    at: datetime
    what: str
    changes: tuple[str, ...]
    by: str


def told(happened: Happened, names: Mapping[UUID, str], currency: str, time_zone: str) -> Told:
    """A line in words. names: of colleagues, by account; time_zone: the place's."""
    said = happened.action.replace("shop_report.", "report ").replace("shop.", "").replace("_", " ").capitalize()
    what = _WHAT.get(happened.action, said)
    return Told(happened.at, what, tuple(_changes(happened, currency, time_zone)), _by(happened, names))


def called(name: str) -> str:
    """A colleague's name as a line has room for it: "Rosa M."."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0]}." if others else first


def _by(happened: Happened, names: Mapping[UUID, str]) -> str:
    if happened.actor_kind == "shopper":
        return SHOPPER
    if happened.actor_id is None:
        return CLOCK
    name = names.get(happened.actor_id)
    return called(name) if name else LEFT


def _changes(happened: Happened, currency: str, time_zone: str) -> Iterator[str]:
    detail = happened.detail
    if "to" in detail:
        yield f"{_state(detail.get('from'))} → {_state(detail['to'])}"
    if happened.shopper_code and happened.action.removeprefix("shop.") in _WITH_SHOPPER:
        yield happened.shopper_code
    yield from _amounts(detail, currency)
    if "planned_on" in detail:
        yield _change("day", _day(detail, "from_day"), _day(detail, "planned_on"), is_known="from_day" in detail)
    for name, said in _ENDS.items():
        if name in detail:
            old, new = (_moment(detail, key, said, time_zone) for key in (f"from_{name}", name))
            yield _change(f"window {name}", old, new)
    if detail.get("reason"):
        yield f"({str(detail['reason']).replace('_', ' ')})"
    if detail.get("is_override"):
        yield "(rules set aside)"


def _amounts(detail: Detail, currency: str) -> Iterator[str]:
    for name in ("fee", "bonus"):
        old, new = detail.get(f"from_{name}"), detail.get(name)
        if isinstance(new, int) and isinstance(old, int) and old != new:
            yield f"{name} {money(old, currency)} → {money(new, currency)}"


def _change(what: str, old: str, new: str, *, is_known: bool = True) -> str:
    """Of older lines it is not known what was there before."""
    return f"{what} {old} → {new}" if is_known else f"{what} {new}"


def _state(code: object) -> str:
    words = {state.value: words.lower() for state, words in STATE_WORDS.items()}
    return words.get(str(code), str(code))


def _day(detail: Detail, name: str) -> str:
    day = detail.get(name)
    return short_day(date.fromisoformat(str(day))) if day else "none"


def _moment(detail: Detail, name: str, said: Callable[[datetime, str], str], time_zone: str) -> str:
    moment = detail.get(name)
    return said(datetime.fromisoformat(str(moment)), time_zone) if moment else "none"
