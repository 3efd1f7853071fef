"""What a run looks for: the true values of people and visits, opened for the memory of the run and kept nowhere."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import msgspec
from asyncpg import Connection, Record

from privacy.audit import Event, record_many
from privacy.redaction import Kind as Found
from privacy.redaction import findings
from privacy.vault import DataKey, Place, data_keys, unseal_text
from survey.settings import Settings
from survey.shoppers.domain import ADDRESS, EMAIL, NAME, PHONE
from survey.shops.campaigns.domain import time_told
from survey.shops.reviews.domain import Edit, Mention
from survey.shops.reviews.service.sealing import opened_edit, opened_mention, opened_texts
from survey.web.sessions import SEARCH

from ..domain.proof import Kind
from ..domain.spelling import SHORTEST_NAME, Token, moments, names_of, sentences_of, token
from ..queries import sought as queries

PURPOSE = "search for it where nobody may find it"
MOST_SHOPS = 30
MOST_WAITING = 24
MOST_TOLD = 2000
# An affiliate, and the paths of the places where the eyes look: visits there come first.
Whose = tuple[UUID, Sequence[str]]
LAST = 4


@dataclass(frozen=True, slots=True)
class Target:
    """The visits of a run and what is looked for. shops: rows with their ids; waiting: shops that no client reads yet;
    pictures: ids of originals by report."""

    shops: Sequence[Record]
    waiting: Sequence[Record]
    shoppers: int
    tokens: Sequence[Token] = field(repr=False)
    pictures: Mapping[UUID, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in the reports, open."""

    texts: Mapping[UUID, Mapping[str, str]] = field(repr=False)
    edits: Mapping[UUID, Sequence[Edit]] = field(repr=False)
    mentions: Mapping[UUID, Sequence[Mention]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What clients may read anyway. sentences: of released stories; names: let out on purpose; text: all, for names."""

    sentences: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(repr=False)
    text: str = field(repr=False)

    def leaves_out(self, name: str) -> bool:
        """Whether a name could not have come from there."""
        small = name.casefold()
        return len(name) >= SHORTEST_NAME and small not in self.names and small not in self.text


async def told(here: Connection) -> Told:
    """What clients anywhere read, and so gives nothing away: released stories, and names let out on purpose.

    In a transaction of Role.WORKER that is fenced to no company; nothing sealed is opened for it.
    """
    texts, names = await queries.told(here, MOST_TOLD), await queries.names_told(here)
    return Told(frozenset(each for text in texts for each in sentences_of(text)), names, " ".join(texts).casefold())


async def target(here: Connection, settings: Settings, whose: Whose, known: Told, now: datetime) -> Target:
    """Open the values of some shoppers who made released visits; that each was opened is recorded. Role.WORKER."""
    affiliate_id, paths = whose
    shops = await queries.sample(here, affiliate_id, paths, MOST_SHOPS)
    waiting = await queries.waiting(here, affiliate_id, MOST_WAITING) if shops else []
    reports = [row["report_id"] for row in (*shops, *waiting)]
    people = await queries.shoppers(here, affiliate_id, [row["shopper_id"] for row in shops if row["shopper_id"]])
    keys = await data_keys(here, settings.keyring, [*reports, *(row["id"] for row in people)])
    words = await _words(here, affiliate_id, reports, keys)
    evidence = await queries.evidence(here, affiliate_id, reports)
    tokens = [
        *(found for row in people for found in _of_person(row, keys.get(row["id"]))),
        *(found for row in (*shops, *waiting) for found in _of_visit(row)),
        *(found for row in evidence for found in _of_evidence(row)),
        *(found for row in shops for found in _of_words(row, words, known)),
        *(found for row in waiting for found in _of_waiting(row, words, known)),
    ]
    await record_many(here, [*_looks(affiliate_id, people, keys), *_readings(affiliate_id, waiting)], now)
    pictures = {report_id: [row["id"] for row in own] for report_id, own in groupby(evidence, itemgetter("report_id"))}
    return Target(shops, waiting, len(people), list(dict.fromkeys(tokens)), pictures)


def _looks(affiliate_id: UUID, people: Sequence[Record], keys: Mapping[UUID, DataKey]) -> list[Event]:
    return [
        Event(affiliate_id, SEARCH, None, "shopper.read", "shopper", row["id"], subject_id=row["id"], purpose=PURPOSE)
        for row in people
        if row["id"] in keys
    ]


def _readings(affiliate_id: UUID, waiting: Sequence[Record]) -> list[Event]:
    return [
        Event(
            affiliate_id, SEARCH, None, "report.read", "report", row["report_id"], subject_id=row["shopper_id"],
            purpose=PURPOSE,
        )
        for row in waiting
        if row["shopper_id"] is not None
    ]  # fmt: skip


def _of_person(row: Record, key: DataKey | None) -> Iterator[Token]:
    yield token(Kind.PROFILE, str(row["id"]), row["id"].hex)
    yield token(Kind.CODE, row["display_code"])
    for kind, end in ((Kind.PAYOUT, row["payout"]), (Kind.TAX, row["tax"])):
        if len(end) == LAST and end.isdecimal():
            yield token(kind, end)
    if key is None:
        return
    columns = {NAME: row["name"], EMAIL: row["email"], PHONE: row["phone"], ADDRESS: row["address"]}
    open_ones = {
        column: unseal_text(key, Place(column, row["id"], row["id"]), sealed)
        for column, sealed in columns.items()
        if sealed is not None
    }
    if names := names_of(open_ones.get(NAME, "")):
        yield token(Kind.NAME, *names)
    for kind, column in ((Kind.EMAIL, EMAIL), (Kind.PHONE, PHONE)):
        if open_ones.get(column):
            yield token(kind, open_ones[column])
    if street := str(msgspec.json.decode(open_ones.get(ADDRESS) or "{}").get("street", "")):
        yield token(Kind.STREET, street)


def _of_visit(row: Record) -> Iterator[Token]:
    for found in (row["shop_id"], row["report_id"], row["assignment_id"]):
        if found is not None:
            yield token(Kind.VISIT, str(found), found.hex)
    yield token(Kind.VISIT, row["public_ref"])
    precision = time_told(row["time_precision"], row["employee_id_mode"], is_single_staffed=row["is_single_staffed"])
    for moment in (row["time_in"], row["time_out"]):
        # What the campaign tells to the minute may leave; what is told to the hour cannot be told from a full hour.
        if moment is not None and precision != "minute" and (moment.minute or row["time_precision"] != "hour"):
            yield token(Kind.MOMENT, *moments(moment, row["time_zone"]))


def _of_evidence(row: Record) -> Iterator[Token]:
    yield token(Kind.EVIDENCE, str(row["id"]), row["id"].hex)
    yield token(Kind.EVIDENCE, row["media_key"].rpartition("/")[2])


def _of_words(row: Record, words: Words, told: Told) -> Iterator[Token]:
    """What an editor has taken out of a released report, as far as it is still there, and names kept beside it."""
    report_id = row["report_id"]
    if row["employee_id_mode"] != "name":
        for each in words.mentions.get(report_id, ()):
            if told.leaves_out(each.name):
                yield token(Kind.EMPLOYEE, each.name)
    for edit in words.edits.get(report_id, ()):
        yield from _sentences(str(edit.old or ""), told)


def _of_waiting(row: Record, words: Words, told: Told) -> Iterator[Token]:
    """What stands in a report that no client has: every sentence, and whoever is named in it."""
    for text in words.texts.get(row["report_id"], {}).values():
        yield from _sentences(text, told)
        for finding in findings(text):
            name = text[finding.start : finding.end]
            if finding.kind is Found.NAME and told.leaves_out(name):
                yield token(Kind.EMPLOYEE, name)


def _sentences(text: str, told: Told) -> Iterator[Token]:
    # Where a name was taken out, the trail says so in brackets: that sentence was never written so.
    yield from (
        token(Kind.STORY, each) for each in sentences_of(text) if "[" not in each and each not in told.sentences
    )


async def _words(here: Connection, affiliate_id: UUID, reports: Sequence[UUID], keys: Mapping[UUID, DataKey]) -> Words:
    texts = _texts(await queries.texts(here, affiliate_id, reports), keys)
    edits = {
        report_id: [opened_edit(keys[report_id], report_id, row) for row in rows]
        for report_id, rows in _by_report(await queries.edits(here, affiliate_id, reports), keys)
    }
    mentions = {
        report_id: [opened_mention(keys[report_id], row) for row in rows]
        for report_id, rows in _by_report(await queries.mentions(here, affiliate_id, reports), keys)
    }
    return Words(texts, edits, mentions)


def _texts(rows: Iterable[Record], keys: Mapping[UUID, DataKey]) -> dict[UUID, dict[str, str]]:
    return {
        report_id: opened_texts(keys[report_id], report_id, {row["question_id"]: row["sealed"] for row in own})
        for report_id, own in _by_report(rows, keys)
    }


def _by_report(rows: Iterable[Record], keys: Mapping[UUID, DataKey]) -> Iterator[tuple[UUID, list[Record]]]:
    """Rows in the order of their reports, report by report; without those whose key is gone."""
    for report_id, own in groupby(rows, key=itemgetter("report_id")):
        if report_id in keys:
            yield report_id, list(own)
