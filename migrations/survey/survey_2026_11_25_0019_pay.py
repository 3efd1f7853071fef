"""Pay: what each shop pays its shopper, batches for the bank, the affiliate's own account, with fences and grants."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000019"
VERSION = "1.38.0"
DESCRIPTION = "pay"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
SHOPPER = "nullif(current_setting('app.shopper', true), '')::uuid"

TABLES = """
-- The affiliate's own side: a business's account, and from how much a year on it must know a tax number.
CREATE TABLE identity.payer (
    affiliate_id uuid PRIMARY KEY REFERENCES field.affiliate (id),
    way text CHECK (way IN ('iban', 'us_bank')),
    holder text NOT NULL DEFAULT '',
    number text NOT NULL DEFAULT '',
    bank text NOT NULL DEFAULT '',                     -- BIC, or routing number
    tax_from_cents integer CHECK (tax_from_cents >= 0),
    revision integer NOT NULL DEFAULT 0,
    CHECK ((way IS NULL) = (number = ''))
);

CREATE TABLE identity.pay_batch (
    id uuid PRIMARY KEY,                               -- drawn with the form, so that sending it twice makes one batch
    affiliate_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'exported', 'paid', 'cancelled')),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_by uuid,
    created_at timestamptz NOT NULL,
    exported_at timestamptz,
    paid_on date,
    item_count integer NOT NULL CHECK (item_count >= 0),
    total_cents bigint NOT NULL CHECK (total_cents >= 0),
    UNIQUE (affiliate_id, number),
    CHECK ((state = 'paid') = (paid_on IS NOT NULL)),
    CHECK (state <> 'exported' OR exported_at IS NOT NULL)
);

-- What one shop pays. At most one a shop; the amounts stand still once it is owed.
CREATE TABLE identity.pay_item (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL UNIQUE REFERENCES field.shop (id),
    shopper_id uuid NOT NULL REFERENCES identity.shopper (id),
    client_id uuid NOT NULL REFERENCES field.client (id),
    kind text NOT NULL CHECK (kind IN ('full', 'attempt')),
    fee_cents integer NOT NULL CHECK (fee_cents >= 0),
    reimbursement_cents integer NOT NULL CHECK (reimbursement_cents >= 0),
    bonus_cents integer NOT NULL CHECK (bonus_cents >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    state text NOT NULL DEFAULT 'PROSPECTIVE'
        CHECK (state IN ('PROSPECTIVE', 'PAYABLE', 'PENDING', 'PAID', 'VOID', 'REVERSED')),
    visited_on date NOT NULL,
    promised_on date NOT NULL,
    batch_id uuid REFERENCES identity.pay_batch (id),
    paid_on date,
    reason text NOT NULL DEFAULT '' CHECK (reason = '' OR reason ~ '^[a-z][a-z0-9_]{0,39}$'),
    revision integer NOT NULL DEFAULT 0,
    CHECK ((state IN ('PENDING', 'PAID', 'REVERSED')) = (batch_id IS NOT NULL)),
    CHECK ((state IN ('PAID', 'REVERSED')) = (paid_on IS NOT NULL)),
    CHECK (state NOT IN ('VOID', 'REVERSED') OR reason <> '')
);
CREATE INDEX pay_item_ageing ON identity.pay_item (affiliate_id, state, promised_on, id);
CREATE INDEX pay_item_shopper ON identity.pay_item (shopper_id, visited_on DESC, id DESC);
CREATE INDEX pay_item_batch ON identity.pay_item (batch_id);
"""

TENANT_TABLES = ("identity.payer", "identity.pay_batch", "identity.pay_item")
OWN = f"affiliate_id = {AFFILIATE} AND shopper_id = {SHOPPER}"
# What a shopper's own request may write: the promise of a shop that is theirs, never more than the shop offers.
PROMISE = f"""{OWN} AND state = 'PROSPECTIVE' AND EXISTS (
    SELECT FROM field.shop s
    JOIN field.campaign c ON c.id = s.campaign_id
    JOIN identity.assignment a ON a.shop_id = s.id AND a.shopper_id = {SHOPPER} AND a.state IN ('held', 'done')
    WHERE s.id = pay_item.shop_id
      AND s.client_id = pay_item.client_id
      AND pay_item.currency = s.currency
      AND pay_item.fee_cents <= CASE pay_item.kind WHEN 'full' THEN s.fee_cents ELSE c.attempt_fee_cents END
      AND pay_item.bonus_cents <= s.bonus_cents
      AND pay_item.reimbursement_cents <= s.reimbursement_cap_cents)"""


def _fences() -> str:
    """Row-level security: the tenant's own rows for staff, for a shopper what is owed to them."""
    lines = []
    for table in TENANT_TABLES:
        lines += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY tenant ON {table} TO candour_staff"
            f" USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});",
        ]
    return "\n".join(
        [
            *lines,
            f"CREATE POLICY own ON identity.pay_item FOR SELECT TO candour_shopper USING ({OWN});",
            f"CREATE POLICY promising ON identity.pay_item FOR INSERT TO candour_shopper WITH CHECK ({PROMISE});",
            f"CREATE POLICY promising_again ON identity.pay_item FOR UPDATE TO candour_shopper"
            f" USING ({OWN} AND state = 'PROSPECTIVE') WITH CHECK ({PROMISE});",
        ]
    )


GRANTS = """
GRANT SELECT, INSERT ON identity.payer, identity.pay_batch, identity.pay_item TO candour_staff;
GRANT UPDATE (way, holder, number, bank, tax_from_cents, revision) ON identity.payer TO candour_staff;
GRANT UPDATE (state, exported_at, paid_on, item_count, total_cents) ON identity.pay_batch TO candour_staff;
GRANT UPDATE (kind, fee_cents, reimbursement_cents, bonus_cents, state, visited_on, promised_on, batch_id, paid_on,
    reason, revision) ON identity.pay_item TO candour_staff;

GRANT SELECT ON identity.pay_item TO candour_shopper;
GRANT INSERT (affiliate_id, shop_id, shopper_id, client_id, kind, fee_cents, reimbursement_cents, bonus_cents,
    currency, visited_on, promised_on) ON identity.pay_item TO candour_shopper;
GRANT UPDATE (kind, fee_cents, reimbursement_cents, bonus_cents, visited_on, promised_on, revision)
    ON identity.pay_item TO candour_shopper;
"""

BACKWARDS = "DROP TABLE identity.pay_item, identity.pay_batch, identity.payer;"


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of pay to the identity plane."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(TABLES + _fences() + GRANTS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
