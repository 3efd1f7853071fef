"""Scheduling: saved views, bulk acts that can be undone, automatic offers, threads with shoppers, calendar feeds."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000015"
VERSION = "1.38.0"
DESCRIPTION = "scheduling"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

TABLES = """
CREATE TABLE ops.saved_view (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    account_id uuid NOT NULL,                          -- whose it is
    name text NOT NULL CHECK (name <> ''),
    query text NOT NULL,                               -- the board's URL after the question mark
    is_shared boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    UNIQUE (account_id, name)
);
CREATE INDEX saved_view_list ON ops.saved_view (affiliate_id, name, id);

-- What was done to many shops at once, with what was there before: the undo reads it.
CREATE TABLE ops.bulk_action (
    id uuid PRIMARY KEY,                               -- drawn for the preview: sending a form twice acts once
    affiliate_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('assign', 'offer', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold')),
    before jsonb NOT NULL DEFAULT '{}',                -- by shop: ids, numbers and days, never words about a person
    skipped jsonb NOT NULL DEFAULT '[]',               -- [[why, [references]], …]
    wanted jsonb NOT NULL DEFAULT '[]',                -- of a cancellation that waits: the shops' ids
    done_at timestamptz NOT NULL,
    carried_out_at timestamptz,                        -- of a cancellation: when the half minute was over
    undone_at timestamptz,
    undone_count integer NOT NULL DEFAULT 0
);
CREATE INDEX bulk_action_list ON ops.bulk_action (affiliate_id, done_at DESC, id DESC);
CREATE INDEX bulk_action_waiting ON ops.bulk_action (done_at)
    WHERE kind = 'cancel' AND carried_out_at IS NULL AND undone_at IS NULL;

-- Offers that go on by themselves: one shopper at a time, the next when the last one has declined or said nothing.
CREATE TABLE field.auto_offer (
    shop_id uuid PRIMARY KEY REFERENCES field.shop (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    started_by uuid NOT NULL,                          -- an account
    started_at timestamptz NOT NULL,
    offers integer NOT NULL DEFAULT 0,
    ended_at timestamptz,
    outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'taken', 'nobody_left', 'stopped', 'over'))
);
CREATE INDEX auto_offer_running ON field.auto_offer (affiliate_id, shop_id) WHERE ended_at IS NULL;

CREATE TABLE identity.thread (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    shop_id uuid REFERENCES field.shop (id),
    owner_id uuid,                                     -- the account that answers
    waiting_since timestamptz,                         -- the shopper's first word that nobody has answered
    last_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (shopper_id, shop_id)
);
CREATE INDEX thread_waiting ON identity.thread (affiliate_id, waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX thread_list ON identity.thread (affiliate_id, last_at DESC, id DESC);

CREATE TABLE identity.message (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    thread_id uuid NOT NULL REFERENCES identity.thread (id) ON DELETE CASCADE,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    author text NOT NULL CHECK (author IN ('staff', 'shopper')),
    account_id uuid,                                   -- which of the staff
    body bytea NOT NULL,                               -- sealed with the shopper's key
    created_at timestamptz NOT NULL,
    CHECK ((author = 'staff') = (account_id IS NOT NULL))
);
CREATE INDEX message_thread ON identity.message (thread_id, created_at, id);

-- A secret address for a calendar program: of somebody on the staff, or of a shopper.
CREATE TABLE ops.calendar_feed (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),     -- what the signed token holds
    affiliate_id uuid NOT NULL,
    account_id uuid NOT NULL,
    shopper_id uuid REFERENCES identity.shopper (id) ON DELETE CASCADE,
    query text NOT NULL DEFAULT '',                    -- of a scheduler's: which shops
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE UNIQUE INDEX calendar_feed_one ON ops.calendar_feed (account_id, coalesce(shopper_id, account_id))
    WHERE revoked_at IS NULL;
"""

INDEXES = """
CREATE INDEX location_of_affiliate ON field.location (affiliate_id, code, id);
CREATE INDEX shop_agenda ON field.shop
    (affiliate_id, (coalesce(planned_on, (window_end AT TIME ZONE 'UTC')::date)), id);

-- Each minute somebody asks what shoppers have not been told, and each quarter of an hour whose day has come.
CREATE INDEX assignment_begun ON identity.assignment (assigned_at) WHERE state IN ('offered', 'held');
CREATE INDEX assignment_taken_back ON identity.assignment (ended_at) WHERE state = 'taken_back';
CREATE INDEX message_by_staff ON identity.message (created_at) WHERE author = 'staff';
"""

TENANT_TABLES = (
    "ops.saved_view", "ops.bulk_action", "field.auto_offer", "identity.thread", "identity.message",
    "ops.calendar_feed",
)  # fmt: skip
OF_THE_SHOPPER = ("identity.thread", "identity.message", "ops.calendar_feed")


def _fences() -> str:
    """Row-level security: the tenant's own rows for staff and worker; for shoppers their own."""
    lines = []
    for table in TENANT_TABLES:
        fence = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
            f"CREATE POLICY worker ON {table} TO candour_worker USING ({fence}) WITH CHECK ({fence});",
        ]
    own = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
    lines += [
        f"CREATE POLICY own ON {table} TO candour_shopper USING ({own}) WITH CHECK ({own});" for table in OF_THE_SHOPPER
    ]
    return "\n".join(lines)


