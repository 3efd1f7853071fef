"""What is asked before an act on many shops: which, and on what terms."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from survey.shoppers.domain import code_typed
from survey.shops.visits.domain import HoldReason, NewWindow
from survey.web import Form

from ..domain import (
    MESSAGE_CHARACTERS,
    MOST_DAYS,
    MOST_SHOPS,
    MOST_STOPS,
    CancelReason,
    Kind,
    Selection,
    Shown,
    Terms,
    moved,
)
from .deciding import comes_back_in
from .lines import lines_in
from .pay import pay_in, shown_pay_in
from .views import day_of, refs_in

T = TypeVar("T")
REASON_CHARACTERS = 200
CODES = re.compile(r"[\s,;]+")


def selection_in(form: Form) -> Selection:
    """Which shops: ticked rows here and on other pages, ticked places of the map, pasted codes, or all that match."""
    ids = ids_in(form.all("ids"))
    codes = tuple(dict.fromkeys(code.upper() for code in CODES.split(form["codes"]) if code))[:MOST_SHOPS]
    places, refs = ids_in(form.all("places")), refs_in(form["chosen"])
    return Selection(form["query"], ids, places, codes, refs, is_all="all" in form)


def ids_in(texts: Sequence[str]) -> tuple[UUID, ...]:
    """The ids among what was sent, each once, in their order."""
    found = (_read(text, UUID) for text in texts[:MOST_SHOPS])
    return tuple(dict.fromkeys(each for each in found if each is not None))


def shown_in(form: Form) -> Shown | None:
    """What the effects said; None where nobody has looked at them. Many ids stand in one field, with blanks between."""
    said = form["cost"].split()
    cents = [_read(text, int) for text in said[1::2]]
    if "shown" not in form or len(said) % 2 or None in cents:
        return None
    costs = {currency: each for currency, each in zip(said[::2], cents, strict=True) if each is not None}
    done = ids_in(form["shown"].split())
    return Shown(done, ids_in(form["left"].split()), costs, shown_pay_in(form, done))


def action_id_in(form: Form) -> UUID | None:
    """The id that was drawn for the act when its effects were shown."""
    return _read(form["action_id"], UUID)


def kind_in(form: Form) -> Kind | None:
    """What is to be done; None for what nobody can do."""
    return _read(form["kind"], Kind)


def terms_in(form: Form, kind: Kind, today: date) -> Terms:
    """On what terms; leaves messages beside what is missing. today: for days without a year."""
    match kind:
        case Kind.ASSIGN | Kind.OFFER:
            code = code_typed(form["shopper"])
            if not code:
                form.refuse("shopper", "Enter the shopper’s code, for example S-7F3K")
            order, days = round_in(form)
            return Terms(
                shopper_code=code, day=_day(form, "day"), override_reason=_override(form), order=order, days=days
            )
        case Kind.PLAN:
            order, days = round_in(form)
            day = _day(form, "day", "" if order and len(days) == len(order) else "Enter the day of the visit")
            return Terms(day=day, override_reason=_override(form), order=order, days=days)
        case Kind.PAY:
            return Terms(pay=pay_in(form))
        case Kind.MESSAGE:
            return Terms(words=words_in(form))
        case Kind.CANCEL:
            return Terms(cancel_reason=_choice(form, CancelReason))
        case Kind.HOLD:
            return Terms(hold_reason=_choice(form, HoldReason))
        case _:
            return _new_terms(form, kind, today)


def _new_terms(form: Form, kind: Kind, today: date) -> Terms:
    """Of kinds that name shops, shoppers or days in a way of their own; the others have no terms."""
    if kind is Kind.LINES:
        return Terms(lines=lines_in(form, today), override_reason=_override(form))
    if kind is Kind.TAKE_BACK:
        return Terms(comes_back=comes_back_in(form), words=words_in(form) if form["words"] else "")
    return Terms(window=_window(form)) if kind is Kind.WINDOW else Terms()


def round_in(form: Form) -> tuple[tuple[UUID, ...], dict[UUID, date]]:
    """Of shops that go as one round: their order, and the days of those that have one; leaves a message.

    A stop's day follows its id.
    """
    typed_days = legs_in(form)
    order = ids_in(list(typed_days))
    days: dict[UUID, date] = {}
    for text, typed in typed_days.items():
        shop_id, day = _read(text, UUID), _read(typed, day_of)
        if day is not None and shop_id in order:
            days[shop_id] = day
        elif typed:
            form.refuse("leg_day", "Enter a day for each stop, for example 2026-11-30, or none")
    return order, days


def legs_in(form: Form) -> dict[str, str]:
    """The stops of a round as they were sent: the day by id, both as text."""
    return dict(zip(form.all("leg")[:MOST_STOPS], form.all("leg_day"), strict=False))


def with_legs(form: Form, legs: Mapping[str, str]) -> Form:
    """The same form with these stops in this order; the day by id, both as text."""
    return Form(form.raw | {"leg": list(legs), "leg_day": list(legs.values())})


def moved_legs_in(form: Form) -> tuple[dict[str, str], str]:
    """The stops of a round after the one was moved that a button names, and what the button says: "up <id>"."""
    legs, (way, _, which) = legs_in(form), form["move"].partition(" ")
    order = moved(list(legs), which, {"up": -1, "down": 1}.get(way, 0))
    return {shop_id: legs[shop_id] for shop_id in order}, form["move"]


def words_in(form: Form) -> str:
    """A message; leaves a message where there is none, or too much."""
    words = form["words"]
    if not words:
        form.refuse("words", "Write something")
    elif len(words) > MESSAGE_CHARACTERS:
        form.refuse("words", f"Use at most {MESSAGE_CHARACTERS:,} characters")
    return words


def _override(form: Form) -> str:
    if "override" not in form:
        return ""
    reason = form["override_reason"]
    if not reason:
        form.refuse("override_reason", "Say why the rules are set aside")
    elif len(reason) > REASON_CHARACTERS:
        form.refuse("override_reason", f"Use at most {REASON_CHARACTERS} characters")
    return reason


def _day(form: Form, name: str, message: str = "") -> date | None:
    day = _read(form[name], day_of)
    if day is None and (message or form[name]):
        form.refuse(name, message or "Enter a day, for example 2026-11-30")
    return day


def _window(form: Form) -> NewWindow:
    first, last, by = _day(form, "first"), _day(form, "last"), form["by_days"]
    days = _read(by, int) or 0
    if (first or last) and by:
        form.refuse("by_days", "Enter days, or by how many days it moves, but not both")
    elif by and not 0 < abs(days) <= MOST_DAYS:
        form.refuse("by_days", f"Enter a number of days such as 7 or -7, at most {MOST_DAYS}")
    elif not (first or last or by or form["first"] or form["last"]):
        form.refuse("first", "Enter a first day, a last day, or by how many days the window moves")
    elif first and last and last < first:
        form.refuse("last", "Enter a last day that is not before the first")
    return NewWindow(first, last, days, leaves_day=form["outside"] == "leave")


def _choice(form: Form, meaning: Callable[[str], T]) -> T | None:
    chosen = _read(form["reason"], meaning)
    if chosen is None:
        form.refuse("reason", "Choose a reason")
    return chosen


def _read(text: str, meaning: Callable[[str], T]) -> T | None:
    try:
        return meaning(text) if text else None
    except ValueError:
        return None
