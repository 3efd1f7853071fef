"""Who is in the demo world. Every name is invented, and every address ends in a domain that can never receive mail."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.accounts.domain import AccountRole
from survey.affiliates.domain import Draft

DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class Player:
    """One of the people whom a visitor of /demo can be. slug: in the address that signs them in."""

    slug: str
    role: AccountRole
    name: str
    email: str
    words: str
    shows: str


PROVIDER_COMPANY = Draft("Candour Platform", "candour", "1 Harbour Walk, Bristol BS1 5XX, United Kingdom",
                         f"office@candour.{DOMAIN}")  # fmt: skip
KESTREL = Draft("Kestrel Field Research", "kestrel", "14 Mill Lane, York YO1 9XX, United Kingdom",
                f"office@kestrel.{DOMAIN}")  # fmt: skip
HARBOUR = Draft("Harbour Insights", "harbour", "8 Quayside, Leith EH6 6XX, United Kingdom",
                f"office@harbour.{DOMAIN}")  # fmt: skip

BRIGHTWATER = "Brightwater Coffee"
LARCH = "Larch & Loom Outfitters"
LANTERN = "Lantern Books"
JUNIPER = "Juniper Savings Union"

PROVIDER = Player(
    "provider", AccountRole.PROVIDER, "Ines Okafor", f"ines@candour.{DOMAIN}", "Provider",
    "runs the platform: its research companies, never their people",
)  # fmt: skip
ADMINISTRATOR = Player(
    "affiliate-admin", AccountRole.AFFILIATE_ADMIN, "Tomas Vale", f"tomas@kestrel.{DOMAIN}",
    "Administrator of Kestrel Field Research", "colleagues, settings, and everything a manager sees",
)  # fmt: skip
MANAGER = Player(
    "manager", AccountRole.MANAGER, "Priya Lund", f"priya@kestrel.{DOMAIN}", "Manager at Kestrel Field Research",
    "customer lists, questionnaires, studies and releases for Brightwater Coffee",
)  # fmt: skip
SCHEDULER = Player(
    "scheduler", AccountRole.SCHEDULER, "Wilma Osei", f"wilma@kestrel.{DOMAIN}", "Scheduler at Kestrel Field Research",
    "gives mystery shops to shoppers, and sees which are at risk",
)  # fmt: skip
EDITOR = Player(
    "editor", AccountRole.EDITOR, "Edda Brandt", f"edda@kestrel.{DOMAIN}", "Editor at Kestrel Field Research",
    "reads shoppers’ reports before any client does, and takes people out of them",
)  # fmt: skip
PAYROLL = Player(
    "payroll", AccountRole.PAYROLL, "Rafael Quayle", f"rafael@kestrel.{DOMAIN}", "Payroll at Kestrel Field Research",
    "what shoppers are owed, by the day that was promised to them",
)  # fmt: skip
SHOPPER = Player(
    "shopper", AccountRole.SHOPPER, "Maya Ellison", f"maya.ellison@people.{DOMAIN}", "Mystery shopper",
    "the shops she may make, her reports and her pay; she is registered with both companies, and neither knows",
)  # fmt: skip
OTHER = Player(
    "other-affiliate", AccountRole.AFFILIATE_ADMIN, "Callum Reyes", f"callum@harbour.{DOMAIN}",
    "Administrator of Harbour Insights", "another company on the same platform, which sees nothing of Kestrel’s",
)  # fmt: skip
HEADQUARTERS = Player(
    "client-hq", AccountRole.CLIENT_VIEWER, "Maren Holt", f"maren@brightwater.{DOMAIN}",
    "Brightwater Coffee, headquarters", "the released results of every region and store",
)  # fmt: skip
STORE = Player(
    "client-store", AccountRole.CLIENT_VIEWER, "Jonas Petri", f"jonas@brightwater.{DOMAIN}",
    "Brightwater Coffee, one store", "the released results of that store and nothing beside it",
)  # fmt: skip

_EVERYBODY = (PROVIDER, ADMINISTRATOR, MANAGER, SCHEDULER, EDITOR, PAYROLL, SHOPPER, OTHER, HEADQUARTERS, STORE)
PLAYERS: Mapping[str, Player] = {player.slug: player for player in _EVERYBODY}
