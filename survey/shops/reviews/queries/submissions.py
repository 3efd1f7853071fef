"""A report as it was handed in, time after time, and as it went back in between."""

from datetime import datetime
from uuid import UUID

from survey.db import Scope, connection


async def times_handed_in(scope: Scope, report_id: UUID) -> int:
    """The number of the last time that a report was handed in; 0 where that was not kept."""
    number: int = await connection().fetchval(
        "SELECT coalesce(max(number), 0) FROM field.report_submission WHERE affiliate_id = $1 AND report_id = $2",
        scope.affiliate_id, report_id,
    )  # fmt: skip
    return max(number, 0)


async def last_submissions(scope: Scope, report_id: UUID) -> list[tuple[int, bytes, datetime]]:
    """The report as it was handed in last, and as it was before: number, words (sealed), when; newer first.

    Before is how it went back to the shopper, under the earlier number with a minus; else as it was handed in.
    """
    rows = await connection().fetch(
        "SELECT number, sealed, submitted_at FROM field.report_submission WHERE affiliate_id = $1 AND report_id = $2"
        " ORDER BY abs(number) DESC, number LIMIT 2",
        scope.affiliate_id,
        report_id,
    )
    return [(row["number"], row["sealed"], row["submitted_at"]) for row in rows]
