"""The release plane: numbers of ten people or more, and reports of shops, which say nothing of who made the visit."""

from typing import TypeVar

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    Boolean,
    Bytea,
    Date,
    DoublePrecision,
    Integer,
    Numeric,
    Text,
    Timestamptz,
)
from piccolo.columns.base import Column
from piccolo.table import Table

from privacy.inventory import Category, Erase, Retention, personal, plain
from privacy.inventory import Release as Declared

C = TypeVar("C", bound=Column)

MENTIONS = Retention(
    "names and descriptions of a client's staff",
    days=180,
    counted_from="the day it was written down",
    sweep="releases.purge_employees",
)

PICTURES = Retention("pictures that a client reads", days=1095, counted_from="the day they left", sweep="sweeps.run")
# What was taken back, or has a later version in its place, is read by nobody: its pictures need not wait.
UNREAD = Retention("pictures that no client reads any more", 1, "the day of the recall or of the version after")
WITHOUT_ANYBODY = "whoever could be known in it was blacked out before it left"


class Release(Table, schema="release", tablename="release"):
    """One study as its client may see it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    client_name = plain(Text(default=None), "name of a business")
    study_id = plain(UUID(default=None), "the study it was built from")
    title = plain(Text(default=None), "the study's public title")
    fielded_from = plain(Date(default=None), "the study's first day")
    fielded_until = plain(Date(default=None), "the study's last day")
    threshold = plain(Integer(default=None), "fewest people a number may count")
    manifest = plain(JSONB(default=None), "which tables, how much is hidden, digests")
    digest = plain(Bytea(default=None), "SHA-256 of the manifest, and through it of every number")
    released_at = plain(Timestamptz(default=None), "when it left")


class Node(Table, schema="release", tablename="node"):
    """A place of the client's tree, as it was when released."""

    release_id = plain(UUID(primary_key=True, default=None), "the release")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    node_id = plain(UUID(default=None), "the location")
    path = plain(Text(default=None), "where in the tree: ids of locations")
    level = plain(Text(default=None), "head office, region, district or store")
    code = plain(Text(default=None), "the client's code of the location")
    name = plain(Text(default=None), "name of a location")
    people = plain(Integer(null=True, default=None), "a count of ten people or more, or nothing")


class Question(Table, schema="release", tablename="question"):
    """A question that is reported."""

    release_id = plain(UUID(primary_key=True, default=None), "the release")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    question_id = plain(Text(default=None), "the question's id in its questionnaire")
    position = plain(Integer(default=None), "order on the page")
    section = plain(Text(default=None), "words of the questionnaire")
    title = plain(Text(default=None), "words of the questionnaire")
    part = plain(Text(default=None), "words of the questionnaire")
    kind = plain(Text(default=None), "what it asks for")
    choices = plain(JSONB(default=None), "options with their labels; a typical number stands for ten people or more")


class Cell(Table, schema="release", tablename="cell"):
    """One number about a group of ten people or more, or the word that it is hidden."""

    release_id = plain(UUID(primary_key=True, default=None), "the release")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    table_id = plain(Text(default=None), "which table of the closed list")
    node_id = plain(UUID(default=None), "the location")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    item = plain(Text(default=None), "question or demographic variable")
    category = plain(Text(default=None), "option, score or band")
    value = plain(Numeric(null=True, default=None), "a number about a group of ten people or more, or nothing")
    is_hidden = plain(Boolean(default=False), "whether the number is held back")


