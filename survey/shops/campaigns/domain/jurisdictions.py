"""Where a notice to staff was given, and whether a location lies there. Pure.

Codes are those of ISO 3166: a country such as GB, or one of its parts such as US-CA.
"""

from collections.abc import Collection, Iterable, Mapping

from survey.shoppers.domain import COUNTRIES

_OTHER_NAMES = {
    "usa": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "deutschland": "DE",
}
_CODE_OF_LAND = {name.lower(): code for code, name in COUNTRIES.items()} | _OTHER_NAMES

# The parts whose own law decides, as far as addresses write them out; elsewhere the code alone is understood.
_PARTS: Mapping[str, str] = {
    "US": "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
    "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
    "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
    "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
    "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,PR Puerto Rico,RI Rhode Island,"
    "SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming",
    "CA": "AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,"
    "NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon",
    "AU": "ACT Australian Capital Territory,NSW New South Wales,NT Northern Territory,QLD Queensland,"
    "SA South Australia,TAS Tasmania,VIC Victoria,WA Western Australia",
    "DE": "BW Baden-Württemberg,BY Bayern,BE Berlin,BB Brandenburg,HB Bremen,HH Hamburg,HE Hessen,"
    "MV Mecklenburg-Vorpommern,NI Niedersachsen,NW Nordrhein-Westfalen,RP Rheinland-Pfalz,SL Saarland,SN Sachsen,"
    "ST Sachsen-Anhalt,SH Schleswig-Holstein,TH Thüringen",
    "GB": "ENG England,SCT Scotland,WLS Wales,NIR Northern Ireland",
}
_CODE_OF_PART = {
    land: {name.lower(): code for code, _, name in (part.partition(" ") for part in parts.split(","))}
    for land, parts in _PARTS.items()
}
Place = tuple[str, str]  # region and country, as a location's address has them


def is_told(jurisdictions: Collection[str], region: str, country: str) -> bool:
    """Whether a notice given in these jurisdictions reached the staff of a location.

    Nobody is taken to have been told where the address does not say in which country, or state, it lies.
    """
    land = _land(country)
    return bool(land) and (land in jurisdictions or f"{land}-{_part(land, region)}" in jurisdictions)


def untold(jurisdictions: Collection[str], places: Iterable[Place]) -> list[Place]:
    """Those of the places in which a notice was not given."""
    return [place for place in places if not is_told(jurisdictions, *place)]


def place_words(place: Place) -> str:
    """A place for people: `NY, US`."""
    return ", ".join(filter(None, (part.strip() for part in place))) or "an address without a country"


def _land(country: str) -> str:
    text = country.strip()
    return _CODE_OF_LAND.get(text.lower(), text.upper() if len(text) == 2 else "")


def _part(land: str, region: str) -> str:
    text = region.strip()
    return _CODE_OF_PART.get(land, {}).get(text.lower(), text.upper())
