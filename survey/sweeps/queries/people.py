"""Who is due to go: people whom nobody names any more. Their areas erase them."""

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

OF_PEOPLE: Mapping[str, Statements] = {
    "contacts": Statements(CONTACTS, ()),
}
