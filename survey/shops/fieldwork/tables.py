"""Reports: coded answers, words under seal, and pictures by their place in the media store."""

from typing import TypeVar

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Integer, Numeric, Text, Timestamptz
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

C = TypeVar("C", bound=Column)

REPORTS = Retention("shop reports", days=1095, counted_from="the day the shop was closed", sweep="sweeps.run")
EVIDENCE = Retention("proofs of visit", days=180, counted_from="the day the report was approved", sweep="sweeps.run")
DRAFTS = Retention(
    "drafts of shop reports",
    days=30,
    counted_from="the day their writer last changed them",
    sweep="fieldwork.sweep_drafts",
)
JUDGE = ("tell the client how a place served its visitors", "check that a visit was made as described")
WITHOUT_ITS_AUTHOR = "the client paid for what was seen; without the assignment it leads to nobody"


def _of_report(column: C, category: Category, on_erase: Erase, release: Release = Release.NEVER) -> C:
    return personal(
        column,
        category,
        subject="the shopper, by the shop's assignment",
        purposes=JUDGE,
        retention=REPORTS,
        on_erase=on_erase,
        release=release,
        keep_reason=WITHOUT_ITS_AUTHOR if on_erase is Erase.KEEP else "",
    )


def _of_evidence(column: C, category: Category = Category.AUDIO_VISUAL) -> C:
    return personal(
        column,
        category,
        subject="the shopper and whoever is in the picture",
        purposes=JUDGE,
        retention=EVIDENCE,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )


def _of_recording(column: C) -> C:
    return personal(
        column,
        Category.AUDIO_VISUAL,
        subject="the shopper and whoever is heard or seen",
        purposes=JUDGE,
        retention=EVIDENCE,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )


def _of_draft(column: C) -> C:
    return personal(
        column,
        Category.EMPLOYMENT,
        subject="shopper_id",
        purposes=("keep what somebody has written until it is handed in",),
        retention=DRAFTS,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )


class Report(Table, schema="field", tablename="report"):
    """What a shopper saw on one visit. Its id is also the id of its key in the vault."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = plain(UUID(null=True, default=None), "the shop, once the report has been handed in")
    version_id = plain(UUID(default=None), "the questionnaire version")
    coded = _of_report(JSONB(default="{}"), Category.ANSWERS, Erase.KEEP, Release.CODED)
    section = plain(Integer(default=0), "the furthest section reached")
    revision = plain(Integer(default=0), "counts its changes")
    outcome = plain(Text(default="done"), "done, closed or not possible")
    reason = plain(Text(default=""), "why the visit could not be made; a code")
    time_in = _of_report(Timestamptz(null=True, default=None), Category.EMPLOYMENT, Erase.NULL)
    time_out = _of_report(Timestamptz(null=True, default=None), Category.EMPLOYMENT, Erase.NULL)
    receipt_cents = _of_report(Integer(null=True, default=None), Category.COMMERCIAL, Erase.KEEP, Release.CODED)
    started_at = _of_report(Timestamptz(default=None), Category.EMPLOYMENT, Erase.KEEP)
    submitted_at = _of_report(Timestamptz(null=True, default=None), Category.EMPLOYMENT, Erase.KEEP)
    score_percent = plain(Numeric(digits=(5, 2), null=True, default=None), "the place's score")


class ReportText(Table, schema="field", tablename="report_text"):
    """Words of a report, under seal."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    question_id = plain(Text(default=None), "the question, or one of the report's own fields")
    affiliate_id = plain(UUID(default=None), "tenant key")
    sealed = _of_report(Bytea(default=None, secret=True), Category.FREE_TEXT, Erase.SHRED)


class Draft(Table, schema="identity", tablename="draft"):
    """Whose a report is until it is handed in; then the assignment says it, and this row goes."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    affiliate_id = plain(UUID(default=None), "tenant key")
    shop_id = _of_draft(UUID(default=None))
    shopper_id = plain(UUID(default=None), "leads to the person")
    changed_at = _of_draft(Timestamptz(default=None))


class CheckIn(Table, schema="field", tablename="check_in"):
    """Where somebody says to be, rounded to about a hundred metres. Given by a click, never asked for by itself."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    affiliate_id = plain(UUID(default=None), "tenant key")
    latitude = _of_evidence(Numeric(digits=(6, 3), default=None), Category.LOCATION)
    longitude = _of_evidence(Numeric(digits=(6, 3), default=None), Category.LOCATION)
    accuracy_m = _of_evidence(Integer(default=None), Category.LOCATION)
    at = _of_evidence(Timestamptz(default=None), Category.LOCATION)


class ReportSubmission(Table, schema="field", tablename="report_submission"):
    """A report as it was handed in, under seal, so that an editor sees what a return has changed."""

    report_id = plain(UUID(primary_key=True, default=None), "the report")
    number = plain(Integer(default=None), "which time, from 1; with a minus: as it went back after that time")
    affiliate_id = plain(UUID(default=None), "tenant key")
    sealed = _of_report(Bytea(default=None, secret=True), Category.FREE_TEXT, Erase.SHRED)
    submitted_at = _of_report(Timestamptz(default=None), Category.EMPLOYMENT, Erase.DELETE)


class Evidence(Table, schema="field", tablename="evidence"):
    """A picture or a receipt, re-encoded without metadata."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    report_id = plain(UUID(default=None), "the report")
    kind = plain(Text(default=None), "receipt, photo or card")
    media_key = _of_evidence(Text(default=None))
    client_key = _of_evidence(Text(null=True, default=None))
    digest = _of_evidence(Bytea(default=None))
    look = _of_evidence(BigInt(null=True, default=None))
    size_bytes = plain(Integer(default=None), "how large the file is")
    width = plain(Integer(default=None), "in pixels")
    height = plain(Integer(default=None), "in pixels")
    boxes = plain(JSONB(default="[]"), "what is blacked out, in pixels")
    created_at = _of_evidence(Timestamptz(default=None))


class Recording(Table, schema="field", tablename="recording"):
    """Sound or film of a visit: as sent until it has been made anew. A voice is a person: no client gets one."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    report_id = plain(UUID(default=None), "the report")
    kind = plain(Text(default=None), "audio or film")
    state = plain(Text(default="waiting"), "waiting to be made anew, ready, or refused")
    problem = plain(Text(default=""), "why it could not be read; a code")
    original_key = _of_recording(Text(null=True, default=None))
    media_key = _of_recording(Text(null=True, default=None))
    digest = _of_recording(Bytea(default=None))
    size_bytes = plain(Integer(default=None), "how large the file is")
    duration_seconds = plain(Integer(default=0), "how long it is")
    declared_at = _of_recording(Timestamptz(default=None))
    created_at = _of_recording(Timestamptz(default=None))
