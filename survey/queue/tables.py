"""The queue's tables. pgqueuer writes them; they are declared here because nothing unclassified may exist."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.columns.column_types import JSONB
from piccolo.table import Table

from privacy.inventory import plain

IDS_ONLY = "arguments are ids and short codes; the queue refuses anything else"
KIND_ONLY = "the class of an error of ours and where it arose, never its text or values"


class Job(Table, schema="ops", tablename="job"):
    """A job that waits, runs, or has failed and waits for a person. Done jobs leave the table."""

    id = plain(BigInt(primary_key=True, default=None), "sequence number")
    priority = plain(Integer(default=0), "order among waiting jobs")
    queue_manager_id = plain(UUID(null=True, default=None), "the process that runs it")
    created = plain(Timestamptz(default=None), "when the job was asked for")
    updated = plain(Timestamptz(default=None), "when its state last changed")
    heartbeat = plain(Timestamptz(default=None), "when its process last showed life")
    execute_after = plain(Timestamptz(default=None), "when it may begin")
    status = plain(Text(default=None), "queued, picked or failed")
    entrypoint = plain(Text(default=None), "the job's name")
    dedupe_key = plain(Text(null=True, default=None), "name and ids; refuses a second one while the first is there")
    payload = plain(Bytea(null=True, default=None), IDS_ONLY)
    headers = plain(JSONB(null=True, default=None), "unused")
    attempts = plain(Integer(default=0), "failures that asked for another try")
    slot = plain(BigInt(null=True, default=None), "seat under a limit of how many may run")
    starts = plain(Integer(default=0), "how often it was begun, crashes included")


class JobLog(Table, schema="ops", tablename="job_log"):
    """What happened to jobs, for thirty days."""

    id = plain(BigInt(primary_key=True, default=None), "sequence number")
    created = plain(Timestamptz(default=None), "when it happened")
    job_id = plain(BigInt(default=None), "the job")
    status = plain(Text(default=None), "what became of it")
    priority = plain(Integer(default=0), "order among waiting jobs")
    entrypoint = plain(Text(default=None), "the job's name")
    traceback = plain(JSONB(null=True, default=None), KIND_ONLY)
    aggregated = plain(Boolean(null=True, default=False), "whether the statistics hold it")


class JobSchedule(Table, schema="ops", tablename="job_schedule"):
    """When the clock asks for which job."""

    id = plain(BigInt(primary_key=True, default=None), "sequence number")
    expression = plain(Text(default=None), "cron expression, UTC")
    entrypoint = plain(Text(default=None), "the job's name")
    heartbeat = plain(Timestamptz(default=None), "when the asking process last showed life")
    created = plain(Timestamptz(default=None), "when the schedule was first seen")
    updated = plain(Timestamptz(default=None), "when it last changed")
    next_run = plain(Timestamptz(default=None), "when it is due")
    last_run = plain(Timestamptz(null=True, default=None), "when it was last asked for")
    status = plain(Text(null=True, default="queued"), "queued or picked")


class JobStatistics(Table, schema="ops", tablename="job_statistics"):
    """How many jobs of which name ended how, by second, for thirty days."""

    id = plain(BigInt(primary_key=True, default=None), "sequence number")
    created = plain(Timestamptz(default=None), "the second")
    how_many = plain(BigInt(default=0, db_column_name="count"), "how many; Piccolo has a method named count")
    priority = plain(Integer(default=0), "order among waiting jobs")
    status = plain(Text(default=None), "what became of them")
    entrypoint = plain(Text(default=None), "the job's name")
