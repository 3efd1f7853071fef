"""A signature under everything that leaves for a client, made as it leaves: what is changed afterwards is found out."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T17:00:00:000076"
VERSION = "1.38.0"
DESCRIPTION = "signatures"

AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
OWN = "(SELECT nullif(current_setting('app.clients', true), '')::uuid[])"

FORWARDS = f"""
CREATE TABLE release.signature (
    subject_id uuid PRIMARY KEY,  -- the release, or the version of a report; what is signed outlives what was removed
    affiliate_id uuid NOT NULL,
    client_id uuid NOT NULL,
    statement text NOT NULL,      -- what is signed, exactly as it is spelt
    signed_by text NOT NULL,      -- name of the public key
    signature bytea NOT NULL CHECK (octet_length(signature) = 64),
    signed_at timestamptz NOT NULL
);
ALTER TABLE release.signature ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.signature FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON release.signature TO candour_staff, candour_releaser
    USING (affiliate_id = {AFFILIATE}) WITH CHECK (affiliate_id = {AFFILIATE});
CREATE POLICY worker ON release.signature TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id)
    WITH CHECK (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
CREATE POLICY clients ON release.signature AS RESTRICTIVE TO candour_staff
    USING (coalesce(client_id = ANY ({OWN}::uuid[]), true))
    WITH CHECK (coalesce(client_id = ANY ({OWN}::uuid[]), true));
-- Nobody may change one or take one away.
GRANT INSERT ON release.signature TO candour_staff, candour_releaser, candour_worker;
GRANT SELECT ON release.signature TO candour_releaser, candour_worker;

-- What signatures are held against.
GRANT SELECT (client_name, node_level, node_code, node_name, trail, campaign_id, campaign_name, wave_id, wave_label,
    wave_starts_on, is_competitor, time_shown, score, score_before, section_titles, section_scores, question_ids,
    question_shares, digest) ON release.shop_report TO candour_worker;
CREATE POLICY worker_reads ON release.wave_makeup FOR SELECT TO candour_worker
    USING (coalesce({AFFILIATE}, affiliate_id) = affiliate_id);
GRANT SELECT ON release.wave_makeup TO candour_worker;

-- What left before has none: whoever looks for signatures that are missing looks from here on.
INSERT INTO ops.setting (name, value) VALUES ('releases.signed_since', to_jsonb(now())) ON CONFLICT (name) DO NOTHING;
"""

BACKWARDS = """
DELETE FROM ops.setting WHERE name = 'releases.signed_since';
REVOKE SELECT ON release.wave_makeup FROM candour_worker;
DROP POLICY worker_reads ON release.wave_makeup;
REVOKE SELECT (client_name, node_level, node_code, node_name, trail, campaign_id, campaign_name, wave_id, wave_label,
    wave_starts_on, is_competitor, time_shown, score, score_before, section_titles, section_scores, question_ids,
    question_shares, digest) ON release.shop_report FROM candour_worker;
DROP TABLE release.signature;
"""


async def forwards() -> MigrationManager:
    """Keep what was signed."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
