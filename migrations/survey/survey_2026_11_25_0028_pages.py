"""Keeping a page for less: in one round trip where the process remembers the door, and with fewer steps inside."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-25T21:00:00:000028"
VERSION = "1.38.0"
DESCRIPTION = "pages kept in one cheaper statement"

# An assignment is reckoned without a query of its own, which PERFORM would be, and a word comes back without the store
# of rows that a function in FROM fills.
FORWARDS = """
DROP FUNCTION field.keep_page;

-- Keep one page of an open response: what was coded, what was emptied, its texts and, with the first text, their key.
-- seen, study_seen: the revisions of response and study that the page was read by; NULL: as they are in this statement.
-- 'closed': nothing was kept, also because one of them has moved on. 'unkeyed': another tab's key became the response's
-- at the same moment, and no text was kept, since nobody could open it. Otherwise 'kept'.
CREATE FUNCTION field.keep_page(
    link uuid, answers uuid, cleared text[], said jsonb, reached integer,
    emptied text[], written text[], texts bytea[], new_kek_version integer, new_key bytea,
    seen integer, study_seen integer) RETURNS text
LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE
    named text := set_config('app.link', link::text, true);
    tenant uuid;
    study uuid;
BEGIN
    UPDATE field.response
       SET coded = (coded - cleared) || said,
           section = greatest(section, reached),
           revision = revision + 1
     WHERE id = answers
       AND state = 'open'
       AND (seen IS NULL OR revision = seen)
       AND (study_seen IS NULL OR study_seen = (SELECT s.revision FROM field.study s WHERE s.id = response.study_id))
    RETURNING affiliate_id, study_id INTO tenant, study;
    IF NOT FOUND THEN
        RETURN 'closed';
    END IF;
    IF cardinality(emptied) > 0 THEN
        DELETE FROM field.verbatim
         WHERE response_id = answers
           AND question_id = ANY(emptied);
    END IF;
    IF new_key IS NOT NULL THEN
        INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped)
        VALUES (answers, tenant, new_kek_version, new_key)
        ON CONFLICT (id) DO NOTHING;
        IF NOT FOUND THEN
            RETURN 'unkeyed';
        END IF;
    END IF;
    IF cardinality(written) > 0 THEN
        INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)
        SELECT answers, v.question_id, tenant, study, v.sealed
          FROM unnest(written, texts) AS v (question_id, sealed)
        ON CONFLICT (response_id, question_id) DO UPDATE SET sealed = excluded.sealed;
    END IF;
    RETURN 'kept';
END
$$;

REVOKE ALL ON FUNCTION field.keep_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION field.keep_page TO candour_respondent;
"""

BACKWARDS = """
DROP FUNCTION field.keep_page;

CREATE FUNCTION field.keep_page(
    link uuid, answers uuid, cleared text[], said jsonb, reached integer,
    emptied text[], written text[], texts bytea[], new_kek_version integer, new_key bytea,
    OUT is_saved boolean, OUT is_keyed boolean)
LANGUAGE plpgsql SECURITY INVOKER AS $$
DECLARE
    tenant uuid;
    study uuid;
BEGIN
    PERFORM set_config('app.link', link::text, true);
    UPDATE field.response
       SET coded = (coded - cleared) || said,
           section = greatest(section, reached),
           revision = revision + 1
     WHERE id = answers
       AND state = 'open'
    RETURNING affiliate_id, study_id INTO tenant, study;
    is_saved := FOUND;
    is_keyed := true;
    IF NOT is_saved THEN
        RETURN;
    END IF;
    IF cardinality(emptied) > 0 THEN
        DELETE FROM field.verbatim
         WHERE response_id = answers
           AND question_id = ANY(emptied);
    END IF;
    IF new_key IS NOT NULL THEN
        INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped)
        VALUES (answers, tenant, new_kek_version, new_key)
        ON CONFLICT (id) DO NOTHING;
        is_keyed := FOUND;
    END IF;
    IF is_keyed AND cardinality(written) > 0 THEN
        INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)
        SELECT answers, v.question_id, tenant, study, v.sealed
          FROM unnest(written, texts) AS v (question_id, sealed)
        ON CONFLICT (response_id, question_id) DO UPDATE SET sealed = excluded.sealed;
    END IF;
END
$$;

REVOKE ALL ON FUNCTION field.keep_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION field.keep_page TO candour_respondent;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Put the function in place of the one before it."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FORWARDS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
