"""What hangs on a report is looked up by its report: the row policies ask for one, and no longer make a list of all."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000059"
VERSION = "1.38.0"
DESCRIPTION = "policies that look up one report"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"
OWN = f"affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(node_path, {NODE})"
TENANT = f"affiliate_id = {AFFILIATE}"

# table: what stands before the condition; the column that leads to what it hangs on; that table and its column.
HANGING = (
    ("shop_picture", TENANT, "report_id", "shop_report", "id"),
    ("shop_employee", TENANT, "report_id", "shop_report", "id"),
    ("appeal", OWN, "report_ref", "shop_report", "report_ref"),
    ("action_plan", OWN, "report_ref", "shop_report", "report_ref"),
    ("reshoot_wish", OWN, "report_ref", "shop_report", "report_ref"),
    ("appeal_message", TENANT, "appeal_id", "appeal", "id"),
    ("action_plan_event", TENANT, "plan_id", "action_plan", "id"),
)


def _looking_up(table: str, own: str, column: str, of: str, key: str) -> str:
    found = f"EXISTS (SELECT FROM release.{of} r WHERE r.{key} = {table}.{column})"
    return f"ALTER POLICY client ON release.{table} USING ({own} AND {found});"


def _listing(table: str, own: str, column: str, of: str, key: str) -> str:
    found = f"{column} IN (SELECT r.{key} FROM release.{of} r)"
    return f"ALTER POLICY client ON release.{table} USING ({own} AND {found});"


# The same rows either way. With IN, PostgreSQL read every report of the client, 20,000 of them, to show one's pictures.
FORWARDS = "\n".join(_looking_up(*each) for each in HANGING)
BACKWARDS = "\n".join(_listing(*each) for each in HANGING)


async def forwards() -> MigrationManager:
    """Say the policies as a look at one row."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
