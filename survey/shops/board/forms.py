"""From an address or form fields to what a shopper wants."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from survey.clients.domain import box_of
from survey.shops.campaigns.domain import DAYPARTS
from survey.shops.visits.domain import whole_units
from survey.web import Form

from .domain import ANSWER_WORDS, WHY_WORDS, Answer, Every, Filter, NewsWish, Sort, Why

MOST_WORDS = 2000
REASON_CHARACTERS = 200
MOST_KM, MOST_PAY = 500, 100_000


def filter_of(query: Mapping[str, str]) -> Filter:
    """What the board is narrowed to. What cannot be read is left out: an old address still opens something."""
    sort = query.get("sort", "")
    pay = _number(query.get("pay"), MOST_PAY)
    return Filter(
        within_km=_number(query.get("within"), MOST_KM),
        daypart=query.get("daypart", "") if query.get("daypart") in DAYPARTS else "",
        least_cents=pay * 100 if pay else None,
        on=_day(query.get("on", "")),
        at_once=query.get("at_once") == "1",
        box=box_of(query.get("box", "")),
        shows_all=query.get("all") == "1",
        sort=Sort(sort) if sort in set(Sort) else Sort.SOONEST,
        is_map=query.get("look") == "map",
    )


def day_in(form: Form) -> date | None:
    """The day of a visit; leaves a message where there is none."""
    day = _day(form["day"])
    if day is None:
        form.refuse("day", "Choose the day on which you would go")
    return day


def words_in(form: Form, *, is_needed: bool = False) -> str:
    """Words for the staff; leaves a message where there are too many, or none and some are needed."""
    words = form["words"].replace("\r\n", "\n").strip()
    if is_needed and not words:
        form.refuse("words", "Write what you want to say")
    if len(words) > MOST_WORDS:
        form.refuse("words", f"Write at most {MOST_WORDS:,} characters")
    return words


def wish_in(form: Form) -> tuple[date, Why, str] | None:
    """Another day, why, and words; leaves messages."""
    day, words = _day(form["day"]), words_in(form)
    if day is None:
        form.refuse("day", "Choose the day that you ask for")
    if form["reason"] not in set(WHY_WORDS):
        form.refuse("reason", "Choose why you need another day")
    if day is None or not form.is_valid:
        return None
    return day, Why(form["reason"]), words


def answer_in(form: Form) -> Answer | None:
    """Why staff say no; None where they say yes. Leaves a message where it is neither."""
    if form["decision"] == "grant":
        return None
    if form["decision"] == "decline" and form["answer"] in set(ANSWER_WORDS):
        return Answer(form["answer"])
    form.refuse("answer", "Choose why it cannot be; the shopper reads it")
    return None


def override_in(form: Form) -> str:
    """Why the rules are set aside for a day; empty where they count. Leaves a message where it is too much."""
    reason = form["override_reason"]
    if len(reason) > REASON_CHARACTERS:
        form.refuse("override_reason", f"Use at most {REASON_CHARACTERS} characters")
    return reason


def shown_wish(wish: NewsWish) -> dict[str, str | list[str]]:
    """What the form about news begins with."""
    least = str(whole_units(wish.least_cents)) if wish.least_cents else ""
    return {"every": wish.every.value, "within": str(wish.within_km), "pay": least}


def news_wish(form: Form, held: NewsWish) -> NewsWish | None:
    """What news somebody wants; a stop keeps what was chosen. None where something cannot be read, with a message."""
    if form["news"] != "yes":
        return replace(held, is_wanted=False)
    every, within, pay = form["every"], _number(form["within"], MOST_KM), _number(form["pay"], MOST_PAY)
    if every not in set(Every):
        form.refuse("every", "Choose how often you want to hear")
    if within is None:
        form.refuse("within", "Choose how far you would go")
    if form["pay"] and pay is None and form["pay"] != "0":
        form.refuse("pay", "Enter a whole number, or leave it empty")
    if not form.is_valid or within is None:
        return None
    return NewsWish(True, Every(every), within, (pay or 0) * 100)


def id_in(text: str | None) -> UUID | None:
    """An id out of an address or a hidden field; None where it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str | None, most: int) -> int | None:
    if not text or not text.isascii() or not text.isdigit():
        return None
    return min(int(text[:9]), most) or None
