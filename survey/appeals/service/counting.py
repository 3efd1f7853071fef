"""Counting what was behind appeals: for managers of everybody, for an editor of the own approvals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from survey.accounts import service as accounts
from survey.db import Scope
from survey.settings import Settings

from .. import queries
from ..domain import MonthTally, Period, Tally

SEE_ALL = ("affiliate_admin", "manager")
PURPOSE = "see whose approvals clients rightly contested"
GONE = "somebody who has left"


@dataclass(frozen=True, slots=True)
class Counted:
    """The same errors counted three ways; is_own: an editor's own alone."""

    is_own: bool
    months: Sequence[MonthTally]
    editors: Sequence[Tally]
    questions: Sequence[Tally]

    @property
    def errors(self) -> int:
        """How many errors in all."""
        return sum(each.errors for each in self.months)

    @property
    def released(self) -> int:
        """How many reports were released in all."""
        return sum(each.released for each in self.months)


async def count_errors(scope: Scope, settings: Settings, period: Period, kind: str, now: datetime) -> Counted:
    """Errors of one kind among the reports released in a period. That colleagues' names were read is recorded."""
    is_own = scope.role not in SEE_ALL
    whose = scope.account_id if is_own else None
    asked = (scope, period, kind, whose)
    editors = await queries.errors_by_editor(*asked)
    names = await accounts.names_in(scope, settings, [each.editor_id for each in editors], PURPOSE, now)
    return Counted(
        is_own,
        await queries.errors_by_month(*asked),
        [each.named(names.get(each.editor_id, GONE)) for each in editors],
        await queries.errors_by_question(*asked),
    )
