"""How long things are kept: what the desk may see of shoppers, what sweeps may remove, what erasing a profile takes."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T18:00:00:000023"
VERSION = "1.38.0"
DESCRIPTION = "how long things are kept"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"

DESK = """
-- The opt-out page shows whoever holds a link a masked form of the address that it was sent to, and needs no more.
REVOKE SELECT, UPDATE (status) ON identity.shopper FROM candour_desk;
GRANT SELECT (id, affiliate_id, email, status) ON identity.shopper TO candour_desk;
DROP POLICY desk ON identity.shopper;
CREATE POLICY desk ON identity.shopper FOR SELECT TO candour_desk USING (status <> 'erased');
-- Mail to shoppers that has a way out; survey mail names its client.
CREATE INDEX delivery_way_out ON ops.delivery (opt_out_link_id) WHERE is_bulk AND client_id IS NULL;
"""

SWEEPS = f"""
-- What is over goes, and of what tax law asks for only the person. The worker empties nothing else.
ALTER TABLE identity.pay_item ALTER COLUMN shopper_id DROP NOT NULL;
CREATE POLICY forgetting ON identity.pay_item FOR UPDATE TO candour_worker
    USING ({ANYWHERE} AND state IN ('PAID', 'VOID', 'REVERSED')) WITH CHECK (shopper_id IS NULL);
GRANT SELECT (shop_id, promised_on), UPDATE (shopper_id)
    ON identity.pay_item TO candour_worker;

CREATE POLICY worker ON release.shop_picture TO candour_worker USING ({ANYWHERE});
GRANT SELECT (id, report_id, affiliate_id, media_key), DELETE ON release.shop_picture TO candour_worker;
GRANT SELECT (released_on) ON release.shop_report TO candour_worker;

CREATE POLICY sweeping ON identity.extension FOR DELETE TO candour_worker USING ({ANYWHERE});
GRANT DELETE ON identity.application, identity.extension, identity.mark, identity.assignment, identity.thread,
    field.evidence, field.check_in TO candour_worker;
GRANT SELECT (id, affiliate_id, shopper_id, revoked_at), DELETE ON ops.calendar_feed TO candour_worker;
CREATE INDEX calendar_feed_shut ON ops.calendar_feed (revoked_at) WHERE revoked_at IS NOT NULL;
"""


ERASURE = """
-- Of somebody who was erased a code is left, which payments and reports hang on.
ALTER TABLE identity.shopper
    ALTER COLUMN account_id DROP NOT NULL,
    ALTER COLUMN name DROP NOT NULL,
    ALTER COLUMN email DROP NOT NULL,
    ALTER COLUMN email_index DROP NOT NULL,
    ADD CONSTRAINT shopper_is_somebody CHECK (status = 'erased'
        OR (account_id IS NOT NULL AND name IS NOT NULL AND email IS NOT NULL AND email_index IS NOT NULL));
CREATE POLICY erasing ON identity.shopper AS RESTRICTIVE FOR UPDATE TO candour_worker
    USING (status <> 'erased') WITH CHECK (status = 'erased');
GRANT UPDATE (account_id, status, name, email, email_index, phone, address, household_index, latitude, longitude,
    bands, grade_tenths, agreed_at, region, wants_news) ON identity.shopper TO candour_worker;

-- A sign-in that leads nowhere any more goes; one that was never taken up went already.
DROP POLICY forgetting ON identity.account;
CREATE POLICY forgetting ON identity.account AS RESTRICTIVE FOR DELETE TO candour_worker
    USING (role = 'shopper' AND NOT EXISTS (SELECT FROM identity.shopper s WHERE s.account_id = account.id));

GRANT DELETE ON identity.conflict, identity.qualification, identity.payout, identity.deactivation,
    identity.guideline_reading, identity.certification, identity.message, field.report_text, field.report_submission,
    field.report_edit, field.report_note, field.appeal_question TO candour_worker;
GRANT UPDATE (time_in, time_out) ON field.report TO candour_worker;
GRANT UPDATE (breakdown, coaching) ON field.review TO candour_worker;
"""

BACKWARDS = """
REVOKE UPDATE (breakdown, coaching) ON field.review FROM candour_worker;
REVOKE UPDATE (time_in, time_out) ON field.report FROM candour_worker;
REVOKE DELETE ON identity.conflict, identity.qualification, identity.payout, identity.deactivation,
    identity.guideline_reading, identity.certification, identity.message, field.report_text, field.report_submission,
    field.report_edit, field.report_note, field.appeal_question FROM candour_worker;
DROP POLICY forgetting ON identity.account;
CREATE POLICY forgetting ON identity.account AS RESTRICTIVE FOR DELETE TO candour_worker
    USING (role = 'shopper' AND status = 'invited');
REVOKE UPDATE (account_id, status, name, email, email_index, phone, address, household_index, latitude, longitude,
    bands, grade_tenths, agreed_at, region, wants_news) ON identity.shopper FROM candour_worker;
DROP POLICY erasing ON identity.shopper;
-- Nobody can be brought back: without the tables' older rules there is no room for what is left of them.
DELETE FROM identity.pay_item WHERE shopper_id IN (SELECT id FROM identity.shopper WHERE status = 'erased');
DELETE FROM identity.assignment WHERE shopper_id IN (SELECT id FROM identity.shopper WHERE status = 'erased');
DELETE FROM identity.shopper WHERE status = 'erased';
ALTER TABLE identity.shopper
    DROP CONSTRAINT shopper_is_somebody,
    ALTER COLUMN account_id SET NOT NULL,
    ALTER COLUMN name SET NOT NULL,
    ALTER COLUMN email SET NOT NULL,
    ALTER COLUMN email_index SET NOT NULL;
DROP INDEX ops.calendar_feed_shut;
REVOKE SELECT (id, affiliate_id, shopper_id, revoked_at), DELETE ON ops.calendar_feed FROM candour_worker;
REVOKE DELETE ON identity.application, identity.extension, identity.mark, identity.assignment, identity.thread,
    field.evidence, field.check_in FROM candour_worker;
DROP POLICY sweeping ON identity.extension;
REVOKE SELECT (released_on) ON release.shop_report FROM candour_worker;
REVOKE SELECT (id, report_id, affiliate_id, media_key), DELETE ON release.shop_picture FROM candour_worker;
DROP POLICY worker ON release.shop_picture;
REVOKE SELECT (shop_id, promised_on), UPDATE (shopper_id)
    ON identity.pay_item FROM candour_worker;
DROP POLICY forgetting ON identity.pay_item;
DELETE FROM identity.pay_item WHERE shopper_id IS NULL;
ALTER TABLE identity.pay_item ALTER COLUMN shopper_id SET NOT NULL;
DROP INDEX ops.delivery_way_out;
DROP POLICY desk ON identity.shopper;
CREATE POLICY desk ON identity.shopper TO candour_desk USING (true) WITH CHECK (true);
REVOKE SELECT (id, affiliate_id, email, status) ON identity.shopper FROM candour_desk;
GRANT SELECT, UPDATE (status) ON identity.shopper TO candour_desk;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Let everything go when its time is over, and at once where a shopper asks for it."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(DESK + SWEEPS + ERASURE))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
