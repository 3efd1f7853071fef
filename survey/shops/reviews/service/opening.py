"""A report opened for an editor: its words, what the scan finds in them, its score, and what stands beside it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import msgspec

from privacy.redaction import Kind, findings, with_perhaps
from privacy.vault import DataKey, Place, data_key, data_keys, unseal_text
from survey.db import Scope, connection
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Compiled, Definition, SummaryRow
from survey.settings import Settings
from survey.shoppers.domain import NAME
from survey.shops.campaigns.domain import Score, Scoring, score
from survey.shops.fieldwork.domain import Outcome

from .. import queries
from ..domain import DealtWith, Edit, Gap, Mention, Note, Picture, Report, Scanned, gaps_of, in_words, strangers_in
from .sealing import (
    coaching_place,
    left_fingerprint,
    opened_edit,
    opened_mention,
    opened_note,
    opened_submission,
    opened_texts,
)

SHORTEST_NAME = 3
SOFT = frozenset({Kind.NAME, Kind.PERHAPS, Kind.EMAIL, Kind.TELEPHONE})  # what somebody may leave, having read it
_WORD = re.compile(r"\w[\w-]*")


@dataclass(frozen=True)
class Opened:
    """A report with everything an editor reads. scanned: what the scan finds, also what was left as it is.

    resent: questions that the shopper has answered otherwise since the report was returned.
    """

    report: Report
    key: DataKey = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)
    scanned: Sequence[Scanned]
    pictures: Sequence[Picture]
    mentions: Sequence[Mention]
    notes: Sequence[Note]
    edits: Sequence[Edit]
    resent: frozenset[str]

    @cached_property
    def compiled(self) -> Compiled:
        """The questionnaire ready to run."""
        return questionnaire.compile_definition(definition_of(self.report))

    @property
    def definition(self) -> Definition:
        """The frozen questionnaire."""
        return self.compiled.definition

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
    def gaps(self) -> list[Gap]:
        """What keeps it from being approved."""
        strangers = strangers_in(self.texts.values(), [each.token for each in self.mentions])
        return gaps_of(self.report, self.scanned, self.pictures, strangers)

    @property
    def coaching(self) -> str:
        """What the shopper is advised."""
        sealed = self.report.coaching
        return unseal_text(self.key, coaching_place(self.report.id), sealed) if sealed else ""


async def opened(scope: Scope, settings: Settings, shop_id: UUID) -> Opened:
    """A report that was handed in, opened. Raises NotFound.

    Opening the shopper's own name for the scan is recorded when somebody picks the report up; nobody is shown it.
    """
    report = await queries.report_in(scope, shop_id)
    key = await data_key(connection(), settings.keyring, report.id)
    texts = opened_texts(key, report.id, await queries.sealed_texts(scope, report.id))
    mentions = [opened_mention(key, row) for row in await queries.mentions_of(scope, report.id)]
    own = await own_names(scope, settings, shop_id) if report.is_in_review else ()
    left = await queries.left_findings(scope, report.id)
    edits = [opened_edit(key, report.id, row) for row in await queries.edits_of(scope, report.id)]
    return Opened(
        report,
        key,
        texts,
        _scanned(settings, report, texts, ([each.name for each in mentions if each.name], own), left),
        await queries.pictures_of(scope, report.id),
        mentions,
        [opened_note(key, report.id, row) for row in await queries.notes_of(scope, report.id)],
        edits,
        await _resent(scope, key, report.id, edits),
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
    name = unseal_text(keys[maker.id], Place(NAME, maker.id, maker.id), maker.name)
    return (name, *(part for part in name.split() if len(part) >= SHORTEST_NAME))


def finding_in(opened: Opened, question_id: str, digest: str) -> Scanned:
    """A finding that a form names. Raises DealtWith where it is gone, as after a second click."""
    for each in opened.scanned:
        if (each.question_id, each.digest) == (question_id, digest):
            return each
    raise DealtWith


async def _resent(scope: Scope, key: DataKey, report_id: UUID, edits: Sequence[Edit]) -> frozenset[str]:
    """Questions that the shopper answered otherwise when the report came back the last time.

    What an editor changed between the two is no change of the shopper's: the older one is compared with it made.
    """
    last = await queries.last_submissions(scope, report_id)
    if len(last) < len(("newer", "older")):
        return frozenset()
    until, since = (at for _, _, at in last)
    newer, older = (opened_submission(key, report_id, number, sealed) for number, sealed, _ in last)
    older |= {edit.question_id: edit.new for edit in edits if since <= edit.at < until}
    names = newer.keys() | older.keys()
    return frozenset(name.split("-")[0] for name in names if newer.get(name) != older.get(name))


def _scanned(
    settings: Settings,
    report: Report,
    texts: Mapping[str, str],
    names: tuple[Sequence[str], Sequence[str]],
    left: set[tuple[str, bytes]],
) -> list[Scanned]:
    known, own = names
    seen = {name: findings(text, known, own, report.regions) for name, text in texts.items()}
    marks = {
        (name, each): left_fingerprint(settings.index_key, report.id, texts[name][each.start : each.end])
        for name, found in seen.items()
        for each in found
    }
    # Who is named once is known from there on: "my server Anna" makes "Anna smiled" a finding too.
    named = {
        texts[name][each.start : each.end]
        for (name, each), mark in marks.items()
        if each.kind is Kind.NAME and (name, mark) not in left
    }
    found, ordinary = [], _ordinary_words(report)
    for question_id, text in texts.items():
        for each in with_perhaps(text, findings(text, [*known, *named], own, report.regions), ordinary):
            words = text[each.start : each.end]
            mark = left_fingerprint(settings.index_key, report.id, words)
            is_left = (question_id, mark) in left and each.kind in SOFT
            found.append(Scanned(question_id, each, words, f"{mark.hex()[:24]}-{each.start}", is_left))
    return found


def _ordinary_words(report: Report) -> frozenset[str]:
    """Words of the place, its goods and what is asked there, in small letters: a capital makes no name of them."""
    definition = questionnaire.from_json(dict(report.definition))
    asked = [
        words
        for section in definition.sections
        for item in section.items
        for words in (section.title, item.title, *(choice.label for choice in item.choices))
    ]
    about = (report.location_name, report.client_name, report.campaign_name, report.scenario_name,
             report.scenario_body, report.guideline_body)  # fmt: skip
    return frozenset(word.casefold() for words in (*about, *asked) for word in _WORD.findall(words or ""))
