"""Questionnaires and their versions. They hold questions, never an answer."""

from piccolo.columns import JSONB, UUID, Boolean, Integer, Text, Timestamptz
from piccolo.table import Table

from privacy.inventory import plain


class Questionnaire(Table, schema="field", tablename="questionnaire"):
    """What staff look for in their list; the questions are in its versions."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    name = plain(Text(default=""), "staff's own name for a set of questions")
    is_archived = plain(Boolean(default=False), "whether it is put away")
    created_at = plain(Timestamptz(default=None), "when staff began it")
    changed_at = plain(Timestamptz(default=None), "when staff last changed it")


class QuestionnaireVersion(Table, schema="field", tablename="questionnaire_version"):
    """The questions as asked: one draft at most, and every version that a study has used, frozen."""

    id = plain(UUID(primary_key=True, default=None), "random id")
    affiliate_id = plain(UUID(default=None), "tenant key")
    questionnaire_id = plain(UUID(default=None), "the questionnaire it is a version of")
    number = plain(Integer(default=1), "count from 1")
    definition = plain(JSONB(default="{}"), "questions and rules, no answers")
    revision = plain(Integer(default=1), "rises with each change, so that a stale page is noticed")
    frozen_at = plain(Timestamptz(null=True, default=None), "when a study took it into use")
    created_at = plain(Timestamptz(default=None), "when the version was begun")
