"""Which time zone a place is likely to be in, from its country, state and postal code. A proposal, never a fact. Pure.

States that lie in several zones are asked about, but where their postal codes tell. Source: the zones of the IANA
database by the borders of 49 CFR part 71 (United States) and of the provinces' acts (Canada, Australia).
"""

from collections.abc import Mapping
from dataclasses import dataclass

UNKNOWN = "UTC"  # what a place has to which nobody has given a zone
TRUE_UTC = "Etc/UTC"  # what a place has that keeps this very time, as somebody has said

_NAMES: Mapping[str, tuple[str, ...]] = {
    "US": ("united states", "united states of america", "usa"), "CA": ("canada", "can"),
    "AU": ("australia", "aus"), "GB": ("united kingdom", "uk", "great britain", "england", "scotland", "wales"),
    "IE": ("ireland",), "AT": ("austria",), "BE": ("belgium",), "CH": ("switzerland",), "DE": ("germany",),
    "DK": ("denmark",), "FR": ("france",), "IT": ("italy",), "NL": ("netherlands", "the netherlands"),
    "NO": ("norway",), "NZ": ("new zealand",), "PL": ("poland",), "SE": ("sweden",), "FI": ("finland",),
    "CZ": ("czechia", "czech republic"), "HU": ("hungary",), "GR": ("greece",), "RO": ("romania",),
    "JP": ("japan",), "SG": ("singapore",), "IN": ("india",), "ZA": ("south africa",),
}  # fmt: skip
_OF_COUNTRY: Mapping[str, str] = {
    "GB": "Europe/London", "IE": "Europe/Dublin", "AT": "Europe/Vienna", "BE": "Europe/Brussels",
    "CH": "Europe/Zurich", "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "FR": "Europe/Paris",
    "IT": "Europe/Rome", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "NZ": "Pacific/Auckland",
    "PL": "Europe/Warsaw", "SE": "Europe/Stockholm", "FI": "Europe/Helsinki", "CZ": "Europe/Prague",
    "HU": "Europe/Budapest", "GR": "Europe/Athens", "RO": "Europe/Bucharest", "JP": "Asia/Tokyo",
    "SG": "Asia/Singapore", "IN": "Asia/Kolkata", "ZA": "Africa/Johannesburg",
}  # fmt: skip
_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
)  # fmt: skip
_STATES = """
US AL Alabama America/Chicago|US AK Alaska America/Anchorage America/Adak|US AZ Arizona America/Phoenix|
US AR Arkansas America/Chicago|US CA California America/Los_Angeles|US CO Colorado America/Denver|
US CT Connecticut America/New_York|US DE Delaware America/New_York|US DC District_of_Columbia America/New_York|
US FL Florida America/New_York America/Chicago|US GA Georgia America/New_York|US HI Hawaii Pacific/Honolulu|
US ID Idaho America/Boise America/Los_Angeles|US IL Illinois America/Chicago|
US IN Indiana America/Indiana/Indianapolis America/Chicago|US IA Iowa America/Chicago|
US KS Kansas America/Chicago America/Denver|US KY Kentucky America/New_York America/Chicago|
US LA Louisiana America/Chicago|US ME Maine America/New_York|US MD Maryland America/New_York|
US MA Massachusetts America/New_York|US MI Michigan America/Detroit America/Menominee|
US MN Minnesota America/Chicago|US MS Mississippi America/Chicago|US MO Missouri America/Chicago|
US MT Montana America/Denver|US NE Nebraska America/Chicago America/Denver|US NV Nevada America/Los_Angeles|
US NH New_Hampshire America/New_York|US NJ New_Jersey America/New_York|US NM New_Mexico America/Denver|
US NY New_York America/New_York|US NC North_Carolina America/New_York|
US ND North_Dakota America/Chicago America/Denver|US OH Ohio America/New_York|US OK Oklahoma America/Chicago|
US OR Oregon America/Los_Angeles America/Boise|US PA Pennsylvania America/New_York|
US RI Rhode_Island America/New_York|US SC South_Carolina America/New_York|
US SD South_Dakota America/Chicago America/Denver|US TN Tennessee America/Chicago America/New_York|
US TX Texas America/Chicago America/Denver|US UT Utah America/Denver|US VT Vermont America/New_York|
US VA Virginia America/New_York|US WA Washington America/Los_Angeles|US WV West_Virginia America/New_York|
US WI Wisconsin America/Chicago|US WY Wyoming America/Denver|
CA AB Alberta America/Edmonton|CA BC British_Columbia America/Vancouver America/Edmonton|
CA MB Manitoba America/Winnipeg|CA NB New_Brunswick America/Moncton|
CA NL Newfoundland_and_Labrador America/St_Johns America/Halifax|CA NS Nova_Scotia America/Halifax|
CA NT Northwest_Territories America/Edmonton|CA NU Nunavut America/Iqaluit America/Rankin_Inlet|
CA ON Ontario America/Toronto America/Winnipeg|CA PE Prince_Edward_Island America/Halifax|
CA QC Quebec America/Toronto America/Halifax|CA SK Saskatchewan America/Regina|CA YT Yukon America/Whitehorse|
AU ACT Australian_Capital_Territory Australia/Sydney|AU NSW New_South_Wales Australia/Sydney Australia/Broken_Hill|
AU NT Northern_Territory Australia/Darwin|AU QLD Queensland Australia/Brisbane|AU SA South_Australia Australia/Adelaide|
AU TAS Tasmania Australia/Hobart|AU VIC Victoria Australia/Melbourne|
AU WA Western_Australia Australia/Perth Australia/Eucla
"""
# First digits of postal codes that settle a state of several zones, the longest that fits; none: it is asked.
_BY_CODE: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("US", "TX"): {"75": _CENTRAL, "76": _CENTRAL, "77": _CENTRAL, "78": _CENTRAL, "79": _CENTRAL, "798": "",
                   "799": _MOUNTAIN, "885": _MOUNTAIN},
    ("US", "FL"): {"32": _EASTERN, "33": _EASTERN, "34": _EASTERN, "324": "", "325": _CENTRAL},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """Zones that a place may be in, the likeliest first, and what says so. None: nothing is known."""

    zones: tuple[str, ...] = ()
    source: str = ""

    @property
    def zone(self) -> str:
        """The one zone that it is likely to be in; empty where there are several, or none."""
        return self.zones[0] if len(self.zones) == 1 else ""

    @property
    def words(self) -> str:
        """What staff read: where the zone comes from, or what they have to say."""
        if self.zone:
            return f"zone guessed from {self.source}: {self.zone}"
        if self.zones:
            return f"{self.source} lies in several time zones: say {' or '.join(self.zones)}."
        return "Give it a time zone such as Europe/London."


