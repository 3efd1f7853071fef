"""Where pgqueuer keeps its jobs: tables of ours in the schema `ops`, whatever the environment says."""

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel

# Every name is given: pgqueuer would otherwise read them from variables as common as CHANNEL or FUNCTION.
NAMES = DBSettings(
    prefix="",
    db_schema="ops",
    channel=Channel("candour_job"),
    function="job_changed",
    trigger="job_changed",
    queue_table="job",
    queue_table_log="job_log",
    schedules_table="job_schedule",
    statistics_table="job_statistics",
    queue_status_type="job_status",
    durability=Durability.durable,
    widen_id=True,
)


def queries_on(connection: asyncpg.Connection) -> Queries:
    """pgqueuer's statements on this connection, and in its transaction if it has one."""
    return Queries(
        AsyncpgDriver(connection),
        qbe=QueryBuilderEnvironment(NAMES),
        qbq=QueryQueueBuilder(NAMES),
        qbs=QuerySchedulerBuilder(NAMES),
    )
