"""The web process: the routes of every area, the client portal beside them, one door in front."""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler

from survey import portal
from survey.settings import Settings, settings
from survey.web.application import Clock, application, utc_now, with_database
from survey.web.front import Front
from survey.web.logs import configure_logs
from survey.web.rendering import Entry

STAFF = frozenset({"affiliate_admin", "manager"})
ADMINS = frozenset({"affiliate_admin"})
PROVIDER = frozenset({"provider"})

ROUTES: Sequence[HTTPRouteHandler] = ()

NAVIGATION = (
    Entry("Studies", "/studies", "clipboard-list", STAFF),
    Entry("Questionnaires", "/questionnaires", "list-checks", STAFF),
    Entry("Clients", "/clients", "building-2", STAFF),
    Entry("Panels", "/panels", "users-round", STAFF),
    Entry("People", "/users", "user-round-cog", ADMINS),
    Entry("Settings", "/settings", "settings", ADMINS),
    Entry("Affiliates", "/provider", "building-2", PROVIDER),
)


def create() -> Front:
    """What the server loads."""
    configure_logs()
    return build(settings())


def build(chosen: Settings, clock: Clock = utc_now) -> Front:
    """The whole site; starting it connects to the database."""
    assets = portal.assets_for(chosen)
    main = application(chosen, ROUTES, assets, navigation=NAVIGATION, clock=clock, lifespan=[with_database(chosen)])
    return Front(chosen, assets, [(portal.PREFIX, portal.room(chosen, assets, clock)), ("/", main)])
