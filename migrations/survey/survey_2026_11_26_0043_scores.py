"""A client's reports as one piece of an index: the row policy says a place and all below as a range."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T04:55:00:000043"
VERSION = "1.38.0"
DESCRIPTION = "scores of a client's visits"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"
OWN = f"affiliate_id = {AFFILIATE} AND client_id = {CLIENT}"
STANDING = "withdrawn_at IS NULL AND NOT is_on_hold AND NOT is_superseded"

# What begins with a path lies, byte by byte, between it and the path with a letter behind it that no path has: paths
# are hexadecimal digits and slashes. The range is never more than what begins with the path, whatever stands there.
# Said so, the policy is a condition of the index, read once; as a function it was called for each of 20,000 reports.
# affiliate_id stands first for the same reason. The second index holds all that a wave's scores ask for.
FORWARDS = f"""
ALTER POLICY client ON release.shop_report
    USING ({OWN} AND node_path COLLATE "C" >= {NODE} AND node_path COLLATE "C" < {NODE} || 'g' AND {STANDING});
DROP INDEX release.shop_report_reach;
CREATE INDEX shop_report_reach
    ON release.shop_report (affiliate_id, client_id, node_path COLLATE "C", wave_starts_on DESC)
    INCLUDE (wave_id, score)
    WHERE {STANDING};
CREATE INDEX shop_report_scores ON release.shop_report (affiliate_id, client_id, wave_id, node_path COLLATE "C")
    INCLUDE (score, is_failed, node_name, node_code)
    WHERE {STANDING};
"""

BACKWARDS = f"""
DROP INDEX release.shop_report_scores;
DROP INDEX release.shop_report_reach;
CREATE INDEX shop_report_reach ON release.shop_report (client_id, node_path COLLATE "C", wave_starts_on DESC)
    INCLUDE (affiliate_id, wave_id, campaign_id, campaign_name, wave_label, score)
    WHERE {STANDING};
ALTER POLICY client ON release.shop_report USING ({OWN} AND starts_with(node_path, {NODE}) AND {STANDING});
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Say the policy as a range, and make the indexes."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
