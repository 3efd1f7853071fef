"""The shopper's side: extensions that are asked for, words against a mark, and news of shops for who wants them."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000020"
VERSION = "1.38.0"
DESCRIPTION = "the shopper's side of mystery shops"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

OWN = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"

FORWARDS = f"""
ALTER TABLE identity.shopper ADD COLUMN wants_news boolean NOT NULL DEFAULT false;   -- of new shops near by, by mail
ALTER TABLE identity.mark ADD COLUMN contest_words bytea;                            -- sealed with the shopper's key

-- A shopper asks for another day; a person of the staff decides.
CREATE TABLE identity.extension (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id),
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id) ON DELETE CASCADE,
    assignment_id uuid NOT NULL REFERENCES identity.assignment (id),
    wanted_on date NOT NULL,
    reason text NOT NULL CHECK (reason IN ('illness', 'travel', 'place_closed', 'work', 'other')),
    note bytea,                                        -- sealed with the shopper's key
    state text NOT NULL DEFAULT 'ASKED' CHECK (state IN ('ASKED', 'GRANTED', 'DECLINED', 'WITHDRAWN')),
    answer text NOT NULL DEFAULT '',                   -- a code of staff's; the shopper reads its words
    asked_at timestamptz NOT NULL,
    decided_by uuid,                                   -- an account; no machine has one
    decided_at timestamptz,
    CHECK (state NOT IN ('GRANTED', 'DECLINED') OR decided_by IS NOT NULL)
);
CREATE UNIQUE INDEX extension_one ON identity.extension (assignment_id) WHERE state = 'ASKED';
CREATE INDEX extension_waiting ON identity.extension (affiliate_id, asked_at, id) WHERE state = 'ASKED';
CREATE INDEX extension_shopper ON identity.extension (shopper_id, asked_at DESC, id DESC);

ALTER TABLE identity.extension ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.extension FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON identity.extension TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON identity.extension FOR SELECT TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
CREATE POLICY own ON identity.extension FOR SELECT TO candour_shopper USING ({OWN});
-- Only for a shop that one has; and a shopper decides nothing but to take the wish back.
CREATE POLICY asked ON identity.extension FOR INSERT TO candour_shopper
    WITH CHECK ({OWN} AND state = 'ASKED' AND EXISTS (
        SELECT FROM identity.assignment a
         WHERE a.id = assignment_id AND a.shop_id = extension.shop_id AND a.shopper_id = {SHOPPER}
           AND a.state = 'held'));
CREATE POLICY withdrawn ON identity.extension FOR UPDATE TO candour_shopper
    USING ({OWN} AND state = 'ASKED') WITH CHECK ({OWN} AND state = 'WITHDRAWN');

GRANT SELECT, UPDATE (state, answer, decided_by, decided_at) ON identity.extension TO candour_staff;
GRANT SELECT ON identity.extension TO candour_worker;   -- the verification opens a sample
GRANT SELECT, INSERT, UPDATE (state, decided_at) ON identity.extension TO candour_shopper;
GRANT UPDATE (wants_news) ON identity.shopper TO candour_shopper;
GRANT UPDATE (contest_words) ON identity.mark TO candour_shopper;

-- The news of a day: what was published since the day before.
CREATE INDEX shop_created ON field.shop (created_at) WHERE state = 'OPEN';
"""

BACKWARDS = """
DROP INDEX field.shop_created;
DROP TABLE identity.extension;
ALTER TABLE identity.mark DROP COLUMN contest_words;
ALTER TABLE identity.shopper DROP COLUMN wants_news;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what shoppers ask for."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
