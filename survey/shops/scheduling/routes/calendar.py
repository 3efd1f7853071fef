"""The scheduler's calendar: its address, and what a calendar program reads there; and rounds to print."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

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
from ..domain import MOST_STOPS, as_given, length_km, round_of
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
    """From the ticked rows, or all that match, to an address that can be kept and printed; it says what was cut."""
    selection = forms.selection_in(await form_of(request))
    wanted = forms.view_of_query(selection.query).filter
    found = await service.selected(scope_of(request), selection, wanted, now_of(request))
    chosen = [("shop", str(shop_id)) for shop_id in found.ids[:MOST_STOPS]]
    cut = [("cut", "many" if found.is_too_many else str(len(found.ids) - MOST_STOPS))]
    return redirect("/shops/route?" + urlencode(chosen + (cut if len(found.ids) > MOST_STOPS else [])))


@get_page("/shops/route", SCHEDULERS)
async def route(request: Request) -> Page:
    """Several shops as one round: from the first always to the nearest, or in the order that somebody has chosen."""
    asked = forms.ids_in(request.query_params.getall("shop", []))
    stops = await queries.stops_of(scope_of(request), asked[:MOST_STOPS])
    is_given = request.query_params.get("order") == "given"
    legs = as_given(stops) if is_given else round_of(stops)
    cut = forms.cut_in(request.query_params.get("cut", ""), asked)
    totals = amounts(by_currency((leg.stop.currency, leg.stop.pay_cents) for leg in legs))
    return render(
        request, "scheduling/route.html", legs=legs, length_km=length_km(legs), is_given=is_given, most=MOST_STOPS,
        totals=totals, cut=cut, other=_other_way(asked, is_given), **WORDS,
    )  # fmt: skip


def _other_way(asked: Sequence[UUID], is_given: bool) -> str:
    """The address of the same round the other way."""
    chosen = [("shop", str(shop_id)) for shop_id in asked[:MOST_STOPS]]
    return "/shops/route?" + urlencode(chosen + ([] if is_given else [("order", "given")]))


ROUTES = (calendar_page, renew_calendar, revoke_calendar, calendar_feed, choose_route, route)
