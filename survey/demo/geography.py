"""The trees of the demo's clients: three regions, eight districts and forty stores of one, four shops of the other."""

from survey.clients.domain import Level, LocationDraft

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


def book_tree() -> list[LocationDraft]:
    """Lantern Books: four shops right below the headquarters."""
    return [
        LocationDraft(f"B{number}", f"Lantern {town}", Level.STORE, city=town, country=COUNTRY, time_zone=ZONE)
        for number, town in enumerate(("Leith", "Alloa", "Perth", "Ayr"), start=1)
    ]


def _district(code: str, name: str, region_code: str) -> list[LocationDraft]:
    first = (int(code[1:]) - 1) * STORES_A_DISTRICT + 1
    stores = [
        LocationDraft(f"S{number:02}", f"{name} {street}", Level.STORE, code, street=street, city=name,
                      country=COUNTRY, time_zone=ZONE)
        for number, street in enumerate(STREETS, start=first)
    ]  # fmt: skip
    return [LocationDraft(code, f"{name} Valley", Level.DISTRICT, region_code, time_zone=ZONE), *stores]
