"""Who is told of what: answers, pay, released reports, decided appeals; and the record of what a client writes."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000022"
VERSION = "1.38.0"
DESCRIPTION = "who is told of what"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"

FORWARDS = f"""
-- What is looked for once a minute.
CREATE INDEX application_ended ON identity.application (decided_at)
    WHERE state IN ('DECLINED', 'SUPERSEDED', 'EXPIRED');
CREATE INDEX appeal_answered ON release.appeal (changed_at)
    WHERE state IN ('WAITING_CLIENT', 'RESOLVED', 'CHANGED', 'DECLINED');

-- Of what is paid the worker learns whom and when, and no amount.
CREATE POLICY worker ON identity.pay_item FOR SELECT TO candour_worker USING ({ANYWHERE});
GRANT SELECT (id, affiliate_id, shopper_id, batch_id, state, paid_on) ON identity.pay_item TO candour_worker;

-- How often a client's person hears of new reports, and up to when they have been told.
ALTER TABLE identity.account
    ADD COLUMN report_mail text NOT NULL DEFAULT 'daily' CHECK (report_mail IN ('hourly', 'daily', 'never')),
    ADD COLUMN reports_told_at timestamptz;
GRANT UPDATE (report_mail) ON identity.account TO candour_gate;
GRANT UPDATE (reports_told_at) ON identity.account TO candour_worker;
-- The moment is for the mail alone: no client has a grant on it.
ALTER TABLE release.shop_report ADD COLUMN released_at timestamptz;
CREATE INDEX shop_report_news ON release.shop_report (client_id, released_at) WHERE version = 1;
GRANT SELECT (client_id, version, node_path, is_failed, is_on_hold, withdrawn_at, released_at) ON release.shop_report
    TO candour_worker;

-- Clients' roles write no audit: the worker records what they wrote, and marks it.
ALTER TABLE release.appeal_message ADD COLUMN recorded_at timestamptz;
CREATE INDEX appeal_message_new ON release.appeal_message (at) WHERE author = 'client' AND recorded_at IS NULL;
REVOKE INSERT ON release.appeal_message FROM candour_client, candour_staff;
GRANT INSERT (id, appeal_id, affiliate_id, author, body, at) ON release.appeal_message TO candour_client, candour_staff;
CREATE POLICY worker ON release.appeal_message TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
GRANT SELECT (id, appeal_id, affiliate_id, author, at, recorded_at), UPDATE (recorded_at) ON release.appeal_message
    TO candour_worker;

CREATE TABLE release.action_plan_event (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    plan_id uuid NOT NULL REFERENCES release.action_plan (id),
    event text NOT NULL CHECK (event IN ('open', 'submit', 'take_up', 'return', 'resolve')),
    at timestamptz NOT NULL,
    recorded_at timestamptz
);
CREATE INDEX action_plan_event_new ON release.action_plan_event (at) WHERE recorded_at IS NULL;
CREATE INDEX action_plan_event_plan ON release.action_plan_event (plan_id);
ALTER TABLE release.action_plan_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.action_plan_event FORCE ROW LEVEL SECURITY;
CREATE POLICY writing ON release.action_plan_event FOR INSERT TO candour_client
    WITH CHECK (affiliate_id = {AFFILIATE} AND plan_id IN (SELECT p.id FROM release.action_plan p));
CREATE POLICY worker ON release.action_plan_event TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
GRANT INSERT (id, affiliate_id, plan_id, event, at) ON release.action_plan_event TO candour_client;
GRANT SELECT, UPDATE (recorded_at) ON release.action_plan_event TO candour_worker;
CREATE POLICY worker ON release.action_plan FOR SELECT TO candour_worker USING ({ANYWHERE});
GRANT SELECT (id, affiliate_id, report_ref) ON release.action_plan TO candour_worker;
"""

BACKWARDS = """
DROP TABLE release.action_plan_event;
REVOKE SELECT (id, affiliate_id, report_ref) ON release.action_plan FROM candour_worker;
DROP POLICY worker ON release.action_plan;
REVOKE SELECT (id, appeal_id, affiliate_id, author, at, recorded_at), UPDATE (recorded_at) ON release.appeal_message
    FROM candour_worker;
DROP POLICY worker ON release.appeal_message;
REVOKE INSERT (id, appeal_id, affiliate_id, author, body, at) ON release.appeal_message
    FROM candour_client, candour_staff;
GRANT INSERT ON release.appeal_message TO candour_client, candour_staff;
ALTER TABLE release.appeal_message DROP COLUMN recorded_at;
REVOKE SELECT (client_id, version, node_path, is_failed, is_on_hold, withdrawn_at) ON release.shop_report
    FROM candour_worker;
ALTER TABLE release.shop_report DROP COLUMN released_at;
ALTER TABLE identity.account DROP COLUMN report_mail, DROP COLUMN reports_told_at;
REVOKE SELECT (id, affiliate_id, shopper_id, batch_id, state, paid_on) ON identity.pay_item FROM candour_worker;
DROP POLICY worker ON identity.pay_item;
DROP INDEX release.appeal_answered;
DROP INDEX identity.application_ended;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what the mails to shoppers and clients' people need."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
