"""The board: one data set as table, by state, as an agenda and on a map; and views of it that are saved."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl
from uuid import UUID

from litestar.params import FromPath

from survey.clients.domain import projected
from survey.shops.visits.domain import State
from survey.web import (
    Page,
    Request,
    flash,
    form_of,
    get_page,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    streamed,
)

from .. import forms, queries, service
from ..domain import (
    MOST_CHOSEN,
    SIZES,
    UNDO,
    WAITING,
    Choice,
    Counts,
    Layout,
    NameTaken,
    View,
    fitting,
    points_of,
    sentence,
    too_many_words,
    way_to_places,
    whole_places,
)
from .shared import SCHEDULERS, SELECTION_BYTES, WORDS, opening_view_of, page_of, view_of, waiting_of

CSV = "text/csv; charset=utf-8"


@get_page("/shops", SCHEDULERS)
async def board(request: Request) -> Page:
    """The shops that the URL asks for, in the shape it asks for; what is in work where it does not say which."""
    view, scope, now = await _asked_view(request), scope_of(request), now_of(request)
    choice = await service.choice_of(scope, _looked_at(view, now).filter, view.chosen, now)
    view = view.choosing(choice.refs)
    counts = await queries.counts_of(scope, view.filter, now)
    shaped = {"choice": choice} | await _shaped(request, view, counts, choice) | await _last_act(request)
    return render(
        request, f"scheduling/{view.layout}.html", view=view, query=view.base.query(), counts=counts,
        layouts=list(Layout), total=counts.of(view.filter.state), states=list(State),
        choices=await queries.choices(scope, view.filter), saved=await queries.views_of(scope), kept=_kept(view),
        **shaped, **WORDS,
    )  # fmt: skip


@post_form("/shops/choose", SCHEDULERS, limit_bytes=SELECTION_BYTES)
async def choose(request: Request) -> Page:
    """Take what is ticked along to another page, shape or filter. Nothing is written: it goes in the address."""
    form = await form_of(request)
    selection = forms.selection_in(form)
    wanted = forms.view_of_query(selection.query).filter
    found = await service.selected(scope_of(request), selection, wanted, now_of(request))
    refs = [each.public_ref for each in found.ticked]
    if len(refs) > MOST_CHOSEN:
        flash(request, "attention", too_many_words(len(refs)))
    return redirect(f"/shops?{forms.onward_in(form, refs[:MOST_CHOSEN])}")


@get_page("/shops/export", SCHEDULERS, writes="a list that leaves is recorded")
async def export(request: Request) -> Page:
    """The table as a file: the rows and columns of the present view, from all of its pages."""
    view, scope, now = view_of(request), scope_of(request), now_of(request)
    await service.note_export(scope, view, now)
    return streamed(service.exported(scope, view, now), "shops.csv", CSV)


@post_form("/shops/views", SCHEDULERS)
async def save_view(request: Request) -> Page:
    """Keep the present view under a name."""
    form = await form_of(request)
    view, name = forms.view_of_query(form["query"]), forms.name_in(form)
    if not form.is_valid:
        flash(request, "attention", form.errors["name"])
        return redirect(f"/shops?{view.query()}")
    is_shared, replaced = "shared" in form, form["replaced"]
    try:
        await service.save_view(scope_of(request), name, view, now_of(request), is_shared=is_shared, replaced=replaced)
    except NameTaken:
        return render(request, "scheduling/name_taken.html", 409, name=name, query=view.query(), is_shared=is_shared)
    flash(request, "good", "The view has been saved.")
    return redirect(f"/shops?{view.query()}")


@post_form("/shops/views/{view_id:uuid}/forget", SCHEDULERS)
async def forget_view(request: Request, view_id: FromPath[UUID]) -> Page:
    """Forget an own view."""
    await service.forget_view(scope_of(request), view_id, now_of(request))
    flash(request, "good", "The view is gone; its shops are where they were.")
    return redirect("/shops")


async def _asked_view(request: Request) -> View:
    """The view of the URL, without what belongs to another client or campaign than it chooses."""
    view = opening_view_of(request)
    if not (view.filter.campaign or view.filter.wave or view.filter.node):
        return view
    return replace(view, filter=fitting(view.filter, await queries.owners_of(scope_of(request), view.filter)))


async def _last_act(request: Request) -> dict[str, object]:
    """What whoever looks has just done, while it can be undone: the way to that stands on the board too."""
    now = now_of(request)
    last = await queries.find_last_act(scope_of(request), now - UNDO)
    said = ""
    if last:
        has_to_come = last.kind in WAITING
        said = f"{last.shops:,} {last.words(now)}." if has_to_come else sentence(last.kind, last.shops, ())
    return {"last": last, "last_said": said, "now": now}


async def _shaped(request: Request, view: View, counts: Counts, choice: Choice) -> dict[str, object]:
    """What the shape shows."""
    scope, now = scope_of(request), now_of(request)
    match view.layout:
        case Layout.BOARD:
            wanted = view.filter.state or tuple(State)
            lanes = await queries.lanes_of(
                scope, view, [(state, counts.states[state]) for state in wanted if state in counts.states], now
            )
            shown = [row for lane in lanes for row in lane.rows]
            choice = choice.among(row.public_ref for row in shown)
            return {"lanes": lanes, "choice": choice} | await waiting_of(request, [row.id for row in shown])
        case Layout.MAP:
            spots = await queries.spots_of(scope, view.filter, now)
            chart, ticked = projected(points_of(spots)), choice.by_place()
            whole = whole_places(spots, ticked)
            around = {"spots": spots, "begins": way_to_places(view), "most": queries.MOST_SPOTS, "chart": chart}
            return around | {"ticked": ticked, "whole": whole, "choice": choice.at(whole)}
        case Layout.AGENDA:
            here = _looked_at(view, now)
            first = (here.filter.from_day or now.date()).replace(day=1)
            days = await queries.days_of(scope, view.filtered(from_day=None).filter, first, now)
            months = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
            rows = await _rows(request, here, choice) | {"from_here": here.base.query()}
            return rows | {"days": days, "weeks": _weeks(first), "month": first, "months": months}
        case _:
            return await _rows(request, view, choice)


def _looked_at(view: View, now: datetime) -> View:
    """What is looked at: an agenda begins with today where its address says no other day."""
    if view.layout is not Layout.AGENDA or view.filter.from_day:
        return view
    return view.filtered(from_day=now.date())


async def _rows(request: Request, view: View, choice: Choice) -> dict[str, object]:
    page = await page_of(request, view)
    here = choice.among(row.public_ref for row in page.rows)
    shaped = {"page": page, "rows": page.rows, "next_cursor": page.next_cursor, "choice": here, "sizes": SIZES}
    return shaped | await waiting_of(request, [row.id for row in page.rows])


def _kept(view: View) -> list[tuple[str, str]]:
    """What the URL holds besides the columns, for the form that chooses them."""
    return [(name, value) for name, value in parse_qsl(view.query()) if name != "columns"]


def _weeks(first: date) -> list[list[date | None]]:
    """The month's weeks from Monday to Sunday; None stands where another month's day would be."""
    days = [date.fromordinal(first.toordinal() + number) for number in range(31)]
    month = [day for day in days if day.month == first.month]
    cells: list[date | None] = [None] * first.weekday() + month
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


ROUTES = (board, choose, export, save_view, forget_view)
