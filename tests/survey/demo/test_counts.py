"""The demo world number by number, as section 6 of the domain page tells it."""

import pytest

from tests.demo_world import Played

# Shops of the small clients are history, beside those that the page counts.
COUNTED = (
    "(SELECT s.* FROM field.shop s JOIN field.campaign c ON c.id = s.campaign_id"
    " WHERE c.name NOT LIKE 'A Question for %') AS shop"
)
OLD = "field.shop s JOIN field.campaign c ON c.id = s.campaign_id WHERE c.name LIKE 'A Question for %'"
AFFILIATES = "FROM field.affiliate WHERE kind = 'affiliate'"
NORTHLIGHT = "(SELECT id FROM field.affiliate WHERE name = 'Northlight Mystery Shopping')"
BEACON = "(SELECT id FROM field.affiliate WHERE name = 'Beacon Field Insights')"
PAY = (
    "identity.pay_item p JOIN field.shop s ON s.id = p.shop_id JOIN field.campaign c ON c.id = s.campaign_id"
    " WHERE c.name NOT LIKE 'A Question for %'"
)
STATES = {
    "DRAFT": 6, "OPEN": 21, "OFFERED": 3, "ASSIGNED": 17, "IN_PROGRESS": 6, "SUBMITTED": 8, "IN_REVIEW": 3,
    "RETURNED": 2, "APPROVED": 4, "RELEASED": 34, "CLOSED": 61, "REJECTED": 4, "EXCLUDED": 3, "CANCELLED": 2,
    "EXPIRED": 4,
}  # fmt: skip


def shops_of(campaign: str) -> str:
    """The shops of one campaign."""
    return (
        f"SELECT count(*) FROM field.shop s JOIN field.campaign c ON c.id = s.campaign_id WHERE c.name = '{campaign}'"
    )


def staff(role: str) -> str:
    """The accounts of one role."""
    return f"SELECT count(*) FROM identity.account WHERE role = '{role}'"


def viewers(level: str) -> str:
    """Client users who read from a node of one level downwards."""
    return (
        "SELECT count(*) FROM identity.account a JOIN field.location l ON l.id = a.location_id"
        f" WHERE a.role = 'client_viewer' AND l.level = '{level}'"
    )


def tree(client: str, level: str, codes: str = "%") -> str:
    """Nodes of one level in a client's tree."""
    return (
        "SELECT count(*) FROM field.location l JOIN field.client c ON c.id = l.client_id"
        f" WHERE c.name = '{client}' AND l.level = '{level}' AND l.code LIKE '{codes}'"
    )