class ShopReport(Table, schema="release", tablename="shop_report"):
    """One version of one shop's report as its client may see it. Who made the visit is not in it."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    client_name = plain(Text(default=None), "name of a business")
    report_ref = plain(UUID(default=None), "random; what the client calls the report")
    version = plain(Integer(default=None), "counts what appeals have changed")
    shop_id = plain(UUID(default=None), "the shop it was built from; the client has no grant on it")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    node_level = plain(Text(default=None), "head office, region, district or store")
    node_code = plain(Text(default=None), "the client's code of the location")
    node_name = plain(Text(default=None), "name of a location")
    trail = plain(JSONB(default=None), "the location and those above it")
    campaign_id = plain(UUID(default=None), "the campaign")
    campaign_name = plain(Text(default=None), "name of a campaign")
    wave_id = plain(UUID(default=None), "the wave")
    wave_label = plain(Text(default=None), "name of a wave")
    wave_starts_on = plain(Date(default=None), "first day of the wave")
    is_competitor = plain(Boolean(default=False), "whether a competitor's place was visited for the client")
    time_shown = plain(Text(default=None), "when the visit was, as finely as the campaign tells it")
    score = plain(Numeric(digits=(5, 2), null=True, default=None), "the place's score")
    score_before = plain(Numeric(digits=(5, 2), null=True, default=None), "the place's score before an appeal")
    is_failed = plain(Boolean(default=None), "whether an answer failed the visit")
    snapshot = plain(JSONB(default=None), "what was seen of a place, approved; looked through for who made the visit")
    section_titles = plain(Array(base_column=Text(), default=list), "words of the questionnaire")
    section_scores = plain(Array(base_column=Numeric(), default=list), "the place's scores by section")
    question_ids = plain(Array(base_column=Text(), default=list), "questions that were scored")
    question_shares = plain(Array(base_column=DoublePrecision(), default=list), "what share of its points each earned")
    digest = plain(Bytea(default=None), "SHA-256 of what left")
    released_on = plain(Date(default=None), "when it left")
    appeal_until = plain(Timestamptz(default=None), "until when the client may contest it")
    is_on_hold = plain(Boolean(default=False), "hidden for now, as its shop is on hold")
    is_superseded = plain(Boolean(default=False), "whether a later version has taken its place")
    released_at = plain(Timestamptz(null=True, default=None), "the moment, for the mail that tells of it")
    withdrawn_at = plain(Timestamptz(null=True, default=None), "when it was taken back")


class ShopTombstone(Table, schema="release", tablename="shop_tombstone"):
    """What is left of a report that was taken back."""

    report_ref = plain(UUID(primary_key=True, default=None), "what the client called the report")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    node_path = plain(Text(default=None), "where in the tree: ids of locations")
    node_name = plain(Text(default=None), "name of a location")
    campaign_name = plain(Text(default=None), "name of a campaign")
    wave_label = plain(Text(default=None), "name of a wave")
    withdrawn_on = plain(Date(default=None), "when it was taken back")


class ShopPicture(Table, schema="release", tablename="shop_picture"):
    """A picture as it was redacted for the client."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    report_id = plain(UUID(default=None), "the version it belongs to")
    affiliate_id = plain(UUID(default=None), "tenant key")
    position = plain(Integer(default=None), "order on the page")
    kind = plain(Text(default=None), "receipt, photo or card")
    media_key = personal(
        Text(default=None),
        Category.AUDIO_VISUAL,
        subject="whoever an editor has overlooked in it",
        purposes=("show a client what was seen",),
        retention=PICTURES,
        on_erase=Erase.KEEP,
        release=Declared.CODED,
        keep_reason=WITHOUT_ANYBODY,
    )
    width = plain(Integer(default=None), "in pixels")
    height = plain(Integer(default=None), "in pixels")


class Signature(Table, schema="release", tablename="signature"):
    """The signature under something that has left, made as it left. Nobody may change one."""

    subject_id = plain(UUID(primary_key=True, default=None), "what is signed: a release, a version of a report, a wave")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    statement = plain(Text(default=None), "what is signed: ids, digests, roles of staff, the moment")
    signed_by = plain(Text(default=None), "name of a public key")
    signature = plain(Bytea(default=None), "Ed25519 under the statement")
    signed_at = plain(Timestamptz(default=None), "when it left")


class WaveMakeup(Table, schema="release", tablename="wave_makeup"):
    """Who made the visits of a wave: counts by band, told once."""

    wave_id = plain(UUID(primary_key=True, default=None), "the wave")
    position = plain(Integer(default=None), "order on the page")
    affiliate_id = plain(UUID(default=None), "tenant key")
    client_id = plain(UUID(default=None), "the business that may read it")
    node_path = plain(Text(default=None), "the head of the client's tree")
    question = plain(Text(default=None), "words of a question about shoppers")
    band = plain(Text(default=None), "words of one of its answers, or all")
    people = plain(Integer(null=True, default=None), "a count of ten people or more, rounded, or nothing")
    told_on = plain(Date(default=None), "when it left")


def _of_employee(column: C) -> C:
    return personal(
        column,
        Category.IDENTIFIERS,
        subject="a client's employee, who asks through the client",
        purposes=("let a client recognise who is praised or to be helped, where its staff were told so beforehand",),
        retention=MENTIONS,
        on_erase=Erase.NULL,
        release=Declared.CODED,
    )


class ShopEmployee(Table, schema="release", tablename="shop_employee"):
    """Somebody who works there: a token within one report, and what the campaign may tell."""

    report_id = plain(UUID(primary_key=True, default=None), "the version it belongs to")
    token = plain(Text(default=None), "E1, E2 … within the report; it means nothing elsewhere")
    affiliate_id = plain(UUID(default=None), "tenant key")
    role = plain(Text(default=None), "what the person does there, chosen from a list")
    name = _of_employee(Text(null=True, default=None))
    description = _of_employee(Text(null=True, default=None))
    purge_after = plain(Date(default=None), "when name and description go")
    salt = plain(Bytea(null=True, default=None), "random; goes with the name, so that no digest of it can be tried out")
