"""The scheduler's calendar: its address, and what a calendar program reads there; and rounds to print."""

from urllib.parse import urlencode

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.shops.visits.domain import by_currency
from survey.web import (
    Page,
    Request,
    bearer,
    flash,
    form_of,
    get_page,
    link_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
)

from .. import forms, queries, service
from ..domain import MOST_STOPS, as_given, in_kept_order, is_one_round, length_km, round_of
from .shared import SCHEDULERS, WORDS, amounts, view_of

CALENDAR = b"text/calendar; charset=utf-8; method=PUBLISH"


@get_page("/shops/calendar", SCHEDULERS)
async def calendar_page(request: Request) -> Page:
    """The account's own secret address, if it has one."""
    feed = await queries.find_feed(scope_of(request))
    address = service.address_of(settings_of(request), feed) if feed else ""
    return render(request, "scheduling/calendar.html", feed=feed, address=address, query=view_of(request).query())


@post_form("/shops/calendar", SCHEDULERS)
async def renew_calendar(request: Request) -> Page:
    """A new address; the old one is dead."""
    view = forms.view_of_query((await form_of(request))["query"])
    await service.renew_feed(scope_of(request), view, now_of(request))
    flash(request, "good", "This is your new address. An old one no longer works.")
    return redirect("/shops/calendar")


@post_form("/shops/calendar/revoke", SCHEDULERS)
async def revoke_calendar(request: Request) -> Page:
    """Let the address be dead."""
    await service.revoke_feed(scope_of(request), now_of(request))
    flash(request, "good", "The address no longer works.")
    return redirect("/shops/calendar")


@get_page(
    "/calendar/{token:str}",
    bearer("calendar programs cannot sign in: the address is the secret", purpose=Purpose.CALENDAR, role=None),
)
async def calendar_feed(request: Request, token: FromPath[str]) -> Page:
    """What a calendar program reads."""
    owner = await service.owner_of(link_of(request))
    view = forms.view_of_query(owner.query)
    body = await service.calendar_file(settings_of(request), owner, view, now_of(request))
    return Page(body, 200, CALENDAR).with_header("content-disposition", 'inline; filename="shops.ics"')


@post_form("/shops/route", SCHEDULERS)
async def choose_route(request: Request) -> Page:
    """From the ticked rows, or all that match, to an address that can be kept and printed; it says what was cut.

    From a button beside a stop: the same round with that stop moved, and the days that were typed.
    """
    form = await form_of(request)
    if "move" in form:
        legs, move = forms.moved_legs_in(form)
        pairs = [pair for shop_id, day in legs.items() for pair in (("shop", shop_id), ("day", day))]
        return redirect("/shops/route?" + urlencode([*pairs, ("order", "given"), ("move", move)]))
    selection = forms.selection_in(form)
    wanted = forms.view_of_query(selection.query).filter
    found = await service.selected(scope_of(request), selection, wanted, now_of(request))
    chosen = [("shop", str(shop_id)) for shop_id in found.ids[:MOST_STOPS]]
    cut = [("cut", "many" if found.is_too_many else str(len(found.ids) - MOST_STOPS))]
    return redirect("/shops/route?" + urlencode(chosen + (cut if len(found.ids) > MOST_STOPS else [])))


@get_page("/shops/route", SCHEDULERS)
async def route(request: Request) -> Page:
    """Several shops as one round: as they are one already, from the first always to the nearest, or as was chosen."""
    params = request.query_params
    asked, order = forms.ids_in(params.getall("shop", [])), params.get("order", "")
    stops = await queries.stops_of(scope_of(request), asked[:MOST_STOPS])
    if order not in ("given", "near"):
        order = "kept" if is_one_round(stops) else "near"
    legs = round_of(stops) if order == "near" else as_given(in_kept_order(stops) if order == "kept" else stops)
    totals = amounts(by_currency((leg.stop.currency, leg.stop.pay_cents) for leg in legs))
    chosen = [("shop", str(shop_id)) for shop_id in asked[:MOST_STOPS]]
    return render(
        request, "scheduling/route.html", legs=legs, length_km=length_km(legs), order=order, most=MOST_STOPS,
        totals=totals, cut=forms.cut_in(params.get("cut", ""), asked), move=params.get("move", ""),
        days=forms.typed_days_in(asked, params.getall("day", [])), is_round=is_one_round(stops),
        ways={way: "/shops/route?" + urlencode([*chosen, ("order", way)]) for way in ("kept", "near", "given")},
        **WORDS,
    )  # fmt: skip


ROUTES = (calendar_page, renew_calendar, revoke_calendar, calendar_feed, choose_route, route)
