"""Staff limited to certain clients: no table of a client's is without the fence, and nobody looks past it unseen."""

import ast
from pathlib import Path

import asyncpg

ROOT = Path(__file__).parents[2]

# What leads to a client, by the name of the column, where no foreign key says so.
LEADING = {
    "client_id", "location_id", "campaign_id", "wave_id", "scenario_id", "guideline_id", "shop_id", "origin_id",
    "report_id", "evidence_id", "assignment_id", "thread_id", "study_id", "response_id", "entry_id", "contact_id",
    "import_id", "invitation_id", "release_id", "appeal_id", "plan_id", "report_ref",
}  # fmt: skip
UNFENCED = {
    "identity.account": "people of the company; whose viewer somebody is, only administrators are shown",
    "ledger.opt_out": "asked for by the fingerprint of an address; a wish to be left alone must never be missed",
}

# Tables that staff reach, with what leads on from them; and which of them carry the fence, as it should be.
REACHED = """
SELECT DISTINCT c.oid::regclass::text AS relation
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p')
   AND n.nspname IN ('field', 'identity', 'ledger', 'ops', 'release', 'vault')
   AND has_any_column_privilege('candour_staff', c.oid, 'SELECT, INSERT, UPDATE')
"""
COLUMNS = """
SELECT attrelid::regclass::text AS relation, attname AS name
  FROM pg_attribute
 WHERE attnum > 0
   AND NOT attisdropped
   AND attrelid::regclass::text = ANY($1)
"""
KEYS = """
SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent
  FROM pg_constraint
 WHERE contype = 'f'
"""
FENCED = """
SELECT schemaname || '.' || tablename AS relation, permissive, cmd, roles::text[] AS roles, qual, with_check
  FROM pg_policies
 WHERE policyname = 'clients'
"""

NULLABLE = """
SELECT a.attrelid::regclass::text AS relation
  FROM pg_attribute a
  JOIN pg_policies p ON p.policyname = 'clients' AND (p.schemaname || '.' || p.tablename)::regclass = a.attrelid
 WHERE a.attname = 'client_id'
   AND NOT a.attnotnull
"""
# Both ask the transaction once a statement.
BEGINNINGS = ("COALESCE((", "(( SELECT (COALESCE(current_setting('app.clients'")

# Who may look beyond the clients of somebody who is limited, and what for.
BEYOND = {
    "survey/shoppers/queries/listing.py": "how many shops somebody holds and has made, and when they last took one",
    "survey/shoppers/queries/resembling.py": "a household holds for all visits of its people",
    "survey/shops/eligibility/queries.py": "no second shop a day, no rule of rotation forgotten",
    "survey/shops/reviews/service/verdicts.py": "a shopper has one grade",
    "survey/shops/reviews/service/flagging.py": "a copied picture or text is one whomever it was made for",
    "survey/shops/scheduling/queries/shop.py": "how many shops somebody holds, has made and has let down",
    "survey/shops/campaigns/queries/publishing.py": "references of shops are one series",
    "survey/studies/queries/audiences.py": "members of a panel rest after mail for any client",
    "survey/invitations/queries/launching.py": "the same, when the mail is asked for",
}
# Who opens a transaction as staff without a limit, and why that is right.
UNLIMITED = {
    "survey/accounts/routes/people.py": "administrators, who are not limited",
    "survey/affiliates/routes/tenant.py": "administrators, who are not limited",
    "survey/promises/checks/fences.py": "looks at the tenant's fence itself",
    "survey/releases/service/studies.py": "the clock closes a study, nobody's session",
    "survey/releases/service/timed.py": "the clock releases a report, nobody's session",
    "survey/shops/reviews/service/contesting.py": "asks who is to be told, as the program",
}


async def test_every_table_that_leads_to_a_client_is_fenced_or_says_why_not(superuser: asyncpg.Connection) -> None:
    reached = {row["relation"] for row in await superuser.fetch(REACHED)}
    leading = {
        row["relation"] for row in await superuser.fetch(COLUMNS, sorted(reached)) if row["name"] in LEADING
    } | {"field.client"}  # fmt: skip
    fenced = {row["relation"] for row in await superuser.fetch(FENCED)}
    # Whatever hangs on a fenced table by a key of PostgreSQL's is one more, whatever its column is called.
    leading |= {row["child"] for row in await superuser.fetch(KEYS) if row["parent"] in fenced} & reached
    assert len(leading) > 40, "the look finds nothing: no proof"
    assert leading - fenced == set(UNFENCED)


async def test_the_fence_only_takes_away_and_binds_staff_alone(superuser: asyncpg.Connection) -> None:
    for row in await superuser.fetch(FENCED):
        assert (row["permissive"], row["cmd"], row["roles"]) == ("RESTRICTIVE", "ALL", ["candour_staff"]), row
        assert row["qual"] == row["with_check"], row["relation"]
        assert row["qual"].startswith(BEGINNINGS), row["relation"]


async def test_only_a_row_that_may_name_no_client_is_seen_without_one(superuser: asyncpg.Connection) -> None:
    rows = await superuser.fetch(NULLABLE)
    assert {row["relation"] for row in rows} == {"identity.conflict", "ops.delivery", "ledger.opt_out_link"}


def test_only_those_that_are_listed_look_beyond_somebodys_clients() -> None:
    found = {path for path, tree in _modules() if _calls(tree, "beyond_clients")}
    assert found == set(BEYOND)


def test_whoever_opens_a_transaction_as_staff_names_the_clients() -> None:
    assert {path for path, tree in _modules() if any(map(_is_unlimited, _calls(tree, "transaction")))} == set(UNLIMITED)


def _modules() -> list[tuple[str, ast.Module]]:
    paths = [path for path in sorted((ROOT / "survey").glob("**/*.py")) if "demo" not in path.parts]
    return [(str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def _calls(tree: ast.Module, name: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def _is_unlimited(call: ast.Call) -> bool:
    is_staff = bool(call.args) and ast.unparse(call.args[0]) == "Role.STAFF"
    return is_staff and all(each.arg != "clients" for each in call.keywords)
