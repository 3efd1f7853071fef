"""The client portal: an application of its own that reads the release plane and nothing else.

`candour serve` puts it beside the rest under /portal; `candour serve --portal` serves it alone, on a machine whose
database may hold only the release schema.
"""

from collections.abc import Sequence

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from survey.affiliates import routes as affiliates
from survey.appeals import routes as appeals
from survey.reports import routes as reports
from survey.settings import Settings, settings
from survey.web import Page, Request, get_page, public, redirect
from survey.web.application import Clock, application, utc_now, with_database
from survey.web.front import Front
from survey.web.logs import configure_logs
from survey.web.rendering import Renderer
from survey.web.static import Assets, assets_for

PREFIX = "/portal"

ROUTES: Sequence[HTTPRouteHandler] = (*appeals.PORTAL, *reports.ROUTES)


def create() -> Front:
    """What the server loads when the portal is served alone."""
    configure_logs()
    chosen = settings()
    assets = assets_for(chosen)
    lifespan = [with_database(chosen)]
    routes = (home, *affiliates.FETCHED, *ROUTES)
    alone = application(chosen, routes, Renderer(chosen, assets.url), clock=utc_now, lifespan=lifespan)
    return Front(chosen, assets, [("/", alone)])


@get_page("/", public("the portal's own host leads to the portal"))
async def home(request: Request) -> Page:
    """Where somebody lands who types the host's name."""
    return redirect(PREFIX)


def room(chosen: Settings, assets: Assets, clock: Clock) -> Litestar:
    """The portal within the web process, which has connected to the database already."""
    return application(chosen, ROUTES, Renderer(chosen, assets.url), clock=clock)
