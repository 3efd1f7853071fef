"""What a review leaves behind. A shopper is reached through the shop's assignment only; words are sealed."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, Array, Bytea, Date, Integer, Interval, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

WITH_THE_REPORT = Retention(
    "reviews of shop reports", days=1095, counted_from="the day the shop was closed", sweep="sweeps.run"
)
MENTIONS = Retention(
    "names and descriptions of a client's staff",
    days=180,
    counted_from="the day it was written down",
    sweep="reviews.purge_mentions",
)
SHOPPER = "the shopper, by the shop's assignment"
EMPLOYEE = "a client's employee, who asks through the client"
JUDGE = ("decide whether a report may go to the client", "show the shopper what became of the report and why")


def _of_shopper(column: C, category: Category, on_erase: Erase = Erase.SHRED) -> C:
    return personal(
        column,
        category,
        subject=SHOPPER,
        purposes=JUDGE,
        retention=WITH_THE_REPORT,
        on_erase=on_erase,
        release=Release.NEVER,
    )


def _of_employee(column: C) -> C:
    return personal(
        column,
        Category.IDENTIFIERS,
        subject=EMPLOYEE,
        purposes=("let a client recognise who is praised or to be helped, where its staff were told so beforehand",),
        retention=MENTIONS,
        on_erase=Erase.NULL,
        release=Release.NEVER,
    )


class Review(Table, schema="field", tablename="review"):
    """How far the review of one report has come, and what was decided."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = plain(UUID(default=None), "the shop")
    flags = _of_shopper(Array(base_column=Text(), default=list), Category.INFERENCES, Erase.NULL)
    flagged_at = plain(Timestamptz(null=True, default=None), "when it was looked through")
    held_since = plain(Timestamptz(null=True, default=None), "since when an editor has it")
    proposed_reason = plain(Text(default=""), "a rejection that waits for a second person; a code")
    proposed_by = plain(UUID(null=True, default=None), "the editor's account; leads to staff")
    proposed_at = plain(Timestamptz(null=True, default=None), "when it was proposed")
    decision = plain(Text(default=""), "approved, returned, rejected or excluded")
    reason = plain(Text(default=""), "why; a code")
    decided_by = plain(UUID(null=True, default=None), "the editor's account; leads to staff")
    decided_at = plain(Timestamptz(null=True, default=None), "when it was decided")
    reopened_at = plain(Timestamptz(null=True, default=None), "since when an approved one is looked at again")
    decide_by = plain(Timestamptz(null=True, default=None), "until when that is to be decided")
    breakdown = _of_shopper(JSONB(default="{}"), Category.INFERENCES, Erase.NULL)
    coaching = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)
    proposed_words = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)
    revision = plain(Integer(default=0), "counts its changes")


class ReviewDecision(Table, schema="field", tablename="review_decision"):
    """One decision about a report: the grade before and after, and what the shopper was told."""

    report_id = plain(UUID(primary_key=True, default=None), "the report, whose key seals it")
    n = plain(Integer(default=None), "counts the decisions about a report")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = plain(UUID(default=None), "the shop")
    kind = plain(Text(default=None), "what was decided; a code")
    reason = plain(Text(default=""), "why; a code")
    old_grade = _of_shopper(Integer(null=True, default=None), Category.INFERENCES, Erase.DELETE)
    new_grade = _of_shopper(Integer(null=True, default=None), Category.INFERENCES, Erase.DELETE)
    words = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)
    by_id = plain(UUID(null=True, default=None), "the editor's account; leads to staff")
    at = plain(Timestamptz(default=None), "when it was decided")


