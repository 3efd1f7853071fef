"""Scores, worked out from nothing but the published table, so that they say nothing the table does not."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from privacy.anonymity.publication import Exact, Rounded
from survey.questionnaires.domain import Kind

from .asked import Choice
from .rows import DETRACTORS, MEAN, NPS, PASSIVES, PROMOTERS

PROMOTER_FROM, PASSIVE_FROM = 9, 7
HUNDREDTH, TENTH, WHOLE = Decimal("0.01"), Decimal("0.1"), Decimal(1)

SCORES_OF = {
    Kind.SCALE: (MEAN,),
    Kind.NUMBER: (MEAN,),
    Kind.MONEY: (MEAN,),
    Kind.NPS: (NPS, PROMOTERS, PASSIVES, DETRACTORS),
}


def scores(kind: Kind, choices: Sequence[Choice], table: Exact | Rounded) -> dict[str, Decimal]:
    """Scores by name: the mean of a scale or of a number's bands; the recommendation score and its three shares.

    The recommendation score goes from −100 to 100. Nothing for other kinds, or where rounding has left no share.
    """
    weights = table.counts if isinstance(table, Exact) else table.shares
    whole = sum(weights.values())
    if kind not in SCORES_OF or not whole:
        return {}
    if kind is Kind.NPS:
        return _recommendation(weights, whole, TENTH if isinstance(table, Exact) else WHOLE)
    total = sum(((choice.value or Decimal(0)) * weights[choice.code] for choice in choices), Decimal(0))
    return {MEAN: _rounded(total / whole, HUNDREDTH if isinstance(table, Exact) else TENTH)}


def _recommendation(weights: Mapping[str, int], whole: int, step: Decimal) -> dict[str, Decimal]:
    promoters = sum(weight for code, weight in weights.items() if int(code) >= PROMOTER_FROM)
    detractors = sum(weight for code, weight in weights.items() if int(code) < PASSIVE_FROM)
    parts = {
        NPS: promoters - detractors,
        PROMOTERS: promoters,
        PASSIVES: whole - promoters - detractors,
        DETRACTORS: detractors,
    }
    return {name: _rounded(Decimal(100 * part) / whole, step) for name, part in parts.items()}


def _rounded(number: Decimal, step: Decimal) -> Decimal:
    rounded = number.quantize(step, ROUND_HALF_UP)
    # Not −0.
    return rounded or abs(rounded)
