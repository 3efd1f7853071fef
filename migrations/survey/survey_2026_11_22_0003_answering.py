"""What a respondent writes in passing, each a function: it names its link, then writes, and is its own transaction."""

from collections.abc import Callable, Coroutine

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine.finder import engine_finder

ID = "2026-11-22T05:00:00:000004"
VERSION = "1.38.0"
DESCRIPTION = "writing answers in one statement"

# SECURITY INVOKER, which is the default and said all the same: the row policies decide here as they do everywhere.
FUNCTIONS = """
-- Open the response behind the door unless another tab has, and note the browser that answers.
CREATE FUNCTION field.start_response(link uuid, today date, browser bytea) RETURNS void
LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
    PERFORM set_config('app.link', link::text, true);
    WITH entered AS (
        UPDATE field.entry
           SET state = 'started'
         WHERE id = link
           AND state IN ('new', 'declined')
        RETURNING affiliate_id, study_id, response_id, location_id, language, demographics
    ), begun AS (
        INSERT INTO field.response
               (id, affiliate_id, study_id, version_id, location_id, language, demographics, started_on)
        SELECT e.response_id, e.affiliate_id, e.study_id, s.version_id, e.location_id, e.language, e.demographics, today
          FROM entered e
          JOIN field.study s ON s.id = e.study_id
    )
    INSERT INTO ops.answer_session (id_hash, entry_id)
    VALUES (browser, link);
END
$$;

-- Keep one page of an open response: what was coded, what was emptied, its texts and, with the first text, their key.
-- Where another tab's key became the response's at the same moment, no text is kept: nobody could open it.
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

REVOKE ALL ON FUNCTION field.start_response, field.keep_page FROM PUBLIC;
GRANT EXECUTE ON FUNCTION field.start_response, field.keep_page TO candour_respondent;
"""

BACKWARDS = """
DROP FUNCTION field.start_response, field.keep_page;
"""


def _executing(statements: str) -> Callable[[], Coroutine[None, None, None]]:
    # Piccolo awaits what it knows to be a coroutine function; a lambda that returns one would never run.
    async def execute() -> None:
        await engine_finder().current_transaction.get().connection.execute(statements)  # type: ignore[union-attr]

    return execute


async def forwards() -> MigrationManager:
    """Add the two functions; they hold no data."""
    manager = MigrationManager(migration_id=ID, app_name="survey", description=DESCRIPTION)
    manager.add_raw(_executing(FUNCTIONS))
    manager.add_raw_backwards(_executing(BACKWARDS))
    return manager