class RejectionContest(Table, schema="field", tablename="rejection_contest"):
    """A shopper says why a rejection or a grade is wrong, and reads what came of it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = plain(UUID(default=None), "the shop")
    report_id = plain(UUID(default=None), "the report, whose key seals it")
    kind = plain(Text(default="rejection"), "whether it is against a rejection or a grade")
    rejected_at = plain(Timestamptz(default=None), "when the decision was made that it is against")
    words = _of_shopper(Bytea(default=None, secret=True), Category.FREE_TEXT)
    state = plain(Text(default="RAISED"), "whether somebody has decided it, and how")
    answer = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)
    raised_at = _of_shopper(Timestamptz(default=None), Category.EMPLOYMENT, Erase.DELETE)
    decided_by = plain(UUID(null=True, default=None), "the account that decided; leads to staff")
    decided_at = plain(Timestamptz(null=True, default=None), "when it was decided")
    on_hold_for = plain(Interval(default=None), "what holds of the shop took since the decision")


class ReportEdit(Table, schema="field", tablename="report_edit"):
    """One change to a report: what stood there, what stands there, and why."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    question_id = plain(Text(default=None), "the question")
    n = plain(Integer(default=None), "counts the changes of a question")
    affiliate_id = plain(UUID(default=None), "tenant key")
    by_id = plain(UUID(null=True, default=None), "who made it, where it was staff")
    at = plain(Timestamptz(default=None), "when")
    origin = plain(Text(default=None), "shopper, editor or appeal")
    old_coded = _of_shopper(JSONB(null=True, default=None), Category.ANSWERS, Erase.DELETE)
    new_coded = _of_shopper(JSONB(null=True, default=None), Category.ANSWERS, Erase.DELETE)
    old_sealed = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)
    new_sealed = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)
    reason = _of_shopper(Bytea(default=None, secret=True), Category.FREE_TEXT)


class ReportNote(Table, schema="field", tablename="report_note"):
    """What an editor asks the shopper about one question, or about the report."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    report_id = plain(UUID(default=None), "the report")
    question_id = plain(Text(default=None), "the question; empty for the whole report")
    note = _of_shopper(Bytea(default=None, secret=True), Category.FREE_TEXT)
    by_id = plain(UUID(default=None), "the editor's account; leads to staff")
    at = plain(Timestamptz(default=None), "when it was written")
    sent_at = plain(Timestamptz(null=True, default=None), "when it went to the shopper")


class EmployeeMention(Table, schema="field", tablename="employee_mention"):
    """Somebody who works for the client and is in a report. The narrative holds the token alone."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    report_id = plain(UUID(default=None), "the report")
    token = plain(Text(default=None), "E1, E2 … within the report; it means nothing elsewhere")
    role = plain(Text(default=None), "what the person does there, chosen from a list")
    name = _of_employee(Bytea(null=True, default=None, secret=True))
    description = _of_employee(Bytea(null=True, default=None, secret=True))
    purge_after = plain(Date(default=None), "when name and description go")
    created_at = plain(Timestamptz(default=None), "when it was written down")


class FindingLeft(Table, schema="field", tablename="finding_left"):
    """A finding of the scan that an editor has read and left as it is, in one text as it stands."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    question_id = plain(Text(default=None), "the question")
    fingerprint = plain(
        Bytea(default=None), "keyed, of the words and their text within this report; cannot be looked up elsewhere"
    )
    affiliate_id = plain(UUID(default=None), "tenant key")
    by_id = plain(UUID(default=None), "the editor's account; leads to staff")
    left_at = plain(Timestamptz(default=None), "when")
    reason = _of_shopper(Bytea(null=True, default=None, secret=True), Category.FREE_TEXT)


class PictureReview(Table, schema="field", tablename="picture_review"):
    """That somebody has looked at a picture with the client's eyes."""

    evidence_id = plain(UUID(primary_key=True, default=None), "the picture")
    affiliate_id = plain(UUID(default=None), "tenant key")
    state = plain(Text(default=None), "redacted: the copy may go to the client; withheld: it may not")
    by_id = plain(UUID(default=None), "the editor's account; leads to staff")
    reviewed_at = plain(Timestamptz(default=None), "when")


class TextFingerprint(Table, schema="field", tablename="text_fingerprint"):
    """Finds a story that was told twice within the affiliate."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    question_id = plain(Text(default=None), "the question")
    affiliate_id = plain(UUID(default=None), "tenant key")
    fingerprint = _of_shopper(Bytea(default=None), Category.FREE_TEXT, Erase.DELETE)


class PhraseRow(Table, schema="field", tablename="phrase"):
    """What editors write again and again; about nobody."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    kind = plain(Text(default=None), "what it is for; a code")
    name = plain(Text(default=None), "a short name for it")
    text = plain(Text(default=None), "the words; scanned for people before they are kept")
    use_count = plain(Integer(default=0), "how often it was put in")
    created_at = plain(Timestamptz(default=None), "when it was added")
    changed_at = plain(Timestamptz(default=None), "when it last changed")
    retired_at = plain(Timestamptz(null=True, default=None), "since when nobody can choose it")
