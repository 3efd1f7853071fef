"""What each question and section of a report earned, beside the snapshot: adding up opens no snapshot."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000060"
VERSION = "1.38.0"
DESCRIPTION = "shares of questions and sections"

# By a trigger, so that the figures can never be others than the snapshot's, whoever writes it and however.
FORWARDS = """
ALTER TABLE release.shop_report
    ADD COLUMN section_titles text[] NOT NULL DEFAULT '{}',
    ADD COLUMN section_scores numeric[] NOT NULL DEFAULT '{}',
    ADD COLUMN question_ids text[] NOT NULL DEFAULT '{}',      -- those that were scored, in the questionnaire's order
    ADD COLUMN question_shares float8[] NOT NULL DEFAULT '{}'; -- of their points, what was earned: 0 to 1
CREATE FUNCTION release.tell_shares() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    SELECT coalesce(array_agg(part->>'title' ORDER BY place), '{}'),
           coalesce(array_agg((part->>'score')::numeric ORDER BY place), '{}')
      INTO NEW.section_titles, NEW.section_scores
      FROM jsonb_array_elements(NEW.snapshot->'sections') WITH ORDINALITY AS each (part, place);
    SELECT coalesce(array_agg(id ORDER BY place), '{}'), coalesce(array_agg(earned / possible ORDER BY place), '{}')
      INTO NEW.question_ids, NEW.question_shares
      FROM (SELECT answer->>'question_id' AS id, (answer->'points'->>0)::float8 AS earned,
                   (answer->'points'->>1)::float8 AS possible, place
              FROM jsonb_array_elements(NEW.snapshot->'answers') WITH ORDINALITY AS each (answer, place)
             WHERE jsonb_typeof(answer->'points') = 'array') AS scored
     WHERE possible > 0;
    RETURN NEW;
END
$$;
REVOKE EXECUTE ON FUNCTION release.tell_shares() FROM PUBLIC;
CREATE TRIGGER tell_shares BEFORE INSERT OR UPDATE OF snapshot ON release.shop_report FOR EACH ROW
    EXECUTE FUNCTION release.tell_shares();
ALTER TABLE release.shop_report NO FORCE ROW LEVEL SECURITY;
UPDATE release.shop_report SET snapshot = snapshot;
ALTER TABLE release.shop_report FORCE ROW LEVEL SECURITY;
GRANT SELECT (section_titles, section_scores, question_ids, question_shares) ON release.shop_report TO candour_client;
"""

BACKWARDS = """
DROP TRIGGER tell_shares ON release.shop_report;
DROP FUNCTION release.tell_shares();
ALTER TABLE release.shop_report
    DROP COLUMN section_titles, DROP COLUMN section_scores, DROP COLUMN question_ids, DROP COLUMN question_shares;
"""


async def forwards() -> MigrationManager:
    """Keep what each question and section earned beside the snapshot."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
