"""The scheduler's calendar: its address, and what a calendar program reads there; and rounds to print."""

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
from ..domain import MOST_STOPS, length_km, round_of
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
    """From the ticked rows to an address that can be kept and printed."""
    ids = forms.selection_in(await form_of(request)).ids[:MOST_STOPS]
    return redirect("/shops/route?" + "&".join(f"shop={shop_id}" for shop_id in ids))


@get_page("/shops/route", SCHEDULERS)
async def route(request: Request) -> Page:
    """Several shops as one round, from the first that was chosen always to the nearest."""
    ids = forms.ids_in(request.query_params.getall("shop", []))[:MOST_STOPS]
    legs = round_of(await queries.stops_of(scope_of(request), ids))
    totals = amounts(by_currency((leg.stop.currency, leg.stop.pay_cents) for leg in legs))
    return render(request, "scheduling/route.html", legs=legs, length_km=length_km(legs), totals=totals, **WORDS)


ROUTES = (calendar_page, renew_calendar, revoke_calendar, calendar_feed, choose_route, route)