@dataclass(frozen=True, slots=True)
class ZoneGuess:
    """A zone that the list does not say, for whoever looks at the dry run."""

    row: int
    code: str
    words: str


def guessed_zone(country: str, region: str, postal_code: str) -> Guess:
    """What a place's address says of its zone. Two-letter codes and names are read, in any case."""
    code = _country_code(country)
    state = _BY_STATE.get((code, _plain(region)))
    if state is None:
        zone = _OF_COUNTRY.get(code)
        return Guess((zone,), country.strip()) if zone else Guess()
    short, name, zones = state
    told = _BY_CODE.get((code, short), {})
    known = max((start for start in told if postal_code.strip().startswith(start)), key=len, default="")
    if told.get(known):
        return Guess((told[known],), f"{name}, postal code {postal_code.strip()}")
    return Guess(zones, name)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(".", "").split())


def _country_code(country: str) -> str:
    plain = _plain(country)
    return next((code for code, names in _NAMES.items() if plain == code.casefold() or plain in names), "")


def _states() -> dict[tuple[str, str], tuple[str, str, tuple[str, ...]]]:
    known: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {}
    for line in _STATES.replace("\n", "").split("|"):
        country, short, name, *zones = line.split(" ")
        state = (short, name.replace("_", " "), tuple(zones))
        known |= {(country, _plain(short)): state, (country, _plain(state[1])): state}
    return known


_BY_STATE = _states()
