"""A report opened for an editor: its words, what the scan finds in them, its score, and what stands beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import msgspec

from privacy.vault import DataKey, Place, data_key, data_keys, unseal_text
from survey.db import Scope, connection
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Compiled, Definition, SummaryRow
from survey.settings import Settings
from survey.shoppers.domain import NAME
from survey.shops.campaigns.domain import Score, Scoring, score
from survey.shops.fieldwork.domain import Outcome, parts_of_name

from .. import queries
from ..domain import (
    DealtWith,
    Edit,
    Gap,
    Mention,
    Note,
    Picture,
    Report,
    Resent,
    Scanned,
    gaps_of,
    in_words,
    strangers_in,
)
from .comparing import resent_of
from .scanning import scanned_in
from .sealing import (
    coaching_place,
    opened_edit,
    opened_left,
    opened_mention,
    opened_note,
    opened_texts,
    proposed_place,
)


@dataclass(frozen=True)
class Opened:
    """A report with everything an editor reads. scanned: what the scan finds, also what was left as it is.

    came_back: what the shopper has changed since the report was returned; None where it was not.
    """

    report: Report
    key: DataKey = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    scanned: Sequence[Scanned]
    pictures: Sequence[Picture]
    mentions: Sequence[Mention]
    notes: Sequence[Note]
    edits: Sequence[Edit]
    came_back: Resent | None

    @cached_property
    def compiled(self) -> Compiled:
        """The questionnaire ready to run."""
        return questionnaire.compile_definition(definition_of(self.report))

    @property
    def definition(self) -> Definition:
        """The frozen questionnaire."""
        return self.compiled.definition

    @property
    def resent(self) -> frozenset[str]:
        """Questions that the shopper has answered otherwise since the report was returned."""
        return self.came_back.questions if self.came_back else frozenset()

    @cached_property
    def score(self) -> Score:
        """The score as the answers stand now."""
        return score_of(self.report)

    @property
    def edits_in_words(self) -> list[Edit]:
        """The changes as people read them."""
        return in_words(self.edits, self.definition)

    @property
    def rows(self) -> list[SummaryRow]:
        """Question by question what was answered."""
        return questionnaire.summary(self.compiled, self.report.coded, self.texts)

    @property
    def to_deal_with(self) -> list[Scanned]:
        """What the scan found and nobody has dealt with; the same words once, since they are replaced everywhere."""
        once = {each.words.casefold(): each for each in reversed(self.scanned) if not each.is_left}
        return list(reversed(once.values()))

    @property
    def left_in(self) -> list[Scanned]:
        """What the scan found and somebody has left in; of the same words in a text the first."""
        once = {(each.question_id, each.mark): each for each in reversed(self.scanned) if each.is_left}
        return list(reversed(once.values()))

    @property
    def gaps(self) -> list[Gap]:
        """What keeps it from being approved."""
        strangers = strangers_in(self.texts.values(), [each.token for each in self.mentions])
        return gaps_of(self.report, self.scanned, self.pictures, strangers)

    @property
    def coaching(self) -> str:
        """What the shopper is advised."""
        sealed = self.report.coaching
        return unseal_text(self.key, coaching_place(self.report.id), sealed) if sealed else ""

    @property
    def proposed_words(self) -> str:
        """What the shopper is to read where a proposed rejection is confirmed."""
        sealed = self.report.proposed_words
        return unseal_text(self.key, proposed_place(self.report.id), sealed) if sealed else ""


async def opened(scope: Scope, settings: Settings, shop_id: UUID) -> Opened:
    """A report that was handed in, opened. Raises NotFound.

    Opening the shopper's own name for the scan is recorded when somebody picks the report up; nobody is shown it.
    """
    report = await queries.report_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, report.id)
    texts = opened_texts(key, report.id, await queries.sealed_texts(scope, report.id))
    mentions = [opened_mention(key, row) for row in await queries.mentions_of(scope, report.id)]
    own = await own_names(scope, settings, shop_id) if report.is_in_review else ()
    left = {
        place: opened_left(key, report.id, place[0], row)
        for place, row in (await queries.left_findings(scope, report.id)).items()
    }
    notes = [opened_note(key, report.id, row) for row in await queries.notes_of(scope, report.id)]
    edits = [opened_edit(key, report.id, row) for row in await queries.edits_of(scope, report.id)]
    return Opened(
        report,
        key,
        texts,
        scanned_in(settings, report, texts, ([each.name for each in mentions if each.name], own), left),
        await queries.pictures_of(scope, report.id),
        mentions,
        notes,
        edits,
        await resent_of(scope, key, (report, definition_of(report)), edits, notes),
    )


def definition_of(report: Report) -> Definition:
    """The frozen questionnaire, with money in the shop's currency."""
    return questionnaire.in_currency(questionnaire.from_json(dict(report.definition)), report.currency)


def score_of(report: Report) -> Score:
    """The score as the answers stand now; of a visit that could not be made, none."""
    if report.outcome != Outcome.DONE:
        return Score(None)
    return score(msgspec.convert(dict(report.scoring), Scoring), definition_of(report), report.coded)


async def own_names(scope: Scope, settings: Settings, shop_id: UUID) -> tuple[str, ...]:
    """What the shopper is called, as a whole and in parts, for the scan alone."""
    maker = await queries.maker_of(scope, shop_id)
    keys = await data_keys(connection(), settings.keyring, [maker.id]) if maker else {}
    if maker is None or maker.id not in keys:
        return ()
    return parts_of_name(unseal_text(keys[maker.id], Place(NAME, maker.id, maker.id), maker.name))


def finding_in(opened: Opened, question_id: str, digest: str) -> Scanned:
    """A finding that a form names. Raises DealtWith where it is gone, as after a second click."""
    for each in opened.scanned:
        if (each.question_id, each.digest) == (question_id, digest):
            return each
    raise DealtWith
