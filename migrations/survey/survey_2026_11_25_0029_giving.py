"""Giving shops out: overrides that a shopper's role can see, offers that begin again by themselves, rounds in order."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000029"
VERSION = "1.38.0"
DESCRIPTION = "giving shops out"

FORWARDS = """
-- Whether rules were set aside; why is for staff. Whoever takes an offer is not asked for them again.
ALTER TABLE identity.assignment ADD COLUMN is_override boolean NOT NULL
    GENERATED ALWAYS AS (override_reason <> '') STORED;
GRANT SELECT (is_override) ON identity.assignment TO candour_shopper;

-- The board counts and sorts by what waits, from the index alone.
CREATE INDEX application_waiting ON identity.application (affiliate_id, shop_id, created_at) WHERE state = 'SUBMITTED';

-- A campaign may want shops to be offered again by themselves once somebody has let them go.
ALTER TABLE field.campaign ADD COLUMN offers_again boolean NOT NULL DEFAULT false;
ALTER TABLE field.shop ADD COLUMN is_let_go boolean NOT NULL DEFAULT false;   -- by who had it or its offer, last of all
CREATE INDEX shop_let_go ON field.shop (id) WHERE is_let_go AND state = 'OPEN';
GRANT UPDATE (is_let_go) ON field.shop TO candour_shopper;
ALTER TABLE field.auto_offer ALTER COLUMN started_by DROP NOT NULL,           -- nobody: the campaign's switch did
    DROP CONSTRAINT auto_offer_outcome_check,
    ADD CONSTRAINT auto_offer_outcome_check
        CHECK (outcome IN ('', 'taken', 'nobody_left', 'stopped', 'undone', 'over'));
GRANT INSERT ON field.auto_offer TO candour_worker;

-- Shops that are given as one round keep their order, and their shopper sees it.
ALTER TABLE identity.assignment ADD COLUMN round_id uuid, ADD COLUMN round_place integer CHECK (round_place > 0),
    ADD CONSTRAINT assignment_round_check CHECK ((round_id IS NULL) = (round_place IS NULL));
GRANT SELECT (round_id, round_place) ON identity.assignment TO candour_shopper;

ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'auto_offer', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold'));
"""

BACKWARDS = """
DELETE FROM ops.bulk_action WHERE kind = 'auto_offer';
ALTER TABLE ops.bulk_action DROP CONSTRAINT bulk_action_kind_check, ADD CONSTRAINT bulk_action_kind_check
    CHECK (kind IN ('assign', 'offer', 'plan', 'pay', 'bonus', 'message', 'cancel', 'hold'));
REVOKE INSERT ON field.auto_offer FROM candour_worker;
DELETE FROM field.auto_offer WHERE started_by IS NULL;
UPDATE field.auto_offer SET outcome = 'stopped' WHERE outcome = 'undone';
ALTER TABLE field.auto_offer ALTER COLUMN started_by SET NOT NULL,
    DROP CONSTRAINT auto_offer_outcome_check,
    ADD CONSTRAINT auto_offer_outcome_check CHECK (outcome IN ('', 'taken', 'nobody_left', 'stopped', 'over'));
DROP INDEX field.shop_let_go;
ALTER TABLE field.shop DROP COLUMN is_let_go;
ALTER TABLE field.campaign DROP COLUMN offers_again;
DROP INDEX identity.application_waiting;
ALTER TABLE identity.assignment DROP COLUMN round_id, DROP COLUMN round_place, DROP COLUMN is_override;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add what giving shops out needs."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