OTHER_FENCES = f"""
-- A shopper writes as a shopper; of staff's words nothing can be forged.
CREATE POLICY own_words ON identity.message AS RESTRICTIVE FOR INSERT TO candour_shopper
    WITH CHECK (author = 'shopper' AND thread_id IN (SELECT t.id FROM identity.thread t));
-- The calendar program holds an address and nothing else: the gate looks up whose it is.
CREATE POLICY gate ON ops.calendar_feed FOR SELECT TO candour_gate USING (revoked_at IS NULL);
CREATE POLICY auto_offer ON identity.assignment AS RESTRICTIVE FOR INSERT TO candour_worker
    WITH CHECK (state = 'offered' AND affiliate_id = {AFFILIATE});
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON ops.saved_view TO candour_staff;
GRANT SELECT, INSERT, UPDATE ON ops.bulk_action TO candour_staff;
GRANT SELECT, UPDATE ON ops.bulk_action TO candour_worker;
GRANT SELECT, INSERT, UPDATE ON field.auto_offer TO candour_staff;
GRANT SELECT, UPDATE ON field.auto_offer TO candour_worker;
GRANT INSERT ON identity.assignment TO candour_worker;
GRANT SELECT, INSERT, UPDATE ON identity.thread TO candour_staff;
GRANT SELECT, INSERT, DELETE ON identity.message TO candour_staff;
GRANT SELECT ON identity.thread, identity.message TO candour_worker;
GRANT SELECT, INSERT, UPDATE (waiting_since, last_at) ON identity.thread TO candour_shopper;
GRANT SELECT, INSERT ON identity.message TO candour_shopper;
GRANT SELECT, INSERT, UPDATE (revoked_at, query) ON ops.calendar_feed TO candour_staff;
GRANT SELECT, INSERT, UPDATE (revoked_at) ON ops.calendar_feed TO candour_shopper;
GRANT SELECT ON ops.calendar_feed TO candour_gate;
"""

BACKWARDS = """
DROP POLICY auto_offer ON identity.assignment;
REVOKE INSERT ON identity.assignment FROM candour_worker;
DROP TABLE ops.calendar_feed, identity.message, identity.thread, field.auto_offer, ops.bulk_action, ops.saved_view;
DROP INDEX field.location_of_affiliate, field.shop_agenda, identity.assignment_begun, identity.assignment_taken_back;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what schedulers work with."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + INDEXES + _fences() + OTHER_FENCES + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
