"""What a client writes about reports, in the release plane; what a shopper is asked, under the report's seal."""

from typing import TypeVar

from piccolo.columns import UUID, Bytea, Date, Numeric, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WITH_THE_REPORT = Retention("appeals", days=1095, counted_from="the day the shop was closed", sweep="sweeps.run")


def _of_shopper(column: C, on_erase: Erase = Erase.SHRED) -> C:
    return personal(
        column,
        Category.FREE_TEXT,
        subject="the shopper, by the shop's assignment",
        purposes=("find out whether a report that a client contests is right",),
        retention=WITH_THE_REPORT,
        on_erase=on_erase,
        release=Release.NEVER,
    )


class Appeal(Table, schema="release", tablename="appeal"):
    """A client contests one answer of one report."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that contests")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    report_ref = plain(UUID(default=None), "what the client calls the report")
    question_id = plain(Text(default=None), "the question")
    issue = plain(Text(default=None), "what is said to be wrong; a code")
    state = plain(Text(default="NEW"), "whose turn it is, or how it ended")
    raised_at = plain(Timestamptz(default=None), "when the client raised it")
    changed_at = plain(Timestamptz(default=None), "when it last moved")
    turn_since = plain(
        Timestamptz(null=True, default=None), "since when it is the affiliate's turn; empty: since it was raised"
    )
    taken_in_at = plain(Timestamptz(null=True, default=None), "since when the shop cannot close over it")
    decided_on = plain(Date(null=True, default=None), "when it was decided")
    outcome = plain(Text(default=""), "the affiliate's words to the business")
    score_before = plain(Numeric(digits=(5, 2), null=True, default=None), "the place's score before")
    score_after = plain(Numeric(digits=(5, 2), null=True, default=None), "the place's score after")
    let_go_at = plain(Timestamptz(null=True, default=None), "since when the shop may close again: it was let go")


class AppealClass(Table, schema="field", tablename="appeal_class"):
    """What was behind an appeal, as staff see it; no client reads it."""

    appeal_id = plain(UUID(primary_key=True, default=None), "the appeal")
    affiliate_id = plain(UUID(default=None), "tenant key")
    kind = plain(Text(default=None), "what it was; a code")
    editor_id = plain(UUID(null=True, default=None), "the account that had approved the report; leads to staff")
    by_id = plain(UUID(default=None), "the account that says so; leads to staff")
    at = plain(Timestamptz(default=None), "when it was said")


class AppealMessage(Table, schema="release", tablename="appeal_message"):
    """A message between a business and the affiliate about an appeal."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    appeal_id = plain(UUID(default=None), "the appeal")
    affiliate_id = plain(UUID(default=None), "tenant key")
    author = plain(Text(default=None), "client or affiliate; no person")
    body = plain(Text(default=None), "a business's words about a place; the page asks to name nobody")
    at = plain(Timestamptz(default=None), "when it was written")
    recorded_at = plain(Timestamptz(null=True, default=None), "when the ledger learnt of it")


class AppealQuestion(Table, schema="field", tablename="appeal_question"):
    """What the affiliate asks whoever made the visit, and the answer. No client ever reads it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    appeal_id = plain(UUID(default=None), "the appeal")
    report_id = plain(UUID(default=None), "the report, whose key seals it")
    question_id = plain(Text(default=None), "the question")
    asked = _of_shopper(Bytea(default=None, secret=True))
    answer = _of_shopper(Bytea(null=True, default=None, secret=True))
    asked_by = plain(UUID(default=None), "the editor's account; leads to staff")
    asked_at = plain(Timestamptz(default=None), "when it was asked")
    answered_at = _of_shopper(Timestamptz(null=True, default=None), Erase.NULL)


class ActionPlan(Table, schema="release", tablename="action_plan"):
    """What a business's manager does about a report."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    report_ref = plain(UUID(default=None), "what the client calls the report")
    state = plain(Text(default="OPEN"), "how far it is")
    due_on = plain(Date(default=None), "until when it should be handed in")
    cause = plain(Text(default=""), "a business's words about a place")
    action = plain(Text(default=""), "a business's words about a place")
    remark = plain(Text(default=""), "a business's words about a place")
    remarked_at = plain(Timestamptz(null=True, default=None), "when the remark was made")
    created_at = plain(Timestamptz(default=None), "when it was opened")
    changed_at = plain(Timestamptz(default=None), "when it last changed")


class ActionPlanEvent(Table, schema="release", tablename="action_plan_event"):
    """What a client's people did with a plan, for them to read and for the worker to record. No person of theirs."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    plan_id = plain(UUID(default=None), "the plan")
    event = plain(Text(default=None), "what was done; a code")
    at = plain(Timestamptz(default=None), "when")
    by_path = plain(Text(null=True, default=None), "the place whose people did it: ids of locations")
    due_on = plain(Date(null=True, default=None), "until when it had to be handed in from then on")
    remark = plain(Text(default=""), "a business's words about a place")
    recorded_at = plain(Timestamptz(null=True, default=None), "when the ledger learnt of it")


class ReshootWish(Table, schema="release", tablename="reshoot_wish"):
    """A client asks for another visit in the place of one it has read."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that asks")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    report_ref = plain(UUID(default=None), "what the client calls the report")
    reason = plain(Text(default=None), "why; a code")
    words = plain(Text(default=None), "a business's words about a place; the page asks to name nobody")
    state = plain(Text(default="ASKED"), "whether it waits, or how it ended")
    raised_at = plain(Timestamptz(default=None), "when the client asked")
    changed_at = plain(Timestamptz(default=None), "when it last moved")
    taken_in_at = plain(Timestamptz(null=True, default=None), "when the ledger learnt of it")
    let_go_at = plain(Timestamptz(null=True, default=None), "when the ledger learnt that it was withdrawn")
    decided_on = plain(Date(null=True, default=None), "when it was answered")
    answer = plain(Text(default=""), "the affiliate's words to the business")
    payer = plain(Text(null=True, default=None), "who pays for another visit: client or affiliate")
