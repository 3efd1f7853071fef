"""The trees of the demo's clients, with where their places lie and when they are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.clients.domain import Hours, Level, LocationDraft, hours_of

REGIONS = {
    "North": ("Tyne", "Wear", "Pennine"),
    "Midlands": ("Trent", "Severn"),
    "South": ("Thames", "Solent", "Exe"),
}
STREETS = ("Market Square", "Station Road", "High Street", "Riverside", "The Arcade")
STORES_A_DISTRICT = len(STREETS)
# The demo's store viewer reads this one; it is busy enough to be shown.
SHOWN_STORE = "S01"
COUNTRY = "GB"
ZONE = "Europe/London"
COFFEE_HOURS = hours_of("mon-fri 07:00-19:00; sat 08:00-19:00; sun 09:00-17:00")
SHOP_HOURS = hours_of("mon-sat 09:30-18:00; sun 11:00-16:00")
BRANCH_HOURS = hours_of("mon-fri 09:00-17:00")
# Where the demo's districts and towns lie, in degrees.
CENTRES: Mapping[str, tuple[float, float]] = {
    "Tyne": (54.97, -1.61), "Wear": (54.84, -1.47), "Pennine": (53.72, -1.86), "Trent": (52.95, -1.15),
    "Severn": (52.19, -2.22), "Thames": (51.46, -0.98), "Solent": (50.91, -1.40), "Exe": (50.73, -3.53),
    "Leith": (55.97, -3.17), "Alloa": (56.12, -3.79), "Perth": (56.40, -3.43), "Ayr": (55.46, -4.63),
}  # fmt: skip
# Steps away from a centre, so that the places of one town do not lie upon one another.
STEPS = ((0.0, 0.0), (0.021, -0.034), (-0.018, 0.029), (0.009, 0.052), (-0.027, -0.041), (0.034, 0.017))
LARCH_REGIONS: Mapping[str, Sequence[str]] = {
    "Upland": ("Tyne", "Wear", "Pennine"),
    "Lowland": ("Trent", "Severn", "Thames"),
}
LARCH_STREETS = ("Corn Exchange", "Abbey Gate", "Canal Wharf")


def coffee_tree() -> list[LocationDraft]:
    """Brightwater Coffee below its headquarters, parents first."""
    drafts: list[LocationDraft] = []
    districts = 0
    for number, (region, names) in enumerate(REGIONS.items(), start=1):
        code = f"R{number}"
        drafts.append(LocationDraft(code, region, Level.REGION, time_zone=ZONE))
        for name in names:
            districts += 1
            drafts += _district(f"D{districts}", name, code)
    return drafts


def outfitters_tree() -> list[LocationDraft]:
    """Larch & Loom: two regions with nine shops each."""
    drafts: list[LocationDraft] = []
    for number, (region, towns) in enumerate(LARCH_REGIONS.items(), start=1):
        drafts.append(LocationDraft(f"L{number}", region, Level.REGION, time_zone=ZONE))
        first = (number - 1) * len(towns) * len(LARCH_STREETS) + 1
        places = [(town, street) for town in towns for street in LARCH_STREETS]
        drafts += [
            _place(Spot(f"O{at:02}", f"{town} {street}", f"L{number}", town, street, SHOP_HOURS), at)
            for at, (town, street) in enumerate(places, start=first)
        ]
    return drafts


def branches_tree() -> list[LocationDraft]:
    """Juniper Savings Union: twelve branches that are called by telephone."""
    return [
        _place(Spot(f"J{number:02}", f"Juniper {town} {street}", "", town, street, BRANCH_HOURS), number)
        for number, (town, street) in enumerate(
            ((town, street) for town in ("Leith", "Alloa", "Perth", "Ayr") for street in STREETS[:3]), start=1
        )
    ]


def book_tree() -> list[LocationDraft]:
    """Lantern Books: four shops right below the headquarters."""
    return [
        _place(Spot(f"B{number}", f"Lantern {town}", "", town, "", SHOP_HOURS), number)
        for number, town in enumerate(("Leith", "Alloa", "Perth", "Ayr"), start=1)
    ]


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
    north, east = CENTRES[town]
    up, right = STEPS[number % len(STEPS)]
    return round(north + up + number % 7 * 0.002, 4), round(east + right - number % 5 * 0.003, 4)


def _district(code: str, name: str, region_code: str) -> list[LocationDraft]:
    first = (int(code[1:]) - 1) * STORES_A_DISTRICT + 1
    stores = [
        _place(Spot(f"S{number:02}", f"{name} {street}", code, name, street, COFFEE_HOURS), number)
        for number, street in enumerate(STREETS, start=first)
    ]
    return [LocationDraft(code, f"{name} Valley", Level.DISTRICT, region_code, time_zone=ZONE), *stores]


def _place(spot: Spot, number: int) -> LocationDraft:
    latitude, longitude = near(spot.town, number)
    return LocationDraft(
        spot.code, spot.name, Level.STORE, spot.above, street=spot.street, city=spot.town, country=COUNTRY,
        time_zone=ZONE, latitude=latitude, longitude=longitude, opening_hours=spot.hours,
    )  # fmt: skip
