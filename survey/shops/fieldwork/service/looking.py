"""A look through the words of a report before it is handed in, for its writer alone: nothing of it is kept."""

from privacy.vault import KeyRing
from survey.db import Scope
from survey.shoppers import service as shoppers

from ..domain import (
    Around,
    Found,
    Outcome,
    finds_in,
    found_in,
    ordinary_words,
    parts_of_name,
    regions_of,
    texts_told,
    with_untold_times,
)
from .reading import Sheet, guideline_of, texts_of


async def finds_of(scope: Scope, ring: KeyRing, sheet: Sheet) -> list[Found]:
    """What an editor's look would find in the words as they stand, question by question. Role.SHOPPER."""
    texts = texts_of(ring, sheet.report)
    if not texts:
        return []
    found = found_in(texts, await _around(scope, ring, sheet))
    if sheet.held.is_narrative_shown and sheet.report.outcome is Outcome.DONE:
        for name in texts_told(sheet.definition, sheet.held.scoring, texts):
            found[name] = with_untold_times(texts[name], found[name], sheet.held.time_told)
    return finds_in(sheet.report, sheet.compiled, texts, found, sheet.held.employee_id_mode)


async def _around(scope: Scope, ring: KeyRing, sheet: Sheet) -> Around:
    held, guideline = sheet.held, await guideline_of(scope, sheet.held)
    named = held.location, held.client, held.campaign, held.scenario
    about = (*named, held.scenario_body, guideline.body if guideline else None)
    return Around(
        regions_of(held.country),
        ordinary_words(sheet.definition, about),
        tuple(filter(None, named)),
        parts_of_name(await shoppers.own.own_name(scope, ring)),
    )
