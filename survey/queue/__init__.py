"""Background jobs on PostgreSQL: asked for in the caller's transaction, tried a counted number of times."""

from .domain import BadJob, FailedJob, Payload, Unretryable
from .handlers import Job, JobContext, cron, job, jobs_of
from .service import enqueue, failed_jobs, requeue

__all__ = [
    "BadJob",
    "FailedJob",
    "Job",
    "JobContext",
    "Payload",
    "Unretryable",
    "cron",
    "enqueue",
    "failed_jobs",
    "job",
    "jobs_of",
    "requeue",
]
