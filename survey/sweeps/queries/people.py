"""Who is due to go, and what people have said: contacts that nobody names any more, accounts, answers."""

from collections.abc import Mapping

from .statements import Statements

# Who is asked by a study in the field is left until it closes; whom a list names that is coming in now, until it is in.
CONTACTS = """
SELECT c.id, c.affiliate_id, '{}'::text[] AS files
  FROM identity.contact c
 WHERE c.named_on < ($1 AT TIME ZONE 'UTC')::date
   AND NOT EXISTS (SELECT FROM identity.contact_import m WHERE m.client_id = c.client_id AND m.status = 'importing')
   AND NOT EXISTS (SELECT FROM identity.invitation i
                     JOIN field.study s ON s.id = i.study_id AND s.status IN ('live', 'paused')
                    WHERE i.contact_id = c.id)
 ORDER BY c.id
 LIMIT $2
"""

# A sign-in that leads to a shopper's profile goes with that.
ACCOUNTS = """
SELECT a.id, a.affiliate_id, '{}'::text[] AS files
  FROM identity.account a
 WHERE a.status = 'disabled'
   AND a.disabled_at < $1
   AND NOT EXISTS (SELECT FROM identity.shopper s WHERE s.account_id = a.id)
 ORDER BY a.id
 LIMIT $2
"""
# After them: a calendar of somebody who was let in again at the last moment stays as well.
FEEDS = """
DELETE FROM ops.calendar_feed f
 WHERE f.account_id = ANY($1::uuid[])
   AND NOT EXISTS (SELECT FROM identity.account a WHERE a.id = f.account_id)
"""

# What has left for the client is counted already, in rows of its own: nothing is ever counted anew.
ANSWERS = """
SELECT r.id, r.affiliate_id, '{}'::text[] AS files
  FROM field.response r
  JOIN field.study s ON s.id = r.study_id
 WHERE s.status IN ('closed', 'released')
   AND s.closed_at < $1
 ORDER BY r.id
 LIMIT $2
"""

OF_PEOPLE: Mapping[str, Statements] = {
    # Their areas erase these.
    "contacts": Statements(CONTACTS, ()),
    "accounts": Statements(ACCOUNTS, (FEEDS,)),
    "answers": Statements(ANSWERS, ("DELETE FROM field.response WHERE id = ANY($1::uuid[])",), has_keys=True),
}
