"""The shopper's calendar address, and what a calendar program reads behind it."""

from litestar.params import FromPath

from privacy.tokens import Purpose
from survey.web import (
    Page,
    Request,
    bearer,
    flash,
    get_page,
    link_of,
    now_of,
    post_form,
    redirect,
    render,
    scope_of,
    settings_of,
    shopper,
)

from .. import service

OWN = shopper()
CALENDAR = "/shopper/calendar"


@get_page(CALENDAR, OWN)
async def calendar_page(request: Request) -> Page:
    """The address, if there is one."""
    feed, address = await service.calendar.own_address(scope_of(request), settings_of(request))
    return render(request, "board/calendar.html", feed=feed, address=address)


@post_form(CALENDAR, OWN)
async def renew(request: Request) -> Page:
    """A new address; the old one is dead."""
    await service.calendar.renew_feed(scope_of(request), now_of(request))
    flash(request, "good", "This is your address. An older one no longer works.")
    return redirect(CALENDAR)


@post_form(f"{CALENDAR}/revoke", OWN)
async def revoke(request: Request) -> Page:
    """Let the address be dead."""
    await service.calendar.revoke_feed(scope_of(request), now_of(request))
    flash(request, "good", "The address no longer works.")
    return redirect(CALENDAR)


@get_page(
    "/my-shops/{token:str}",
    bearer("calendar programs cannot sign in: the address is the secret", purpose=Purpose.SHOPPER_CALENDAR, role=None),
)
async def calendar_feed(request: Request, token: FromPath[str]) -> Page:
    """What a calendar program reads."""
    body = await service.calendar.calendar_file(settings_of(request), link_of(request), now_of(request))
    page = Page(body, 200, b"text/calendar; charset=utf-8; method=PUBLISH")
    return page.with_header("content-disposition", 'inline; filename="my-shops.ics"')


ROUTES = (calendar_page, renew, revoke, calendar_feed)
