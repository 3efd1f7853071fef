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

from .. import queries
from ..domain import Edit, Note, OwnContest, contest_until, in_words
from .contesting import own_contest
from .sealing import coaching_place, opened_edit, opened_note


@dataclass(frozen=True, slots=True)
class Told:
    """The review of a shopper's own report."""

    public_ref: str
    decision: str
    reason: str
    decided_at: datetime | None
    grade: int | None
    breakdown: Mapping[str, int]
    definition: Definition
    coaching: str = field(repr=False)
    edits: Sequence[Edit]
    notes: Sequence[Note]
    contest: OwnContest | None
    is_on_hold: bool
    on_hold_for: timedelta

    @property
    def contest_until(self) -> datetime | None:
        """Until when the rejection that stands can be contested; None where nothing is rejected, or it is contested."""
        if self.decision != "rejected" or self.decided_at is None:
            return None
        is_contested = self.contest is not None and self.contest.rejected_at == self.decided_at
        return None if is_contested else contest_until(self.decided_at, self.on_hold_for)

    def can_contest(self, now: datetime) -> bool:
        """Whether the rejection can be contested now. While the shop is on hold it cannot, and no day counts."""
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
        facts["decision"],
        facts["reason"],
        facts["decided_at"],
        facts["grade"] if facts["decision"] == "approved" else None,
        facts["breakdown"],
        definition,
        unseal_text(key, coaching_place(report_id), sealed) if sealed else "",
        in_words([opened_edit(key, report_id, each) for each in await queries.edits_of(scope, report_id)], definition),
        [opened_note(key, report_id, each) for each in await queries.notes_of(scope, report_id)],
        await own_contest(scope, settings, report_id),
        facts["is_on_hold"],
        facts["on_hold_for"],
    )
