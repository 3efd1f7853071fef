"""Appeals and plans as candour_client: its own client's, below its own node, of reports that stand."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from asyncpg import UniqueViolationError

from privacy.crypto import random_id
from survey.db import Keyset, NotFound, Paged, Scope, connection, paged, savepoint
from survey.releases.domain import clock_words

from ..domain import LATE_STATES, Appeal, AppealState, Message, Opening, Plan, PlanState, PlanStep

APPEAL = """
SELECT id, report_ref, node_path, question_id, issue, state, raised_at, changed_at, decided_on, outcome, score_before,
       score_after
  FROM release.appeal
"""
PLAN = """
SELECT id, report_ref, node_path, state, due_on, cause, action, remark, remarked_at, created_at, changed_at
  FROM release.action_plan
"""

_RAISE = """
INSERT INTO release.appeal (id, affiliate_id, client_id, node_path, report_ref, question_id, issue, raised_at,
       changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
"""

_OPEN_PLAN = """
INSERT INTO release.action_plan (id, affiliate_id, client_id, node_path, report_ref, due_on, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
ON CONFLICT (report_ref) DO NOTHING
"""

_WRITE_PLAN = """
UPDATE release.action_plan
   SET state = $3, cause = $4, action = $5, remark = $6, due_on = $7, changed_at = $8, remarked_at = $9
 WHERE client_id = $1
   AND id = $2
"""

_PLANS = """
SELECT p.id, p.report_ref, p.node_path, p.state, p.due_on, p.cause, p.action, p.remark, p.remarked_at, p.created_at,
       p.changed_at, r.node_name, r.campaign_name, r.wave_label
  FROM release.action_plan p
  JOIN release.shop_report r ON r.report_ref = p.report_ref
 WHERE p.client_id = $1
   AND ($2::date IS NULL OR (p.due_on, p.id) > ($2, $3::uuid))
   AND p.state = ANY ($5::text[])
   AND ($6::date IS NULL OR p.due_on < $6)
 ORDER BY p.due_on, p.id
 LIMIT $4
"""

# The newest, so that drafts that were saved often never hide what came of it.
_STEPS = """
SELECT e.event, e.at, e.due_on, e.remark, e.by_path <> p.node_path AS is_above,
       (SELECT each.step->>2
          FROM release.shop_report r
         CROSS JOIN LATERAL jsonb_array_elements(r.trail) AS each (step)
         WHERE r.report_ref = p.report_ref
           AND each.step->>1 = e.by_path
         LIMIT 1) AS place
  FROM release.action_plan_event e
  JOIN release.action_plan p ON p.id = e.plan_id
 WHERE p.client_id = $1
   AND p.id = $2
 ORDER BY e.at DESC, e.id
 LIMIT $3
"""
MOST_STEPS = 200


class Contested(NamedTuple):
    """A standing report, as far as an appeal or a plan needs it. questions: id -> title; answers: id -> its lines."""

    report_ref: UUID
    node_path: str
    node_name: str
    appeal_until: datetime
    questions: dict[str, str]
    answers: dict[str, tuple[str, ...]]
    time_zone: str | None

    @property
    def until_words(self) -> str:
        """Until when it may be contested, by the clock of the place."""
        return clock_words(self.appeal_until, self.time_zone)


class PlanLine(NamedTuple):
    """A plan in the list, with its place and wave."""

    plan: Plan
    node_name: str
    campaign_name: str
    wave_label: str


async def report_in(scope: Scope, report_ref: UUID) -> Contested:
    """A report that the viewer reads. Raises NotFound."""
    row = await connection().fetchrow(
        "SELECT report_ref, node_path, node_name, appeal_until, snapshot FROM release.shop_report"
        " WHERE client_id = $1 AND report_ref = $2",
        scope.client_id,
        report_ref,
    )
    if row is None:
        raise NotFound("report")
    snapshot: dict[str, Any] = row["snapshot"]
    questions = {answer["question_id"]: answer["title"] for answer in snapshot["answers"]}
    answers = {
        answer["question_id"]: (*answer["lines"], *filter(None, (answer.get("comment"),)))
        for answer in snapshot["answers"]
    }
    place = row["node_path"], row["node_name"]
    zone = snapshot.get("time_zone")
    return Contested(row["report_ref"], *place, row["appeal_until"], questions, answers, zone)


async def appeals_of(scope: Scope, report_ref: UUID) -> list[Appeal]:
    """The appeals against a report, the oldest first."""
    rows = await connection().fetch(
        f"{APPEAL} WHERE client_id = $1 AND report_ref = $2 ORDER BY raised_at, id", scope.client_id, report_ref
    )
    return [appeal_of(row) for row in rows]


async def appeal_in(scope: Scope, appeal_id: UUID) -> Appeal:
    """An appeal of the viewer's client. Raises NotFound."""
    row = await connection().fetchrow(f"{APPEAL} WHERE client_id = $1 AND id = $2", scope.client_id, appeal_id)
    if row is None:
        raise NotFound("appeal")
    return appeal_of(row)


async def insert_appeal(scope: Scope, appeal_id: UUID, report: Contested, opening: Opening, now: datetime) -> bool:
    """Raise an appeal; False where one against the question is open already."""
    try:
        async with savepoint():
            await connection().execute(
                _RAISE, appeal_id, scope.affiliate_id, scope.client_id, report.node_path, report.report_ref,
                opening.question_id, opening.issue, now,
            )  # fmt: skip
    except UniqueViolationError:
        return False
    return True


async def insert_message(scope: Scope, message_id: UUID, appeal_id: UUID, message: Message) -> None:
    """Add to the thread."""
    await connection().execute(
        "INSERT INTO release.appeal_message (id, appeal_id, affiliate_id, author, body, at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        message_id,
        appeal_id,
        scope.affiliate_id,
        message.author,
        message.body,
        message.at,
    )


async def messages_of(appeal_id: UUID) -> list[Message]:
    """The thread between client and affiliate, the oldest first."""
    rows = await connection().fetch(
        "SELECT author, body, at FROM release.appeal_message WHERE appeal_id = $1 ORDER BY at, id", appeal_id
    )
    return [Message(*row) for row in rows]


async def give_back(scope: Scope, appeal_id: UUID, now: datetime) -> bool:
    """The client has replied; False where it was not asked."""
    done: str = await connection().execute(
        "UPDATE release.appeal SET state = 'WAITING_AFFILIATE', changed_at = $3, turn_since = $3"
        " WHERE client_id = $1 AND id = $2 AND state = 'WAITING_CLIENT'",
        scope.client_id,
        appeal_id,
        now,
    )
    return done == "UPDATE 1"


async def move_own(scope: Scope, appeal: Appeal, state: AppealState, now: datetime) -> bool:
    """The client backs an appeal or lets it go; False where it has moved meanwhile. appeal: as it was read."""
    done: str = await connection().execute(
        "UPDATE release.appeal SET state = $4, changed_at = $5 WHERE client_id = $1 AND id = $2 AND state = $3",
        scope.client_id,
        appeal.id,
        appeal.state,
        state,
        now,
    )
    return done == "UPDATE 1"


async def find_plan(scope: Scope, report_ref: UUID) -> Plan | None:
    """The action plan for a report."""
    row = await connection().fetchrow(f"{PLAN} WHERE client_id = $1 AND report_ref = $2", scope.client_id, report_ref)
    return plan_of(row) if row else None


async def insert_plan(scope: Scope, plan_id: UUID, report: Contested, due_on: date, now: datetime) -> bool:
    """Open an action plan; False where there is one: a report has one."""
    done: str = await connection().execute(
        _OPEN_PLAN, plan_id, scope.affiliate_id, scope.client_id, report.node_path, report.report_ref, due_on, now
    )
    return done == "INSERT 0 1"


async def insert_plan_event(scope: Scope, plan_id: UUID, event: str, step: tuple[date, str], now: datetime) -> None:
    """Write down what was done with a plan, for whoever reads it, and for the worker, which has a way to the ledger.

    step: the day that it is due from now on, and the remark that was made, if any.
    """
    await connection().execute(
        "INSERT INTO release.action_plan_event (id, affiliate_id, plan_id, event, at, by_path, due_on, remark)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        random_id(),
        scope.affiliate_id,
        plan_id,
        event,
        now,
        scope.node_path,
        *step,
    )


async def write_plan(scope: Scope, plan: Plan, now: datetime) -> None:
    """Write a plan as it is now."""
    await connection().execute(
        _WRITE_PLAN, scope.client_id, plan.id, plan.state, plan.cause, plan.action, plan.remark, plan.due_on, now,
        plan.remarked_at,
    )  # fmt: skip


async def steps_of(scope: Scope, plan_id: UUID) -> list[PlanStep]:
    """What was done with a plan, the oldest first."""
    rows = await connection().fetch(_STEPS, scope.client_id, plan_id, MOST_STEPS)
    return [PlanStep(**dict(row)) for row in reversed(rows)]


async def lock_plan(scope: Scope, report_ref: UUID) -> Plan:
    """The plan for a report, locked. Raises NotFound."""
    row = await connection().fetchrow(
        f"{PLAN} WHERE client_id = $1 AND report_ref = $2 FOR UPDATE", scope.client_id, report_ref
    )
    if row is None:
        raise NotFound("plan")
    return plan_of(row)


async def plans_of(
    scope: Scope, states: Collection[PlanState], due_before: date | None, keyset: Keyset
) -> Paged[PlanLine]:  # fmt: skip
    """Plans of the viewer's places in these states, the most pressing first; due_before: only what is older."""
    due_on, last_id = keyset.after_as(tuple[date, UUID]) or (None, None)
    rows = await connection().fetch(
        _PLANS, scope.client_id, due_on, last_id, keyset.rows_to_fetch, list(states), due_before
    )
    lines = [PlanLine(plan_of(row), row["node_name"], row["campaign_name"], row["wave_label"]) for row in rows]
    return paged(lines, keyset, lambda line: (line.plan.due_on, line.plan.id))


async def late_plans(scope: Scope, today: date) -> int:
    """How many plans of the viewer's places should have been handed in."""
    found: int = await connection().fetchval(
        "SELECT count(*) FROM release.action_plan WHERE client_id = $1 AND state = ANY ($2::text[]) AND due_on < $3",
        scope.client_id,
        list(LATE_STATES),
        today,
    )
    return found


def appeal_of(row: Any) -> Appeal:
    """The appeal of a row of APPEAL."""
    columns = {name: row[name] for name in Appeal.__slots__}
    return Appeal(**(columns | {"state": AppealState(row["state"])}))


def plan_of(row: Any) -> Plan:
    """The plan of a row of PLAN."""
    columns = {name: row[name] for name in Plan.__slots__}
    return Plan(**(columns | {"state": PlanState(row["state"])}))
