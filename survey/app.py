"""The web process: the routes of every area, the client portal beside them, one door in front."""

from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler

from survey import portal
from survey.accounts import routes as accounts
from survey.affiliates import routes as affiliates
from survey.appeals import routes as appeals
from survey.clients import routes as clients
from survey.contacts import routes as contacts
from survey.demo import routes as demo
from survey.invitations import routes as invitations
from survey.mailbox import routes as mailbox
from survey.panels import routes as panels
from survey.promises import inventory
from survey.promises import routes as promises
from survey.questionnaires import routes as questionnaires
from survey.releases import routes as releases
from survey.reports import routes as reports
from survey.responses import routes as responses
from survey.rights import routes as rights
from survey.settings import Environment, Settings, settings
from survey.shoppers import routes as shoppers
from survey.shops.board import routes as board
from survey.shops.campaigns import routes as campaigns
from survey.shops.fieldwork import routes as fieldwork
from survey.shops.payments import routes as payments
from survey.shops.reviews import routes as reviews
from survey.shops.scheduling import routes as scheduling
from survey.shops.visits import routes as visits
from survey.studies import routes as studies
from survey.web.application import Clock, Lifespan, application, utc_now, with_database
from survey.web.front import Front
from survey.web.logs import configure_logs
from survey.web.rendering import Entry, Renderer
from survey.web.static import assets_for

STAFF = frozenset({"affiliate_admin", "manager"})
EDITORS = frozenset({"affiliate_admin", "manager", "editor"})
ADMINS = frozenset({"affiliate_admin"})
PROVIDER = frozenset({"provider"})
SCHEDULERS = STAFF | {"scheduler"}
PAYERS = frozenset({"affiliate_admin", "payroll"})
SHOPPERS = frozenset({"shopper"})
OF_MY_SHOPS = ("/shopper/messages", "/shopper/calendar", "/shopper/marks", "/shopper/rubric")

ROUTES: Sequence[HTTPRouteHandler] = (
    *accounts.ROUTES,
    *affiliates.ROUTES,
    *appeals.ROUTES,
    *board.ROUTES,
    *campaigns.ROUTES,
    *clients.ROUTES,
    *contacts.ROUTES,
    *fieldwork.ROUTES,
    *invitations.ROUTES,
    *panels.ROUTES,
    *payments.ROUTES,
    *promises.ROUTES,
    *questionnaires.ROUTES,
    *releases.ROUTES,
    *reports.OPEN,
    *responses.ROUTES,
    *reviews.ROUTES,
    *rights.ROUTES,
    *scheduling.ROUTES,
    *shoppers.ROUTES,
    *studies.ROUTES,
    *visits.ROUTES,
)

NAVIGATION = (
    Entry("Shops", "/shops", "clipboard-list", SCHEDULERS),
    Entry("Messages", "/messages", "message-square", SCHEDULERS),
    Entry("Studies", "/studies", "clipboard-list", STAFF),
    Entry("Campaigns", "/campaigns", "flag", SCHEDULERS, also=("/waves",)),
    Entry("Questionnaires", "/questionnaires", "list-checks", STAFF),
    Entry("Clients", "/clients", "building-2", STAFF, also=("/locations", "/contacts", "/imports")),
    Entry("Panels", "/panels", "users-round", STAFF),
    Entry("Shoppers", "/shoppers", "users", SCHEDULERS),
    Entry("Reviews", "/reviews", "eye", EDITORS),
    Entry("Releases", "/releases", "send", EDITORS),
    Entry("Appeals", "/appeals", "message-square", EDITORS),
    Entry("Pay", "/pay", "banknote", PAYERS),
    Entry("Prove it", "/promises/proof", "shield-check", EDITORS),
    Entry("People", "/users", "user-round", ADMINS),
    Entry("Settings", "/settings", "settings", ADMINS),
    Entry("Affiliates", "/provider", "building-2", PROVIDER),
    # A shopper's own pages: other areas put theirs between these two.
    Entry("Home", "/shopper", "house", SHOPPERS),
    Entry("Job board", "/shopper/board", "map-pin", SHOPPERS, also=("/shopper/guidelines",)),
    Entry("My shops", "/shopper/shops", "calendar", SHOPPERS, also=OF_MY_SHOPS),
    Entry("Questions", "/shopper/appeals", "message-square", SHOPPERS),
    Entry("Pay", "/shopper/pay", "banknote", SHOPPERS),
    Entry("Profile", "/shopper/profile", "user-round", SHOPPERS, also=("/shopper/data",)),
)


def create() -> Front:
    """What the server loads."""
    configure_logs()
    chosen = settings()
    return build(chosen, lifespan=[with_database(chosen)])


def routes_of(chosen: Settings) -> Sequence[HTTPRouteHandler]:
    """What this deployment answers. One-click sign-ins are for the demo, a mailbox for developers too."""
    match chosen.environment:
        case Environment.DEMO:
            return (*ROUTES, *mailbox.ROUTES, *demo.DEV, *demo.DEMO)
        case Environment.DEVELOPMENT:
            return (*ROUTES, *mailbox.ROUTES, *demo.DEV)
        case _:
            return ROUTES


def build(chosen: Settings, clock: Clock = utc_now, lifespan: Sequence[Lifespan] = ()) -> Front:
    """The whole site. Raises Unclassified where there is a column of which nobody has said what it is."""
    inventory.stop_at_unclassified()
    assets = assets_for(chosen)
    main = application(
        chosen, routes_of(chosen), Renderer(chosen, assets.url, NAVIGATION), clock=clock, lifespan=lifespan
    )
    return Front(chosen, assets, [(portal.PREFIX, portal.room(chosen, assets, clock)), ("/", main)])
