"""One visit with two pairs of eyes: field by field what the company’s staff read, what the client reads, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from survey.db import Scope, connection
from survey.questionnaires.domain import MOMENT_KINDS, TEXT_KINDS, Item
from survey.releases import service as releases
from survey.settings import Settings
from survey.shops.campaigns.domain import time_told
from survey.shops.fieldwork.domain import comment_field
from survey.shops.reviews import service as reviews
from survey.shops.reviews.domain import ROLES, Picture
from survey.shops.reviews.service import Opened
from survey.shops.visits.domain import money

from ..domain.twin import NOBODY, Field, Side, pieces_of, said
from ..queries import twins as queries

PURPOSE = "compare what we read with what the client reads"
EXAMPLES = 5
# Editors judge a visit without knowing who made it; the code is for those who schedule and answer for it.
KNOW_THE_CODE = ("affiliate_admin", "manager")
GONE = "An editor took out what named somebody or gave a number away. What stood there is gone: nobody can read it."
PRECISION_WORDS: Mapping[str, str] = {
    "wave": "only the wave",
    "daypart": "only the part of the day and the week",
    "hour": "only the hour",
    "minute": "to the minute",
}
MODE_WORDS: Mapping[str, str] = {
    "none": "says nothing of who works there",
    "role": "tells roles, and no names or descriptions",
    "description": "tells roles and descriptions, and no names",
    "name": "tells names, of which the staff was told beforehand",
}


@dataclass(frozen=True, slots=True)
class Twin:
    """A visit seen twice. pictures: originals, each with whether the client has a copy."""

    shop_id: UUID
    public_ref: str
    client_name: str
    location_name: str
    time_shown: str
    fields: Sequence[Field] = field(repr=False)
    answers: Sequence[Field] = field(repr=False)
    pictures: Sequence[tuple[Picture, bool]]

    @property
    def alike(self) -> Sequence[Field]:
        """Answers that both read the same, as they were told."""
        return [each for each in self.answers if each.is_alike and not each.is_marked]

    @property
    def unlike(self) -> Sequence[Field]:
        """Answers of which something was taken out, for the client alone or for good."""
        return [each for each in self.answers if not each.is_alike or each.is_marked]


async def examples(scope: Scope) -> list[Record]:
    """Some visits worth looking at twice. Role.STAFF."""
    return await queries.examples(connection(), scope, EXAMPLES)


async def twin(scope: Scope, settings: Settings, shop_id: UUID, now: datetime) -> Twin:
    """A released visit with both views; reading it is recorded. Raises NotFound, also where no client reads it."""
    here = connection()
    standing = await releases.standing_in(scope, shop_id)
    found = await reviews.opened(scope, settings, shop_id)
    beside = await queries.beside(here, scope, shop_id)
    people = await queries.employees(here, scope, standing.id)
    copies = await queries.count_pictures(here, scope, standing.id)
    await reviews.note_reading(scope, shop_id, PURPOSE, now)
    report, snapshot = found.report, standing.snapshot
    return Twin(
        shop_id, report.public_ref, report.client_name, report.location_name, standing.time_shown,
        [
            _who(scope, beside),
            _when(found, beside, standing.time_shown),
            Field("What the visit is called", said(report.public_ref), said("A random id of the client’s own"),
                  "Our number stands in our letters to the shopper: the client gets another one."),
            _people(found, beside, people),
            *_money(found, beside, snapshot),
            *_traces(beside),
        ],
        list(_answers(found, beside, snapshot)),
        [(each, bool(copies) and _is_released(each, beside)) for each in found.pictures],
    )  # fmt: skip


def _who(scope: Scope, beside: Record) -> Field:
    code = beside["display_code"] or "somebody whose profile is gone"
    shown = code if scope.role in KNOW_THE_CODE else "A shopper; editors judge without knowing who"
    return Field(
        "Who made the visit", said(shown), said(*NOBODY), "Neither name, code nor id is copied into a release."
    )


def _when(found: Opened, beside: Record, time_shown: str) -> Field:
    report = found.report
    began, ended = (report.local(each) if each else None for each in (report.time_in, report.time_out))
    exact = (f"{began:%-d %B %Y, %H:%M}" if began else "") + (f" to {ended:%H:%M}" if ended else "")
    told = PRECISION_WORDS[
        time_told(beside["time_precision"], beside["employee_id_mode"], is_single_staffed=beside["is_single_staffed"])
    ]
    return Field("When", said(exact), said(time_shown), f"The client is told {told}: an exact time would name a shift.")


def _people(found: Opened, beside: Record, people: Sequence[Record]) -> Field:
    ours = [_employee(each.token, each.role_words, each.name, each.description) for each in found.mentions]
    theirs = [_employee(row["token"], ROLES.get(row["role"], ""), row["name"], row["description"]) for row in people]
    why = f"The campaign {MODE_WORDS[beside['employee_id_mode']]}."
    return Field("Who works there", said(*ours or NOBODY), said(*theirs or NOBODY), why)


def _employee(token: str, role: str, *more: str | None) -> str:
    return ", ".join(filter(None, (token, role, *more)))


def _money(found: Opened, beside: Record, snapshot: Mapping[str, Any]) -> Iterator[Field]:
    currency = beside["currency"]
    pay = f"{money(beside['fee_cents'], currency)} and up to {money(beside['reimbursement_cap_cents'], currency)} back"
    yield Field("What the shopper is paid", said(pay), Side(), "Pay is between the company and the shopper.")
    receipt, cents = snapshot.get("receipt"), found.report.receipt_cents
    ours = said(money(cents, currency)) if cents is not None else Side()
    theirs = said(money(receipt["amount_cents"], receipt["currency"])) if receipt else Side()
    if not ours.is_empty or not theirs.is_empty:
        why = "" if ours == theirs else "The campaign does not tell what was bought."
        yield Field("Amount of the receipt", ours, theirs, why)


def _traces(beside: Record) -> Iterator[Field]:
    if beside["is_checked_in"]:
        yield Field(
            "Where the shopper stood", said("A place, to about a hundred metres"), Side(), "A place is a trace."
        )
    if count := beside["recordings"]:
        why = "A voice is a person: no client gets one."
        yield Field("Recordings", said(f"{count} of sound or film"), Side(), why)


def _answers(found: Opened, beside: Record, snapshot: Mapping[str, Any]) -> Iterator[Field]:
    """Question by question what was answered, and what of it left."""
    released = {each["question_id"]: each for each in snapshot["answers"]}
    items = {item.id: item for item in found.definition.items()}
    for row in found.rows:
        item, answer = items[row.item_id], released.get(row.item_id)
        ours = _side(item, row.lines, found.texts.get(comment_field(item.id), ""))
        theirs = _side(item, answer["lines"], answer["comment"]) if answer else Side()
        wait = answer["wait_seconds"] if answer else None
        if wait is not None and theirs.is_empty:
            theirs = said(f"{wait} seconds waited")
        if not ours.is_empty:
            found_in = Field(row.title, ours, theirs)
            yield replace(found_in, why=GONE if found_in.is_marked else "" if ours == theirs else _why(item, beside))


def _side(item: Item, lines: Sequence[str], comment: str) -> Side:
    texts = [*(lines if item.kind in TEXT_KINDS else ()), *([comment] if comment else ())]
    return Side(() if item.kind in TEXT_KINDS else tuple(lines), tuple(tuple(pieces_of(each)) for each in texts))


def _why(item: Item, beside: Record) -> str:
    if item.is_sensitive:
        return "The question asks for something sensitive."
    if item.kind in MOMENT_KINDS:
        return "An exact time would name a shift: how long somebody waited is told without it."
    if not beside["is_narrative_shown"]:
        return "The campaign tells no stories."
    return "" if item.is_reported else "The question serves the company alone."


def _is_released(picture: Picture, beside: Record) -> bool:
    mode = beside["receipt_mode"] if picture.kind == "receipt" else beside["picture_mode"]
    return picture.review == "redacted" and mode == "redacted"
