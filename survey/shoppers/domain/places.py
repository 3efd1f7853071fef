"""Countries and time zones that a shopper can choose from."""

from collections.abc import Mapping

COUNTRIES: Mapping[str, str] = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "CH": "Switzerland",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FR": "France",
    "IT": "Italy",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PL": "Poland",
    "PT": "Portugal",
    "SE": "Sweden",
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
