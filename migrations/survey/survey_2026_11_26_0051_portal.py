"""What a client reads beside its own: visits to competitors told apart, and what became of its action plans."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T10:00:00:000051"
VERSION = "1.38.0"
DESCRIPTION = "competitors and the history of plans in the portal"

NODE = "nullif(current_setting('app.node', true), '')"
AFFILIATE = "nullif(current_setting('app.affiliate', true), '')::uuid"
STANDING = "withdrawn_at IS NULL AND NOT is_on_hold AND NOT is_superseded"

# What a visit was made for does not change when a place is marked later: the campaign says it, once, as it leaves.
# The index that finds waves carries it, so that leaving competitors out needs no look at a report.
COMPETITORS = f"""
ALTER TABLE release.shop_report ADD COLUMN is_competitor boolean NOT NULL DEFAULT false;
ALTER TABLE release.shop_report NO FORCE ROW LEVEL SECURITY;
ALTER TABLE field.campaign NO FORCE ROW LEVEL SECURITY;
UPDATE release.shop_report r
   SET is_competitor = true
  FROM field.campaign c
 WHERE c.id = r.campaign_id AND c.kind = 'competitor';
ALTER TABLE release.shop_report FORCE ROW LEVEL SECURITY;
ALTER TABLE field.campaign FORCE ROW LEVEL SECURITY;
GRANT SELECT (is_competitor) ON release.shop_report TO candour_client;
DROP INDEX release.shop_report_reach;
CREATE INDEX shop_report_reach
    ON release.shop_report (affiliate_id, client_id, node_path COLLATE "C", wave_starts_on DESC)
    INCLUDE (wave_id, score, is_competitor)
    WHERE {STANDING};
CREATE INDEX shop_report_competitors ON release.shop_report (affiliate_id, client_id, node_path COLLATE "C")
    WHERE is_competitor AND {STANDING};
"""

# A remark has a day; what was done with a plan is kept with the place of whoever did it, and no person.
PLANS = f"""
ALTER TABLE release.action_plan ADD COLUMN remarked_at timestamptz;
ALTER TABLE release.action_plan_event
    DROP CONSTRAINT action_plan_event_event_check,
    ADD CONSTRAINT action_plan_event_event_check
        CHECK (event IN ('open', 'save', 'submit', 'take_up', 'return', 'resolve')),
    ADD COLUMN by_path text,                           -- the place whose people did it; unknown of what is older
    ADD COLUMN due_on date,                            -- until when it had to be handed in from then on
    ADD COLUMN remark text NOT NULL DEFAULT '' CHECK (length(remark) <= 2000);
ALTER TABLE release.action_plan NO FORCE ROW LEVEL SECURITY;
ALTER TABLE release.action_plan_event NO FORCE ROW LEVEL SECURITY;
UPDATE release.action_plan p
   SET remarked_at = (SELECT max(e.at) FROM release.action_plan_event e
                       WHERE e.plan_id = p.id AND e.event IN ('return', 'resolve'))
 WHERE p.remark <> '';
ALTER TABLE release.action_plan FORCE ROW LEVEL SECURITY;
ALTER TABLE release.action_plan_event FORCE ROW LEVEL SECURITY;
GRANT UPDATE (remarked_at) ON release.action_plan TO candour_client;
DROP POLICY writing ON release.action_plan_event;
CREATE POLICY writing ON release.action_plan_event FOR INSERT TO candour_client
    WITH CHECK (affiliate_id = {AFFILIATE} AND by_path = {NODE}
                AND plan_id IN (SELECT p.id FROM release.action_plan p));
CREATE POLICY client ON release.action_plan_event FOR SELECT TO candour_client
    USING (affiliate_id = {AFFILIATE} AND plan_id IN (SELECT p.id FROM release.action_plan p));
GRANT INSERT (by_path, due_on, remark), SELECT (id, affiliate_id, plan_id, event, at, by_path, due_on, remark)
    ON release.action_plan_event TO candour_client;
"""

BACKWARDS = f"""
REVOKE SELECT (id, affiliate_id, plan_id, event, at, by_path, due_on, remark) ON release.action_plan_event
    FROM candour_client;
DROP POLICY client ON release.action_plan_event;
DROP POLICY writing ON release.action_plan_event;
CREATE POLICY writing ON release.action_plan_event FOR INSERT TO candour_client
    WITH CHECK (affiliate_id = {AFFILIATE} AND plan_id IN (SELECT p.id FROM release.action_plan p));
ALTER TABLE release.action_plan_event NO FORCE ROW LEVEL SECURITY;
DELETE FROM release.action_plan_event WHERE event = 'save';
ALTER TABLE release.action_plan_event FORCE ROW LEVEL SECURITY;
ALTER TABLE release.action_plan_event
    DROP COLUMN remark, DROP COLUMN due_on, DROP COLUMN by_path,
    DROP CONSTRAINT action_plan_event_event_check,
    ADD CONSTRAINT action_plan_event_event_check CHECK (event IN ('open', 'submit', 'take_up', 'return', 'resolve'));
ALTER TABLE release.action_plan DROP COLUMN remarked_at;
DROP INDEX release.shop_report_competitors;
DROP INDEX release.shop_report_reach;
CREATE INDEX shop_report_reach
    ON release.shop_report (affiliate_id, client_id, node_path COLLATE "C", wave_starts_on DESC)
    INCLUDE (wave_id, score)
    WHERE {STANDING};
ALTER TABLE release.shop_report DROP COLUMN is_competitor;
"""


async def forwards() -> MigrationManager:
    """Tell visits to competitors apart, date remarks, and let clients read the history of their plans."""
    return by_statements(ID, DESCRIPTION, COMPETITORS + PLANS, BACKWARDS)
