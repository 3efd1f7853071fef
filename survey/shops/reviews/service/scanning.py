"""What the scan finds in the texts of a report, and what somebody has left in of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import msgspec

from privacy.redaction import Finding, Kind
from survey.questionnaires import domain as questionnaire
from survey.settings import Settings
from survey.shops.campaigns.domain import Scoring
from survey.shops.fieldwork.domain import Around, Outcome, found_in, texts_told, with_untold_times
from survey.shops.fieldwork.domain import ordinary_words as words_around

from ..domain import NEVER_STAYS, Left, Report, Scanned
from .sealing import left_fingerprint


def scanned_in(
    settings: Settings,
    report: Report,
    texts: Mapping[str, str],
    names: tuple[Sequence[str], Sequence[str]],
    left: Mapping[tuple[str, bytes], Left],
) -> list[Scanned]:
    """Every finding in the texts of a report, in their order, each with what was decided about it.

    names: of people in the report, and of its shopper; left: what was left in, by question and mark.
    """

    def mark_of(name: str, each: Finding) -> bytes:
        said = (each.kind.value, texts[name][each.start : each.end], texts[name])
        return left_fingerprint(settings.index_key, report.id, said)

    known, own = names
    around = Around(report.regions, ordinary_words(report), places_of_client(report), own, known)
    all_found = found_in(texts, around, lambda name, each: (name, mark_of(name, each)) in left)
    scanned: list[Scanned] = []
    told = _texts_told(report, texts)
    for question_id, text in texts.items():
        found = all_found[question_id]
        for each in with_untold_times(text, found, report.time_told) if question_id in told else found:
            words = text[each.start : each.end]
            # Whoever has said of a name that it names nobody has said so of what might be that name.
            certain = mark_of(question_id, replace(each, kind=Kind.NAME))
            is_said = each.kind is Kind.PERHAPS and (question_id, certain) in left
            mark = certain if is_said else mark_of(question_id, each)
            decided = left.get((question_id, mark)) if each.kind not in NEVER_STAYS else None
            scanned.append(Scanned(question_id, each, words, f"{mark.hex()[:24]}-{each.start}", mark, decided))
    return scanned


def _texts_told(report: Report, texts: Collection[str]) -> frozenset[str]:
    """Which texts the client may come to read."""
    if not report.is_narrative_shown or report.outcome != Outcome.DONE:
        return frozenset()
    scoring = msgspec.convert(dict(report.scoring), Scoring)
    return texts_told(questionnaire.from_json(dict(report.definition)), scoring, texts)


def places_of_client(report: Report) -> tuple[str, ...]:
    """What the client and its places are called, as a whole: Anna's Kitchen is nobody."""
    return tuple(filter(None, (report.location_name, report.client_name, report.campaign_name, report.scenario_name)))


def ordinary_words(report: Report) -> frozenset[str]:
    """Words of the place, its goods and what is asked there, in small letters: a capital makes no name of them."""
    about = (report.location_name, report.client_name, report.campaign_name, report.scenario_name,
             report.scenario_body, report.guideline_body)  # fmt: skip
    return words_around(questionnaire.from_json(dict(report.definition)), about)
