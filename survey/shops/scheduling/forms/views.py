"""A view out of the URL. What makes no sense there narrows nothing: an old link still opens a board."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from survey.clients.domain import box_of
from survey.shops.campaigns.domain import DAYPARTS
from survey.shops.visits.domain import State
from survey.web import Form

from ..domain import (
    COLUMNS,
    IN_WORK,
    MOST_CHOSEN,
    MOST_SHOPS,
    SHOWN_FIRST,
    SIZE,
    SIZES,
    WORD_CHARACTERS,
    Filter,
    Layout,
    Risk,
    Sort,
    View,
)

T = TypeVar("T")
NAME_CHARACTERS = 60
PARAMETERS = 60
YEARS = range(2000, 2101)  # beyond them no month could be drawn with the ones beside it


def view_of_query(query: str) -> View:
    """The view that a URL's query means; the board's own links and saved views are such queries."""
    return view_in(_sent(query))


def opening_view_of_query(query: str) -> View:
    """The same for the board itself, which begins with what is in work where its URL says nothing of which shops."""
    sent = _sent(query)
    view, says_which = view_in(sent), any(sent.get("state", ()))
    return view.filtered(state=IN_WORK) if view.filter.is_empty and not says_which else view


def view_in(sent: Mapping[str, Sequence[str]]) -> View:
    """The same from parameters by name."""
    sort, is_descending = _sort(_first(sent, "sort"))
    layout = _read(_first(sent, "view"), Layout) or Layout.TABLE
    if layout is Layout.AGENDA:
        sort, is_descending = Sort.DAY, False
    chosen = refs_in(_first(sent, "chosen"))[:MOST_CHOSEN]
    wanted = replace(_filter(sent), among=chosen if _first(sent, "only") else ())
    columns, size = _columns(sent.get("columns", ())), _read(_first(sent, "size"), int)
    return View(wanted, layout, sort, is_descending, columns, size if size in SIZES else SIZE, chosen)


def refs_in(text: str) -> tuple[str, ...]:
    """References with blanks between, each once."""
    return tuple(dict.fromkeys(ref for ref in text.split()[:MOST_SHOPS] if len(ref) <= WORD_CHARACTERS))


def onward_in(form: Form, refs: Sequence[str]) -> str:
    """Where to on the board, as a link of its pages says it, with these shops ticked; as a query."""
    query = form["go"].removeprefix("/shops").removeprefix("?")
    said = _sent(query)
    if _first(said, "only"):
        view = view_of_query(query)
        view = replace(view, filter=replace(view.filter, among=tuple(refs)))
    else:
        view = opening_view_of_query(query)
    after = "".join("&" + urlencode({way: _first(said, way)}) for way in ("after", "before") if _first(said, way))
    return view.choosing(refs).query() + after


def name_in(form: Form) -> str:
    """What a view is to be called; leaves a message where that will not do."""
    name = form["name"]
    if not name:
        form.refuse("name", "Enter a name for this view")
    elif len(name) > NAME_CHARACTERS:
        form.refuse("name", f"Use at most {NAME_CHARACTERS} characters")
    return name


def _sent(query: str) -> dict[str, list[str]]:
    """What a query says, by name: blank where a form was sent with "Any". No query is read in another way."""
    sent: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True)[:PARAMETERS]:
        sent.setdefault(name, []).append(value.strip().replace("\0", ""))
    return sent


def _filter(sent: Mapping[str, Sequence[str]]) -> Filter:
    states = (_read(value, State) for value in dict.fromkeys(sent.get("state", ())))
    daypart = _first(sent, "daypart")
    return Filter(
        client=_read(_first(sent, "client"), UUID),
        campaign=_read(_first(sent, "campaign"), UUID),
        wave=None if _is_any(sent, "campaign") else _read(_first(sent, "wave"), UUID),
        state=tuple(state for state in states if state is not None),
        node=None if _is_any(sent, "client") else _read(_first(sent, "node"), UUID),
        box=_first(sent, "box") if box_of(_first(sent, "box")) else "",
        daypart=daypart if daypart in DAYPARTS else "",
        due_before=_read(_first(sent, "due_before"), day_of),
        from_day=_read(_first(sent, "from_day"), day_of),
        risk=bool(_first(sent, "risk")),
        why=_read(_first(sent, "why"), Risk),
        flaked=bool(_first(sent, "flaked")),
        hold=bool(_first(sent, "hold")),
        asked=bool(_first(sent, "asked")),
        shopper=_first(sent, "shopper")[:WORD_CHARACTERS],
        q=_first(sent, "q")[:WORD_CHARACTERS],
    )


def day_of(text: str) -> date:
    """Raises ValueError, also for a day out of reach."""
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def _sort(text: str) -> tuple[Sort, bool]:
    return _read(text.removeprefix("-"), Sort) or Sort.UNTIL, text.startswith("-")


def _columns(sent: Sequence[str]) -> tuple[str, ...]:
    """From one parameter with blanks (the board's links) or from many (its form); always in the board's order."""
    names = {name for value in sent for name in value.split()}
    return tuple(name for name in COLUMNS if name in names) or SHOWN_FIRST


def _is_any(sent: Mapping[str, Sequence[str]], name: str) -> bool:
    """Whether the board's form was sent with "Any" there: what hung on it before hangs on nothing now."""
    return name in sent and not _first(sent, name)


def _first(sent: Mapping[str, Sequence[str]], name: str) -> str:
    values = sent.get(name)
    return values[0] if values else ""


def _read(text: str, meaning: Callable[[str], T]) -> T | None:
    try:
        return meaning(text) if text else None
    except ValueError:
        return None
