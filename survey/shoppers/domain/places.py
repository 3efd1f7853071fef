"""Countries and time zones that a shopper can choose from."""

from collections.abc import Mapping

from survey.clients.domain import guessed_zone

COUNTRIES: Mapping[str, str] = {
    "AU": "Australia",
    "AT": "Austria",
    "BE": "Belgium",
    "CA": "Canada",
    "DK": "Denmark",
    "FR": "France",
    "DE": "Germany",
    "IE": "Ireland",
    "IT": "Italy",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NZ": "New Zealand",
    "NO": "Norway",
    "PL": "Poland",
    "PT": "Portugal",
    "ES": "Spain",
    "SE": "Sweden",
    "CH": "Switzerland",
    "GB": "United Kingdom",
    "US": "United States",
}
# Where an address is not whole without its state or province.
WITH_REGIONS = frozenset({"AU", "CA", "MX", "US"})
# The first of a country is what a new profile begins with; the shopper corrects it.
_ZONES: Mapping[str, tuple[str, ...]] = {
    "US": (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Phoenix",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
    ),
    "CA": ("America/Toronto", "America/Halifax", "America/St_Johns", "America/Winnipeg", "America/Edmonton",
           "America/Vancouver", "America/Regina", "America/Whitehorse"),
    "GB": ("Europe/London",),
    "IE": ("Europe/Dublin",),
    "AT": ("Europe/Vienna",),
    "AU": ("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth"),
    "BE": ("Europe/Brussels",),
    "CH": ("Europe/Zurich",),
    "DE": ("Europe/Berlin",),
    "DK": ("Europe/Copenhagen",),
    "ES": ("Europe/Madrid", "Atlantic/Canary"),
    "FR": ("Europe/Paris",),
    "IT": ("Europe/Rome",),
    "MX": ("America/Mexico_City", "America/Cancun", "America/Tijuana"),
    "NL": ("Europe/Amsterdam",),
    "NO": ("Europe/Oslo",),
    "NZ": ("Pacific/Auckland",),
    "PL": ("Europe/Warsaw",),
    "PT": ("Europe/Lisbon", "Atlantic/Azores"),
    "SE": ("Europe/Stockholm",),
}  # fmt: skip
TIME_ZONES = ("UTC", *sorted(zone for zones in _ZONES.values() for zone in zones))


_US = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|
DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|
LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|
NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|
OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|
UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming
"""
_CANADA = """
AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|
NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon
"""
_AUSTRALIA = """
ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland|SA South Australia|
TAS Tasmania|VIC Victoria|WA Western Australia
"""


# By state or province: the zone in which most of its people live, as a number of the country's above.
_BY_REGION: Mapping[str, tuple[str, ...]] = {
    "US": (
        "ct de dc fl ga in ky me md ma mi nh nj ny nc oh pa ri sc vt va wv",
        "al ar il ia ks la mn ms mo ne nd ok sd tn tx wi",
        "co id mt nm ut wy",
        "az",
        "ca nv or wa",
        "ak",
        "hi",
    ),
    "CA": ("on qc nu", "ns nb pe", "nl", "mb", "ab nt", "bc", "sk", "yt"),
    "AU": ("nsw act vic tas", "qld", "sa", "nt", "wa"),
}
# Where a good part of the people live by another clock than the rest.
_TWO_CLOCKS = {"US": frozenset(["fl", "id", "in", "ks", "ky", "mi", "ne", "nd", "or", "sd", "tn", "tx"])}


def zone_of(country: str, region: str = "") -> str:
    """The zone that a new profile begins with, by the state or province where one is known."""
    short = short_region(region, country)
    for zone, regions in zip(_ZONES.get(country, ()), _BY_REGION.get(country, ()), strict=False):
        if short in regions.split():
            return zone
    return _ZONES[country][0] if country in _ZONES else "UTC"


def has_two_clocks(country: str, region: str) -> bool:
    """Whether a state has two zones, so that its people have to say which is theirs."""
    return short_region(region, country) in _TWO_CLOCKS.get(country, ())


def clock_of(country: str, region: str, postal_code: str) -> str:
    """The zone where an address tells it; empty where its state has two, and the postal code does not settle it."""
    if not has_two_clocks(country, region):
        return zone_of(country, region)
    told = guessed_zone(country, region, postal_code).zone
    return told if told in zones_of(country) else ""


def clock_to_check(old: tuple[str, str], new: tuple[str, str], zone: str) -> str:
    """The zone that is proposed to somebody who moves to another country and region; empty where theirs may stay."""
    (country, region), is_abroad = new, new[0] != old[0]
    if not is_abroad and short_region(region, country) == short_region(old[1], country):
        return ""
    is_known = is_abroad or any(short_region(region, country) in each.split() for each in _BY_REGION.get(country, ()))
    proposed = zone_of(country, region)
    return proposed if is_known and (proposed != zone or has_two_clocks(country, region)) else ""


def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the one of most people first."""
    return _ZONES.get(country, ())


def zone_words(zone: str) -> str:
    """A zone as people read it."""
    return zone.replace("_", " ").replace("/", ": ")


def _by_name(lines: str) -> dict[str, str]:
    pairs = (each.strip().split(" ", 1) for each in lines.replace("\n", "").split("|"))
    return {name.casefold(): code.casefold() for code, name in pairs}


_SHORT: Mapping[str, Mapping[str, str]] = {"US": _by_name(_US), "CA": _by_name(_CANADA), "AU": _by_name(_AUSTRALIA)}


def short_region(region: str, country: str) -> str:
    """A state or county in one spelling: people write Ohio, client lists OH."""
    plain = " ".join(region.casefold().split())
    return _SHORT.get(country, {}).get(plain, plain)
