"""What a shopper reads of the review of their own report: changes made in their name, notes, grade and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from privacy.vault import data_key, unseal_text
from survey.db import NotFound, Scope, connection
from survey.questionnaires import domain as questionnaire
from survey.questionnaires.domain import Definition
from survey.settings import Settings
from survey.shops.visits.domain import State

from .. import queries
from ..domain import (
    LOOKED_AT_AGAIN,
    ContestKind,
    Decision,
    DecisionKind,
    Edit,
    Note,
    OwnContest,
    contest_until,
    contestable,
    in_words,
)
from .contesting import contests_of
from .sealing import coaching_place, opened_edit, opened_note
from .verdicts import decisions_of


@dataclass(frozen=True, slots=True)
class Told:
    """The review of a shopper's own report. decisions: the oldest first; contests: the last first."""

    public_ref: str
    state: State
    decision: str
    reason: str
    decided_at: datetime | None
    grade: int | None
    breakdown: Mapping[str, int]
    definition: Definition
    coaching: str = field(repr=False)
    edits: Sequence[Edit]
    notes: Sequence[Note]
    contests: Sequence[OwnContest]
    decisions: Sequence[Decision]
    is_on_hold: bool
    on_hold_for: timedelta
    time_zone: str

    @property
    def words(self) -> str:
        """What the shopper was told with the decision that stands; empty where nothing was."""
        decided = [each for each in self.decisions if each.kind != DecisionKind.REOPENED]
        return decided[-1].words if decided and decided[-1].kind == self.decision else ""

    @property
    def reopening(self) -> Decision | None:
        """Why it is looked at again; None where it is not, or was before anybody was asked."""
        reopened = [each for each in self.decisions if each.kind == DecisionKind.REOPENED]
        return reopened[-1] if reopened and self.is_looked_at_again else None

    @property
    def is_looked_at_again(self) -> bool:
        """Whether the report was approved and is in review once more, with the grade and the pay that it had."""
        return self.grade is not None and self.state in LOOKED_AT_AGAIN

    @property
    def contestable(self) -> ContestKind | None:
        """What can be contested, in time or not; None where that is done already, or nothing."""
        kind = contestable(self.decision, self.state, self.grade)
        is_contested = any(each.contested_at == self.decided_at for each in self.contests)
        return None if is_contested else kind

    @property
    def contest_until(self) -> datetime | None:
        """Until when the decision that stands can be contested; None where it cannot."""
        if self.contestable is None or self.decided_at is None:
            return None
        return contest_until(self.decided_at, self.on_hold_for)

    def can_contest(self, now: datetime) -> bool:
        """Whether that can be contested now. While the shop is on hold it cannot, and no day counts."""
        return not self.is_on_hold and self.contest_until is not None and now <= self.contest_until


async def told(scope: Scope, settings: Settings, shop_id: UUID) -> Told:
    """The review of one's own report; Role.SHOPPER sees no other. Raises NotFound."""
    row = await queries.decision_of(scope, shop_id)
    if row is None:
        raise NotFound("report")
    facts: dict[str, Any] = dict(row)
    report_id = facts["report_id"]
    key = await data_key(connection(), settings.keyring, report_id)
    sealed = facts["coaching"]
    definition = questionnaire.in_currency(questionnaire.from_json(dict(facts["definition"])), facts["currency"])
    return Told(
        facts["public_ref"],
        State(facts["state"]),
        facts["decision"],
        facts["reason"],
        facts["decided_at"],
        facts["grade"],
        facts["breakdown"],
        definition,
        unseal_text(key, coaching_place(report_id), sealed) if sealed else "",
        in_words([opened_edit(key, report_id, each) for each in await queries.edits_of(scope, report_id)], definition),
        [opened_note(key, report_id, each) for each in await queries.notes_of(scope, report_id)],
        await contests_of(scope, key, report_id),
        await decisions_of(scope, key, report_id),
        facts["is_on_hold"],
        facts["on_hold_for"],
        facts["time_zone"],
    )
