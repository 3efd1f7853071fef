"""What is due to go of mail: the send log, who was invited, and the codes by which messages are known."""

from collections.abc import Mapping

from .statements import Statements

# By the day alone: a code leads to no shop that the law could hold.
CODES = """
SELECT c.id, c.affiliate_id, '{}'::text[] AS files
  FROM ops.mail_code c
 WHERE c.written_on < $1::timestamptz::date
 ORDER BY c.written_on, c.id
 LIMIT $2
"""

# What still waits, or is on its way, is the claim's; what belongs to a study in the field says there whom to remind.
# Opt-out links know their addresses themselves: they go on working without the log.
SEND_LOG = """
SELECT d.id, d.affiliate_id, '{}'::text[] AS files
  FROM ops.delivery d
 WHERE d.created_at < $1
   AND d.state NOT IN ('queued', 'sending')
   AND NOT EXISTS (SELECT FROM field.study s WHERE s.id = d.campaign_id AND s.status IN ('live', 'paused'))
 ORDER BY d.id
 LIMIT $2
"""

# With the last of its messages: until then somebody may ask why they were written to.
INVITATIONS = """
SELECT i.id, i.affiliate_id, '{}'::text[] AS files
  FROM identity.invitation i
 WHERE i.created_at < $1
   AND NOT EXISTS (SELECT FROM field.study s WHERE s.id = i.study_id AND s.status IN ('live', 'paused'))
   AND NOT EXISTS (SELECT FROM ops.delivery d WHERE d.campaign_id = i.study_id AND d.recipient_id = i.id)
 ORDER BY i.id
 LIMIT $2
"""

OF_MAIL: Mapping[str, Statements] = {
    "codes": Statements(CODES, ("DELETE FROM ops.mail_code WHERE id = ANY($1::uuid[])",)),
    "sent messages": Statements(SEND_LOG, ("DELETE FROM ops.delivery WHERE id = ANY($1::uuid[])",)),
    "invitations": Statements(INVITATIONS, ("DELETE FROM identity.invitation WHERE id = ANY($1::uuid[])",)),
}
