"""Answers under random ids: coded ones and sealed verbatims apart, and the browsers that are answering."""

from piccolo.columns import UUID, Bytea, Date, Integer, Text
from piccolo.columns.column_types import JSONB
from piccolo.table import Table

from privacy.inventory import Category, Erase, Release, Retention, personal, plain

from .domain import ANSWERS_KEPT_DAYS

ANSWERS = Retention("answers", days=ANSWERS_KEPT_DAYS, counted_from="the day the study closed", sweep="sweeps.run")
# No study is open for longer, and closing one removes its doors with whoever stands at them.
WHILE_ANSWERING = Retention("answering", days=90, counted_from="the day the study opened", sweep="releases.close_due")
MEASURE = ("tell the client how its customers see it",)


class Response(Table, schema="field", tablename="response"):
    """One person's coded answers. The row does not say whose, and after the study closes nothing else does."""

    id = plain(UUID(primary_key=True, default=None), "random id, kept out of every link and list")
    affiliate_id = plain(UUID(default=None), "tenant key")
    study_id = plain(UUID(default=None), "the study answered")
    version_id = plain(UUID(default=None), "the questionnaire version answered")
    location_id = plain(UUID(null=True, default=None), "the location the answers are about")
    language = plain(Text(default="en"), "the language the page was shown in")
    demographics = personal(
        JSONB(default="{}"),
        category=Category.DEMOGRAPHICS,
        subject="self",
        purposes=MEASURE,
        retention=ANSWERS,
        on_erase=Erase.DELETE,
        release=Release.AGGREGATE,
    )
    coded = personal(
        JSONB(default="{}"),
        category=Category.ANSWERS,
        subject="self",
        purposes=MEASURE,
        retention=ANSWERS,
        on_erase=Erase.DELETE,
        release=Release.AGGREGATE,
    )
    section = plain(Integer(default=0), "how far the draft has come")
    revision = plain(Integer(default=0), "number of saved pages")
    state = plain(Text(default="open"), "open or finished")
    receipt = plain(Text(null=True, default=None), "reference the respondent may quote")
    started_on = plain(Date(default=None), "day only, so that arrival does not identify")
    finished_on = plain(Date(null=True, default=None), "day only, so that arrival does not identify")


class Verbatim(Table, schema="field", tablename="verbatim"):
    """Free text, sealed with a key of the response's own; never part of a release."""

    response_id = plain(UUID(primary_key=True, default=None), "the response the text belongs to")
    question_id = plain(Text(default=None), "the question answered")
    affiliate_id = plain(UUID(default=None), "tenant key")
    study_id = plain(UUID(default=None), "the study answered")
    sealed = personal(
        Bytea(default=None, secret=True),
        category=Category.FREE_TEXT,
        subject="self",
        purposes=MEASURE,
        retention=ANSWERS,
        on_erase=Erase.SHRED,
        release=Release.NEVER,
    )


class AnswerSession(Table, schema="ops", tablename="answer_session"):
    """A browser that is answering; the row goes when the answers are sent."""

    id_hash = personal(
        Bytea(primary_key=True, default=None),
        category=Category.TECHNICAL,
        subject="self",
        purposes=("tell this browser from another while answering",),
        retention=WHILE_ANSWERING,
        on_erase=Erase.DELETE,
        release=Release.NEVER,
    )
    entry_id = plain(UUID(default=None), "the door the browser stands at")
    created_on = plain(Date(default=None), "day only")
