"""Why shops are left out of an act, one by one and together, and what a bonus may become. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from survey.shops.eligibility.domain import Code, Verdict
from survey.shops.visits.domain import TERMINAL, State, decimal

from .bulk import MOST_CENTS, SKIP_WORDS, Chosen, Skipped
from .pay import Pay

REPAID = frozenset({State.DRAFT, State.OPEN, State.OFFERED, State.ASSIGNED, State.IN_PROGRESS})
OFFERABLE = frozenset({State.OPEN, State.OFFERED})
NOBODYS = frozenset({State.DRAFT, State.OPEN})
# What to know of one, and of several.
ABOVE_LADDER = (
    "gets a higher bonus than the ladder of its campaign ever says",
    "get a higher bonus than the ladder of their campaign ever says",
)

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


def pay_refusal(shop: Chosen, wanted: Pay) -> str:
    """Why this shop's pay cannot become that, in words that end "skipped: …"; empty where it can."""
    if shop.is_on_hold:
        return SKIP_WORDS["on_hold"]
    if shop.state not in REPAID:
        return "the visit is made, and its pay is settled"
    if wanted == shop.pay:
        return "pays that already"
    for part, cents in wanted._asdict().items():
        if cents < 0:
            return f"the {part} would be less than nothing"
        if cents > MOST_CENTS:
            return f"the {part} would be more than {decimal(MOST_CENTS, thousands=',')}"
    if shop.state not in NOBODYS and sum(wanted) < sum(shop.pay):
        return "somebody has it for more than that"
    return ""


def repaid_refusal(shop: Chosen, shown: Mapping[UUID, Pay]) -> str:
    """Why a step up or down does not count for this shop: it would begin elsewhere than was shown. Empty where not."""
    return "" if shown.get(shop.id) == shop.pay else "its pay has changed since the effects were shown"


def above_ladder(shops: Iterable[Chosen], wanted: Mapping[UUID, Pay]) -> tuple[Skipped, ...]:
    """Which shops get a bonus that no step of their campaign's ladder reaches. It may be, but should be seen."""
    most = {shop.id: max([shop.bonus_cents, *(cents for _, cents in shop.bonus_ladder)]) for shop in shops}
    laddered = [shop for shop in shops if shop.bonus_ladder]
    high = tuple(shop.public_ref for shop in laddered if wanted[shop.id].bonus > most[shop.id])
    one, several = ABOVE_LADDER
    return (Skipped(one if len(high) == 1 else several, high),) if high else ()


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
