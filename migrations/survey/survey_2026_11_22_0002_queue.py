"""The queue of background jobs: pgqueuer's tables in the schema ops, a count of starts, and who may ask for work."""

from collections.abc import Callable, Coroutine

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

from survey.queue.storage import NAMES

ID = "2026-11-22T05:00:00:000003"
VERSION = "1.38.0"
DESCRIPTION = "the queue"

# pgqueuer writes its own tables; the version is pinned, and a test compares them with what the library declares.
TABLES = QueryBuilderEnvironment(NAMES).build_install_query(create_schema=False)

OURS = """
-- Counted and committed before a job runs; pgqueuer's own `attempts` misses those that end their worker.
ALTER TABLE ops.job ADD COLUMN starts integer NOT NULL DEFAULT 0;
CREATE INDEX job_failed ON ops.job (updated DESC, id DESC) WHERE status = 'failed';
"""

# Who asks for work may add it and see that it is there, not read anybody's arguments.
ASKERS = "candour_staff, candour_desk, candour_gate, candour_provider, candour_releaser"
GRANTS = f"""
GRANT USAGE ON SCHEMA ops TO candour_releaser;
GRANT INSERT ON ops.job, ops.job_log TO {ASKERS};
GRANT SELECT (id, entrypoint, priority, dedupe_key, status) ON ops.job TO {ASKERS};
GRANT USAGE ON SEQUENCE ops.job_id_seq TO {ASKERS};
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.job, ops.job_log, ops.job_schedule, ops.job_statistics TO candour_worker;
GRANT USAGE ON SEQUENCE ops.job_id_seq, ops.job_log_id_seq, ops.job_schedule_id_seq, ops.job_statistics_id_seq
    TO candour_worker;
"""

BACKWARDS = """
REVOKE USAGE ON SCHEMA ops FROM candour_releaser;
DROP TABLE ops.job, ops.job_log, ops.job_schedule, ops.job_statistics;
DROP FUNCTION ops.job_changed();
DROP TYPE ops.job_status;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Create the tables, then let people ask."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + OURS + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
