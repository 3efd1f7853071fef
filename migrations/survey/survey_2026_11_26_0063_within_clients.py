"""Staff who work for certain clients see and do nothing about the others: one more fence, within the tenant's."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from survey.db.statements import by_statements

ID = "2026-11-26T13:00:00:000063"
VERSION = "1.38.0"
DESCRIPTION = "fences of clients within the tenant"

# Each stands in a SELECT of its own, so that PostgreSQL finds it out once a statement, not once a row. Whoever is not
# limited has no list, of which nothing is known to be one: so one SELECT says both.
FREE = "(SELECT coalesce(current_setting('app.clients', true), '') = '')"
OWN = "(SELECT nullif(current_setting('app.clients', true), '')::uuid[])"

# Whose row says itself which client it is about. Where it may say none, it is about the affiliate.
OF_A_CLIENT = {
    "field.client": "id",
    **dict.fromkeys(
        (
            "identity.conflict", "ops.delivery", "ledger.opt_out_link",  # of a client, or of the affiliate
            "field.identified_authorisation", "field.location", "field.campaign", "field.shop", "field.staff_notice",
            "field.study", "identity.account_client", "identity.contact", "identity.contact_import",
            "identity.pay_item", "ledger.disclosure", "release.release", "release.shop_report",
            "release.shop_tombstone", "release.appeal", "release.action_plan", "release.reshoot_wish",
            "release.wave_makeup",
        ),
        "client_id",
    ),
}  # fmt: skip

# What hangs on something that has a client: seen with it. The function's name, and what it looks at.
PARENTS = {
    "campaign": "field.campaign",
    "guideline": "field.guideline",
    "shop": "field.shop",
    "report": "field.report",
    "evidence": "field.evidence",
    "study": "field.study",
    "thread": "identity.thread",
    "appeal": "release.appeal",
    "shop_report": "release.shop_report",
}
HANGING = {
    "campaign": ("campaign_id", ("field.guideline", "field.scenario", "field.wave")),
    "guideline": (
        "guideline_id",
        ("identity.guideline_reading", "identity.certification", "identity.quiz_try", "identity.quiz_grant"),
    ),
    "shop": (
        "shop_id",
        (
            "field.shop_timer", "field.auto_offer", "field.report", "field.rejection_contest", "field.reshoot",
            "field.legal_hold", "field.hold_spell", "field.shop_interest", "field.review", "field.review_decision",
            "identity.assignment", "identity.application", "identity.mark", "identity.extension",
        ),
    ),
    "report": (
        "report_id",
        (
            "field.report_text", "field.evidence", "field.check_in", "field.recording", "field.report_submission",
            "field.report_edit", "field.report_note", "field.employee_mention", "field.finding_left",
            "field.text_fingerprint", "field.appeal_question",
        ),
    ),
    "evidence": ("evidence_id", ("field.picture_review",)),
    "study": (
        "study_id",
        ("field.entry", "field.response", "field.verbatim", "identity.invitation", "identity.response_link"),
    ),
    "appeal": ("appeal_id", ("field.appeal_class", "release.appeal_message")),
    "shop_report": ("report_id", ("release.shop_picture", "release.shop_employee")),
    "thread": ("thread_id", ("identity.message",)),
}  # fmt: skip
# A conversation may be about no shop at all.
OF_A_SHOP_OR_NONE = "shop_id IS NULL OR field.sees_shop(shop_id)"


def _seeing(name: str, table: str) -> str:
    """A function, since its look at the parent is planned only where somebody is limited, and only once.

    VOLATILE, so that it sees a shop that the same statement has just made, with its timer and its first assignment.
    """
    schema = table.partition(".")[0]
    return f"""
CREATE FUNCTION {schema}.sees_{name}(sought uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL RESTRICTED SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT FROM {table} t WHERE t.id = sought);
END
$$;
REVOKE EXECUTE ON FUNCTION {schema}.sees_{name}(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {schema}.sees_{name}(uuid) TO candour_staff;"""


def _fence(table: str, condition: str) -> str:
    return (
        f"CREATE POLICY clients ON {table} AS RESTRICTIVE TO candour_staff"
        f" USING ({condition}) WITH CHECK ({condition});"
    )


def _schema(name: str) -> str:
    return PARENTS[name].partition(".")[0]


def _conditions() -> dict[str, str]:
    """What must be so of a row of each table. A row that names no client is NULL to the first, and so seen by all."""
    found = {table: f"coalesce({column} = ANY ({OWN}::uuid[]), true)" for table, column in OF_A_CLIENT.items()}
    for name, (column, tables) in HANGING.items():
        found |= dict.fromkeys(tables, f"{FREE} OR {_schema(name)}.sees_{name}({column})")
    return found | {"identity.thread": f"{FREE} OR {OF_A_SHOP_OR_NONE}"}


# How many shops are in which state is read off the index alone, as before: the fence asks for the client, too.
FILL = "CREATE INDEX shop_fill ON field.shop (affiliate_id, wave_id, state, is_flaked, is_on_hold)"

FORWARDS = "\n".join(
    [
        f"DROP INDEX field.shop_fill; {FILL} INCLUDE (client_id);",
        *(_seeing(name, table) for name, table in PARENTS.items()),
        *(_fence(table, condition) for table, condition in _conditions().items()),
    ]
)
BACKWARDS = "\n".join(
    [
        f"DROP INDEX field.shop_fill; {FILL};",
        *(f"DROP POLICY clients ON {table};" for table in _conditions()),
        *(f"DROP FUNCTION {_schema(name)}.sees_{name}(uuid);" for name in PARENTS),
    ]
)


async def forwards() -> MigrationManager:
    """Fence every table that says, or hangs on what says, which client it is about."""
    return by_statements(ID, DESCRIPTION, FORWARDS, BACKWARDS)
