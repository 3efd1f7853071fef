"""Countries and time zones that a shopper can choose from."""

from collections.abc import Mapping

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
           "America/Vancouver"),
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


def zone_of(country: str) -> str:
    """The zone that a new profile begins with."""
    return _ZONES[country][0] if country in _ZONES else "UTC"


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


def _by_name(lines: str) -> dict[str, str]:
    pairs = (each.strip().split(" ", 1) for each in lines.replace("\n", "").split("|"))
    return {name.casefold(): code.casefold() for code, name in pairs}


_SHORT: Mapping[str, Mapping[str, str]] = {"US": _by_name(_US), "CA": _by_name(_CANADA)}


def short_region(region: str, country: str) -> str:
    """A state or county in one spelling: people write Ohio, client lists OH."""
    plain = " ".join(region.casefold().split())
    return _SHORT.get(country, {}).get(plain, plain)
