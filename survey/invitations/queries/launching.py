"""The launch: everybody of an audience in one statement, however many there are."""

from datetime import datetime

from survey.db import Scope, beyond_clients, connection
from survey.mail.service import COLUMNS, ON_CONFLICT
from survey.studies.domain import Message, Study
from survey.studies.service import ROOM, Selection

# Who is passed over gets an invitation and a line in the log that says why, and no door. Whoever has an invitation
# already is left alone, so that the statement may run again; the caller holds the study's row meanwhile. Opt-out links
# that another launch makes at this moment are not seen here and need not be: their ids follow from what they stop.
_LAUNCH = """
WITH people AS MATERIALIZED (
    SELECT p.*
      FROM ({people}) AS p
), links AS (
    INSERT INTO ledger.opt_out_link (suppression_key, affiliate_id, client_id)
    SELECT DISTINCT p.suppression_key, {affiliate}, {client}
      FROM people p
    ON CONFLICT (suppression_key, affiliate_id, client_id) DO NOTHING
), audience AS MATERIALIZED (
    SELECT gen_random_uuid() AS invitation_id,
           gen_random_uuid() AS entry_id,
           coalesce(l.id, ledger.opt_out_link_id(p.suppression_key, {affiliate}, {client})) AS opt_out_link_id,
           p.*
      FROM people p
      LEFT JOIN ledger.opt_out_link l
        ON l.suppression_key = p.suppression_key
       AND l.affiliate_id = {affiliate}
       AND l.client_id = {client}
     WHERE NOT EXISTS (SELECT FROM identity.invitation i WHERE i.study_id = {study} AND i.contact_id = p.contact_id)
       AND NOT EXISTS (SELECT FROM identity.invitation i WHERE i.study_id = {study} AND i.panelist_id = p.panelist_id)
), invited AS (
    INSERT INTO identity.invitation
           (id, affiliate_id, study_id, contact_id, panelist_id, suppression_key, opt_out_link_id, created_at)
    SELECT invitation_id, {affiliate}, {study}, contact_id, panelist_id, suppression_key, opt_out_link_id, {now}
      FROM audience
), doors AS (
    INSERT INTO field.entry (id, affiliate_id, study_id, location_id, language, demographics)
    SELECT entry_id, {affiliate}, {study}, location_id, language, demographics
      FROM audience
     WHERE refusal IS NULL
), ties AS (
    INSERT INTO identity.response_link (invitation_id, entry_id, affiliate_id, study_id)
    SELECT invitation_id, entry_id, {affiliate}, {study}
      FROM audience
     WHERE refusal IS NULL
), asked AS (
    INSERT INTO ops.delivery ({columns}, state, reason)
    SELECT {affiliate}, {study}, invitation_id, '{kind}', true, {client}, suppression_key, opt_out_link_id,
           '{{}}', {not_before}, {not_after},
           CASE WHEN refusal IS NULL THEN 'queued' ELSE 'skipped' END, coalesce(refusal, '')
      FROM audience
    {on_conflict}
    RETURNING state
)
SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state <> 'queued') AS passed_over
  FROM asked
"""

# A list of a million takes longer than a page may.
_PATIENCE = f"SET LOCAL statement_timeout = '10min'; {ROOM}"


async def invite(scope: Scope, study: Study, people: Selection, now: datetime) -> tuple[int, int]:
    """Invitations, doors, ties, opt-out links and mail for everybody; returns how many are asked and passed over."""
    here = connection()
    values = [*people.values, study.id, study.client_id, now, max(now, study.opens_at), study.closes_at]
    first = len(people.values) + 1
    casts = ("uuid", "uuid", "timestamptz", "timestamptz", "timestamptz")
    marks = [f"${first + place}::{cast}" for place, cast in enumerate(casts)]
    names = dict(zip(("study", "client", "now", "not_before", "not_after"), marks, strict=True))
    # The values that the audience begins with are the affiliate and the study.
    names |= {"affiliate": "$1::uuid", "people": people.sql}
    await here.execute(_PATIENCE)
    statement = _LAUNCH.format(columns=COLUMNS, on_conflict=ON_CONFLICT, kind=Message.INVITATION.value, **names)
    # Whom mail for another client reached a moment ago rests from this one too.
    async with beyond_clients():
        row = await here.fetchrow(statement, *values)
    return row["queued"], row["passed_over"]
