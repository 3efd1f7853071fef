"""Whom to remind: one statement, for one study and one reminder, however often it is asked."""

from datetime import datetime, timedelta
from uuid import UUID

from survey.db import Scope, connection
from survey.mail.domain import Reason
from survey.mail.service import COLUMNS, ON_CONFLICT, STOPPED
from survey.studies.domain import LEAST_DAYS_APART, Message

from ..domain import UNREACHABLE

_DUE = """
SELECT s.affiliate_id, s.id, d.place
  FROM field.study s
 CROSS JOIN LATERAL unnest(s.reminder_days) WITH ORDINALITY AS d (days, place)
 WHERE s.status = 'live'
   AND s.closes_at > $1
   AND greatest(s.opens_at, s.launched_at) + make_interval(days => d.days) <= $1
 ORDER BY s.id, d.place
"""

# The invitation went out, nobody has answered behind its door, and the last message is days old, also after a pause in
# which two reminders have fallen due. Whoever has said stop since, or cannot be reached any more, gets a line in the
# log that says so; whoever has answered gets none, for the log must not tell who that was.
_REMIND = f"""
WITH asked AS (
INSERT INTO ops.delivery ({COLUMNS}, state, reason)
SELECT delivery.affiliate_id, delivery.campaign_id, delivery.recipient_id, $3::text, true, delivery.client_id,
       delivery.suppression_key, delivery.opt_out_link_id, '{{}}', $4::timestamptz, s.closes_at,
       CASE WHEN found.refusal IS NULL THEN 'queued' ELSE 'skipped' END, coalesce(found.refusal, '')
  FROM ops.delivery AS delivery
  JOIN field.study s ON s.id = delivery.campaign_id AND s.status = 'live'
  JOIN identity.invitation i ON i.id = delivery.recipient_id
  JOIN identity.response_link t ON t.invitation_id = i.id
  JOIN field.entry e ON e.id = t.entry_id AND e.state IN ('new', 'started')
  LEFT JOIN identity.contact c ON c.id = i.contact_id
  LEFT JOIN identity.panelist p ON p.id = i.panelist_id
 CROSS JOIN LATERAL (
        SELECT CASE WHEN {STOPPED} THEN '{Reason.OPTED_OUT}'
                    ELSE $6::jsonb ->> coalesce(c.status, p.status)
               END AS refusal
       ) AS found
 WHERE delivery.affiliate_id = $1
   AND delivery.campaign_id = $2
   AND delivery.kind = '{Message.INVITATION}'
   AND delivery.state = 'sent'
   AND NOT EXISTS (
        SELECT FROM ops.delivery AS other
         WHERE other.campaign_id = delivery.campaign_id
           AND other.recipient_id = delivery.recipient_id
           AND (other.kind = $3 OR other.sent_at > $5 OR other.state IN ('queued', 'sending', 'held', 'bounced'))
   )
{ON_CONFLICT}
RETURNING state
)
SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state <> 'queued') AS passed_over
  FROM asked
"""  # noqa: S608  (made of constants; values are parameters)


async def due_reminders(now: datetime) -> list[tuple[UUID, UUID, int]]:
    """Affiliate, study and which reminder (from 1), for every reminder whose day has come. Role.WORKER."""
    return [(row["affiliate_id"], row["id"], row["place"]) for row in await connection().fetch(_DUE, now)]


async def remind(scope: Scope, study_id: UUID, message: Message, now: datetime) -> tuple[int, int]:
    """Ask for a reminder to everybody who needs one; how many are asked and passed over. Role.WORKER."""
    apart = now - timedelta(days=LEAST_DAYS_APART)
    row = await connection().fetchrow(_REMIND, scope.affiliate_id, study_id, message.value, now, apart, UNREACHABLE)
    return row["queued"], row["passed_over"]
