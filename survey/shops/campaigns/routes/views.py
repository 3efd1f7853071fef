"""What the templates of a campaign need to know, worked out before they run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.shoppers.domain import BandQuestion
from survey.shops.visits.domain import money

from ..domain import KIND_WORDS, NOT_OPENED_WORDS, Campaign, Effects, Gap, Part, time_told
from ..service import Opened

Task = dict[str, str]
TITLES = {
    Part.BASICS: "Name, money and deadlines",
    Part.QUESTIONNAIRE: "Questionnaire",
    Part.SCORING: "Scoring",
    Part.GUIDELINE: "Guideline and quiz",
    Part.SCENARIOS: "Scenarios",
    Part.ROTATION: "Rotation",
    Part.REQUIREMENTS: "Who may go",
    Part.PRIVACY: "Privacy",
}
ADDRESSES = {Part.SCORING: "scoring", Part.GUIDELINE: "guidelines", Part.SCENARIOS: "scenarios"}
SKIPPED = {
    "closed": ("1 location skipped: closed", "{:,} locations skipped: closed"),
    "temporarily_closed": ("1 location skipped: closed for a time", "{:,} locations skipped: closed for a time"),
    "recording": (
        "1 location left out: everybody must agree to a recording there",
        "{:,} locations left out: everybody must agree to a recording there",
    ),
    "untold": (
        "1 location left out: the notice to staff was not given there",
        "{:,} locations left out: the notice to staff was not given there",
    ),
    "not_open_then": ("1 shop left out: not open at that time", "{:,} shops left out: not open at that time"),
    "over": ("1 shop left out: its time is over", "{:,} shops left out: their time is over"),
}

NOT_OPENED = {**NOT_OPENED_WORDS, "on_hold": "on hold", "missing": "not there any more"}


@dataclass(frozen=True, slots=True)
class BandChoice:
    """A question of the shoppers' profile with its bands: code and words."""

    code: str
    label: str
    bands: list[tuple[str, str]]


def tasks_of(campaign: Campaign, missing: Sequence[Gap], scenarios: int, single_staffed: int) -> list[Task]:
    """The parts of a campaign as a list of tasks, with what stands in the way of each.

    single_staffed: at how many stores of its client one person works alone.
    """
    wanting = {gap.part: gap.text for gap in reversed(missing)}
    hints = _hints(campaign, scenarios, single_staffed)
    return [
        {
            "label": title,
            "href": f"/campaigns/{campaign.id}/{ADDRESSES.get(part, f'edit/{part.value}')}",
            "hint": wanting.get(part, hints[part]),
            "state": "To do" if part in wanting else "Set",
            "kind": "attention" if part in wanting else "good",
        }
        for part, title in TITLES.items()
    ]


def bands_on_offer(questions: Sequence[BandQuestion], chosen: Mapping[str, Sequence[str]]) -> list[BandChoice]:
    """What shoppers may be asked to be, with what was chosen before though it is offered no longer."""
    known = {one.code: one for one in questions}
    codes = [one.code for one in questions if one.is_asked or one.code in chosen]
    codes += [code for code in chosen if code not in known]
    return [_band_choice(code, known.get(code), chosen.get(code, ())) for code in codes]


def _band_choice(code: str, question: BandQuestion | None, chosen: Sequence[str]) -> BandChoice:
    offered = question.bands if question and question.is_asked else ()
    words = dict(question.bands) if question else {}
    left = [(band, f"{words.get(band, band)} (no longer offered)") for band in chosen if band not in dict(offered)]
    return BandChoice(code, question.label if question else code.replace("_", " ").capitalize(), [*offered, *left])


def effects_words(effects: Effects) -> list[str]:
    """A preview in lines: `126 shops`, `2 locations skipped: closed`."""
    shops = "1 shop" if effects.shops == 1 else f"{effects.shops:,} shops"
    places = "1 location" if effects.locations == 1 else f"{effects.locations:,} locations"
    skipped = [(SKIPPED[why], count) for why, count in (effects.skipped or {}).items()]
    return [f"{shops} at {places}", *(one if count == 1 else many.format(count) for (one, many), count in skipped)]


def money_words(shops: int, campaign: Campaign) -> str:
    """What shops cost at most before bonus: `301 × USD 13.00 = USD 3,913.00`, and what may be paid back besides."""
    fee, cap = campaign.fee_cents, campaign.reimbursement_cap_cents
    total = f"{shops:,} × {money(fee, campaign.currency)} = {money(shops * fee, campaign.currency)} in fees"
    return total + (f", and up to {money(shops * cap, campaign.currency)} paid back for purchases" if cap else "")


def opened_words(opened: Opened) -> list[str]:
    """What became of drafts in lines: `40 shops`, `2 shops left out: the location is closed`."""
    shops = "1 shop" if opened.shops == 1 else f"{opened.shops:,} shops"
    left_out = [(NOT_OPENED[why], count) for why, count in opened.skipped.items()]
    return [shops, *(f"{count:,} left out: {words}" for words, count in left_out)]


def _time_words(campaign: Campaign, single_staffed: int) -> str:
    """How finely the client learns when a visit was, and why no finer than was chosen."""
    told = time_told(campaign.time_precision, campaign.employee_id_mode)
    if told != campaign.time_precision:
        return f"{told} (not {campaign.time_precision}: reports say nothing of the staff)"
    if single_staffed and told != "wave":
        return f"{told} (wave at {single_staffed:,} where one person works alone)"
    return told


def _hints(campaign: Campaign, scenarios: int, single_staffed: int) -> dict[Part, str]:
    rule, wanted, scored = campaign.rotation, campaign.requirements, len(campaign.scoring.items)
    guideline = f"Version {campaign.guideline_number}" if campaign.guideline_number else ""
    conditions = [
        f"within {wanted.radius_km} km" if wanted.radius_km else "",
        f"grade {wanted.least_grade_tenths / 10:.1f} or better" if wanted.least_grade_tenths else "",
        *wanted.bands,
        *(code.replace("_", " ") for code in wanted.qualifications),
    ]
    return {
        Part.BASICS: f"{KIND_WORDS[campaign.kind]}, {money(campaign.fee_cents, campaign.currency)} a shop,"
        f" report due in {campaign.report_due_hours} hours",
        Part.QUESTIONNAIRE: f"{campaign.questionnaire_name}, version {campaign.version_number}",
        Part.SCORING: f"{scored} scored question{'' if scored == 1 else 's'}" if scored else "Reports have no score",
        Part.GUIDELINE: guideline + (", quiz must be passed" if campaign.is_certified else ", no quiz"),
        Part.SCENARIOS: f"{scenarios}, given out in turn" if scenarios else "None: everybody plays themselves",
        Part.ROTATION: f"{rule.location_days} days for a location, {rule.brand_days} for the brand"
        if rule.location_days or rule.brand_days
        else "Anybody may come back at any time",
        Part.REQUIREMENTS: ", ".join(filter(None, conditions)) or "Every active shopper",
        Part.PRIVACY: f"Staff: {campaign.employee_id_mode} · time: {_time_words(campaign, single_staffed)}"
        f" · recording: {campaign.recording_mode}",
    }
