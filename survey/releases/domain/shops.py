"""One approved report as its client may see it: an allow-list, built field by field; nothing is copied whole. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec.json import Encoder

from privacy.crypto import sha256
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import MOMENT_KINDS, TEXT_KINDS, Compiled, Item, Kind
from survey.shops.campaigns.domain import DAYPARTS, Score, Scoring, needs_notice, score, time_told
from survey.shops.fieldwork.domain import Outcome, comment_field
from survey.shops.visits.domain import clock_name

# The timer that closes a shop fires this much later than clients are told: an appeal in the last minute is taken in.
MARGIN = timedelta(hours=1)
ANY = "any"
HALF_A_POINT = Decimal("0.5")
OUTCOMES: Mapping[str, str] = {
    "closed": "The location was closed, and no visit could be made.",
    "not_possible": "The visit could not be made.",
}
_ENCODER = Encoder(order="sorted", decimal_format="string")


@dataclass(frozen=True, slots=True)
class Visited:
    """An approved shop with what its snapshot is built from. Ids that lead to the shop stay behind."""

    affiliate_id: UUID
    shop_id: UUID
    report_id: UUID
    public_ref: str
    client_id: UUID
    client_name: str
    node_path: str
    node_level: str
    node_code: str
    node_name: str
    trail: Sequence[Sequence[str]]
    is_single_staffed: bool
    time_zone: str
    campaign_id: UUID
    campaign_name: str
    is_competitor: bool
    staff_notice: Mapping[str, str] | None
    employee_id_mode: str
    time_precision: str
    picture_mode: str
    receipt_mode: str
    is_narrative_shown: bool
    currency: str
    appeal_days: int
    wave_id: UUID
    wave_label: str
    wave_starts_on: date
    daypart: str
    definition: Mapping[str, Any]
    scoring: Mapping[str, Any]
    coded: Mapping[str, Any]
    outcome: str
    time_in: datetime | None
    receipt_cents: int | None


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who works there, as far as the campaign lets it be told."""

    token: str
    role: str
    purge_after: date
    name: str | None = field(default=None, repr=False)
    description: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What leaves of one report beside its place and wave. score: per cent; content: sections, answers, receipt."""

    time_shown: str
    score: Decimal | None
    is_failed: bool
    content: Mapping[str, Any] = field(repr=False)
    employees: Sequence[Employee] = field(repr=False)

    @property
    def words(self) -> list[str]:
        """Everything in it that somebody may have typed."""
        return words_in(self.content) + [text for one in self.employees for text in (one.name, one.description) if text]


def words_in(content: Mapping[str, Any]) -> list[str]:
    """The lines and comments of the answers in a snapshot."""
    return [text for answer in content["answers"] for text in (*answer["lines"], answer["comment"]) if text]


def snapshot_of(visited: Visited, texts: Mapping[str, str], employees: Sequence[Employee]) -> Snapshot:
    """The snapshot of an approved report. texts: its words by field, as approved; employees: those of the report.

    Of a visit that could not be made, that alone leaves: what was answered before it failed has no score.
    """
    if visited.outcome != Outcome.DONE:
        visited, texts = replace(visited, coded={}), {}
    definition = questionnaire.from_json(dict(visited.definition))
    compiled = questionnaire.compile_definition(questionnaire.in_currency(definition, visited.currency))
    rules = msgspec.convert(dict(visited.scoring), Scoring)
    scored = score(rules, compiled.definition, visited.coded)
    shown = dict(texts) if visited.is_narrative_shown else {}
    content = {
        "outcome": OUTCOMES.get(visited.outcome, ""),
        "sections": _sections(compiled, scored),
        "answers": _answers(visited, compiled, (rules, scored), shown),
        "receipt": _receipt(visited),
        "staff_notice": _staff_notice(visited),
        "time_zone": visited.time_zone,
    }
    told = tuple(_told(one, visited.employee_id_mode) for one in employees if visited.employee_id_mode != "none")
    return Snapshot(when(visited), scored.percent, scored.is_failed, content, told)


def when(visited: Visited) -> str:
    """When the visit was, as finely as it may be told without telling who worked then."""
    precision = _precision(visited)
    if precision == "wave" or visited.time_in is None:
        return visited.wave_label
    local = visited.time_in.astimezone(ZoneInfo(visited.time_zone))
    if precision == "daypart":
        week = max((local.date() - visited.wave_starts_on).days // 7, 0) + 1
        return f"{_daypart(visited.daypart, local)}, week {week}"
    day = f"{local.day} {local:%B %Y}"
    if precision == "hour":
        return f"{day}, {local.hour:02d}:00 to {(local.hour + 1) % 24:02d}:00"
    return f"{day}, {local:%H:%M}"


def appeal_until(visited: Visited, now: datetime) -> datetime:
    """Until when the client may contest what is released now."""
    return now.astimezone(UTC) + timedelta(days=visited.appeal_days) - MARGIN


def clock_words(moment: datetime, time_zone: str | None) -> str:
    """A moment by the clock of a place. time_zone: None for reports that left before their zone was told."""
    name = time_zone or "UTC"
    local = moment.astimezone(ZoneInfo(name))
    return f"{local.day} {local:%B %Y, %H:%M} ({clock_name(name)})"


def is_held_lower(content: Mapping[str, Any], score: Decimal | None) -> bool:
    """Whether the score is less than its sections come to by their shares: an answer that fails a visit caps it.

    Reports that left before shares were told say nothing of it. Half a point, as sections and shares are rounded.
    """
    sections = content["sections"]
    if score is None or not all("share" in each for each in sections):
        return False
    whole = sum(Decimal(str(each["score"])) * Decimal(str(each["share"])) / 100 for each in sections)
    return score < whole - HALF_A_POINT


def digest_of(snapshot: Snapshot, pictures: Collection[bytes]) -> bytes:
    """SHA-256 over one spelling of all that leaves. pictures: the digests of their files."""
    employees = [[one.token, one.role, one.name, one.description] for one in snapshot.employees]
    spelt = [snapshot.time_shown, snapshot.score, snapshot.is_failed, snapshot.content, employees]
    return sha256(_ENCODER.encode([*spelt, [picture.hex() for picture in pictures]]))


def _precision(visited: Visited) -> str:
    return time_told(visited.time_precision, visited.employee_id_mode, is_single_staffed=visited.is_single_staffed)


def _daypart(named: str, local: datetime) -> str:
    if named != ANY:
        return named
    for name, (first, last) in DAYPARTS.items():
        if name != ANY and first <= local.hour < last:
            return name
    return "night"


def _sections(compiled: Compiled, scored: Score) -> list[dict[str, Any]]:
    return [
        {
            "id": section.id,
            "title": section.title,
            "score": scored.sections[section.id],
            "share": scored.shares.get(section.id, Decimal(0)),
        }
        for section in compiled.definition.sections
        if section.id in scored.sections
    ]


def _answers(
    visited: Visited, compiled: Compiled, scored: tuple[Scoring, Score], texts: Mapping[str, str]
) -> list[dict[str, Any]]:
    items = {item.id: item for item in compiled.definition.items()}
    rules, result = scored
    told = []
    for row in questionnaire.summary(compiled, visited.coded, texts):
        item = items[row.item_id]
        comment = texts.get(comment_field(item.id), "")
        wait = result.waits.get(item.id)
        is_told = _is_told(visited, item, rules)
        # How long somebody waited tells nothing of when it was: it leaves though the clock times do not.
        is_wait = wait is not None and item.kind is Kind.TIME and not item.is_sensitive
        if (is_told and (row.lines or comment)) or is_wait:
            told.append(
                {
                    "question_id": item.id,
                    "section": row.section_title,
                    "title": row.title,
                    "lines": list(row.lines) if is_told else [],
                    "comment": comment,
                    "points": [*result.points[item.id]] if item.id in result.points else None,
                    "wait_seconds": wait,
                }
            )
    return told


def _is_told(visited: Visited, item: Item, rules: Scoring) -> bool:
    """Whether the answer may leave: what says when the visit was leaves only as finely as the campaign tells it."""
    if item.is_sensitive:
        return False
    is_exact = _precision(visited) == "minute"
    if item.kind in TEXT_KINDS:
        is_moment = any(item.id in (start, end) for start, end, _ in rules.timings)
        return visited.is_narrative_shown and (is_exact or not is_moment)
    if item.kind in MOMENT_KINDS and not is_exact:
        return False
    return item.is_reported


def _receipt(visited: Visited) -> dict[str, Any] | None:
    if visited.receipt_mode == "none" or visited.receipt_cents is None:
        return None
    return {"amount_cents": visited.receipt_cents, "currency": visited.currency}


def _staff_notice(visited: Visited) -> dict[str, str] | None:
    """That the client's staff were told beforehand: beside every report of a campaign that lets them be known."""
    if visited.staff_notice is None or not needs_notice(visited.employee_id_mode):
        return None
    return {name: visited.staff_notice[name] for name in ("told_on", "channel", "attested_by")}


def _told(employee: Employee, mode: str) -> Employee:
    name = employee.name if mode == "name" else None
    description = employee.description if mode in ("description", "name") else None
    return Employee(employee.token, employee.role, employee.purge_after, name, description)
