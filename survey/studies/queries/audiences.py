"""Whom a study would write to, and whom it passes over: one SELECT, counted on a page, carried out at launch."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from survey.contacts import service as contacts
from survey.contacts.domain import Audience
from survey.db import Scope, beyond_clients, connection
from survey.mail.domain import Reason
from survey.panels import service as panels
from survey.panels.domain import PanelAudience

from ..domain import BOUNCED, Reach, Study

ASKED_RECENTLY = "written to recently"

# What was imported an hour ago is not in the statistics yet. The set of those who rest is hashed whatever they say, as
# long as there is room for it; as a join it might become a nested loop over two hundred thousand people.
ROOM = "SET LOCAL work_mem = '256MB'"

# Everything that was sent, or is about to be, for another study whose time reaches into the days of rest.
_RESTING = """
SELECT d.suppression_key
  FROM field.study o
  JOIN ops.delivery d ON d.campaign_id = o.id AND d.is_bulk
 WHERE o.affiliate_id = $1
   AND o.id <> $2
   AND o.launched_at IS NOT NULL
   AND $3::timestamptz IS NOT NULL
   AND coalesce(o.closed_at, o.closes_at) >= $3
   AND (d.sent_at >= $3 OR d.state IN ('queued', 'sending', 'held'))
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """A SELECT and the values of its parameters, numbered from $1."""

    sql: str
    values: tuple[object, ...]


def selection(scope: Scope, study: Study, node_path: str | None, now: datetime) -> Selection:
    """Everybody of a study's audience, one row each.

    Columns: contact_id, panelist_id, suppression_key, location_id, language, demographics, refusal (null: to be
    invited). Further parameters of the caller begin at len(values) + 1.
    """
    since = now - timedelta(days=study.narrowing.rest_days) if study.narrowing.rest_days else None
    people = _people(scope, study, node_path, first_parameter=4)
    sql = f"""
    SELECT a.contact_id, a.panelist_id, a.suppression_key, a.location_id, a.language, a.demographics,
           CASE WHEN a.is_suppressed THEN '{Reason.OPTED_OUT}'
                WHEN a.status = 'bounced' THEN '{BOUNCED}'
                WHEN a.suppression_key IN ({_RESTING}) THEN '{ASKED_RECENTLY}'
           END AS refusal
      FROM ({people.sql}) AS a
    """  # noqa: S608  (made of constants; values are parameters)
    return Selection(sql, (scope.affiliate_id, study.id, since, *people.values))


async def reach_of(scope: Scope, study: Study, node_path: str | None, now: datetime) -> Reach:
    """How many a launch would write to, and how many it would pass over."""
    found = selection(scope, study, node_path, now)
    await connection().execute(ROOM)
    # A panel's members rest after mail for any client; how many rest is all that is said.
    async with beyond_clients():
        row = await connection().fetchrow(
            "SELECT count(*) AS total,"  # noqa: S608  (see selection)
            f" count(*) FILTER (WHERE p.refusal = '{Reason.OPTED_OUT}') AS opted_out,"
            f" count(*) FILTER (WHERE p.refusal = '{BOUNCED}') AS bounced,"
            f" count(*) FILTER (WHERE p.refusal = '{ASKED_RECENTLY}') AS resting FROM ({found.sql}) AS p",
            *found.values,
        )
    return Reach(**row)


def _people(scope: Scope, study: Study, node_path: str | None, first_parameter: int) -> Selection:
    if study.panel_id is not None:
        return _members(scope, study, study.panel_id, first_parameter)
    wanted = study.narrowing
    audience = Audience(node_path, wanted.language, wanted.visited_from, wanted.visited_until)
    found = contacts.audience_sql(scope, study.client_id, audience, first_parameter)
    sql = f"""
    SELECT c.contact_id, NULL::uuid AS panelist_id, c.suppression_key, c.location_id, c.language,
           '{{}}'::jsonb AS demographics, c.status, c.is_suppressed
      FROM ({found.sql}) AS c
    """  # noqa: S608  (made of constants; values are parameters)
    return Selection(sql, found.values)


def _members(scope: Scope, study: Study, panel_id: UUID, first_parameter: int) -> Selection:
    wanted = study.narrowing
    languages = (wanted.language,) if wanted.language else ()
    audience = PanelAudience(wanted.age_bands, wanted.genders, wanted.regions, languages)
    found = panels.audience_sql(scope, (panel_id, study.client_id), audience, first_parameter)
    sql = f"""
    SELECT NULL::uuid AS contact_id, m.panelist_id, m.suppression_key, NULL::uuid AS location_id, m.language,
           m.demographics, m.status, m.is_suppressed
      FROM ({found.sql}) AS m
    """  # noqa: S608  (made of constants; values are parameters)
    return Selection(sql, found.values)
