"""What we ask of the queue beyond pgqueuer's own statements."""

from datetime import timedelta

from asyncpg import Connection

from .domain import FailedJob

COUNT_START = "UPDATE ops.job SET starts = starts + 1 WHERE id = $1 RETURNING starts"
UNCOUNT_START = "UPDATE ops.job SET starts = starts - 1 WHERE id = $1"
FAILED = """
    SELECT job.id, job.entrypoint, coalesce(CASE
            WHEN last.traceback ->> 'exception_type' IN ('JobFailed', 'Poisoned')
            THEN last.traceback ->> 'exception_message'
            ELSE last.traceback ->> 'exception_type'
        END, ''), job.starts, job.updated
    FROM ops.job AS job
    LEFT JOIN LATERAL (
        SELECT log.traceback
        FROM ops.job_log AS log
        WHERE log.job_id = job.id AND log.status = 'failed'
        ORDER BY log.created DESC, log.id DESC
        LIMIT 1
    ) AS last ON true
    WHERE job.status = 'failed'
    ORDER BY job.updated DESC, job.id DESC
    LIMIT $1
"""
REQUEUE = """
    UPDATE ops.job
    SET status = 'queued', execute_after = now(), updated = now(), attempts = 0, starts = 0, queue_manager_id = NULL
    WHERE id = $1 AND status = 'failed'
"""
# Rows of the log that nobody will read again. What failed stays in ops.job until somebody decides.
TIDY_LOG = "DELETE FROM ops.job_log WHERE created < now() - $1::interval"
TIDY_STATISTICS = "DELETE FROM ops.job_statistics WHERE created < now() - $1::interval"


async def failed_jobs(connection: Connection, limit: int) -> list[FailedJob]:
    """Jobs that wait for a person, the latest first."""
    return [FailedJob(*row) for row in await connection.fetch(FAILED, limit)]


async def requeue(connection: Connection, job_id: int) -> bool:
    """Try a failed job again from the start; whether there was one."""
    return bool(await connection.execute(REQUEUE, job_id) == "UPDATE 1")


async def tidy(connection: Connection, older_than: timedelta) -> None:
    """Forget what has been done."""
    await connection.execute(TIDY_LOG, older_than)
    await connection.execute(TIDY_STATISTICS, older_than)
