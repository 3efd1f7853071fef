"""Why shops are left out of an act, one by one and together, and what a bonus may become. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from survey.shops.eligibility.domain import Code, Verdict
from survey.shops.visits.domain import TERMINAL, State

from .bulk import SKIP_WORDS, Chosen, Skipped

REPAID = frozenset({State.DRAFT, State.OPEN, State.OFFERED, State.ASSIGNED, State.IN_PROGRESS})
OFFERABLE = frozenset({State.OPEN, State.OFFERED})
NOBODYS = frozenset({State.DRAFT, State.OPEN})

# What a rule says of many shops at once, where it says something else of each; it ends "skipped: …".
RULE_WORDS: Mapping[Code, str] = {
    Code.STATUS: "the shopper is not at work",
    Code.AGREEMENT: "the contractor agreement is not accepted",
    Code.TAKEN: "not open",
    Code.WINDOW: "the day lies outside the window, or the window is over",
    Code.LOCATION_CLOSED: "the location is closed",
    Code.CONFLICT: "a conflict of interest",
    Code.READING: "the guideline is not read",
    Code.CERTIFICATION: "the guideline's quiz is not passed",
    Code.QUALIFICATION: "a qualification is missing or runs out",
    Code.GRADE: "the grade is too low",
    Code.BAND: "another profile is asked for",
    Code.HELD: "the shopper holds as many shops as allowed",
    Code.RADIUS: "too far away",
    Code.ONCE: "one shop of the campaign for each shopper",
    Code.LOCATION: "rotation of the location",
    Code.BRAND: "rotation of the client",
    Code.HOUSEHOLD: "rotation of the household",
    Code.DAILY: "too many shops of the shopper in a day",
    Code.GAP: "too near to another shop of the shopper",
    Code.LOCATION_DAILY: "too many visits to the location in a day",
    Code.LOCATION_GAP: "too near to another visit to the location",
    Code.BLACKOUT: "the days that are left are blacked out",
    Code.HOURS: "the location is not open then",
}


class Why(NamedTuple):
    """Why one shop is left out, in words that end "skipped: …". kind: what it is told together with."""

    kind: str
    words: str


def first_reason(verdict: Verdict | None) -> Why | None:
    """What stands against it first; None where nothing does, or nobody was asked."""
    if verdict is None or not verdict.reasons:
        return None
    reason = verdict.reasons[0]
    return Why(RULE_WORDS[reason.code], reason.staff[:1].lower() + reason.staff[1:])


def told_together(refused: Iterable[tuple[str, Why]]) -> tuple[Skipped, ...]:
    """References that were left out, a kind each, what left out most first; the words of each where they differ."""
    kinds: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for ref, why in refused:
        kinds[why.kind].append((ref, why.words))
    found = []
    for kind, each in kinds.items():
        refs, words = tuple(ref for ref, _ in each), tuple(words for _, words in each)
        found.append(Skipped(words[0], refs) if len(set(words)) == 1 else Skipped(kind, refs, words))
    return tuple(sorted(found, key=lambda skipped: -len(skipped.refs)))


def pay_refusal(shop: Chosen, fee_cents: int, bonus_cents: int) -> str:
    """Why this shop's pay cannot become that, in words that end "skipped: …"; empty where it can."""
    if shop.is_on_hold:
        return SKIP_WORDS["on_hold"]
    if shop.state not in REPAID:
        return "the visit is made, and its pay is settled"
    if (fee_cents, bonus_cents) == (shop.fee_cents, shop.bonus_cents):
        return "pays that already"
    if shop.state not in NOBODYS and fee_cents + bonus_cents < shop.fee_cents + shop.bonus_cents:
        return "somebody has it for more than that"
    return ""


def hold_refusal(shop: Chosen) -> str:
    """Why this shop cannot be put on hold; empty where it can."""
    if shop.is_on_hold:
        return "on hold already"
    return "at its end already" if shop.state in TERMINAL else ""


def auto_offer_refusal(shop: Chosen, now: datetime) -> str:
    """Why this shop cannot be offered to one shopper after another; empty where it can."""
    if shop.is_on_hold:
        return SKIP_WORDS["on_hold"]
    if shop.state not in OFFERABLE:
        return SKIP_WORDS["wrong_state"]
    return "the window is over" if shop.window_end <= now else ""


def suggested_bonus(shop: Chosen, now: datetime) -> int:
    """Cents that the campaign's ladder says so near to the window's end; never less than the shop has already.

    The ladder's steps are (days before the end, cents). Each time that the shop came back is a step further: what did
    not keep somebody is not tried again. What somebody has keeps what it pays.
    """
    if shop.state not in OFFERABLE:
        return shop.bonus_cents
    left = (shop.window_end - now) / timedelta(days=1)
    steps = sorted(shop.bonus_ladder, key=lambda step: -step[0])
    reached = sum(left <= days for days, _ in steps) + shop.unassign_count
    return max([shop.bonus_cents, *(cents for _, cents in steps[:reached])])
