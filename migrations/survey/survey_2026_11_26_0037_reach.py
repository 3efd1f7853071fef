"""Indexes for pages that had to read everything: a client's visits by place, and the job board by pay."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T01:50:00:000037"
VERSION = "1.38.0"
DESCRIPTION = "indexes of pages"

# The first holds what stands, as the client's policy says it, with all that the lists of waves and places ask for: a
# store finds its own few reports, and for a head office the reports themselves are not read. COLLATE "C" lets a prefix
# use it in every database.
FORWARDS = """
CREATE INDEX shop_report_reach ON release.shop_report (client_id, node_path COLLATE "C", wave_starts_on DESC)
    INCLUDE (affiliate_id, wave_id, campaign_id, campaign_name, wave_label, score)
    WHERE withdrawn_at IS NULL AND NOT is_on_hold AND NOT is_superseded;
CREATE INDEX shop_pay ON field.shop (affiliate_id, (-(fee_cents + bonus_cents)), id)
    WHERE state = 'OPEN' AND NOT is_on_hold;
"""

BACKWARDS = """
DROP INDEX field.shop_pay;
DROP INDEX release.shop_report_reach;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Make them."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
