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

-- The page, what was emptied, its texts and, with the first text, the key they are sealed with.
-- Where another tab's key became the response's at the same moment, no text of this page is kept: none could be opened.
CREATE FUNCTION field.keep_page(
    link uuid, answers uuid, emptied_ids text[], said jsonb, reached integer,
    text_ids text[], texts bytea[], new_kek_version integer, new_key bytea,
    OUT is_saved boolean, OUT is_keyed boolean)
LANGUAGE plpgsql SECURITY INVOKER AS $$
BEGIN
    PERFORM set_config('app.link', link::text, true);
    WITH saved AS (
        UPDATE field.response
           SET coded = (coded - emptied_ids) || said,
               section = greatest(section, reached),
               revision = revision + 1
         WHERE id = answers
           AND state = 'open'
        RETURNING id, affiliate_id, study_id
    ), emptied AS (
        DELETE FROM field.verbatim
         WHERE response_id = answers
           AND question_id = ANY(emptied_ids)
           AND NOT question_id = ANY(text_ids)
           AND EXISTS (SELECT FROM saved)
    ), keyed AS (
        INSERT INTO vault.subject_key (id, affiliate_id, kek_version, wrapped)
        SELECT id, affiliate_id, new_kek_version, new_key
          FROM saved
         WHERE new_key IS NOT NULL
        ON CONFLICT (id) DO NOTHING
        RETURNING id
    ), written AS (
        INSERT INTO field.verbatim (response_id, question_id, affiliate_id, study_id, sealed)
        SELECT s.id, v.question_id, s.affiliate_id, s.study_id, v.sealed
          FROM saved s, unnest(text_ids, texts) AS v (question_id, sealed)
         WHERE new_key IS NULL OR EXISTS (SELECT FROM keyed)
        ON CONFLICT (response_id, question_id) DO UPDATE SET sealed = excluded.sealed
    )
    SELECT EXISTS (SELECT FROM saved),
           new_key IS NULL OR EXISTS (SELECT FROM keyed)
      INTO is_saved, is_keyed;
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
