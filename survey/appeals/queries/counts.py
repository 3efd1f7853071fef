"""Errors behind appeals, by month, by whoever approved the report, and by question. Role.STAFF."""

from uuid import UUID

from survey.db import Scope, connection

from ..domain import EditorTally, MonthTally, Period, Tally

# A report is counted once, on the day of its first version, whatever became of it.
_AROUND = """
WITH released AS (
    SELECT r.report_ref, r.shop_id, r.released_on, v.decided_by AS editor_id, q.id AS form_id, q.name AS form,
           p.version_id
      FROM release.shop_report r
      JOIN field.report p ON p.shop_id = r.shop_id
      LEFT JOIN field.review v ON v.report_id = p.id
      JOIN field.questionnaire_version n ON n.id = p.version_id
      JOIN field.questionnaire q ON q.id = n.questionnaire_id
     WHERE r.affiliate_id = $1
       AND r.version = 1
       AND r.released_on BETWEEN $2 AND $3
       AND ($5::uuid IS NULL OR v.decided_by = $5)
), wrong AS (
    SELECT w.released_on, w.form_id, w.form, w.version_id, a.question_id,
           coalesce(c.editor_id, w.editor_id) AS editor_id
      FROM released w
      JOIN release.appeal a ON a.report_ref = w.report_ref
      JOIN field.appeal_class c ON c.appeal_id = a.id AND c.kind = $4
)
"""

_MONTHS = f"""{_AROUND}
SELECT to_char(b.month, 'YYYY-MM') AS label, '' AS detail, coalesce(e.errors, 0) AS errors, b.released
  FROM (SELECT date_trunc('month', released_on) AS month, count(*) AS released FROM released GROUP BY 1) b
  LEFT JOIN (SELECT date_trunc('month', released_on) AS month, count(*) AS errors FROM wrong GROUP BY 1) e
    ON e.month = b.month
 ORDER BY b.month
"""  # noqa: S608  (made of constants)

_EDITORS = f"""{_AROUND}
SELECT b.editor_id, coalesce(e.errors, 0) AS errors, b.released
  FROM (SELECT editor_id, count(*) AS released FROM released WHERE editor_id IS NOT NULL GROUP BY 1) b
  LEFT JOIN (SELECT editor_id, count(*) AS errors FROM wrong GROUP BY 1) e ON e.editor_id = b.editor_id
 ORDER BY errors DESC, b.released DESC, b.editor_id
 LIMIT 200
"""  # noqa: S608  (made of constants)

# The question is called what it was called in the latest version that was contested.
_QUESTIONS = f"""{_AROUND}
SELECT coalesce((SELECT item->>'title' FROM field.questionnaire_version n,
                        jsonb_path_query(n.definition, '$.sections[*].items[*]') item
                  WHERE n.id = e.version_id AND item->>'id' = e.question_id), e.question_id) AS label,
       e.form AS detail, e.errors, b.released
  FROM (SELECT form_id, form, question_id, count(*) AS errors, (array_agg(version_id ORDER BY released_on DESC))[1]
               AS version_id
          FROM wrong GROUP BY form_id, form, question_id) e
  JOIN (SELECT form_id, count(*) AS released FROM released GROUP BY form_id) b ON b.form_id = e.form_id
 ORDER BY e.errors DESC, label, detail
 LIMIT 100
"""  # noqa: S608  (made of constants)


async def errors_by_month(scope: Scope, period: Period, kind: str, editor_id: UUID | None) -> list[MonthTally]:
    """Months in which reports were released. kind: of COUNTED; editor_id: of whose approvals alone, or of all."""
    rows = await connection().fetch(_MONTHS, scope.affiliate_id, period.first, period.last, kind, editor_id)
    return [MonthTally(**dict(row)) for row in rows]


async def errors_by_editor(scope: Scope, period: Period, kind: str, editor_id: UUID | None) -> list[EditorTally]:
    """Whoever approved reports, those with the most errors first."""
    rows = await connection().fetch(_EDITORS, scope.affiliate_id, period.first, period.last, kind, editor_id)
    return [EditorTally(**dict(row)) for row in rows]


async def errors_by_question(scope: Scope, period: Period, kind: str, editor_id: UUID | None) -> list[Tally]:
    """Questions with errors, the most first; released: reports with the same questionnaire."""
    rows = await connection().fetch(_QUESTIONS, scope.affiliate_id, period.first, period.last, kind, editor_id)
    return [Tally(**dict(row)) for row in rows]
