"""The trees of the demo's clients, with where their places lie and when they are open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from survey.clients.domain import Hours, Level, LocationDraft, hours_of

# District -> its number and its stores. Stores are numbered through, so that Riverside is CK-031.
DISTRICTS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "Harbor": (1, ("Anchor Street", "Lighthouse Point", "Customs House", "Fish Pier", "Harbor Gate")),
    "Mill": (2, ("Loom Lane", "Waterwheel", "Canal Square", "Spindle Street", "Old Depot")),
    "Lakeside": (3, ("Boathouse", "Pine Shore", "Marina", "Lakeside Mall", "Ferry Landing")),
    "Prairie": (5, ("Grain Exchange", "Courthouse Square", "Union Station", "Meadow Plaza", "Elm & Fourth")),
    "Bluffs": (6, ("Bluff Street", "Quarry Park", "Riverfront", "College Hill", "Foundry")),
    "Foothill": (7, ("Canyon Road", "Sunset Plaza", "Orchard Hill", "Mission Street", "Ridgeview")),
    "Valley": (4, ("Riverside", "Vineyard", "Almond Row", "Depot Street", "Cannery", "Valley Fair")),
    "Coast": (8, ("Pier Nine", "Surf Avenue", "Boardwalk", "Cypress", "Bay Street", "Dunes")),
}
REGIONS: Mapping[str, tuple[str, ...]] = {
    "East": ("Harbor", "Mill", "Lakeside"),
    "Central": ("Prairie", "Bluffs"),
    "West": ("Foothill", "Valley", "Coast"),
}
WEST = "R3"
# The demo's store viewer reads this one.
SHOWN_STORE = "CK-031"
COMPETITORS = (("RV-1", "Bean There", "Valley"), ("RV-2", "Mudlark Coffee", "Foothill"),
               ("RV-3", "Daily Grind House", "Harbor"), ("RV-4", "Crema & Co", "Prairie"))  # fmt: skip
COFFEE_HOURS = hours_of("mon-fri 06:30-19:00; sat 07:00-19:00; sun 08:00-17:00")
SHOP_HOURS = hours_of("mon-sat 09:30-18:00; sun 11:00-17:00")
BRANCH_HOURS = hours_of("mon-fri 09:00-17:00")
UK = "Europe/London"


@dataclass(frozen=True, slots=True)
class Town:
    """Where places and people are: its centre in degrees, what it is called, and by which clock it lives."""

    point: tuple[float, float]
    city: str
    region: str
    country: str
    zone: str


TOWNS: Mapping[str, Town] = {
    "Valley": Town((37.64, -121.00), "Valley City", "CA", "US", "America/Los_Angeles"),
    "Coast": Town((37.15, -121.55), "Cypress Bay", "CA", "US", "America/Los_Angeles"),
    "Foothill": Town((37.95, -120.60), "Foothill", "CA", "US", "America/Los_Angeles"),
    "Harbor": Town((42.36, -71.06), "Harborside", "MA", "US", "America/New_York"),
    "Mill": Town((42.27, -71.80), "Millbrook", "MA", "US", "America/New_York"),
    "Lakeside": Town((43.05, -76.15), "Lakemont", "NY", "US", "America/New_York"),
    "Prairie": Town((41.60, -93.61), "Prairie City", "IA", "US", "America/Chicago"),
    "Bluffs": Town((44.02, -92.47), "Bluffton", "MN", "US", "America/Chicago"),
    "Leith": Town((55.97, -3.17), "Leith", "Midlothian", "GB", UK),
    "Alloa": Town((56.12, -3.79), "Alloa", "Clackmannan", "GB", UK),
    "Perth": Town((56.40, -3.43), "Perth", "Perthshire", "GB", UK),
    "Ayr": Town((55.46, -4.63), "Ayr", "Ayrshire", "GB", UK),
}
# Steps away from a centre, so that the places of one town do not lie upon one another.
STEPS = ((0.0, 0.0), (0.021, -0.034), (-0.018, 0.029), (0.009, 0.052), (-0.027, -0.041), (0.034, 0.017))
OUTFITTERS: Mapping[str, tuple[str, ...]] = {
    "Pacific": ("Valley", "Foothill", "Coast"),
    "Atlantic": ("Harbor", "Mill", "Lakeside"),
}
A_TOWN = 3  # shops of the outfitters
OUTFITTERS_STREETS = (
    "Corn Exchange", "Abbey Gate", "Canal Wharf", "Granite Mall", "Trailhead", "Mill Race", "Harpoon Row",
    "Sandpiper", "Cliff House", "Long Wharf", "Ropewalk", "Old Customs", "Bobbin Lane", "Weir Street", "Red Brick",
    "Ice House", "Maple Court", "North Shore",
)  # fmt: skip
CREDIT_UNION: Mapping[str, tuple[str, ...]] = {"Highland": ("Perth",), "Lowland": ("Leith", "Alloa", "Ayr")}
BRANCH_STREETS: Mapping[str, tuple[str, ...]] = {
    "Perth": ("Market Square", "Station Road", "High Street", "Riverside"),
    "Leith": ("Market Square", "Station Road", "Shore"),
    "Alloa": ("Market Square", "Mill Street", "High Street"),
    "Ayr": ("Station Road", "Sandgate"),
}
SMALL_STREETS = (
    "Garden Walk", "Chestnut Street", "Arch Lane", "Market Hall", "Post Road", "Linden Court", "Bell Tower",
    "Fountain Square", "Orchard Lane", "Station Yard",
)  # fmt: skip


def coffee_tree() -> list[LocationDraft]:
    """Copperkettle Coffee below its headquarters, parents first; what it compares itself with stands beside it."""
    drafts: list[LocationDraft] = []
    first = 1
    for number, (region, districts) in enumerate(REGIONS.items(), start=1):
        drafts.append(LocationDraft(f"R{number}", region, Level.REGION, time_zone=TOWNS[districts[0]].zone))
        for name in districts:
            drafts += _district(name, f"R{number}", first)
            first += len(DISTRICTS[name][1])
    return drafts + [
        replace(_place(Spot(code, name, "", town, f"{name} Corner", COFFEE_HOURS), at), is_competitor=True)
        for at, (code, name, town) in enumerate(COMPETITORS, start=3)
    ]


def outfitters_tree() -> list[LocationDraft]:
    """Harbor & Pine: two regions with nine shops each."""
    drafts: list[LocationDraft] = []
    for number, (region, towns) in enumerate(OUTFITTERS.items(), start=1):
        drafts.append(LocationDraft(f"H{number}", region, Level.REGION, time_zone=TOWNS[towns[0]].zone))
        first = (number - 1) * len(towns) * A_TOWN
        for at, town in enumerate((town for town in towns for _ in range(A_TOWN)), start=first):
            street = OUTFITTERS_STREETS[at]
            spot = Spot(f"HP-{at + 1:02}", street, f"H{number}", town, street, SHOP_HOURS)
            drafts.append(_place(spot, at + 1))
    return drafts


def branches_tree() -> list[LocationDraft]:
    """Juniper Credit Union: twelve branches that are called by telephone, in two regions."""
    drafts: list[LocationDraft] = []
    branch = 0
    for number, (region, towns) in enumerate(CREDIT_UNION.items(), start=1):
        drafts.append(LocationDraft(f"J{number}", region, Level.REGION, time_zone=UK))
        for town, street in [(name, street) for name in towns for street in BRANCH_STREETS[name]]:
            branch += 1
            spot = Spot(f"JC-{branch:02}", f"{town} {street}", f"J{number}", town, street, BRANCH_HOURS)
            drafts.append(_place(spot, branch))
    return drafts


def small_tree(letters: str) -> list[LocationDraft]:
    """A small client: ten shops right below its headquarters. letters: what its codes begin with."""
    towns = [name for name, town in TOWNS.items() if town.country == "US"]
    return [
        _place(Spot(f"{letters}-{at:02}", street, "", towns[at % len(towns)], street, SHOP_HOURS), at)
        for at, street in enumerate(SMALL_STREETS)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A store before it lies anywhere. above: the code of its parent."""

    code: str
    name: str
    above: str
    town: str
    street: str
    hours: Hours


def near(town: str, number: int) -> tuple[float, float]:
    """A point in or around a town; the same number is the same point."""
    north, east = TOWNS[town].point
    up, right = STEPS[number % len(STEPS)]
    return round(north + up + number % 7 * 0.002, 4), round(east + right - number % 5 * 0.003, 4)


def _district(name: str, above: str, first: int) -> list[LocationDraft]:
    number, streets = DISTRICTS[name]
    stores = [
        _place(Spot(f"CK-{at:03}", street, f"D{number}", name, f"{at} {street}", COFFEE_HOURS), at)
        for at, street in enumerate(streets, start=first)
    ]
    return [LocationDraft(f"D{number}", name, Level.DISTRICT, above, time_zone=TOWNS[name].zone), *stores]


def _place(spot: Spot, number: int) -> LocationDraft:
    latitude, longitude = near(spot.town, number)
    town = TOWNS[spot.town]
    return LocationDraft(
        spot.code, spot.name, Level.STORE, spot.above, street=spot.street, city=town.city, region=town.region,
        country=town.country, time_zone=town.zone, latitude=latitude, longitude=longitude, opening_hours=spot.hours,
    )  # fmt: skip
