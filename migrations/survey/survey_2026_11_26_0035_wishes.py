"""What reviews still lacked: clients ask for a visit anew, editors keep phrases, the law holds shops on record."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-26T02:00:00:000035"
VERSION = "1.38.0"
DESCRIPTION = "wishes for reshoots, phrases, legal holds"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
CLIENT = "nullif(current_setting('app.client', true), '')::uuid"
NODE = "nullif(current_setting('app.node', true), '')"
ANYWHERE = f"coalesce({AFFILIATE}, affiliate_id) = affiliate_id"
OWN = f"affiliate_id = {AFFILIATE} AND client_id = {CLIENT} AND starts_with(node_path, {NODE})"
STANDING = "report_ref IN (SELECT r.report_ref FROM release.shop_report r)"


def _fenced(table: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""


def _of_staff(table: str) -> str:
    return f"""{_fenced(table)}
CREATE POLICY tenant ON {table} TO candour_staff
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
"""


WISHES = f"""
-- A client asks for another visit in the place of one that it has read. Which shop comes of it is in field.reshoot,
-- where no client can look.
CREATE TABLE release.reshoot_wish (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    node_path text NOT NULL,
    report_ref uuid NOT NULL,
    reason text NOT NULL CHECK (reason ~ '^[a-z][a-z_]{{0,39}}$'),
    words text NOT NULL CHECK (length(words) BETWEEN 1 AND 2000),
    state text NOT NULL DEFAULT 'ASKED' CHECK (state IN ('ASKED', 'GRANTED', 'DECLINED', 'WITHDRAWN')),
    raised_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    taken_in_at timestamptz,                           -- when the ledger learnt of it
    let_go_at timestamptz,                             -- when the ledger learnt that it was withdrawn
    decided_on date,
    answer text NOT NULL DEFAULT '' CHECK (length(answer) <= 2000),    -- to the client, in the affiliate's words
    payer text CHECK (payer IN ('client', 'affiliate')),
    CHECK ((state = 'GRANTED') = (payer IS NOT NULL)),
    CHECK ((state IN ('GRANTED', 'DECLINED')) = (decided_on IS NOT NULL))
);
-- One that waits, and none once there is another visit.
CREATE UNIQUE INDEX reshoot_wish_one ON release.reshoot_wish (report_ref) WHERE state IN ('ASKED', 'GRANTED');
CREATE INDEX reshoot_wish_queue ON release.reshoot_wish (affiliate_id, raised_at, id);
CREATE INDEX reshoot_wish_new ON release.reshoot_wish (raised_at) WHERE taken_in_at IS NULL;
CREATE INDEX reshoot_wish_let_go ON release.reshoot_wish (changed_at) WHERE state = 'WITHDRAWN' AND let_go_at IS NULL;
CREATE INDEX reshoot_wish_changed ON release.reshoot_wish (changed_at);
{_of_staff("release.reshoot_wish")}
CREATE POLICY worker ON release.reshoot_wish TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
CREATE POLICY client ON release.reshoot_wish FOR SELECT TO candour_client USING ({OWN} AND {STANDING});
CREATE POLICY asking ON release.reshoot_wish FOR INSERT TO candour_client
    WITH CHECK ({OWN} AND state = 'ASKED' AND EXISTS (
        SELECT FROM release.shop_report r
         WHERE r.report_ref = reshoot_wish.report_ref AND r.node_path = reshoot_wish.node_path));
CREATE POLICY withdrawing ON release.reshoot_wish FOR UPDATE TO candour_client
    USING ({OWN} AND state = 'ASKED' AND {STANDING}) WITH CHECK ({OWN} AND state = 'WITHDRAWN');

GRANT SELECT (id, affiliate_id, client_id, node_path, report_ref, reason, words, state, raised_at, changed_at,
        decided_on, answer, payer),
    INSERT (id, affiliate_id, client_id, node_path, report_ref, reason, words, raised_at, changed_at),
    UPDATE (state, changed_at) ON release.reshoot_wish TO candour_client;
GRANT SELECT, UPDATE (state, changed_at, decided_on, answer, payer) ON release.reshoot_wish TO candour_staff;
GRANT SELECT (id, affiliate_id, client_id, node_path, report_ref, state, raised_at, changed_at, taken_in_at,
        let_go_at), UPDATE (taken_in_at, let_go_at) ON release.reshoot_wish TO candour_worker;
"""

PHRASES = f"""
-- What editors write again and again. It is about nobody: it is put into a note, and the note is sealed.
CREATE TABLE field.phrase (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('return', 'coaching', 'decline')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    use_count integer NOT NULL DEFAULT 0 CHECK (use_count >= 0),
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    retired_at timestamptz
);
CREATE UNIQUE INDEX phrase_one ON field.phrase (affiliate_id, kind, lower(name)) WHERE retired_at IS NULL;
CREATE INDEX phrase_list ON field.phrase (affiliate_id, use_count DESC, id);
{_of_staff("field.phrase")}
GRANT SELECT, INSERT, UPDATE (kind, name, text, use_count, changed_at, retired_at) ON field.phrase TO candour_staff;
"""

HOLDS = f"""
-- Why the law forbids to remove what hangs on a shop, and who says so. It has nothing to do with field.shop.is_on_hold.
CREATE TABLE field.legal_hold (
    id uuid PRIMARY KEY,
    affiliate_id uuid NOT NULL,
    shop_id uuid NOT NULL REFERENCES field.shop (id) ON DELETE CASCADE,
    reason text NOT NULL CHECK (reason ~ '^[a-z][a-z_]{{0,39}}$'),
    reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 80),     -- of a matter, never a person
    placed_by uuid NOT NULL,
    placed_at timestamptz NOT NULL,
    lifted_by uuid,
    lifted_at timestamptz,
    lift_reason text NOT NULL DEFAULT '',
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL)),
    CHECK ((lifted_at IS NULL) = (lift_reason = ''))
);
CREATE UNIQUE INDEX legal_hold_one ON field.legal_hold (shop_id) WHERE lifted_at IS NULL;
CREATE INDEX legal_hold_list ON field.legal_hold (affiliate_id, placed_at DESC, id DESC);
{_of_staff("field.legal_hold")}
GRANT SELECT, INSERT, UPDATE (lifted_by, lifted_at, lift_reason) ON field.legal_hold TO candour_staff;

-- A report whose author was erased while the law held it: what is left of the author goes when the hold is lifted.
CREATE TABLE field.erasure_due (
    report_id uuid PRIMARY KEY REFERENCES field.report (id) ON DELETE CASCADE,
    affiliate_id uuid NOT NULL,
    since timestamptz NOT NULL
);
CREATE INDEX erasure_due_list ON field.erasure_due (since, report_id);
{_fenced("field.erasure_due")}
CREATE POLICY worker ON field.erasure_due TO candour_worker USING ({ANYWHERE}) WITH CHECK ({ANYWHERE});
GRANT SELECT, INSERT, DELETE, UPDATE (since) ON field.erasure_due TO candour_worker;   -- the last to lock a row
"""

BACKWARDS = """
DROP TABLE field.erasure_due, field.legal_hold, field.phrase, release.reshoot_wish;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the tables of wishes, phrases and legal holds."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(WISHES + PHRASES + HOLDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
