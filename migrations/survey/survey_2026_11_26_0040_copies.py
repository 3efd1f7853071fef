"""A shopper takes a copy of what is held about them: which copy waits or is ready, and what the copy still lacked."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T03:00:00:000040"
VERSION = "1.38.0"
DESCRIPTION = "copies of one's own data"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
OWN = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"

COPIES = f"""
-- One at a time for a profile. Its file is sealed with the person's own key, and named before it is made.
CREATE TABLE identity.data_copy (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    shopper_id uuid NOT NULL UNIQUE REFERENCES identity.shopper (id) ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'making' CHECK (state IN ('making', 'ready')),
    parts_done integer NOT NULL DEFAULT 0 CHECK (parts_done >= 0),
    media_key text NOT NULL CONSTRAINT media_key_form CHECK (media_key ~ '^[a-z][a-z-]{{0,30}}/[0-9a-f]{{32}}$'),
    size_bytes bigint CHECK (size_bytes > 0),
    asked_at timestamptz NOT NULL,
    made_at timestamptz,
    taken_at timestamptz,
    CHECK ((state = 'ready') = (made_at IS NOT NULL)),
    CHECK ((state = 'ready') = (size_bytes IS NOT NULL))
);
CREATE INDEX data_copy_age ON identity.data_copy (coalesce(made_at, asked_at), id);
ALTER TABLE identity.data_copy ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.data_copy FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON identity.data_copy TO candour_shopper USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY worker ON identity.data_copy TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
GRANT SELECT, INSERT, DELETE, UPDATE (state, parts_done, size_bytes, made_at, taken_at)
    ON identity.data_copy TO candour_shopper;
GRANT SELECT, DELETE ON identity.data_copy TO candour_worker;
"""

# The copy is gathered as the person, so that the database itself keeps everybody else out of it.
READ = f"""
CREATE POLICY own ON identity.deactivation FOR SELECT TO candour_shopper USING ({OWN});
GRANT SELECT (id, affiliate_id, shopper_id, code, reason, decided_at, contest, contested_at, outcome, closed_at)
    ON identity.deactivation TO candour_shopper;

-- What made an editor look twice is reckoned about the person. Of what compares reports the copy says nothing.
GRANT SELECT (flags) ON field.review TO candour_shopper;

-- What was sent, never what was said or to which address.
CREATE POLICY sent ON ops.delivery FOR SELECT TO candour_shopper
    USING (affiliate_id = {AFFILIATE} AND recipient_id = {SHOPPER});
GRANT SELECT (id, affiliate_id, recipient_id, kind, is_bulk, client_id, state, not_before, created_at, sent_at)
    ON ops.delivery TO candour_shopper;
-- Mail of a list that no client has asked for: to shoppers and to members of panels.
CREATE INDEX delivery_listed ON ops.delivery (recipient_id) WHERE is_bulk AND client_id IS NULL;
"""

BACKWARDS = """
DROP INDEX ops.delivery_listed;
REVOKE SELECT (id, affiliate_id, recipient_id, kind, is_bulk, client_id, state, not_before, created_at, sent_at)
    ON ops.delivery FROM candour_shopper;
DROP POLICY sent ON ops.delivery;
REVOKE SELECT (flags) ON field.review FROM candour_shopper;
REVOKE SELECT (id, affiliate_id, shopper_id, code, reason, decided_at, contest, contested_at, outcome, closed_at)
    ON identity.deactivation FROM candour_shopper;
DROP POLICY own ON identity.deactivation;
DROP TABLE identity.data_copy;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the table of copies, and let shoppers read what was decided about them and sent to them."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(COPIES + READ))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
