"""Ids of opt-out links that follow from what they stop, so that whoever makes one knows its id without a look."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T21:00:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "opt-out links with ids that can be reckoned"

# Links made before keep the ids that they were mailed with: whoever makes one looks for those first. An id tells no
# more than its row does, in which the key is a keyed hash already.
FORWARDS = """
CREATE FUNCTION ledger.opt_out_link_id(key bytea, affiliate uuid, client uuid) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(
    substr(sha256(key || uuid_send(affiliate) || coalesce(uuid_send(client), ''::bytea)), 1, 16), 'hex')::uuid;

CREATE FUNCTION ledger.name_opt_out_link() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
    NEW.id := ledger.opt_out_link_id(NEW.suppression_key, NEW.affiliate_id, NEW.client_id);
    RETURN NEW;
END
$$;

CREATE TRIGGER named BEFORE INSERT ON ledger.opt_out_link
    FOR EACH ROW EXECUTE FUNCTION ledger.name_opt_out_link();

REVOKE ALL ON FUNCTION ledger.opt_out_link_id, ledger.name_opt_out_link FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.opt_out_link_id TO candour_staff, candour_worker, candour_desk;
"""

BACKWARDS = """
DROP TRIGGER named ON ledger.opt_out_link;
DROP FUNCTION ledger.name_opt_out_link;
DROP FUNCTION ledger.opt_out_link_id;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the function and the trigger; rows stay as they are."""
    manager = MigrationManager(migration_id=ID, app_name="privacy", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