# What the page says -> how it is counted -> how many.
EXPECTED: tuple[tuple[str, str, int], ...] = (
    ("affiliates: Northlight and Beacon", f"SELECT count(*) {AFFILIATES}", 2),
    ("a provider, Lanternworks", "SELECT count(*) FROM field.affiliate WHERE name = 'Lanternworks'", 1),
    ("clients: three, and three small ones", "SELECT count(*) FROM field.client", 6),
    ("Copperkettle: 42 stores", tree("Copperkettle Coffee", "store", "CK-%"), 42),
    ("HQ > 3 regions", tree("Copperkettle Coffee", "region"), 3),
    ("> 8 districts", tree("Copperkettle Coffee", "district"), 8),
    ("four competitors", tree("Copperkettle Coffee", "store", "RV-%"), 4),
    ("Harbor & Pine: 18 stores", tree("Harbor & Pine Outfitters", "store"), 18),
    ("2 regions", tree("Harbor & Pine Outfitters", "region"), 2),
    ("Juniper: 12 branches", tree("Juniper Credit Union", "store"), 12),
    ("120 logins", staff("shopper"), 120),
    ("135 shopper rows", "SELECT count(*) FROM identity.shopper", 135),
    ("85 Northlight only", f"SELECT count(*) FROM identity.shopper WHERE affiliate_id = {NORTHLIGHT}"
     f" AND account_id NOT IN (SELECT account_id FROM identity.shopper WHERE affiliate_id = {BEACON})", 85),
    ("20 Beacon only", f"SELECT count(*) FROM identity.shopper WHERE affiliate_id = {BEACON}"
     f" AND account_id NOT IN (SELECT account_id FROM identity.shopper WHERE affiliate_id = {NORTHLIGHT})", 20),
    ("15 both", "SELECT count(*) FROM (SELECT account_id FROM identity.shopper GROUP BY 1 HAVING count(*) = 2) AS x",
     15),
    ("3 schedulers", staff("scheduler"), 3),
    ("4 editors", staff("editor"), 4),
    ("2 affiliate admins", staff("affiliate_admin"), 2),
    ("1 payroll", staff("payroll"), 1),
    ("1 provider", staff("provider"), 1),
    ("16 client users", staff("client_viewer"), 16),
    ("2 HQ", viewers("hq"), 2),
    ("3 region", viewers("region"), 3),
    ("4 district", viewers("district"), 4),
    ("7 store", viewers("store"), 7),
    ("6 respondents lists", "SELECT count(*) FROM identity.contact_import", 6),
    ("900 contacts", "SELECT count(*) FROM identity.contact", 900),
    ("Barista Welcome: 3 waves", "SELECT count(*) FROM field.wave w JOIN field.campaign c ON c.id = w.campaign_id"
     " WHERE c.name = 'Barista Welcome'", 3),
    ("x 42 = 126 shops", shops_of("Barista Welcome"), 126),
    ("Fitting-Room Service: 18 x 2 = 36", shops_of("Fitting-Room Service"), 36),
    ("quiz needed", "SELECT count(*) FROM field.campaign WHERE name = 'Fitting-Room Service' AND is_certified", 1),
    ("New-Member Call: 12 phone shops", shops_of("New-Member Call"), 12),
    ("recording off", "SELECT count(*) FROM field.campaign WHERE name = 'New-Member Call' AND kind = 'phone'"
     " AND recording_mode = 'none'", 1),
    ("1 competitor set of 4", f"{shops_of('A Look at the Others')} AND c.kind = 'competitor'", 4),
    ("anonymous by rule", "SELECT count(*) FROM field.campaign WHERE kind = 'competitor' AND employee_id_mode = 'none'"
     " AND recording_mode = 'none'", 1),
    ("178 shops", f"SELECT count(*) FROM {COUNTED}", 178),
    *((f"{state} {many}", f"SELECT count(*) FROM {COUNTED} WHERE state = '{state}'", many)
      for state, many in STATES.items()),
    ("3 small retail clients: 20 CLOSED shops each", f"SELECT count(*) FROM (SELECT s.client_id FROM {OLD}"
     " AND s.state = 'CLOSED' GROUP BY 1 HAVING count(*) = 20) AS x", 3),
    ("and none in another state", f"SELECT count(*) FROM {OLD}", 60),
    ("employee_id_mode=role, time=daypart, 60 d, 14 d, household, $12 + $8", "SELECT count(*) FROM field.campaign"
     " WHERE name = 'Barista Welcome' AND employee_id_mode = 'role' AND time_precision = 'daypart'"
     " AND fee_cents = 1200 AND reimbursement_cap_cents = 800 AND currency = 'USD'"
     " AND rotation @> '{\"location_days\": 60, \"brand_days\": 14, \"is_household\": true}'", 1),
    ("appeals 7", "SELECT count(*) FROM release.appeal", 7),
    ("2 open", "SELECT count(*) FROM release.appeal WHERE state IN ('NEW', 'WAITING_SHOPPER')", 2),
    ("3 no change", "SELECT count(*) FROM release.appeal WHERE state IN ('RESOLVED', 'DECLINED')", 3),
    ("2 with change", "SELECT count(*) FROM release.appeal WHERE state = 'CHANGED'", 2),
    ("pay: 102 items", f"SELECT count(*) FROM {PAY} AND p.state IN ('PAYABLE', 'PENDING', 'PAID')", 102),
    ("across 3 batches", f"SELECT count(DISTINCT p.batch_id) FROM {PAY}", 3),
    ("PAYABLE/PENDING/PAID", f"SELECT count(DISTINCT p.state) FROM {PAY} AND p.state IN ('PAYABLE', 'PENDING', 'PAID')",
     3),
    ("Barista Welcome v3", "SELECT v.number FROM field.campaign c JOIN field.questionnaire_version v"
     " ON v.id = c.version_id WHERE c.name = 'Barista Welcome'", 3),
    ("402 sent", "SELECT count(*) FROM ops.delivery d JOIN field.study s ON s.id = d.campaign_id"
     " WHERE s.name = 'After-visit pulse' AND d.state = 'sent' AND d.is_bulk", 402),
    ("131 answered", "SELECT count(*) FROM field.entry e JOIN field.study s ON s.id = e.study_id"
     " WHERE s.name = 'After-visit pulse' AND e.state = 'finished'", 131),
    ("12 opted out", "SELECT count(*) FROM ledger.opt_out WHERE lifts IS NULL", 12),
    ("one re-uploaded by another client: its send log shows it", "SELECT count(*) FROM ops.delivery d"
     " JOIN field.study s ON s.id = d.campaign_id WHERE s.name = 'Fitting-room pulse' AND d.state = 'skipped'"
     " AND d.reason = 'opted out'", 1),
)  # fmt: skip


@pytest.mark.parametrize(("words", "statement", "many"), EXPECTED, ids=[words for words, _, _ in EXPECTED])
async def test_the_world_is_the_one_of_the_domain_page(played: Played, words: str, statement: str, many: int) -> None:
    assert await played.superuser.fetchval(statement) == many, words
