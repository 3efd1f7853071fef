"""Mystery shops: holds with their reasons, and marks that a machine proposes and a person decides."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000014"
VERSION = "1.38.0"
DESCRIPTION = "holds and marks of mystery shops"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

OWN_SHOP = f"""EXISTS (
    SELECT FROM identity.assignment a
    WHERE a.shop_id = field.shop.id AND a.shopper_id = {SHOPPER} AND a.state IN ('offered', 'held', 'done'))"""

FORWARDS = f"""
ALTER TABLE field.shop
    ADD COLUMN hold_reason text NOT NULL DEFAULT '',   -- a code; why nothing may happen to it
    ADD COLUMN hold_since timestamptz;

-- What is said against a shopper. A machine proposes it, a person decides, the shopper may contest it.
CREATE TABLE identity.mark (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    shop_id uuid NOT NULL REFERENCES field.shop (id),
    assignment_id uuid NOT NULL REFERENCES identity.assignment (id),
    kind text NOT NULL CHECK (kind IN ('no_show', 'late_cancel')),
    state text NOT NULL DEFAULT 'PROPOSED'
        CHECK (state IN ('PROPOSED', 'CONFIRMED', 'CONTESTED', 'UPHELD', 'DISMISSED')),
    reason text NOT NULL DEFAULT '',                   -- a code of staff's; the shopper reads its words
    contest text NOT NULL DEFAULT '',                  -- a code of the shopper's
    proposed_at timestamptz NOT NULL,
    decided_by uuid,                                   -- an account; no machine has one
    decided_at timestamptz,
    contested_at timestamptz,
    UNIQUE (assignment_id, kind),
    CHECK (state NOT IN ('CONFIRMED', 'UPHELD', 'DISMISSED') OR decided_by IS NOT NULL)
);
CREATE INDEX mark_undecided ON identity.mark (affiliate_id, proposed_at, id) WHERE state IN ('PROPOSED', 'CONTESTED');
CREATE INDEX mark_shopper ON identity.mark (shopper_id, proposed_at DESC, id DESC);

ALTER TABLE identity.mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.mark FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identity.mark TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON identity.mark TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id)
    WITH CHECK (coalesce({AFFILIATE}, affiliate_id) = affiliate_id AND state = 'PROPOSED');
CREATE POLICY own ON identity.mark FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER});
CREATE POLICY proposed ON identity.mark FOR INSERT TO candour_shopper
    WITH CHECK (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER} AND state = 'PROPOSED');
CREATE POLICY contested ON identity.mark FOR UPDATE TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER})
    WITH CHECK (affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER} AND state = 'CONTESTED');

-- Whatever a shopper's role writes, a shop can only come to where shoppers may bring it: it is theirs, or it is open.
DROP POLICY taking ON field.shop;
CREATE POLICY taking ON field.shop FOR UPDATE TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND (state = 'OPEN' OR {OWN_SHOP}))
    WITH CHECK (affiliate_id = {AFFILIATE} AND (state = 'OPEN' OR (
        state IN ('OFFERED', 'ASSIGNED', 'IN_PROGRESS', 'SUBMITTED', 'RETURNED') AND {OWN_SHOP})));

GRANT SELECT, INSERT, UPDATE ON identity.mark TO candour_staff;
GRANT SELECT, INSERT ON identity.mark TO candour_worker;
GRANT SELECT, INSERT ON identity.mark TO candour_shopper;
GRANT UPDATE (state, contest, contested_at) ON identity.mark TO candour_shopper;
"""

BACKWARDS = f"""
DROP POLICY taking ON field.shop;
CREATE POLICY taking ON field.shop FOR UPDATE TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND (state = 'OPEN' OR {OWN_SHOP}))
    WITH CHECK (affiliate_id = {AFFILIATE});
DROP TABLE identity.mark;
ALTER TABLE field.shop DROP COLUMN hold_reason, DROP COLUMN hold_since;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add holds with their reasons, and marks."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
