"""A client's appeals in a list, as candour_client: below its own node, of reports that stand."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from survey.db import Keyset, Paged, Scope, connection, paged

from ..domain import Appeal, AppealState
from .client import appeal_of

_APPEALS = """
SELECT a.id, a.report_ref, a.node_path, a.question_id, a.issue, a.state, a.raised_at, a.changed_at, a.decided_on,
       a.outcome, a.score_before, a.score_after, r.node_name, r.campaign_name, r.wave_label,
       (SELECT answer.told->>'title'
          FROM jsonb_array_elements(r.snapshot->'answers') AS answer (told)
         WHERE answer.told->>'question_id' = a.question_id
         LIMIT 1) AS title
  FROM release.appeal a
  JOIN release.shop_report r ON r.report_ref = a.report_ref
 WHERE a.client_id = $1
   AND a.state = ANY ($2::text[])
   AND ($3::timestamptz IS NULL OR (a.raised_at, a.id) < ($3, $4::uuid))
 ORDER BY a.raised_at DESC, a.id DESC
 LIMIT $5
"""


class AppealLine(NamedTuple):
    """An appeal in the list, with its question, place and wave. title: None where the answer left the report."""

    appeal: Appeal
    title: str | None
    node_name: str
    campaign_name: str
    wave_label: str


async def appeals_in(scope: Scope, states: Collection[AppealState], keyset: Keyset) -> Paged[AppealLine]:
    """Appeals of the viewer's places in these states, the newest first. Raises BadCursor."""
    raised_at, last_id = keyset.after_as(tuple[datetime, UUID]) or (None, None)
    rows = await connection().fetch(_APPEALS, scope.client_id, list(states), raised_at, last_id, keyset.rows_to_fetch)
    lines = [
        AppealLine(appeal_of(row), row["title"], row["node_name"], row["campaign_name"], row["wave_label"])
        for row in rows
    ]
    return paged(lines, keyset, lambda line: (line.appeal.raised_at, line.appeal.id))
