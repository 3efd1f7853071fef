"""The client portal: an application of its own that reads the release plane and nothing else.

`candour serve` puts it beside the rest under /portal; `candour serve --portal` serves it alone, on a machine whose
database may hold only the release schema.
"""

from collections.abc import Sequence

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from survey.settings import Environment, Settings, settings
from survey.web.application import Clock, application, utc_now, with_database
from survey.web.front import Front
from survey.web.logs import configure_logs
from survey.web.static import Assets

PREFIX = "/portal"

ROUTES: Sequence[HTTPRouteHandler] = ()


def create() -> Front:
    """What the server loads when the portal is served alone."""
    configure_logs()
    chosen = settings()
    assets = assets_for(chosen)
    alone = application(chosen, ROUTES, assets, clock=utc_now, lifespan=[with_database(chosen)])
    return Front(chosen, assets, [("/", alone)])


def room(chosen: Settings, assets: Assets, clock: Clock) -> Litestar:
    """The portal within the web process, which has connected to the database already."""
    return application(chosen, ROUTES, assets, clock=clock)


def assets_for(chosen: Settings) -> Assets:
    """Style sheets and scripts; in development they are read again when they change."""
    return Assets(is_live=chosen.environment is Environment.DEVELOPMENT)
