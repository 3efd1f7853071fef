"""Keeping what was decided, and counting a shopper's own grade anew. Nothing changes a grade without a row here."""

from datetime import datetime
from uuid import UUID

from privacy.vault import DataKey, data_key, seal
from survey.db import Scope, beyond_clients, connection
from survey.settings import Settings

from .. import queries
from ..domain import LAST_GRADES, LONGEST_WORDS, BadEdit, Decision, Verdict, average_tenths, has_number
from .noting import note, note_shopper
from .sealing import decision_place, opened_decision
from .wording import look_at_words


async def keep_verdict(
    scope: Scope, settings: Settings, report: tuple[UUID, UUID], verdict: Verdict, now: datetime
) -> None:
    """Keep a decision with its words; a grade that it changes is recorded, and the shopper's own is counted anew.

    report: its id and its shop's, which is locked.
    """
    report_id, shop_id = report
    n = await queries.next_decision(report_id)
    sealed = None
    if verdict.words:
        key = await data_key(connection(), settings.keyring, report_id)
        sealed = seal(key, decision_place(report_id, n), verdict.words)
    await queries.insert_decision(scope, (report_id, shop_id, n), verdict, sealed, now)
    if verdict.old_grade != verdict.new_grade:
        detail = {"was_grade": verdict.old_grade, "grade": verdict.new_grade, "because": verdict.kind.value}
        await note(scope, "grade", report_id, now, **detail)
    await regrade(scope, shop_id, now)


async def regrade(scope: Scope, shop_id: UUID, now: datetime) -> None:
    """Make the own grade of whoever made a shop the mean of their last ten; what it was is recorded beside it."""
    maker = await queries.maker_standing(scope, shop_id)
    if maker is None:
        return
    # The grade is one for all clients, whoever gives the last part of it.
    async with beyond_clients():
        tenths = average_tenths(await queries.last_grades(scope, maker.id, LAST_GRADES))
    if tenths == maker.grade_tenths:
        return
    await queries.write_average(scope, maker.id, tenths)
    await note_shopper(
        scope, "shopper.graded", maker.id, now, shop=str(shop_id), was_tenths=maker.grade_tenths, tenths=tenths
    )


async def decisions_of(scope: Scope, key: DataKey, report_id: UUID) -> list[Decision]:
    """What was decided about a report, the oldest first, opened. Role.STAFF, or SHOPPER for one's own."""
    return [opened_decision(key, report_id, row) for row in await queries.decisions_of(scope, report_id)]


async def sendable_words(
    scope: Scope, settings: Settings, shop_id: UUID, words: str, missing: str, name: str = "words"
) -> str:
    """An editor's words to the shopper as they are kept. Raises NotFound, and BadEdit where there are none, too many,
    somebody is named in them or a number stands there.

    What only might be a name stays: nobody could say of it here that it is none, as they can in a report.
    """
    said = _in_bounds(words, missing, name)
    looked = (await look_at_words(scope, settings, shop_id, said, to_client=False)).certain
    if looked.found:
        raise BadEdit(name, f"Take out {looked.in_words}. Nothing was kept or sent")
    return said


def checked_words(words: str, missing: str) -> str:
    """A shopper's words as they are kept. Raises BadEdit where there are none, too many, or a number to be stolen."""
    said = _in_bounds(words, missing, "words")
    if has_number(said):
        raise BadEdit("words", "Take out the number of a card, an account or a person. Nothing was sent")
    return said


def _in_bounds(words: str, missing: str, name: str) -> str:
    said = words.strip()
    if not said:
        raise BadEdit(name, missing)
    if len(said) > LONGEST_WORDS:
        raise BadEdit(name, f"Enter at most {LONGEST_WORDS:,} characters")
    return said
