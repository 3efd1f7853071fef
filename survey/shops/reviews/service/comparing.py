"""A report that came back beside how it went back: what of it the shopper has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from privacy.vault import DataKey
from survey.db import Scope
from survey.questionnaires.domain import Definition
from survey.shops.fieldwork.domain import Outcome
from survey.shops.visits.domain import money

from .. import queries
from ..domain import Edit, Note, Picture, Report, Resent, answers_changed, notes_answered, visit_changed
from .sealing import opened_submission, sealed_submission

OUTCOMES: Mapping[str, str] = {
    Outcome.DONE: "Visit made", Outcome.CLOSED: "The place was closed", Outcome.NOT_POSSIBLE: "Could not be made",
}  # fmt: skip


async def resent_of(
    scope: Scope, key: DataKey, what: tuple[Report, Definition], edits: Sequence[Edit], notes: Sequence[Note]
) -> Resent | None:
    """What the shopper changed when the report came back the last time; None where it did not."""
    report, definition = what
    last = await queries.last_submissions(scope, report.id)
    if len(last) < len(("newer", "older")) or last[0][0] <= 0:
        return None
    (number, sealed, until), (before, sealed_before, since) = last
    newer = opened_submission(key, report.id, number, sealed)
    older = opened_submission(key, report.id, before, sealed_before)
    if before > 0:
        # Kept before returns were: what editors changed between the two is made good from what they noted.
        older = _edited(older, [edit for edit in edits if since <= edit.at < until])
    changes = answers_changed(older, newer, definition) + visit_changed(_visit(report, older), _visit(report, newer))
    was, now = set(older.get("pictures", ())), set(newer.get("pictures", ()))
    is_known = "pictures" in older and "pictures" in newer
    added, gone = (frozenset(now - was), len(was - now)) if is_known else (frozenset[str](), 0)
    resent = Resent(until, changes, added, gone)
    return replace(resent, notes=notes_answered(notes, resent))


async def keep_returned(
    scope: Scope, key: DataKey, what: tuple[Report, Mapping[str, str], Sequence[Picture]], now: datetime
) -> None:
    """Keep a report as it goes back, so that what comes next is compared with it: our own changes are in it."""
    report, texts, pictures = what
    # 0 where what was handed in has served before: of an approved report that was taken up again.
    number = await queries.times_handed_in(scope, report.id)
    whole = {
        "coded": dict(report.coded), "texts": dict(texts), "outcome": report.outcome, "reason": report.not_done,
        "time_in": report.time_in, "time_out": report.time_out, "receipt_cents": report.receipt_cents,
        "pictures": [str(each.id) for each in pictures],
    }  # fmt: skip
    sealed = sealed_submission(key, report.id, -number, msgspec.json.encode(whole).decode())
    await queries.keep_submission(scope, report.id, (-number, sealed), now)


def _edited(whole: Mapping[str, Any], edits: Sequence[Edit]) -> dict[str, Any]:
    coded, texts = dict(whole["coded"]), dict(whole["texts"])
    for edit in edits:
        part = texts if edit.is_text else coded
        part[edit.question_id] = edit.new
        if edit.new is None:
            del part[edit.question_id]
    return {**whole, "coded": coded, "texts": texts}


def _visit(report: Report, whole: Mapping[str, Any]) -> dict[str, str]:
    """What a submission says of the visit, by title, in words; of what it does not hold, nothing."""

    def time(name: str) -> str:
        at = whole[name]
        return report.local(datetime.fromisoformat(at)).strftime("%a %-d %b %Y %H:%M") if at else "not given"

    told = {
        "In": time("time_in") if "time_in" in whole else None,
        "Out": time("time_out") if "time_out" in whole else None,
        "Outcome": OUTCOMES.get(whole["outcome"], whole["outcome"]) if "outcome" in whole else None,
        "Receipt": _amount(whole["receipt_cents"], report.currency) if "receipt_cents" in whole else None,
    }
    return {title: words for title, words in told.items() if words is not None}


def _amount(cents: int | None, currency: str) -> str:
    return "none" if cents is None else money(cents, currency)
