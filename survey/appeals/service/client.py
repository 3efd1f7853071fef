"""What a client's people do, as candour_client. That role writes no audit; the worker does when it takes things in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from privacy.crypto import random_id
from survey.db import Scope

from .. import queries
from ..domain import (
    FROM_ABOVE,
    OF_CLIENT,
    PLAN_DAYS,
    Appeal,
    AppealEvent,
    AppealState,
    Message,
    NoSuchQuestion,
    NotAbove,
    Opening,
    Part,
    Plan,
    PlanEvent,
    TooLate,
    Wish,
    WrongAppealState,
    after,
    parts_of,
    planned_after,
)
from .outgoing import kept

CLIENT = "client"
MOVED_TO = {event: after(AppealState.NEW, event) for event in OF_CLIENT}


@dataclass(frozen=True, slots=True)
class Contesting:
    """What stands beside a report: appeals against it, the plan that follows from it, wishes for another visit."""

    appeals: Sequence[Appeal] = field(repr=False)
    plan: Plan | None
    wishes: Sequence[Wish] = field(repr=False)

    @property
    def is_wishable(self) -> bool:
        """Whether another visit may be asked for: none is waited for, and none was granted."""
        return not any(each.is_open or each.is_final for each in self.wishes)


async def contested(scope: Scope, report_ref: UUID) -> Contesting:
    """Appeals, plan and wishes of a report that the viewer reads."""
    return Contesting(
        await queries.appeals_of(scope, report_ref),
        await queries.find_plan(scope, report_ref),
        await queries.wishes_of(scope, report_ref),
    )


async def raise_appeal(scope: Scope, report_ref: UUID, opening: Opening, now: datetime) -> None:
    """Contest one answer; while an appeal against it is open, again is once.

    Raises NotFound, TooLate, NoSuchQuestion.
    """
    report = await queries.report_in(scope, report_ref)
    if opening.question_id not in report.questions:
        raise NoSuchQuestion
    if now >= report.appeal_until:
        raise TooLate
    appeal_id = random_id()
    if await queries.insert_appeal(scope, appeal_id, report, opening, now):
        await queries.insert_message(scope, random_id(), appeal_id, Message(CLIENT, kept(opening.words), now))


async def reply(scope: Scope, appeal_id: UUID, words: str, now: datetime) -> None:
    """Answer what the affiliate has asked. Raises NotFound, WrongAppealState where it has asked nothing."""
    appeal = await queries.appeal_in(scope, appeal_id)
    if appeal.state is not AppealState.WAITING_CLIENT:
        raise WrongAppealState(appeal.state, AppealEvent.CLIENT_REPLIED)
    await queries.insert_message(scope, random_id(), appeal_id, Message(CLIENT, kept(words), now))
    if not await queries.give_back(scope, appeal_id, now):
        raise WrongAppealState(appeal.state, AppealEvent.CLIENT_REPLIED)


async def move_own(scope: Scope, appeal_id: UUID, event: AppealEvent, now: datetime) -> None:
    """Withdraw an appeal; or, from above the location, back it or stop it. Twice is once.

    Raises NotFound, NotAbove, WrongAppealState where it was decided or moved meanwhile.
    """
    appeal = await queries.appeal_in(scope, appeal_id)
    if event in FROM_ABOVE and Part.JUDGE not in parts_of(scope.node_path or "", appeal.node_path):
        raise NotAbove
    if appeal.state is MOVED_TO.get(event):
        return
    state = after(appeal.state, event)
    if not await queries.move_own(scope, appeal, state, now):
        raise WrongAppealState((await queries.appeal_in(scope, appeal_id)).state, event)


async def open_plan(scope: Scope, report_ref: UUID, now: datetime) -> None:
    """Open an action plan for a report; a report has one. Raises NotFound."""
    report = await queries.report_in(scope, report_ref)
    plan_id = random_id()
    if await queries.insert_plan(scope, plan_id, report, (now + timedelta(days=PLAN_DAYS)).date(), now):
        await queries.insert_plan_event(scope, plan_id, "open", now)


async def write_plan(
    scope: Scope, report_ref: UUID, event: PlanEvent, words: tuple[str, str, str], now: datetime
) -> None:
    """Move a plan. words: cause, action, remark; a writer's words change with a submission, the remark by a judge.

    Raises NotFound, WrongPlanState.
    """
    plan = await queries.lock_plan(scope, report_ref)
    target = planned_after(plan, event, parts_of(scope.node_path or "", plan.node_path))
    cause, action, remark = map(kept, words)
    if event is PlanEvent.SUBMIT:
        written = replace(plan, state=target, cause=cause, action=action)
    elif event is PlanEvent.RETURN:
        due_on = (now + timedelta(days=PLAN_DAYS)).date()
        written = replace(plan, state=target, remark=remark, due_on=due_on)
    else:
        written = replace(plan, state=target, remark=remark or plan.remark)
    await queries.write_plan(scope, written, now)
    await queries.insert_plan_event(scope, plan.id, event, now)
