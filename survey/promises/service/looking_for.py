"""What a run looks for: the true values of people and visits, opened for the memory of the run and kept nowhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from asyncpg import Connection, Record

from privacy.audit import Event, record_many
from privacy.vault import DataKey, Place, data_keys, unseal_text
from survey.settings import Settings
from survey.shoppers.domain import ADDRESS, EMAIL, NAME, PHONE
from survey.shops.reviews.domain import Edit, Mention
from survey.shops.reviews.service.sealing import opened_edit, opened_mention, opened_texts
from survey.web.sessions import SEARCH

from ..domain.proof import Kind
from ..domain.spelling import SHORTEST_NAME, Token, behind_redactions, moments, names_of, token
from ..queries import proving as queries

PURPOSE = "search for it where nobody may find it"
MOST_SHOPS = 30
LAST = 4


@dataclass(frozen=True, slots=True)
class Target:
    """The visits of a run and what is looked for. shops: rows with their ids; files: ids of pictures by report."""

    shops: Sequence[Record]
    shoppers: int
    tokens: Sequence[Token] = field(repr=False)
    pictures: Mapping[UUID, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in the reports, open."""

    texts: Mapping[UUID, Mapping[str, str]] = field(repr=False)
    edits: Mapping[UUID, Sequence[Edit]] = field(repr=False)
    mentions: Mapping[UUID, Sequence[Mention]] = field(repr=False)


async def target(
    here: Connection, settings: Settings, affiliate_id: UUID, paths: Sequence[str], now: datetime
) -> Target:
    """Open the values of some shoppers who made released visits; that each was opened is recorded. Role.WORKER.

    paths: where the eyes look, whose visits come first.
    """
    shops = await queries.sample(here, affiliate_id, paths, MOST_SHOPS)
    reports = [row["report_id"] for row in shops]
    people = await queries.shoppers(here, affiliate_id, [row["shopper_id"] for row in shops if row["shopper_id"]])
    keys = await data_keys(here, settings.keyring, [*reports, *(row["id"] for row in people)])
    words = await _words(here, affiliate_id, reports, keys)
    evidence = await queries.evidence(here, affiliate_id, reports)
    told = await queries.names_told(here, affiliate_id)
    tokens = [
        *(found for row in people for found in _of_person(row, keys.get(row["id"]))),
        *(found for row in shops for found in _of_visit(row)),
        *(found for row in evidence for found in _of_evidence(row)),
        *(found for row in shops for found in _of_words(row, words, told)),
    ]
    await record_many(here, [_opened(affiliate_id, row["id"]) for row in people if row["id"] in keys], now)
    pictures = {report_id: [row["id"] for row in evidence if row["report_id"] == report_id] for report_id in reports}
    return Target(shops, len(people), list(dict.fromkeys(tokens)), pictures)


def _opened(affiliate_id: UUID, shopper_id: UUID) -> Event:
    return Event(
        affiliate_id, SEARCH, None, "shopper.read", "shopper", shopper_id, subject_id=shopper_id, purpose=PURPOSE
    )


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
    is_coarse = row["is_single_staffed"] or row["employee_id_mode"] == "none"
    for moment in (row["time_in"], row["time_out"]):
        # What the campaign tells to the minute may leave; what is told to the hour cannot be told from a full hour.
        is_told = row["time_precision"] == "minute" and not is_coarse
        if moment is not None and not is_told and (moment.minute or row["time_precision"] != "hour"):
            yield token(Kind.MOMENT, *moments(moment, row["time_zone"]))


def _of_evidence(row: Record) -> Iterator[Token]:
    yield token(Kind.EVIDENCE, str(row["id"]), row["id"].hex)
    yield token(Kind.EVIDENCE, row["media_key"].rpartition("/")[2])


def _of_words(row: Record, words: Words, told: frozenset[str]) -> Iterator[Token]:
    report_id = row["report_id"]
    if row["employee_id_mode"] != "name":
        for each in words.mentions.get(report_id, ()):
            if len(each.name) >= SHORTEST_NAME and each.name.casefold() not in told:
                yield token(Kind.EMPLOYEE, each.name)
    approved = " ".join(words.texts.get(report_id, {}).values())
    for edit in words.edits.get(report_id, ()):
        for sentence in behind_redactions(str(edit.old or ""), approved):
            yield token(Kind.STORY, sentence)


async def _words(here: Connection, affiliate_id: UUID, reports: Sequence[UUID], keys: Mapping[UUID, DataKey]) -> Words:
    texts: dict[UUID, dict[str, bytes]] = {}
    for row in await queries.texts(here, affiliate_id, reports):
        texts.setdefault(row["report_id"], {})[row["question_id"]] = row["sealed"]
    edits: dict[UUID, list[Edit]] = {}
    for row in await queries.edits(here, affiliate_id, reports):
        if row["report_id"] in keys:
            edits.setdefault(row["report_id"], []).append(opened_edit(keys[row["report_id"]], row["report_id"], row))
    mentions: dict[UUID, list[Mention]] = {}
    for row in await queries.mentions(here, affiliate_id, reports):
        if row["report_id"] in keys:
            mentions.setdefault(row["report_id"], []).append(opened_mention(keys[row["report_id"]], row))
    open_texts = {each: opened_texts(keys[each], each, sealed) for each, sealed in texts.items() if each in keys}
    return Words(open_texts, edits, mentions)
