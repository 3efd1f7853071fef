"""Who is in the demo world. Every name is invented, and every address ends in a domain that can never receive mail."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.accounts.domain import AccountRole
from survey.affiliates.domain import Draft

DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Player:
    """One of the people who work with the product. slug: in the address of /demo that signs them in."""

    slug: str
    role: AccountRole
    name: str
    email: str
    words: str = ""
    shows: str = ""


PROVIDER_COMPANY = Draft("Lanternworks", "lanternworks", "1 Harbour Walk, Bristol BS1 5XX, United Kingdom",
                         f"office@lanternworks.{DOMAIN}")  # fmt: skip
NORTHLIGHT = Draft("Northlight Mystery Shopping", "north-light", "400 Mill Street, Suite 12, Harborside, MA 02100",
                   f"office@northlight.{DOMAIN}")  # fmt: skip
BEACON = Draft("Beacon Field Insights", "beacon", "8 Quayside, Leith EH6 6XX, United Kingdom",
               f"office@beacon.{DOMAIN}")  # fmt: skip

COPPERKETTLE = "Copperkettle Coffee"
HARBOR_PINE = "Harbor & Pine Outfitters"
JUNIPER = "Juniper Credit Union"
# Small shops of the same trade, whose visits are history.
SMALL_CLIENTS = ("Fable & Fern Books", "Acorn Street Toys", "Bramble Garden Supply")

PROVIDER = Player(
    "provider", AccountRole.PROVIDER, "Ines Okafor", f"ines@lanternworks.{DOMAIN}", "Provider",
    "runs the platform: its research companies, never their people",
)  # fmt: skip
ADMINISTRATOR = Player(
    "affiliate-admin", AccountRole.AFFILIATE_ADMIN, "Tomas Vale", f"tomas@northlight.{DOMAIN}",
    "Administrator of Northlight", "colleagues, settings, and everything a manager sees",
)  # fmt: skip
MANAGER = Player(
    "manager", AccountRole.MANAGER, "Priya Lund", f"priya@northlight.{DOMAIN}", "Manager at Northlight",
    "customer lists, questionnaires, studies and releases for Copperkettle Coffee",
)  # fmt: skip
SCHEDULER = Player(
    "scheduler", AccountRole.SCHEDULER, "Wilma Osei", f"wilma@northlight.{DOMAIN}", "Scheduler at Northlight",
    "gives mystery shops to shoppers, and sees which are at risk",
)  # fmt: skip
EDITOR = Player(
    "editor", AccountRole.EDITOR, "Edda Brandt", f"edda@northlight.{DOMAIN}", "Editor at Northlight",
    "reads shoppers’ reports before any client does, and takes people out of them",
)  # fmt: skip
PAYROLL = Player(
    "payroll", AccountRole.PAYROLL, "Rafael Quayle", f"rafael@northlight.{DOMAIN}", "Payroll at Northlight",
    "what shoppers are owed, by the day that was promised to them",
)  # fmt: skip
SHOPPER = Player(
    "shopper", AccountRole.SHOPPER, "Maya Ellison", f"maya.ellison@people.{DOMAIN}", "Mystery shopper",
    "the shops she may make, her reports and her pay; she is registered with both companies, and neither knows",
)  # fmt: skip
OTHER = Player(
    "other-affiliate", AccountRole.AFFILIATE_ADMIN, "Callum Reyes", f"callum@beacon.{DOMAIN}",
    "Administrator of Beacon Field Insights", "another company on the platform, which sees nothing of Northlight’s",
)  # fmt: skip
HEADQUARTERS = Player(
    "client-hq", AccountRole.CLIENT_VIEWER, "Maren Holt", f"maren@copperkettle.{DOMAIN}",
    "Copperkettle Coffee, headquarters", "the released results of every region and store",
)  # fmt: skip
STORE = Player(
    "client-store", AccountRole.CLIENT_VIEWER, "Jonas Petri", f"jonas@copperkettle.{DOMAIN}",
    "Copperkettle Coffee, one store", "the released results of that store and nothing beside it",
)  # fmt: skip

_EVERYBODY = (PROVIDER, ADMINISTRATOR, MANAGER, SCHEDULER, EDITOR, PAYROLL, SHOPPER, OTHER, HEADQUARTERS, STORE)
PLAYERS: Mapping[str, Player] = {player.slug: player for player in _EVERYBODY}


def _colleague(slug: str, role: AccountRole, name: str, company: str) -> Player:
    return Player(slug, role, name, f"{name.split()[0].lower()}@{company}.{DOMAIN}")


NORTHLIGHT_STAFF = (
    ADMINISTRATOR, MANAGER, SCHEDULER, EDITOR, PAYROLL,
    _colleague("second-scheduler", AccountRole.SCHEDULER, "Hugo Lindqvist", "northlight"),
    _colleague("second-editor", AccountRole.EDITOR, "Amara Doyle", "northlight"),
    _colleague("third-editor", AccountRole.EDITOR, "Silas Penrose", "northlight"),
)  # fmt: skip
BEACON_SCHEDULER = _colleague("beacon-scheduler", AccountRole.SCHEDULER, "Morag Sinclair", "beacon")
BEACON_EDITOR = _colleague("beacon-editor", AccountRole.EDITOR, "Euan Baird", "beacon")
BEACON_STAFF = (OTHER, BEACON_SCHEDULER, BEACON_EDITOR)


def _viewer(name: str, company: str) -> Player:
    return _colleague("", AccountRole.CLIENT_VIEWER, name, company)


# Who reads from which node of a client's tree downwards; "" is the headquarters.
VIEWERS: Mapping[str, tuple[tuple[str, Player], ...]] = {
    COPPERKETTLE: (
        ("", HEADQUARTERS),
        ("R1", _viewer("Della Marsh", "copperkettle")),
        ("R2", _viewer("Owen Castell", "copperkettle")),
        ("R3", _viewer("Ruth Ibarra", "copperkettle")),
        ("D1", _viewer("Pavel Birk", "copperkettle")),
        ("D2", _viewer("Nora Grell", "copperkettle")),
        ("D4", _viewer("Luis Abara", "copperkettle")),
        ("D8", _viewer("Greta Quist", "copperkettle")),
        ("CK-031", STORE),
        ("CK-001", _viewer("Ada Pell", "copperkettle")),
        ("CK-017", _viewer("Kofi Stroud", "copperkettle")),
        ("CK-040", _viewer("Vera Orme", "copperkettle")),
    ),
    HARBOR_PINE: (
        ("", _viewer("Ivo Hawtrey", "harborpine")),
        ("HP-01", _viewer("Lena Novak", "harborpine")),
        ("HP-10", _viewer("Tariq Eklund", "harborpine")),
    ),
    JUNIPER: (("JC-01", _viewer("Una Farrow", "juniper")),),
}  # fmt: skip
