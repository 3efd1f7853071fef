"""The parts of a campaign: from what was typed to the columns that change, and back."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from survey.questionnaires.domain import decimal
from survey.web import Form, form_with

from ..domain import KIND_WORDS, SETTINGS, Campaign, Draft, Part, Requirements, Rotation
from . import fields

# Currencies of two decimals: an amount is kept in hundredths.
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "ZAR", "MXN")
MOST_DAYS = 3650
MOST_LINES = 50
LADDER = re.compile(r"([0-9]{1,3})\s*(?:days?)?\s*:\s*([0-9.,]+)")
BLACKOUT = re.compile(r"([0-9-]{10})(?:\s+to\s+([0-9-]{10}))?")
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
BAND = "band-"  # before the code of a question of the profile: the boxes of its bands
# Field -> least and most.
HOURS_AND_DAYS = {
    "report_due_hours": (1, 336),
    "grace_hours": (0, 336),
    "offer_hours": (1, 336),
    "return_hours": (1, 336),
    "appeal_days": (0, 90),
    "pay_days": (1, 90),
}
MONEY = ("fee_cents", "reimbursement_cap_cents", "attempt_fee_cents")
Changes = dict[str, Any]


def draft(form: Form) -> Draft | None:
    """What a campaign begins with. Leaves messages."""
    client_id = fields.id_in(form, "client", "Choose the client")
    name = fields.line(form, "name", "Give the campaign a name")
    kind = fields.chosen(form, "kind", KIND_WORDS, "Choose how the visits are made")
    return Draft(client_id, name, kind) if form.is_valid and client_id else None


def basics(form: Form) -> Changes:
    """Name, kind, money and deadlines. Leaves messages."""
    changes: Changes = {
        "name": fields.line(form, "name", "Give the campaign a name"),
        "kind": fields.chosen(form, "kind", KIND_WORDS, "Choose how the visits are made"),
        "currency": fields.chosen(form, "currency", CURRENCIES, "Choose a currency"),
        "is_self_assign": form["is_self_assign"] == "yes",
        "offers_again": form["offers_again"] == "yes",
        "is_attempt_repaid": form["is_attempt_repaid"] == "yes",
        "bonus_ladder": _ladder(form),
    }
    changes |= {name: fields.cents(form, name) for name in MONEY}
    changes |= {name: fields.whole(form, name, *bounds) for name, bounds in HOURS_AND_DAYS.items()}
    return changes | {"release_hours": fields.optional_whole(form, "release_hours", 1, 336)}


def questionnaire(form: Form) -> Changes:
    """Which version the report asks."""
    return {"version_id": fields.id_in(form, "version_id", "Choose a questionnaire")}


def rotation(form: Form) -> Changes:
    """Who may go again, and when. Leaves messages."""
    days = {
        name: fields.optional_whole(form, name, 0, MOST_DAYS) or 0
        for name in ("location_days", "brand_days", "gap_days", "location_gap_days")
    }
    rule = Rotation(
        once_per_campaign=form["once_per_campaign"] == "yes",
        is_household=form["is_household"] == "yes",
        blackout=_blackout(form),
        daily_limit=fields.optional_whole(form, "daily_limit", 1, 100),
        location_daily_limit=fields.optional_whole(form, "location_daily_limit", 1, 100),
        **days,
    )
    return {"rotation": rule}


def requirements(form: Form) -> Changes:
    """What a shopper must be. Leaves messages."""
    grade = form["least_grade"]
    tenths = None
    if grade:
        parts = re.fullmatch(r"([1-9]|10)(?:[.,]([0-9]))?", grade)
        tenths = int(parts[1]) * 10 + int(parts[2] or 0) if parts else None
        if tenths is None or tenths > 100:
            form.refuse("least_grade", "Enter a grade from 1 to 10, like 7.5")
    radius = fields.optional_whole(form, "radius_km", 1, 20_000)
    codes = tuple(sorted({code for code in form.all("qualifications") if CODE.fullmatch(code)}))
    return {"requirements": Requirements(_bands(form), tenths, radius, codes)}


def privacy(form: Form) -> Changes:
    """What reports may say of people. Leaves messages."""
    changes: Changes = {
        name: fields.chosen(form, name, codes, "Choose one of the settings") for name, codes in SETTINGS.items()
    }
    is_shown = fields.chosen(form, "is_narrative_shown", ("no", "yes"), "Choose one of the settings") == "yes"
    return changes | {"is_narrative_shown": is_shown, "staff_notice_id": fields.id_in(form, "staff_notice")}


CHANGES_OF: Mapping[Part, Callable[[Form], Changes]] = {
    Part.BASICS: basics,
    Part.QUESTIONNAIRE: questionnaire,
    Part.ROTATION: rotation,
    Part.REQUIREMENTS: requirements,
    Part.PRIVACY: privacy,
}


def filled(campaign: Campaign) -> Form:
    """The form that every page of a campaign begins with."""
    rule, wanted = campaign.rotation, campaign.requirements
    values: dict[str, Any] = {name: getattr(campaign, name) for name in (*HOURS_AND_DAYS, *SETTINGS)}
    values |= {name: decimal(getattr(campaign, name)) for name in MONEY}
    values |= {name: getattr(rule, name) or "" for name in ("location_days", "brand_days", "gap_days")}
    values |= {name: getattr(rule, name) or "" for name in ("location_gap_days", "daily_limit", "location_daily_limit")}
    values |= {name: "yes" if getattr(rule, name) else "" for name in ("once_per_campaign", "is_household")}
    values |= {
        "name": campaign.name,
        "kind": campaign.kind,
        "currency": campaign.currency,
        "is_self_assign": "yes" if campaign.is_self_assign else "",
        "offers_again": "yes" if campaign.offers_again else "",
        "is_attempt_repaid": "yes" if campaign.is_attempt_repaid else "",
        "bonus_ladder": "\n".join(f"{days} days: {decimal(cents)}" for days, cents in campaign.bonus_ladder),
        "version_id": campaign.version_id or "",
        "blackout": "\n".join(f"{first} to {last}" if first != last else str(first) for first, last in rule.blackout),
        "is_narrative_shown": "yes" if campaign.is_narrative_shown else "no",
        "least_grade": "" if wanted.least_grade_tenths is None else f"{wanted.least_grade_tenths / 10:.1f}",
        "radius_km": wanted.radius_km or "",
        "staff_notice": campaign.staff_notice_id or "",
        "release_hours": campaign.release_hours or "",
        "revision": campaign.revision,
    }
    shown: dict[str, str | list[str]] = {name: str(value) for name, value in values.items()}
    shown["qualifications"] = list(wanted.qualifications)
    return form_with(shown | {BAND + question: list(bands) for question, bands in wanted.bands.items()})


def _ladder(form: Form) -> tuple[tuple[int, int], ...]:
    """Bonus by days left, the longest time first."""
    steps = {}
    for text in fields.lines_of(form, "bonus_ladder"):
        found = LADDER.fullmatch(text)
        cents = fields.cents_of(found[2]) if found else None
        if found is None or cents is None:
            form.refuse("bonus_ladder", f"Write “{text[:40]}” as days and amount, like “7 days: 5.00”")
        elif int(found[1]) in steps:
            form.refuse("bonus_ladder", f"{int(found[1])} days stand here twice: give them one bonus")
        else:
            steps[int(found[1])] = cents
    ladder = tuple(sorted(steps.items(), reverse=True))
    if any(later[1] < sooner[1] for sooner, later in pairwise(ladder)):
        form.refuse("bonus_ladder", "A bonus only grows as the end comes near")
    return ladder


def _blackout(form: Form) -> tuple[tuple[date, date], ...]:
    found = []
    for text in fields.lines_of(form, "blackout"):
        try:
            parts = BLACKOUT.fullmatch(text)
            first = date.fromisoformat(parts[1] if parts else "")
            last = date.fromisoformat(parts[2]) if parts and parts[2] else first
        except ValueError:
            form.refuse("blackout", f"Write “{text[:40]}” as days, like “2026-12-24 to 2026-12-26”")
            continue
        if last < first:
            form.refuse("blackout", f"“{text[:40]}” ends before it begins")
        found.append((first, last))
    return tuple(sorted(found)[:MOST_LINES])


def _bands(form: Form) -> dict[str, tuple[str, ...]]:
    """The boxes that were ticked, by question; whether they are on offer is for the service to say."""
    ticked = {name.removeprefix(BAND): form.all(name) for name in form if name.startswith(BAND)}
    return {question: tuple(dict.fromkeys(filter(None, bands))) for question, bands in ticked.items() if any(bands)}
