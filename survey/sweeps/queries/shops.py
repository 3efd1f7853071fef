"""What is due to go of shops and of the people who make them; a shop that the law holds is passed over."""

from collections.abc import Mapping

from .statements import Statements


def _of_a_shop(table: str, age: str) -> Statements:
    """Rows beside a shop that go as they are."""
    due = f"""
SELECT t.id, t.affiliate_id, '{{}}'::text[] AS files
  FROM {table} t
  JOIN field.shop s ON s.id = t.shop_id
 WHERE {age} < $1
   AND NOT s.is_legal_hold
 ORDER BY t.id
 LIMIT $2
"""  # noqa: S608  (texts of this file)
    return Statements(due, (f"DELETE FROM {table} WHERE id = ANY($1::uuid[])",))  # noqa: S608


# Whoever asks whether somebody was there asks within the years in which a client may: then nobody can tell any more.
VISITS = """
SELECT a.id, a.affiliate_id, '{}'::text[] AS files
  FROM identity.assignment a
  JOIN field.shop s ON s.id = a.shop_id
 WHERE a.state NOT IN ('offered', 'held')
   AND coalesce(a.ended_at, a.assigned_at) < $1
   AND NOT s.is_legal_hold
   AND NOT EXISTS (SELECT FROM identity.mark m WHERE m.assignment_id = a.id)
   AND NOT EXISTS (SELECT FROM identity.extension x WHERE x.assignment_id = a.id)
 ORDER BY a.id
 LIMIT $2
"""

THREADS = """
SELECT t.id, t.affiliate_id, '{}'::text[] AS files
  FROM identity.thread t
  LEFT JOIN field.shop s ON s.id = t.shop_id
 WHERE t.last_at < $1
   AND s.is_legal_hold IS NOT TRUE
 ORDER BY t.id
 LIMIT $2
"""

REPORTS = """
SELECT r.id, r.affiliate_id, array(
           SELECT unnest(array_remove(ARRAY[e.media_key, e.client_key], NULL))
             FROM field.evidence e
            WHERE e.report_id = r.id
            UNION ALL
           SELECT unnest(array_remove(ARRAY[c.original_key, c.media_key], NULL))
             FROM field.recording c
            WHERE c.report_id = r.id) AS files
  FROM field.report r
  JOIN field.shop s ON s.id = r.shop_id
 WHERE s.state IN ('CLOSED', 'EXCLUDED', 'REJECTED')
   AND s.state_since < $1
   AND NOT s.is_appeal_open
   AND NOT s.is_legal_hold
 ORDER BY r.id
 LIMIT $2
"""

# A report of which nobody has said anything more waits for an editor: its proofs wait with it.
PROOFS = """
SELECT r.id, r.affiliate_id, array(
           SELECT unnest(array_remove(ARRAY[e.media_key, e.client_key], NULL))
             FROM field.evidence e
            WHERE e.report_id = r.id
            UNION ALL
           SELECT unnest(array_remove(ARRAY[c.original_key, c.media_key], NULL))
             FROM field.recording c
            WHERE c.report_id = r.id) AS files
  FROM field.report r
  JOIN field.shop s ON s.id = r.shop_id
  LEFT JOIN field.review v ON v.report_id = r.id
 WHERE s.state IN ('APPROVED', 'RELEASED', 'CLOSED', 'EXCLUDED', 'REJECTED')
   AND coalesce(v.decided_at, s.state_since) < $1
   AND NOT s.is_appeal_open
   AND NOT s.is_legal_hold
   AND (EXISTS (SELECT FROM field.evidence e WHERE e.report_id = r.id)
        OR EXISTS (SELECT FROM field.recording c WHERE c.report_id = r.id)
        OR EXISTS (SELECT FROM field.check_in i WHERE i.report_id = r.id))
 ORDER BY r.id
 LIMIT $2
"""

COPIES = """
SELECT p.id, p.affiliate_id, ARRAY[p.media_key] AS files
  FROM release.shop_picture p
  JOIN release.shop_report r ON r.id = p.report_id
  JOIN field.shop s ON s.id = r.shop_id
 WHERE r.released_on < ($1 AT TIME ZONE 'UTC')::date
   AND NOT s.is_legal_hold
 ORDER BY p.id
 LIMIT $2
"""

UNREAD = """
SELECT p.id, p.affiliate_id, ARRAY[p.media_key] AS files
  FROM release.shop_picture p
  JOIN release.shop_report r ON r.id = p.report_id
  JOIN field.shop s ON s.id = r.shop_id
 WHERE NOT s.is_legal_hold
   AND (r.withdrawn_at < $1
        OR (r.is_superseded AND EXISTS (
            SELECT FROM release.shop_report later
             WHERE later.report_ref = r.report_ref
               AND later.version > r.version
               AND later.released_on < ($1 AT TIME ZONE 'UTC')::date)))
 ORDER BY p.id
 LIMIT $2
"""

# What was paid stays, for the books; to whom is forgotten when tax law has no more use for it.
PAY = """
SELECT i.id, i.affiliate_id, '{}'::text[] AS files
  FROM identity.pay_item i
  JOIN field.shop s ON s.id = i.shop_id
 WHERE i.shopper_id IS NOT NULL
   AND i.state IN ('PAID', 'VOID', 'REVERSED')
   AND make_date(extract(year FROM coalesce(i.paid_on, i.promised_on))::integer + 1, 1, 1)
       <= ($1 AT TIME ZONE 'UTC')::date
   AND NOT s.is_legal_hold
 ORDER BY i.id
 LIMIT $2
"""

CALENDARS = """
SELECT f.id, f.affiliate_id, '{}'::text[] AS files
  FROM ops.calendar_feed f
 WHERE f.revoked_at < $1
 ORDER BY f.id
 LIMIT $2
"""

OF_SHOPS: Mapping[str, Statements] = {
    "applications": _of_a_shop("identity.application", "coalesce(t.decided_at, t.created_at)"),
    "extensions": _of_a_shop("identity.extension", "t.asked_at"),
    "told": _of_a_shop("identity.shop_told", "t.told_at"),
    "marks": _of_a_shop("identity.mark", "greatest(t.proposed_at, t.decided_at, t.contested_at)"),
    "visits": Statements(VISITS, ("DELETE FROM identity.assignment WHERE id = ANY($1::uuid[])",)),
    "messages": Statements(THREADS, ("DELETE FROM identity.thread WHERE id = ANY($1::uuid[])",)),
    "reports": Statements(REPORTS, ("DELETE FROM field.report WHERE id = ANY($1::uuid[])",), has_keys=True),
    "proofs": Statements(
        PROOFS,
        (
            "DELETE FROM field.evidence WHERE report_id = ANY($1::uuid[])",
            "DELETE FROM field.recording WHERE report_id = ANY($1::uuid[])",
            "DELETE FROM field.check_in WHERE report_id = ANY($1::uuid[])",
        ),
    ),
    "copies": Statements(COPIES, ("DELETE FROM release.shop_picture WHERE id = ANY($1::uuid[])",)),
    "unread": Statements(UNREAD, ("DELETE FROM release.shop_picture WHERE id = ANY($1::uuid[])",)),
    "pay": Statements(PAY, ("UPDATE identity.pay_item SET shopper_id = NULL WHERE id = ANY($1::uuid[])",)),
    "calendars": Statements(CALENDARS, ("DELETE FROM ops.calendar_feed WHERE id = ANY($1::uuid[])",)),
}
