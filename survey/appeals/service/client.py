"""What a client's people do, as candour_client. That role writes no audit; the worker does when it takes things in."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
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
    PlanChanged,
    PlanEvent,
    PlanWords,
    TooLate,
    Wish,
    WrongAppealState,
    after,
    last_day,
    parts_of,
    planned_after,
    require_day,
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


async def open_plan(scope: Scope, report_ref: UUID, due_on: date | None, now: datetime) -> None:
    """Open an action plan for a report; a report has one. due_on: None is the usual time.

    Raises NotFound, WrongPlanDay.
    """
    report = await queries.report_in(scope, report_ref)
    plan_id, day = random_id(), due_on or (now + timedelta(days=PLAN_DAYS)).date()
    require_day(day, now.date(), last_day(now))
    if await queries.insert_plan(scope, plan_id, report, day, now):
        await queries.insert_plan_event(scope, plan_id, "open", (day, ""), now)


async def write_plan(scope: Scope, report_ref: UUID, event: PlanEvent, words: PlanWords, now: datetime) -> None:
    """Move a plan, or keep what is written of it. A writer's words change with a draft and with handing in.

    A remark is made with sending back and with saying that it is done, and takes the place of the one before, which
    the history keeps. Raises NotFound, WrongPlanState, WrongPlanDay, PlanChanged.
    """
    plan = await queries.lock_plan(scope, report_ref)
    target = planned_after(plan, event, parts_of(scope.node_path or "", plan.node_path))
    remark = ""
    if event in (PlanEvent.SAVE, PlanEvent.SUBMIT):
        written = replace(_rewritten(plan, words, now), state=target)
    elif event is PlanEvent.TAKE_UP:
        written = replace(plan, state=target)
    else:
        remark = kept(words.remark)
        due_on = (now + timedelta(days=PLAN_DAYS)).date() if event is PlanEvent.RETURN else plan.due_on
        written = replace(plan, state=target, remark=remark, remarked_at=now if remark else None, due_on=due_on)
    await queries.write_plan(scope, written, now)
    await queries.insert_plan_event(scope, plan.id, event, (written.due_on, remark), now)


def _rewritten(plan: Plan, words: PlanWords, now: datetime) -> Plan:
    if words.seen and words.seen != plan.seen:
        raise PlanChanged("the plan was written to meanwhile")
    due_on = words.due_on or plan.due_on
    if due_on != plan.due_on:
        require_day(due_on, now.date(), plan.latest_on)
    return replace(plan, cause=kept(words.cause), action=kept(words.action), due_on=due_on)
