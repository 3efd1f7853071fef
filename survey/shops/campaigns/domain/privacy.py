"""What a campaign lets a report say of people, from least to most, and where recording needs everybody's yes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from .jurisdictions import Place, is_told

# Each list goes from what says least to what says most.
EMPLOYEE_ID_MODES = ("none", "role", "description", "name")
TIME_PRECISIONS = ("wave", "daypart", "hour", "minute")
DEMOGRAPHICS_MODES = ("none", "bands")
RECORDING_MODES = ("none", "audio", "video")
PICTURE_MODES = ("none", "redacted")
RECEIPT_MODES = ("none", "amount", "redacted")

SETTINGS: Mapping[str, Sequence[str]] = {
    "employee_id_mode": EMPLOYEE_ID_MODES,
    "time_precision": TIME_PRECISIONS,
    "demographics_mode": DEMOGRAPHICS_MODES,
    "recording_mode": RECORDING_MODES,
    "picture_mode": PICTURE_MODES,
    "receipt_mode": RECEIPT_MODES,
}

CHANNELS: Mapping[str, str] = {
    "contract": "In the contract of employment",
    "handbook": "In the staff handbook",
    "letter": "By letter",
    "email": "By e-mail",
    "meeting": "At a meeting",
    "notice_board": "On the notice board",
}

# States of the USA where everybody in a conversation must agree to its recording, after the list that mystery-shopping
# companies publish for their shoppers. Laws move: whoever publishes after the review date is told so.
ALL_PARTY_CONSENT: Mapping[str, str] = {
    "CA": "California",
    "CT": "Connecticut",
    "FL": "Florida",
    "IL": "Illinois",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MT": "Montana",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "PA": "Pennsylvania",
    "WA": "Washington",
}
REVIEW_BY = date(2027, 6, 30)
_NAMES = {name.lower(): code for code, name in ALL_PARTY_CONSENT.items()}
_UNITED_STATES = frozenset({"us", "usa", "united states", "united states of america"})


@dataclass(frozen=True, slots=True)
class StaffNotice:
    """That a client's staff were told of mystery visits. attested_by: a function at the client, not a name."""

    id: UUID
    client_id: UUID
    told_on: date
    body: str
    channel: str
    attested_by: str
    jurisdictions: tuple[str, ...]
    recorded_at: datetime

    @property
    def channel_words(self) -> str:
        """The channel in words."""
        return CHANNELS[self.channel]

    @property
    def choice_words(self) -> str:
        """The notice as a line of a list: when, how and where it was given."""
        return f"{self.told_on:%-d %b %Y}, {self.channel_words.lower()}: {', '.join(self.jurisdictions)}"


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice as typed."""

    told_on: date
    body: str
    channel: str
    attested_by: str
    jurisdictions: tuple[str, ...]


TIME_WORDS: Mapping[str, str] = {
    "wave": "the wave only",
    "daypart": "day and part of the day",
    "hour": "the hour",
    "minute": "the minute",
}


def time_told(time_precision: str, employee_id_mode: str, *, is_single_staffed: bool = False) -> str:
    """How finely a client learns when a visit was: the wave only, where the day alone would name an employee.

    That is so where one person works alone, and where a campaign says nothing of the staff.
    """
    return "wave" if is_single_staffed or employee_id_mode == "none" else time_precision


def needs_notice(employee_id_mode: str) -> bool:
    """Whether a report may describe or name staff, which needs a recorded notice to them."""
    return employee_id_mode in ("description", "name")


def needs_consent_of_all(region: str, country: str) -> bool:
    """Whether a location lies where everybody must agree to a recording. region: a state's code or name."""
    place, land = region.strip(), country.strip().lower()
    is_state = place.upper() in ALL_PARTY_CONSENT or place.lower() in _NAMES
    return is_state and (not land or land in _UNITED_STATES)


def bars_recording(region: str, country: str) -> bool:
    """Whether no shop that records is made at a location: all must agree there, or nobody has said in which state."""
    is_unknown = not region.strip() and country.strip().lower() in _UNITED_STATES
    return is_unknown or needs_consent_of_all(region, country)


def bar_at(place: Place, recording_mode: str, employee_id_mode: str, jurisdictions: Collection[str]) -> str:
    """Why a campaign makes no shop at a place, or "": nobody may record there, or the staff were not told.

    jurisdictions: of the notice to staff on which the campaign rests.
    """
    if recording_mode != "none" and bars_recording(*place):
        return "recording"
    return "untold" if needs_notice(employee_id_mode) and not is_told(jurisdictions, *place) else ""


def is_review_due(today: date) -> bool:
    """Whether somebody should look again at the list of states."""
    return today > REVIEW_BY


def recording_warnings(recording_mode: str, regions: Sequence[tuple[str, str]], today: date) -> list[str]:
    """What to heed before shops that record are published. regions: region and country of the locations."""
    if recording_mode == "none":
        return []
    touched = sorted({region or "an unknown state" for region, country in regions if bars_recording(region, country)})
    found = [f"In {place} everybody in a conversation must agree to its recording: no shop there" for place in touched]
    if is_review_due(today):
        found.append(f"The list of such places was to be looked at by {REVIEW_BY:%-d %b %Y}: check the law yourself")
    return found


def says_more(setting: str, before: str, after: str) -> bool:
    """Whether a change of a setting would let reports say more than before."""
    order = SETTINGS[setting]
    return order.index(after) > order.index(before)
