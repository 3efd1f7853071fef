"""What editors leave in of what the scan finds. Whoever calls has locked the shop's row."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.db import Scope, connection

_LEAVE = """
INSERT INTO field.finding_left (report_id, question_id, fingerprint, affiliate_id, by_id, left_at, reason)
SELECT $1, given.question_id, given.fingerprint, $2, $3, $4, given.reason
  FROM unnest($5::text[], $6::bytea[], $7::bytea[]) AS given (question_id, fingerprint, reason)
    ON CONFLICT DO NOTHING
"""

# The same decision of the same editor, known by the text as it stands now.
_CARRY = """
INSERT INTO field.finding_left (report_id, question_id, fingerprint, affiliate_id, by_id, left_at, reason)
SELECT l.report_id, l.question_id, given.new, l.affiliate_id, l.by_id, l.left_at, l.reason
  FROM unnest($4::bytea[], $5::bytea[]) AS given (old, new)
  JOIN field.finding_left l ON l.fingerprint = given.old
 WHERE l.affiliate_id = $1
   AND l.report_id = $2
   AND l.question_id = $3
    ON CONFLICT DO NOTHING
"""


async def leave_findings(
    scope: Scope, report_id: UUID, rows: Sequence[tuple[str, bytes, bytes | None]], now: datetime
) -> None:
    """Note that somebody has read findings and left them; twice is once. rows: question, fingerprint, sealed reason."""
    questions, marks, reasons = ([row[part] for row in rows] for part in range(3))
    await connection().execute(_LEAVE, report_id, scope.affiliate_id, scope.account_id, now, questions, marks, reasons)


async def carry_left(scope: Scope, report_id: UUID, question_id: str, marks: Sequence[tuple[bytes, bytes]]) -> None:
    """Hold on to decisions in a text that we changed ourselves. marks: old and new fingerprint."""
    old, new = ([pair[part] for pair in marks] for part in range(2))
    await connection().execute(_CARRY, scope.affiliate_id, report_id, question_id, old, new)


async def take_back(scope: Scope, report_id: UUID, fingerprints: Sequence[bytes]) -> None:
    """Forget that findings were left."""
    await connection().execute(
        "DELETE FROM field.finding_left WHERE affiliate_id = $1 AND report_id = $2 AND fingerprint = ANY ($3::bytea[])",
        scope.affiliate_id, report_id, list(fingerprints),
    )  # fmt: skip
